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

/// «гудок» and «гудки», «ошибок» and «ошибки», «перебоев» apart: a vowel that comes and goes.
fn without_fleeting_vowel(stem: &str) -> Option<String> {
    let letters: Vec<char> = stem.chars().collect();
    let [front @ .., vowel, last] = letters.as_slice() else { return None };
    let is_fleeting = letters.len() >= 4
        && matches!(vowel, 'о' | 'е')
        && matches!(last, 'к' | 'ц' | 'н' | 'л')
        && front.last().is_some_and(|it| !is_vowel(*it));
    is_fleeting.then(|| front.iter().chain([last]).collect())
}

/// What is left of a verb, its participles and the noun made of it: «завис» of «зависает»,
/// «зависший» and «зависание»; none where the word has no such ending.
pub fn root(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    let bare = without_reflexive(&letters);
    let base = without_verbal_ending(bare)?;
    let root = settled(without_theme(base));
    (root.chars().count() >= MIN_ROOT && root.chars().any(is_vowel)).then_some(root)
}

/// The stem of a noun that looks like a verb in some of its forms: «сигнал» and «сигналов», «режим» and
/// «режима», «домен» and «доменов»; none of other words.
pub fn noun(word: &str) -> Option<String> {
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

fn without_reflexive(word: &[char]) -> &[char] {
    let reflexive = [['с', 'я'], ['с', 'ь']];
    let bare = reflexive.iter().find_map(|it| word.strip_suffix(it.as_slice()));
    bare.filter(|it| it.len() > 3).unwrap_or(word)
}

/// Endings of nouns in their cases.
const OF_NOUNS: &str =
    "иями ями ами иях ях ах иям ям ам ией ей ов ев ом ем ия ие ии ию а я у ю ы и е о ь";

/// «Время» and «имя» are other words in all cases but the first.
const OF_NAMES: [(&str, &str); 2] = [("времен", "врем"), ("имен", "имя")];

/// Endings of adjectives, which participles have, too.
const OF_ADJECTIVES: &str =
    "ыми ими его ого ему ому ая яя ой ей ый ий ое ее ые ие ую юю ых их ым им ом ем";

/// What makes a participle of a verb.
const OF_PARTICIPLES: &str =
    "ивш ывш авш явш евш увш ющ ущ ащ ящ вш ш енн ённ анн янн нн ем им ом ан ян ен ыт ит ут ят ет";

/// Short participles: «забыт», «просрочена», «оплачены».
const OF_SHORT_PARTICIPLES: &str = "ана ано аны ан яна яно яны ян ена ено ены ен ыта ыто ыты ыт ита ито иты ута уто уты ята ято яты";

/// Endings of verbs and of what is made of them.
const OF_VERBS: &str = "\
    аниями ениями аниям ениям аниях ениях ания ения ание ение анию ению анием ением аний ений \
    айте яйте уйте ейте йте ите ете ешь ишь ать ять еть ить ыть оть уть ться \
    ают яют уют еют ает яет ует еет аем яем уем еем аю яю ую ею \
    ала ало али ал яла яло яли ял ела ело ели ел ила ило или ил ыла ыло ыли ыл ула уло ули ул ола оло оли \
    авши ивши ывши евши вши ав яв ив ыв \
    ет ут ют ит ат ят ем им ем ете лся лась ла ло ли л ай уй ей и у ю я й ь";

/// What makes another aspect of a verb, or stood before an ending that is gone: «-ад-» of «пропадать».
const THEMES_OF_VERBS: &str = "ыва ива ева ова ыв ив ну ада ад";

/// The same of verbs that were borrowed, whose perfective has a prefix: «заблокировать».
const THEMES_OF_BORROWED: &str = "ировыв ирова иров ир";

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
    let participle = without(word, &ADJECTIVES).and_then(|it| without(it, &PARTICIPLES));
    participle
        .or_else(|| without(word, &SHORT_PARTICIPLES))
        .or_else(|| without(word, &VERBS))
        .or_else(|| word.last().is_some_and(|it| !is_vowel(*it)).then_some(word))
}

/// «-ыва-», «-ива-», «-ова-», «-ну-»: what makes another aspect, and the vowel before the ending.
fn without_theme(base: &[char]) -> &[char] {
    let follows_consonant = |it: &[char]| it.last().is_some_and(|it| !is_vowel(*it));
    if let Some(rest) = without(base, &BORROWED) {
        let imperfective = rest.strip_prefix(&['з', 'а']).filter(|it| it.len() > 3);
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
fn settled(base: &[char]) -> String {
    let mut letters = base.to_vec();
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
mod tests {
    use super::*;

    #[test]
    fn nouns_with_a_fleeting_vowel_have_one_stem() {
        for forms in [
            ["гудок", "гудки", "гудков"],
            ["звонок", "звонки", "звонков"],
            ["ошибка", "ошибок", "ошибки"],
            ["участок", "участка", "участков"],
            ["кнопка", "кнопок", "кнопки"],
        ] {
            let stems = forms.map(stem);
            assert!(stems.iter().all(|it| *it == stems[0]), "{forms:?} {stems:?}");
        }
    }

    #[test]
    fn nouns_that_look_like_verbs_have_one_stem() {
        for forms in [
            &["сигнал", "сигнала", "сигналу", "сигналом", "сигналы", "сигналов", "сигналам"][..],
            &["терминал", "терминала", "терминалов", "терминалах", "терминалами"],
            &["режим", "режима", "режимом", "режимы", "режимов"],
            &["домен", "домена", "доменом", "доменов", "доменам"],
            &["экран", "экрана", "экранов", "экраны", "экраном"],
            &["лимит", "лимита", "лимитов", "лимиты"],
            &["время", "времени", "временем", "времена"],
        ] {
            let stems: Vec<_> = forms.iter().map(|it| noun(it)).collect();
            assert!(stems.iter().all(|it| it.is_some() && *it == stems[0]), "{forms:?} {stems:?}");
        }
        assert_eq!(noun("красный"), None);
    }

    #[test]
    fn verbs_of_both_aspects_and_participles_have_one_root() {
        for forms in [
            &["зависают", "завис", "зависает", "зависла", "зависший", "зависание"][..],
            &["пропавшие", "пропал", "пропадают", "пропали", "пропадает"],
            &["отвалившихся", "отваливаются", "отвалился", "отваливается"],
            &["обрывающийся", "обрываются", "обрывается", "обрыв"],
            &["растущих", "растут", "растет"],
            &["просроченным", "просрочена", "просрочен"],
            &["забытых", "забыт", "забыли", "забывают"],
            &["оплаченных", "оплатили", "оплатить", "оплачен"],
            &["подключенный", "подключается", "подключили", "подключение"],
            &["перезагружается", "перезагрузился", "перезагрузить"],
            &["настроенный", "настроить", "настроили"],
            &["потерянных", "потерял", "потеряли"],
            &["сгоревший", "сгорел", "сгорела"],
            &["установленной", "установили", "устанавливается", "установить"],
            &["зарегистрированные", "зарегистрировать", "зарегистрировались"],
            &["мигающий", "мигает", "мигают"],
            &["сломанный", "сломался", "сломали"],
            &["заблокированных", "заблокирован", "заблокировали", "блокируется"],
        ] {
            let roots: Vec<_> = forms.iter().map(|it| root(it)).collect();
            assert!(roots.iter().all(|it| *it == roots[0]), "{forms:?} {roots:?}");
        }
    }
}
