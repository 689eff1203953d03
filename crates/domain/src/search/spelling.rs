//! How many errors lie between two words.

/// Insertions, deletions, substitutions and swaps of neighbours (the restricted Damerau-Levenshtein
/// distance); none if there are more than `most`.
#[expect(clippy::indexing_slicing, reason = "a row has one place more than the other word")]
pub fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, its) in other.iter().enumerate() {
            let replaced = last[column] + usize::from(letter != its);
            let mut least = replaced.min(last[column + 1] + 1).min(next[column] + 1);
            let is_swap =
                row > 0 && column > 0 && one[row - 1] == *its && *letter == other[column - 1];
            if is_swap {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|it| *it <= most)
}

/// What a word may have been before two neighbours changed places: of a short word too little is left for
/// likeness to find it.
pub fn swapped(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let swap = |place: usize| {
        let mut letters = letters.clone();
        letters.swap(place - 1, place);
        letters.into_iter().collect::<String>()
    };
    (1..letters.len()).map(swap).filter(|it| it != word).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn errors_are_counted() {
        assert_eq!(distance("mes2342", "mes2324", 2), Some(1));
        assert_eq!(distance("регестрация", "регистрация", 2), Some(1));
        assert_eq!(distance("гарнтура", "гарнитура", 2), Some(1));
        assert_eq!(distance("порт", "транк", 2), None);
    }

    #[test]
    fn neighbours_may_have_changed_places() {
        assert_eq!(swapped("прот"), ["рпот", "порт", "прто"]);
        assert_eq!(swapped("аа"), Vec::<String>::new());
        assert_eq!(swapped(""), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn a_word_is_as_far_from_another_as_that_from_it(one in "[а-е]{0,8}", other in "[а-е]{0,8}") {
            prop_assert_eq!(distance(&one, &other, 9), distance(&other, &one, 9));
            prop_assert_eq!(distance(&one, &one, 0), Some(0));
        }
    }
}
