//! Kazakh words in all their forms, made by the rules of the language: vowel harmony, and the sound before an
//! ending.

use proptest::prelude::*;

use crate::search::fold::folded;
use crate::search::kazakh::{root, stem};

const NOUNS: &[&str] = &[
    "порт",
    "құрылғы",
    "желі",
    "сервер",
    "нүкте",
    "қате",
    "жүйе",
    "терминал",
    "коммутатор",
    "шлюз",
    "камера",
    "телефон",
    "мекенжай",
    "нөмір",
    "абонент",
    "байланыс",
    "экран",
    "журнал",
    "қызмет",
    "маршрутизатор",
    "баптау",
    "жаңарту",
    "қоңырау",
    "тапсырма",
    "хабарлама",
    "пайдаланушы",
    "қызметкер",
    "құпиясөз",
    "жылдамдық",
    "жаңғырық",
    "мерзім",
    "бағдарлама",
    "сертификат",
    "лицензия",
    "көшірме",
    "кернеу",
    "вентилятор",
    "аппарат",
    "бөлім",
    "қала",
    "жол",
    "дыбыс",
    "пакет",
];

const VERBS: &[&str] = &[
    "орнат",
    "тексер",
    "бер",
    "көтер",
    "қара",
    "ауыстыр",
    "өзгерт",
    "қос",
    "жаса",
    "сақта",
    "жібер",
    "жүкте",
    "құр",
    "ұзарт",
    "кір",
    "хабарла",
    "аш",
    "жаз",
    "баста",
    "ажырат",
];

fn typed(word: &str) -> String {
    word.chars().flat_map(folded).collect()
}

fn last(word: &str) -> char {
    word.chars().next_back().unwrap()
}

fn is_soft(word: &str) -> bool {
    let vowel = word.chars().rev().find(|it| "аоұыяёюәөүіеэ".contains(*it));
    vowel.map_or(word.contains('и'), |it| "әөүіеэ".contains(it))
}

fn ends_in_vowel(word: &str) -> bool {
    "аәоөүұыіеэяюи".contains(last(word))
}

fn is_voiceless(letter: char) -> bool {
    "кқпстфхһцчшщбвгд".contains(letter)
}

/// An ending whose vowels are written hard, in harmony with a word.
fn with(word: &str, ending: &str) -> String {
    if !is_soft(word) {
        return format!("{word}{ending}");
    }
    let soft = ending.chars().map(|it| match it {
        'а' => 'е',
        'ы' => 'і',
        'қ' => 'к',
        'ғ' => 'г',
        other => other,
    });
    word.chars().chain(soft).collect()
}

fn plural(noun: &str) -> String {
    let ending = match last(noun) {
        'р' | 'й' | 'у' => "лар",
        _ if ends_in_vowel(noun) => "лар",
        'л' | 'м' | 'н' | 'ң' | 'з' | 'ж' => "дар",
        _ => "тар",
    };
    with(noun, ending)
}

/// The same with a voiced last consonant, as before a vowel.
fn voiced(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if let Some(last) = letters.last_mut() {
        *last = match *last {
            'к' => 'г',
            'қ' => 'ғ',
            'п' => 'б',
            other => other,
        };
    }
    letters.into_iter().collect()
}

/// Mine, his, ours, yours; whether it is his.
fn possessed(noun: &str) -> Vec<(String, bool)> {
    let (base, joints) = match ends_in_vowel(noun) {
        true => (noun.to_owned(), ["м", "сы", "мыз", "ңыз"]),
        false => (voiced(noun), ["ым", "ы", "ымыз", "ыңыз"]),
    };
    joints.iter().enumerate().map(|(place, it)| (with(&base, it), place == 1)).collect()
}

/// All cases, and what is there.
fn cases(noun: &str, is_his: bool) -> Vec<String> {
    let voiceless = is_voiceless(last(noun));
    let after_nasal = matches!(last(noun), 'м' | 'н' | 'ң');
    let of = |voiceless_one: &'static str,
              nasal: &'static str,
              vowel: &'static str,
              other: &'static str| match () {
        () if voiceless => voiceless_one,
        () if after_nasal => nasal,
        () if ends_in_vowel(noun) => vowel,
        () => other,
    };
    let endings = match is_his {
        true => ["", "ның", "на", "н", "нда", "нан", "мен", "ндағы"],
        false => [
            "",
            of("тың", "ның", "ның", "дың"),
            of("қа", "ға", "ға", "ға"),
            of("ты", "ды", "ны", "ды"),
            of("та", "да", "да", "да"),
            of("тан", "нан", "дан", "дан"),
            if voiceless {
                "пен"
            } else if matches!(last(noun), 'з' | 'ж') {
                "бен"
            } else {
                "мен"
            },
            of("тағы", "дағы", "дағы", "дағы"),
        ],
    };
    endings.iter().map(|it| with(noun, it)).collect()
}

fn forms_of_noun(noun: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for number in [noun.to_owned(), plural(noun)] {
        forms.extend(cases(&number, false));
        for (possessed, is_his) in possessed(&number) {
            forms.extend(cases(&possessed, is_his));
        }
    }
    forms
}

/// Past, participle, present, converb, request, verbal noun, habit and condition.
fn forms_of_verb(base: &str) -> Vec<String> {
    let (is_open, is_hard) = (ends_in_vowel(base), "кқпстш".contains(last(base)));
    let sounded = if is_open { base.to_owned() } else { voiced(base) };
    let present = with(&sounded, if is_open { "й" } else { "а" });
    let past = with(base, if is_hard { "ты" } else { "ды" });
    let mut forms = vec![past.clone(), format!("{past}м"), with(&past, "қ"), with(&past, "ңыз")];
    for ending in ["", "да", "нан", "ды"] {
        forms.push(with(&with(base, if is_hard { "қан" } else { "ған" }), ending));
    }
    forms.extend(["ды", "мыз", "сыз", "тын"].map(|it| with(&present, it)));
    forms.push(with(&sounded, if is_open { "п" } else { "ып" }));
    forms.push(with(&sounded, if is_open { "ңыз" } else { "ыңыз" }));
    forms.extend(["са", "сақ", "саңыз"].map(|it| with(base, it)));
    forms
}

fn negated(verb: &str) -> String {
    let ending = match last(verb) {
        it if "кқпстшхф".contains(it) => "па",
        'м' | 'н' | 'ң' | 'з' | 'ж' => "ба",
        _ => "ма",
    };
    with(verb, ending)
}

fn passive(verb: &str) -> String {
    let has_l = verb.chars().rev().take(2).any(|it| it == 'л');
    match ends_in_vowel(verb) {
        true => with(verb, "л"),
        false => with(&voiced(verb), if has_l { "ын" } else { "ыл" }),
    }
}

#[test]
fn all_forms_of_a_kazakh_noun_have_one_stem() {
    let mut apart = Vec::new();
    for noun in NOUNS {
        let of = stem(&typed(noun));
        let forms = forms_of_noun(noun).into_iter().filter(|it| stem(&typed(it)) != of);
        apart.extend(forms.map(|it| (noun, of.clone(), stem(&typed(&it)), it)));
    }
    assert!(apart.is_empty(), "{apart:?}");
}

#[test]
fn all_forms_of_a_kazakh_verb_have_one_root() {
    let mut apart = Vec::new();
    for verb in VERBS {
        let of = root(&typed(&with(&voiced(verb), "у")));
        let bases = [verb.to_string(), negated(verb), passive(verb), negated(&passive(verb))];
        let forms = bases.iter().flat_map(|it| forms_of_verb(it));
        let strays = forms.filter(|it| root(&typed(it)) != of);
        apart.extend(strays.map(|it| (*verb, of.clone(), root(&typed(&it)), it)));
    }
    assert!(apart.is_empty(), "{apart:?}");
}

proptest! {
    /// Whatever the stem: what the rules of the language put after it is taken away again.
    #[test]
    fn a_form_of_any_stem_is_found_by_any_other(
        first in "[бдзклмпрст]",
        hard in any::<bool>(),
        middle in prop::collection::vec("[рлктзж]", 1..3),
        seed in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
    ) {
        let vowel = if hard { 'а' } else { 'е' };
        let syllables: String = middle.iter().map(|it| format!("{vowel}{it}")).collect();
        let noun = format!("{first}{syllables}");
        let forms: Vec<String> = forms_of_noun(&noun).iter().map(|it| typed(it)).collect();
        let (one, two) = (seed.get(&forms), other.get(&forms));
        prop_assume!(noun.chars().count() > 4);
        prop_assert_eq!(stem(one), stem(two), "{} {}", one, two);
    }

    /// Of every word something is left.
    #[test]
    fn no_word_is_all_endings(word in "[а-я]{1,14}") {
        prop_assert!(!stem(&word).is_empty() && !root(&word).is_empty());
    }
}
