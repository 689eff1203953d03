//! Russian words without their forms: a stem, and the root that aspects and participles share.

use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

static SNOWBALL: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Russian));

/// A shorter root is too ambiguous.
const MIN_ROOT: usize = 3;

/// The stem of a word in lower case, with `е` for `ё`.
pub fn stem(word: &str) -> String {
    let stem = SNOWBALL.stem(word);
    without_fleeting_vowel(&stem).unwrap_or_else(|| stem.into_owned())
}

/// «гудок» and «гудки», «ошибок» and «ошибки», «перебоев» apart: a vowel that comes and goes. Of some
/// words it leaves something behind: «настроек» and «настройки», «колец» and «кольца».
fn without_fleeting_vowel(stem: &str) -> Option<String> {
    let letters: Vec<char> = stem.chars().collect();
    let [front @ .., before, vowel, last] = letters.as_slice() else { return None };
    let left = match (before, vowel, last) {
        _ if front.is_empty() => return None,
        (it, 'е', 'к' | 'ц') if is_vowel(*it) => "й",
        ('л', 'е', 'ц') => "ь",
        (it, 'о' | 'е', 'к' | 'ц' | 'н' | 'л') | (it, 'е', 'р') if !is_vowel(*it) => "",
        _ => return None,
    };
    Some(front.iter().chain([before]).copied().chain(left.chars()).chain([*last]).collect())
}

/// What a word is found by beside its stem.
pub fn kin(word: &str) -> impl Iterator<Item = String> {
    let others = [noun(word), bare_noun(word), short_adjective(word), soft_plural(word)];
    roots(word).into_iter().chain(others.into_iter().flatten())
}

/// What is left of a verb, its participles and the noun made of it: «завис» of «зависает»,
/// «зависший» and «зависание»; none where the word has no such ending. Two where nothing tells
/// whether «щ» comes of «ст» or of «т»: «запущен» and «запустить», «защищен» and «защитить».
fn roots(word: &str) -> Vec<String> {
    let letters: Vec<char> = without_reflexive(word).chars().collect();
    let Some(base) = without_verbal_ending(&letters) else { return Vec::new() };
    let bases = match without_theme(base) {
        [front @ .., 'щ'] => vec![[front, &['с', 'т']].concat(), [front, &['т']].concat()],
        base => vec![base.to_vec()],
    };
    let is_root = |it: &String| it.chars().count() >= MIN_ROOT && it.chars().any(is_vowel);
    bases.into_iter().map(settled).filter(is_root).collect()
}

/// A noun without an ending that looks as if it had one: «систем», «прием».
fn bare_noun(word: &str) -> Option<String> {
    word.ends_with("ем").then(|| word.to_owned())
}

/// The stem of the other forms of a noun with a vowel that only the plural has: «писем» of «письма».
fn soft_plural(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    let [front @ .., 'е', last @ ('м' | 'б')] = letters.as_slice() else { return None };
    let is_one = front.last().is_some_and(|it| !is_vowel(*it));
    is_one.then(|| front.iter().chain(&['ь', *last]).collect())
}

/// The stem of the other forms of an adjective: «доступн» of «доступен».
fn short_adjective(word: &str) -> Option<String> {
    let front = word.strip_suffix("ен")?;
    let is_one =
        front.chars().count() >= MIN_ROOT && front.chars().last().is_some_and(|it| !is_vowel(it));
    is_one.then(|| format!("{front}н"))
}

/// The stem of a noun that looks like a verb in some of its forms: «сигнал» and «сигналов», «режим» and
/// «режима», «домен» and «доменов»; none of other words.
fn noun(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    let stem = without(&letters, &NOUNS).unwrap_or(&letters);
    let looks_like_a_verb = match stem {
        [.., vowel, last] => is_vowel(*vowel) && matches!(last, 'л' | 'н' | 'т' | 'м'),
        _ => false,
    };
    let stem: String = stem.iter().collect();
    let of_name = OF_NAMES.iter().find(|(other, _)| *other == stem);
    let stem = of_name.map_or(stem, |(_, it)| (*it).to_owned());
    (looks_like_a_verb && letters.len() > MIN_ROOT).then_some(stem)
}

/// «открылся» as «открыл».
pub fn without_reflexive(word: &str) -> &str {
    let bare = ["ся", "сь"].iter().find_map(|it| word.strip_suffix(*it));
    bare.filter(|it| it.chars().count() > 3).unwrap_or(word)
}

/// Endings of nouns in their cases.
const OF_NOUNS: &str =
    "иями ями ами иях ях ах иям ям ам ией ей ов ев ом ем ия ие ии ию а я у ю ы и е о ь";

/// «Время», «имя» and «ноль» are other words in all cases but the first.
const OF_NAMES: [(&str, &str); 3] = [("времен", "врем"), ("имен", "имя"), ("нул", "нол")];

/// Endings of adjectives, which participles have, too.
const OF_ADJECTIVES: &str =
    "ыми ими его ого ему ому ая яя ой ей ый ий ое ее ые ие ую юю ых их ым им ом ем";

/// What makes a participle of a verb.
const OF_PARTICIPLES: &str = "овавш ивш ывш авш явш евш увш ющ ущ ащ ящ вш ш ованн енн ённ анн янн нн ован ем им ом ан ян ен ыт ит ут ят ет";

/// Short participles: «забыт», «просрочена», «оплачены».
const OF_SHORT_PARTICIPLES: &str = "ована овано ованы ован ана ано аны ан яна яно яны ян ена ено ены ен ыта ыто ыты ыт ита ито иты ута уто уты ята ято яты";

/// Endings of verbs and of what is made of them.
const OF_VERBS: &str = "\
    ованиями ованиям ованиях ования ование ованию ованием ований овать овала овало овали овал \
    авать авала авало авали авал уйте уете уешь уем ьте \
    аниями ениями аниям ениям аниях ениях ания ения ание ение анию ению анием ением аний ений \
    айте яйте уйте ейте йте ите ете ешь ишь ать ять еть ить ыть оть уть ться \
    ают яют уют еют ает яет ует еет аем яем уем еем аю яю ую ею \
    ала ало али ал яла яло яли ял ела ело ели ел ила ило или ил ыла ыло ыли ыл ула уло ули ул ола оло оли \
    авши ивши ывши евши вши ав яв ив ыв \
    ет ут ют ит ат ят ем им ем ете лся лась ла ло ли л ай уй ей и у ю я й ь";

/// What makes another aspect of a verb, or stood before an ending that is gone: «-аива-» of «настраивать».
const THEMES_OF_VERBS: &str = "аива аив ыва ива ева ова ыв ив ну";

/// The same of verbs that were borrowed, whose perfective has a prefix: «заблокировать».
const THEMES_OF_BORROWED: &str = "ировыв ирова иров ир";

/// What makes a perfective of those: «заблокировать» is found by «блокировать».
pub const PREFIX_OF_BORROWED: [char; 2] = ['з', 'а'];

static BORROWED: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| longest_first(THEMES_OF_BORROWED));
static THEMES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| longest_first(THEMES_OF_VERBS));
static NOUNS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| longest_first(OF_NOUNS));
static ADJECTIVES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| longest_first(OF_ADJECTIVES));
static PARTICIPLES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| longest_first(OF_PARTICIPLES));
static SHORT_PARTICIPLES: LazyLock<Vec<Vec<char>>> =
    LazyLock::new(|| longest_first(OF_SHORT_PARTICIPLES));
static VERBS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| longest_first(OF_VERBS));

fn longest_first(endings: &str) -> Vec<Vec<char>> {
    let mut endings: Vec<Vec<char>> =
        endings.split_whitespace().map(|it| it.chars().collect()).collect();
    endings.sort_by_key(|it| std::cmp::Reverse(it.len()));
    endings
}

/// A word without the longest of the endings, if at least three letters stay.
fn without<'a>(word: &'a [char], endings: &[Vec<char>]) -> Option<&'a [char]> {
    let mut front = endings.iter().filter_map(|it| word.strip_suffix(it.as_slice()));
    front.find(|it| it.len() >= MIN_ROOT)
}

fn without_verbal_ending(word: &[char]) -> Option<&[char]> {
    let participle = without(word, &ADJECTIVES).and_then(|it| {
        // «-ш-» alone follows a consonant: that of «напишем» belongs to the verb.
        let follows_vowel = |front: &[char]| front.last().is_some_and(|it| is_vowel(*it));
        let front = without(it, &PARTICIPLES)?;
        (it.len() > front.len() + 1 || !follows_vowel(front)).then_some(front)
    });
    let base = participle
        .or_else(|| without(word, &SHORT_PARTICIPLES))
        .or_else(|| without(word, &VERBS))
        .or_else(|| word.last().is_some_and(|it| !is_vowel(*it)).then_some(word))?;
    Some(without_suddenness(base, word.strip_prefix(base)?))
}

/// «-н-» of «зависнет» and «зависнуть», which «завис» has not; before other endings it belongs to the root.
fn without_suddenness<'a>(base: &'a [char], ending: &[char]) -> &'a [char] {
    let may_be = match ending {
        ['у', 'ю', ..] => false,
        ['у', ..] | ['е', 'т'] | ['е', 'т', 'е'] | ['е', 'ш', 'ь'] => true,
        _ => false,
    };
    match base {
        [front @ .., 'н'] if may_be && front.len() >= MIN_ROOT && ends_abruptly(front) => front,
        _ => base,
    }
}

/// Whether it ends in a consonant that is not a sonorant.
fn ends_abruptly(letters: &[char]) -> bool {
    let is_soft = |it: &char| matches!(it, 'р' | 'л' | 'м' | 'н' | 'й' | 'ь' | 'ъ');
    letters.last().is_some_and(|it| !is_vowel(*it) && !is_soft(it))
}

/// «-ыва-», «-ива-», «-ова-», «-ну-»: what makes another aspect, and the vowel before the ending.
fn without_theme(base: &[char]) -> &[char] {
    let follows_consonant = |it: &[char]| it.last().is_some_and(|it| !is_vowel(*it));
    // «Собирать» was not borrowed.
    if let Some(rest) = without(base, &BORROWED).filter(|it| !it.ends_with(&['б'])) {
        let imperfective = rest.strip_prefix(&PREFIX_OF_BORROWED).filter(|it| it.len() > 3);
        return imperfective.unwrap_or(rest);
    }
    if let Some(rest) = without(base, &THEMES).filter(|it| follows_consonant(it)) {
        return rest;
    }
    match base {
        [rest @ .., last] if is_vowel(*last) && rest.len() >= MIN_ROOT => rest,
        _ => base,
    }
}

/// The last consonant as the one that it alternates with: «оплачен» and «оплатить», «рос» and «раст».
fn settled(mut letters: Vec<char>) -> String {
    // «запускать» and «запустить».
    if letters.len() >= 5 && letters.ends_with(&['с', 'к']) {
        letters.pop();
        letters.push('т');
    }
    while letters.len() > MIN_ROOT && matches!(letters.last(), Some('ь' | 'й')) {
        letters.pop();
    }
    if let [.., 'п' | 'б' | 'в' | 'м' | 'ф', 'л'] = letters.as_slice() {
        letters.pop();
    }
    if letters.ends_with(&['ж', 'д']) {
        letters.pop();
    }
    // «устанавливать» and «установить».
    if let Some(vowel) = letters.iter_mut().rev().find(|it| is_vowel(**it))
        && *vowel == 'а'
    {
        *vowel = 'о';
    }
    let last = match letters.last() {
        Some('ч') => Some('т'),
        Some('ж' | 'з' | 'г') => Some('д'),
        Some('ш' | 'х') => Some('с'),
        _ => None,
    };
    if let Some(letter) = last {
        letters.pop();
        letters.push(letter);
    }
    letters.into_iter().collect()
}

const fn is_vowel(it: char) -> bool {
    matches!(it, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

#[cfg(test)]
mod tests;
