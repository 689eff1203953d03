//! Invisible characters: they can make a line look like another one, or be read in another direction. One-line
//! texts must not contain any.

/// Whether a character is invisible, turns the direction of the text, or separates lines without
/// being a control character.
pub const fn is_hidden(it: char) -> bool {
    matches!(
        it,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a line has a control character or a hidden one. Joiners within emoji (👩‍💻, ❤️) are visible
/// and do not count.
pub fn has_hidden(line: &str) -> bool {
    unseen(line).next().is_some()
}

/// The line without them; those that separate words become a space.
pub fn without_hidden(line: &str) -> String {
    let unseen: Vec<usize> = unseen(line).map(|(at, _)| at).collect();
    let keep = |(at, it): (usize, char)| {
        let divides = matches!(it, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}');
        let shown = if divides { ' ' } else { it };
        (divides || unseen.binary_search(&at).is_err()).then_some(shown)
    };
    line.char_indices().filter_map(keep).collect()
}

fn unseen(line: &str) -> impl Iterator<Item = (usize, char)> {
    let before = std::iter::once(None).chain(line.chars().map(Some));
    let pairs = line.char_indices().zip(before);
    pairs
        .filter(|((_, it), before)| it.is_control() || is_hidden(*it) && !joins(*it, *before))
        .map(|(it, _)| it)
}

/// Whether it joins or modifies the emoji before it.
fn joins(it: char, before: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match it {
        '\u{200d}' => before >= '\u{2190}' && !is_hidden(before) || before == '\u{fe0f}',
        '\u{fe0e}' | '\u{fe0f}' => !before.is_alphabetic() && !is_hidden(before),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_in06_hidden_characters_are_found_and_removed() {
        for hidden in "\u{200b}\u{200d}\u{202e}\u{2028}\u{2029}\u{feff}\u{ad}\u{2066}\u{7}".chars()
        {
            let line = format!("Сарыар{hidden}қа");
            assert!(has_hidden(&line), "{hidden:?}");
            assert!(!has_hidden(&without_hidden(&line)), "{hidden:?}");
        }
        assert_eq!(without_hidden("a\u{200b}b\u{2028}c\r\nd"), "ab c  d");
    }

    #[test]
    fn visible_characters_stay() {
        for line in
            ["Сары-Арка", "Қазақша «сөз»", "👩\u{200d}💻 ❤\u{fe0f} 1\u{fe0f}\u{20e3}", "й", ""]
        {
            assert!(!has_hidden(line), "{line}");
            assert_eq!(without_hidden(line), line);
        }
    }
}
