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
    let (mut last, mut gap, mut glue) = (&text[..0], None, None);
    for piece in text.chunk_by(|a, b| a.is_alphanumeric() == b.is_alphanumeric()) {
        if !piece[0].is_alphanumeric() {
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
        let stems = BY_FIRST_TWO.get(&(pair[0].shown, pair[1].shown));
        stems.is_some_and(|it| it.iter().any(|stem| stem.is_in(&word, at)))
    });
    has_stem && !is_part_number(&word) && !ORDINARY.iter().any(|it| begins_with(&word, it))
}

/// Whether the digits are too many, or the word too long, for them to stand for letters.
fn is_part_number(word: &[Letter]) -> bool {
    let end = word.iter().rposition(|it| it.shown.is_alphabetic()).unwrap_or(0);
    let digits = word[..end].iter().filter(|it| it.shown.is_numeric()).count();
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
        let seen = |at: usize| {
            let letter = stem.letters[at].shown;
            once(letter).chain(disguises(letter).chars())
        };
        for first in seen(0) {
            for second in seen(1).chain(MASKS) {
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
            && (before.is_empty() || shown[0].shown.is_alphabetic())
            && !(self.is_whole && after.iter().any(|it| it.shown.is_alphabetic()))
    }

    /// Whether enough letters are as they should be, above all at the ends of a word with masks.
    fn is_certain(&self, shown: &[Letter]) -> bool {
        let pairs = shown.iter().zip(&self.letters);
        let exact = pairs.filter(|(it, letter)| it.shown == letter.shown).count();
        let signs = shown.iter().filter(|it| !it.shown.is_alphabetic()).count();
        let masks = shown.iter().filter(|it| it.is_mask()).count();
        let ends = [shown[0].shown, shown[shown.len() - 1].shown];
        if shown.len() <= 3 && self.letters[0].shown.is_ascii() {
            return exact == shown.len(); // `x*y` is a product, `HU1` a code.
        }
        match masks {
            0 => exact >= 1 && signs * 2 < shown.len(),
            _ => exact >= masks.max(2) && ends.iter().all(|it| it.is_alphabetic()),
        }
    }
}

fn is_prefix(before: &[Letter]) -> bool {
    PREFIXES.iter().any(|it| it.len() == before.len() && begins_with(before, it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    #[rustfmt::skip]
    const RUDE: &str = "
        хуй нахуй охуел хуёво хуйня пизда пиздец пиздато спиздили ебать заебали уёбок долбоёб выебываться ебаный еблан
        отъебись разъёбано ебёт блядь блять бля выблядок мудак мудозвон залупа манда жопа говно дерьмо насрать обосрались
        засранец сука суки пидор пидорасы гандон шлюха ублюдок мразь тварь сволочь дебил идиот идиотский кретин придурок
        чмо урод қотақ қотағым котак котакбас сігейін сігіп сиктир сигейин амың жәлеп жалеп қаншық каншык боқ көтің ташақ
        fuck fucking motherfucker shit shitty bullshit bitch asshole cunt bastard idiot moron whore faggot dickhead
        blyat suka pizdec nahui nahuy zaebali mudak dolboeb siktir
    ";

    #[rustfmt::skip]
    const DISGUISED: &str = "
        xуй; хyй; xyй; бляdь; сyка; cука; пиzда; мyдak; fuсk; ѕhіt; bіtсh; χуй; сұка; хүй; қoтaқ; cyka; huy; hui;
        пи3да; п1здец; пизд0бол; 3аебали; 6лядь; бл9дь; бл@дь; муд@к; за€бал; sh1t; 5hit; b1tch; b!tch; a$$hole; fuck3r;
        хуууууй; ХУУУЙЙЙ; бляяяяя; ссуукааа; пиздееец; fuuuuck; shiiiit; ASSSHOLE; huuuy;
        х у й; х.у.й; х-у-й; х_у_й; х*у*й; х . у . й; х/у/й; ху-й; пиз-дец; б*л*я; п и з д е ц; С У К А; н а х у й;
        f u c k; f.u.c.k; f-u-c-k; fu-ck; s.h.i.t; b i t c h; да пошли вы на х-у-й; What the f u c k is this?;
        х*й; х#й; бл*дь; п*здец; п**дец; п##дюлей; за*бали; с*ка; қ*тақ; f*ck; f**k; f#ck; sh*t; s**t; b*tch;
        ХУЙ; Ёбаный; ёб твою мать; хуи\u{306}; х\u{301}у\u{336}й\u{301}; х\u{200b}у\u{200b}й; пиз\u{ad}дец; f\u{336}u\u{336}ck;
        fück; ｆｕｃｋ; 𝐟𝐮𝐜𝐤; ⓕⓤⓒⓚ; (сука); **хуй**; сука!!!; fuck2024; «Вы там совсем охуели, что ли?»; Порт.Сука.
    ";

    #[rustfmt::skip]
    const ORDINARY_WORDS: &str = "
        сплиттер застрахуй подстрахуй страхуйте хлебать хлеб употреблять употребление потребляемая потреблять потребует
        требуется употреби ребёнок ребенок колебание колебаться оскорблять оскорбил ослаблять углублять сабля корабля рубля
        команда мандат мандаты мандарин Мандельштам бухучёт худой худший хутор барсук сукно суккулент ссудка посуда рассудок
        сосуд пихта педикюр шебуршать мебель небо обед хребет погреба погребальный щебень стебель тебе себе дебит
        дебиторская скипидар спидометр лидер парапет гондола Гондурас мудрый мудрёный Лупа яхта учёба учебы учебный дубликат
        бляха публикация республика Сургут вебинар себестоимость Екатеринбург ЕБург плебей хулиган хунта херес Херсон поддон
        поддонок утварь урожай природа суконный чмокнул двоеборье сваебойный Тупицын Насрулла минет курвиметр отсос чёрт блин
        хрен фигня котангенс қоятын амандық аман сіз сигнал сигнализация жалап қатты қате аметист аминь аммиак сигарета сегмент
        көтерме көтеру боқша маңда ебетейсіз себет сұққа сигара котёл котировка ташкент Scunthorpe analysis assess assembly
        class passive compass bass cockpit hancock cocktail peacock Dickinson Essex Sussex Middlesex shiitake shitsu mishit
        cumulative document circumference analog analyzer canal title constitution institute titration spick Cunningham
        retardation basement Huawei Shitikov Slutsky Wankel snigger pidgin debilitating muddily Fukushima iceball xviii xyz
        MES2324FB LTP-8X NTU-RG-1421G SBG-2000 ECSS-10 TAU-72.IP AS5300 3BA1 36AT35 $hit x*y
    ";

    #[rustfmt::skip]
    const ORDINARY_LINES: &[&str] = &[
        "push-it, hash it, flash it, put it as shown", "retard timer 5 s; sh int status | include up; sh ip route; no shut",
        "interface gi1/0/1\n switchport access vlan 10\n no shut\n!", "2024-06-01T12:00:00Z %LINK-I-Up: gi1/0/3",
        "0xFACE 6A 3B eb a1 3b a1 eba1", "00:1a:79:bb:5e:0c fe80::a1b:5ea:b1ad", "FUCK3smwrAx8ZpWyRgl3KV7mxLJj/pun6BUGzx6otv",
        "х 3 м", "г. х. у.", "a b c d", "f u n c", "и я в а", "по осям х, у и z", "2*x*y + a*b", "|.h.u.i.|", "pid_or_name",
        "и т.п.изделия", "порт №3, т. е. ул. Кабанбай б., д. 5", "who're, Shi'ite", "**двоеборье**", "употре-\nблять", "user@suka.example",
    ];

    #[test]
    fn c3_4_1_3_rude_words_are_found_in_any_disguise() {
        let disguised = DISGUISED.split(';').map(str::trim).filter(|it| !it.is_empty());

        let missed: Vec<_> =
            RUDE.split_whitespace().chain(disguised).filter(|it| !is_impolite(it)).collect();

        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn c3_4_1_3_ordinary_words_commands_and_logs_are_let_through() {
        let ordinary = ORDINARY_WORDS.split_whitespace().chain(ORDINARY_LINES.iter().copied());

        let taken: Vec<_> = ordinary.filter(|it| is_impolite(it)).collect();

        assert_eq!(taken, [""; 0]);
    }

    proptest! {
        /// 3.4.1.3: however long its letters and whatever stands between them, it is that word.
        #[test]
        fn c3_4_1_3_stretching_and_separating_do_not_help(
            word in select(RUDE.split_whitespace().collect::<Vec<_>>()),
            lengths in vec(1..4_usize, 20),
            gap in select(vec!["", " ", ".", "-", "*", "_", "/", " . ", "\u{200b}"]),
        ) {
            let letters = word.chars().zip(lengths).map(|(it, length)| it.to_string().repeat(length));
            let text = format!("Почему {} опять?", letters.collect::<Vec<_>>().join(gap));

            prop_assert!(is_impolite(&text), "{text}");
            prop_assert!(is_impolite(&text.to_uppercase()), "{text}");
        }

        /// 3.4.1.3: ordinary words stay so in any company.
        #[test]
        fn c3_4_1_3_ordinary_sentences_are_let_through(
            words in vec(select(ORDINARY_WORDS.split_whitespace().collect::<Vec<_>>()), 0..30),
            gap in select(vec![" ", ", ", "\n", ". ", " - ", "; ", "\t"]),
        ) {
            let text = words.join(gap);

            prop_assert!(!is_impolite(&text), "{text}");
            prop_assert!(!is_impolite(&text.to_uppercase()), "{text}");
        }

        #[test]
        fn any_text_can_be_read(text in any::<String>(), rude in "[хуйебпиздfuck*#@$3!. \u{301}-]{0,40}") {
            is_impolite(&text);
            is_impolite(&rude);
        }
    }
}
