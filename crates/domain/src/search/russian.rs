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
    roots(word).into_iter().chain(noun(word)).chain(short_adjective(word))
}

/// What is left of a verb, its participles and the noun made of it: «завис» of «зависает»,
/// «зависший» and «зависание»; none where the word has no such ending. Two where nothing tells
/// whether «щ» comes of «ст» or of «т»: «запущен» and «запустить», «защищен» and «защитить».
fn roots(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let Some(base) = without_verbal_ending(without_reflexive(&letters)) else { return Vec::new() };
    let bases = match without_theme(base) {
        [front @ .., 'щ'] => vec![[front, &['с', 'т']].concat(), [front, &['т']].concat()],
        base => vec![base.to_vec()],
    };
    let is_root = |it: &String| it.chars().count() >= MIN_ROOT && it.chars().any(is_vowel);
    bases.into_iter().map(settled).filter(is_root).collect()
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

/// What makes another aspect of a verb, or stood before an ending that is gone: «-ад-» of
/// «пропадать», «-аива-» of «настраивать».
const THEMES_OF_VERBS: &str = "аива аив ыва ива ева ова ыв ив ну ада ад";

/// The same of verbs that were borrowed, whose perfective has a prefix: «заблокировать».
const THEMES_OF_BORROWED: &str = "ировыв ирова иров ир";

/// What the ends of some roots become in other forms, from how many letters on: «запускать» and «запустить»,
/// «соберет» and «собирает» and «собрать», «принимает» and «принять».
const ALTERNATIONS: [(&str, &str, usize); 4] =
    [("ск", "ст", 5), ("бер", "бр", 4), ("бир", "бр", 4), ("ним", "н", 5)];

/// The same of roots that are nothing but this: «снял» and «снимает», «брали» and «берет».
const WHOLE_ALTERNATIONS: [(&str, &str); 4] =
    [("сня", "сним"), ("снят", "сним"), ("бра", "бер"), ("брат", "бер")];

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

/// Whether it ends in a consonant that is no sonorant.
fn ends_abruptly(letters: &[char]) -> bool {
    let is_soft = |it: &char| matches!(it, 'р' | 'л' | 'м' | 'н' | 'й' | 'ь' | 'ъ');
    letters.last().is_some_and(|it| !is_vowel(*it) && !is_soft(it))
}

/// «-ыва-», «-ива-», «-ова-», «-ну-»: what makes another aspect, and the vowel before the ending.
fn without_theme(base: &[char]) -> &[char] {
    let follows_consonant = |it: &[char]| it.last().is_some_and(|it| !is_vowel(*it));
    // «Собирать» was not borrowed.
    if let Some(rest) = without(base, &BORROWED).filter(|it| !it.ends_with(&['б'])) {
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
fn settled(base: Vec<char>) -> String {
    let mut letters = alternated(base);
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

fn alternated(base: Vec<char>) -> Vec<char> {
    let base: String = base.into_iter().collect();
    let whole = WHOLE_ALTERNATIONS.iter().find(|it| it.0 == base).map(|it| it.1.to_owned());
    let end = || {
        ALTERNATIONS
            .iter()
            .filter(|it| base.chars().count() >= it.2)
            .find_map(|(from, to, _)| base.strip_suffix(from).map(|front| format!("{front}{to}")))
    };
    whole.or_else(end).unwrap_or(base).chars().collect()
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
            ["настройка", "настроек", "настройки"],
            ["стойка", "стоек", "стойками"],
            ["ячейка", "ячеек", "ячейке"],
            ["кольцо", "колец", "кольца"],
            ["владелец", "владельца", "владельцев"],
            ["ядро", "ядер", "ядра"],
            ["сервер", "сервера", "серверов"],
            ["номер", "номера", "номеров"],
            ["компьютер", "компьютера", "компьютеров"],
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
    fn short_adjectives_have_the_stem_of_the_others() {
        for (short, other) in [
            ("недоступен", "недоступна"),
            ("исправен", "исправный"),
            ("возможен", "возможно"),
            ("должен", "должны"),
        ] {
            assert_eq!(short_adjective(short), Some(stem(other)), "{short}");
        }
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
            &["используется", "использовали", "использован", "использование", "используйте"],
            &["требуется", "требовать", "требовалось", "требование"],
            &["действует", "действовал", "действовать"],
            &["организует", "организовать", "организованный", "организован"],
            &["рекомендуете", "рекомендовал", "рекомендуем"],
            &["отправьте", "отправить", "отправлен", "отправляет"],
            &["проверьте", "проверить", "проверяет"],
            &["зависнет", "завис", "зависнуть", "зависнут", "зависал"],
            &["исчезнет", "исчез", "исчезает", "исчезнуть"],
            &["гаснет", "гас", "гаснущих"],
            &["выдает", "выдавать", "выдал", "выдавали"],
            &["перестает", "переставать", "перестал"],
            &["запустили", "запущен", "запускают", "запустить"],
            &["допускает", "допустить", "допущен"],
            &["очистить", "очищать", "очищен"],
            &["защитить", "защищен", "защищает"],
            &["прекратился", "прекращается", "прекращать"],
            &["напишем", "написать", "написали"],
            &["слышим", "слышат", "слышать"],
            &["соберите", "собирает", "собрать", "собрали"],
            &["берет", "брать", "брали"],
            &["принимает", "принял", "принять", "принята"],
            &["снимает", "снял", "снимите", "снят"],
            &["настраивать", "настраивается", "настроить", "настроен"],
        ] {
            let all: Vec<_> = forms.iter().map(|it| roots(it)).collect();
            let is_common = |root: &String| all.iter().all(|it| it.contains(root));
            assert!(all[0].iter().any(is_common), "{forms:?} {all:?}");
        }
    }
}
