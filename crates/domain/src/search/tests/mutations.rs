//! What people do to words when they type, done to the rare words of the whole collection.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::index::Index;
use super::read;

type Typed = Vec<(&'static str, String)>;

/// The words of the collection that few tickets have, each with one of these.
fn rare_words(tickets: &[Value]) -> Vec<(String, String)> {
    let mut known: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for ticket in tickets {
        let key = ticket["key"].as_str().unwrap();
        let text = format!("{} {}", ticket["subject"], ticket["description"]);
        for word in text.split(|it: char| !it.is_alphanumeric()) {
            let is_word = word.chars().all(char::is_alphabetic) && word.chars().count() >= 6;
            if is_word {
                known.entry(word.to_lowercase()).or_default().insert(key);
            }
        }
    }
    let rare = known.into_iter().filter(|it| it.1.len() == 1);
    rare.filter_map(|(word, keys)| Some((word, (*keys.first()?).to_owned()))).collect()
}

fn is_cyrillic(word: &str) -> bool {
    word.chars().all(|it| ('\u{400}'..='\u{52f}').contains(&it))
}

const KEYS: [(&str, &str); 2] =
    [("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,."), ("ё", "`")];

fn on_the_other_layout(word: &str) -> String {
    let key = |it: char| {
        let place = |(ru, en): &(&str, &str)| {
            ru.chars().position(|other| other == it).and_then(|at| en.chars().nth(at))
        };
        KEYS.iter().find_map(place).unwrap_or(it)
    };
    word.chars().map(key).collect()
}

/// What may be typed for a word.
fn typed(word: &str) -> Typed {
    let letters: Vec<char> = word.chars().collect();
    let middle = letters.len() / 2;
    let changed = |change: fn(&mut Vec<char>, usize)| {
        let mut letters = letters.clone();
        change(&mut letters, middle);
        letters.into_iter().collect::<String>()
    };
    let mut all = vec![
        ("swapped", changed(|it, at| it.swap(at, at - 1))),
        ("dropped", changed(|it, at| _ = it.remove(at))),
        ("doubled", changed(|it, at| it.insert(at, it[at]))),
        ("capitals", word.to_uppercase()),
    ];
    let is_kazakh = word.chars().any(|it| "әғқңөұүһі".contains(it));
    if is_cyrillic(word) && !is_kazakh {
        all.push(("layout", on_the_other_layout(word)));
        all.push(("capital layout", on_the_other_layout(word).to_uppercase()));
    }
    if is_kazakh {
        let russian = |it| match it {
            'ә' => 'а',
            'ғ' => 'г',
            'қ' => 'к',
            'ң' => 'н',
            'ө' => 'о',
            'ұ' | 'ү' => 'у',
            'һ' => 'х',
            'і' => 'и',
            other => other,
        };
        all.push(("kazakh", word.chars().map(russian).collect()));
    }
    let alike = |it| "асеорху".chars().zip("aceopxy".chars()).find(|(ru, _)| *ru == it);
    if is_cyrillic(word) && word.chars().any(|it| alike(it).is_some()) {
        all.push(("look-alike", word.chars().map(|it| alike(it).map_or(it, |it| it.1)).collect()));
    }
    all
}

/// Advantage 4: a rare word is found among the first ten however it is typed, with one error, on the wrong
/// layout, in letters that look alike: in nine of ten cases of each kind.
#[test]
fn a4_rare_words_are_found_however_they_are_typed() {
    let tickets = read(super::TICKETS);
    let index = Index::of(&tickets, true);
    let mut kinds: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    let is_of_few = |word: &str| index.search(word).len() <= 3;
    for (word, key) in rare_words(&tickets).iter().step_by(16).filter(|it| is_of_few(&it.0)) {
        for (kind, text) in typed(word) {
            let (all, failed) = kinds.entry(kind).or_default();
            *all += 1;
            if !index.search(&text).iter().take(10).any(|it| it == key) {
                failed.push(format!("{text} ({word})"));
            }
        }
    }
    let is_bad = |(all, failed): &(usize, Vec<String>)| failed.len() * 10 > *all;
    let bad: Vec<_> = kinds.iter().filter(|it| is_bad(it.1)).collect();
    assert!(kinds.len() >= 8 && bad.is_empty(), "{bad:#?}");
}
