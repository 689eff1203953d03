//! What counts as rude by 3.4.1.3: obscene words and insults in Russian, Kazakh and English.
//!
//! It knows words and the usual ways to disguise them, not meanings. A hit sets a request aside
//! for a human, so a hit on «сплиттер» or `no shut` would set aside an honest one: where a
//! disguise leaves doubt, the word is let through.

use std::collections::HashMap;
use std::iter::once;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::similarity::MAX_READ;

/// Whether a text contains obscene words or insults (3.4.1.3).
pub fn is_impolite(text: &str) -> bool {
    let text = plain(text);
    let mut tokens = text.split(|it| it.is_whitespace()).filter(|it| !is_encoded(it));
    tokens.any(|it| it.split(|it| !is_of_a_word(*it)).any(is_rude))
        || spelled_out(&text).iter().any(|it| is_rude(it))
}

/// How rude words begin, with `е` for `ё` unless it makes the difference. `+` before a stem
/// allows a Russian prefix, `*` anything; after a final `.` no letter may follow.
#[rustfmt::skip]
const STEMS: &str = "
    *пизд *пизж *пздц п***ц. п****ц. пезде *хуесос нахуй +хуй +хуйн +хуи. +хуил +хуит +хуищ +хуиз +хую +хуя +хуе
    схуя ахуе хули. *оеб *аеб *уеб *ыеб *ъеб вьеб сьеб обьеб отьеб подьеб разьеб приеб переебал переебат
    переебет. +ебат +ебал +ебан +ебаш +ебош +ебет. +ебете. +ебеш ебеня ебень ебены ебеней +ебу. +ебут. +ебуч
    +ебис +ебите еби. +ебну +ебни +ебл ебтв ёб. йобан *бляд +блят бля. блеат мудак мудач мудил мудоз мудень.
    залуп +жоп черножоп манда. мандой. мандав хер. хера. херня херню херни. херней. херов хером. нахер. нахера.
    похер. нихера. дохера охере +дрочи +дроча +дрочу +дрочк дрочер +срать +срал +сран обоссал обоссат обоссы
    дерьм говн гавн гандон гондон шлюх потаскух шалав курва. курву. курвы. сучар сука. суки. суке. суку. сукой.
    сукам. суками. пидор пидар пидр. пидры. пидрил педик. педики. педиков. педераст ублюд выродок. выродк
    подонок. подонк мразь. мрази. мразей. мразот тварь. твари. тварей. тварью. гнида. гниды. падла. падлюк сволоч
    дебил идиот кретин имбецил дегенерат. дегенераты. придурок. придурк ушлепок. ушлепк тупиц тупорыл безмозгл
    недоумок. недоумк быдл чмо. чмошн урод. уроды. уродов. уродина. скотина. факю факинг.

    қотақ қотағ қотак котақ котак котаг сігей сігем сікпе сікті сігіп сігіс сиктір сіктир сиктир сигейин сигейн
    амың амынды амшық амшык жәлеп жалеп жэлеп көт. көтің көтак боқ. қаншық қаншығ каншык ташақ ташағ ташак
    қатынбас. qotaq kotaqbas kotakbas siktir

    *fuck phuck fvck motherf shit. shits. shitty shittin shithe shitho shitst shitsh shitlo bullshit horseshit
    dipshit bitch sonofab biatch cunt asshole a**hole arsehole dumbass jackass bastard faggot nigger nigga.
    niggas. whore slut. sluts. slutty wanker wanking twat. twats. dickhead cocksuck douchebag scumbag pussy.
    pussies. idiot imbecile moron. morons. moronic cretin. cretins. stfu. gtfo.

    *pizd huy. hui. huynya huinya huylo huilo huesos nahuy nahui nahuj pohuy pohui dohuya nihuya ohuel ohuen
    ebat. ebal. ebany ebanu eblan. ebuchi zaeba zaebi naeba dolboeb dolboyob uebok uebki uebishe blya. blyat
    blyad bliat bliad suka. suki. cyka. mudak. mudaki. mudila. mudilo. pidor. pidory. pidoras pidaras gandon.
    gondon. zalupa zhopa. zhopu. zhope. govno. debil. debily. shluha shlyuha
";

/// What may precede a stem marked `+`.
static PREFIXES: LazyLock<Vec<Vec<Letter>>> =
    LazyLock::new(|| list("вы до за на не недо ни о об обо от пере по под при про раз рас у"));

/// How ordinary words and names begin that a stem would take for its own.
#[rustfmt::skip]
static ORDINARY: LazyLock<Vec<Vec<Letter>>> = LazyLock::new(|| list("
    двоеб троеб сваебо поддон идиотип ебург насралл idiotyp idiothe idiotro
    кретинин тупицын тупицин тупицк шалавин хернов
"));

/// Which characters pass for a letter: by look, by sound, or as its kin in another alphabet.
#[rustfmt::skip]
fn disguises(letter: char) -> &'static str {
    match letter {
        'а' => "aα@",  'б' => "6",     'в' => "bvwβ", 'г' => "gr",     'д' => "dg",       'е' => "eёεєѐ3€",
        'ж' => "j",    'з' => "z3",    'і' => "i1!",  'и' => "iuіїι1!й", 'й' => "иij",  'к' => "kκ",
        'л' => "lλ",   'м' => "m",     'н' => "hn",   'о' => "oοσ0@",  'п' => "nπ",       'р' => "prρ",
        'с' => "csς$", 'т' => "tτ",    'ф' => "fφ",   'у' => "yuυўұү", 'х' => "xχһҳ",     'ц' => "c",
        'ч' => "4",    'ш' => "w",     'ь' => "ъb",   'я' => "9@",     'қ' => "q",
        'a' => "аα@4", 'b' => "вь6",   'c' => "с",    'e' => "еёε3€",  'h' => "н",        'i' => "іıι1!",
        'k' => "кκ",   'm' => "м",     'n' => "ν",    'o' => "оο0",    'p' => "рρ",       's' => "ѕ$5",
        't' => "тτ",   'u' => "υü",    'x' => "хχ",   'y' => "уυ",
        _ => "",
    }
}

/// What people put in place of a letter to hide it.
const MASKS: [char; 2] = ['*', '#'];

/// Lower case without accents, joiners and compatibility forms: the text as the eye reads it.
fn plain(text: &str) -> Vec<char> {
    let text = text.replace("\r\n", "\n").replace("-\n", ""); // «употре-\nблять»
    text.chars()
        .filter(|it| !matches!(it, '\u{fdf0}'..='\u{fdff}')) // Whole Arabic sentences.
        .nfkd()
        .flat_map(char::to_lowercase)
        .filter(|it| !is_combining_mark(*it) || matches!(it, '\u{306}' | '\u{308}')) // Of й and ё.
        .nfc()
        .filter(|it| !is_combining_mark(*it) && !is_invisible(*it))
        .take(MAX_READ)
        .collect()
}

fn is_invisible(it: char) -> bool {
    matches!(it, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(it, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_of_a_word(it: char) -> bool {
    it.is_alphanumeric() || MASKS.contains(&it) || matches!(it, '@' | '$' | '€' | '!')
}

/// Keys, certificates and other bytes written as letters.
fn is_encoded(token: &[char]) -> bool {
    token.len() > 24
        && token.iter().any(char::is_ascii_digit)
        && token.iter().all(|it| it.is_ascii_alphanumeric() || "+/=-_".contains(*it))
}

/// The words that are written in pieces held together by one sign: «х у й», «х.у.й», «ху-й».
fn spelled_out(text: &[char]) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> = Vec::new();
    let (mut last, mut gap, mut glue) = (Default::default(), None, None);
    for piece in text.chunk_by(|a, b| a.is_alphanumeric() == b.is_alphanumeric()) {
        if !piece.iter().all(|it| it.is_alphanumeric()) {
            gap = piece.iter().copied().find(|it| !it.is_whitespace()).or(Some(' '));
            continue;
        }
        let fits = gap.is_some_and(|it| size(last).max(size(piece)) <= reach(it));
        match words.last_mut().filter(|_| glue == gap) {
            Some(word) if fits => word.extend(piece),
            _ if fits => words.push([last, piece].concat()),
            _ => {}
        }
        glue = gap.filter(|_| fits);
        last = piece;
    }
    words.retain(|it| it.len() > 3 || !it.iter().all(char::is_ascii)); // `h.u.i` is a column of a dump.
    words
}

/// How long the pieces may be that a sign holds together.
fn reach(sign: char) -> usize {
    match sign {
        '-' | '*' | '~' => 3,
        '.' => 2,
        '\'' | '’' => 0,
        _ => 1,
    }
}

/// How long a piece is, however stretched; no sign holds together numbers.
fn size(piece: &[char]) -> usize {
    let is_number = piece.iter().any(|it| it.is_numeric());
    if is_number { usize::MAX } else { letters(piece.iter().copied()).len() }
}

fn is_rude(word: &[char]) -> bool {
    let word = letters(word.iter().copied().skip_while(|it| !it.is_alphanumeric()));
    let has_stem = word.windows(2).enumerate().any(|(at, pair)| {
        let [first, second] = pair else { return false };
        let stems = BY_FIRST_TWO.get(&(first.shown, second.shown));
        stems.is_some_and(|it| it.iter().any(|stem| stem.is_in(&word, at)))
    });
    has_stem && !is_part_number(&word) && !ORDINARY.iter().any(|it| begins_with(&word, it))
}

/// Whether the digits are too many, or the word too long, for them to stand for letters.
fn is_part_number(word: &[Letter]) -> bool {
    let end = word.iter().rposition(|it| it.shown.is_alphabetic()).unwrap_or(0);
    let digits = word.iter().take(end).filter(|it| it.shown.is_numeric()).count();
    digits > 0 && (word.len() > 14 || digits * 2 > word.len())
}

/// A character of a word, and whether it stands there more than once in a row.
struct Letter {
    shown: char,
    is_long: bool,
}

fn letters(word: impl IntoIterator<Item = char>) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for shown in word {
        match letters.last_mut() {
            Some(last) if last.shown == shown && !MASKS.contains(&shown) => last.is_long = true,
            _ => letters.push(Letter { shown, is_long: false }),
        }
    }
    letters
}

fn list(words: &str) -> Vec<Vec<Letter>> {
    words.split_whitespace().map(|it| letters(it.chars())).collect()
}

/// Whether the letters at the beginning of `shown` pass for those that are meant.
fn begins_with(shown: &[Letter], meant: &[Letter]) -> bool {
    shown.len() >= meant.len() && shown.iter().zip(meant).all(|(it, letter)| it.passes_for(letter))
}

impl Letter {
    fn is_mask(&self) -> bool {
        MASKS.contains(&self.shown)
    }

    fn passes_for(&self, meant: &Self) -> bool {
        let fits = || self.is_mask() || disguises(meant.shown).contains(self.shown);
        (self.is_long || !meant.is_long) && (self.shown == meant.shown || fits())
    }
}

/// An entry of `STEMS`.
struct Stem {
    letters: Vec<Letter>,
    may_follow: fn(&[Letter]) -> bool,
    is_whole: bool,
}

static STEM_LIST: LazyLock<Vec<Stem>> =
    LazyLock::new(|| STEMS.split_whitespace().map(Stem::parse).collect());

/// The stems under every two characters that can be seen at their beginning.
static BY_FIRST_TWO: LazyLock<HashMap<(char, char), Vec<&Stem>>> = LazyLock::new(|| {
    let mut stems: HashMap<_, Vec<&Stem>> = HashMap::new();
    for stem in STEM_LIST.iter() {
        let [first, second, ..] = stem.letters.as_slice() else { continue };
        let seen = |it: &Letter| once(it.shown).chain(disguises(it.shown).chars());
        for first in seen(first) {
            for second in seen(second).chain(MASKS) {
                stems.entry((first, second)).or_default().push(stem);
            }
        }
    }
    stems
});

impl Stem {
    fn parse(marked: &str) -> Self {
        let may_follow: fn(&[Letter]) -> bool = match marked.chars().next() {
            Some('*') => |_| true,
            Some('+') => |before| before.is_empty() || is_prefix(before),
            _ => |before| before.is_empty(),
        };
        let letters = letters(marked.trim_matches(['*', '+', '.']).chars());
        Self { letters, may_follow, is_whole: marked.ends_with('.') }
    }

    fn is_in(&self, word: &[Letter], at: usize) -> bool {
        let (before, rest) = word.split_at(at);
        let Some((shown, after)) = rest.split_at_checked(self.letters.len()) else { return false };
        begins_with(shown, &self.letters)
            && self.is_certain(shown)
            && (self.may_follow)(before)
            && (before.is_empty() || shown.first().is_some_and(|it| it.shown.is_alphabetic()))
            && !(self.is_whole && after.iter().any(|it| it.shown.is_alphabetic()))
    }

    /// Whether enough letters are as they should be, above all at the ends of a word with masks.
    fn is_certain(&self, shown: &[Letter]) -> bool {
        let pairs = shown.iter().zip(&self.letters);
        let exact = pairs.filter(|(it, letter)| it.shown == letter.shown).count();
        let signs = shown.iter().filter(|it| !it.shown.is_alphabetic()).count();
        let masks = shown.iter().filter(|it| it.is_mask()).count();
        let mut ends = shown.first().into_iter().chain(shown.last());
        if shown.len() <= 3 && self.letters.first().is_some_and(|it| it.shown.is_ascii()) {
            return exact == shown.len(); // `x*y` is a product, `HU1` a code.
        }
        match masks {
            0 => exact >= 1 && signs * 2 < shown.len(),
            _ => exact >= masks.max(2) && ends.all(|it| it.shown.is_alphabetic()),
        }
    }
}

fn is_prefix(before: &[Letter]) -> bool {
    PREFIXES.iter().any(|it| it.len() == before.len() && begins_with(before, it))
}

#[cfg(test)]
mod tests;
