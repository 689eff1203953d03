//! The lines of a plain text: as they are, or of flowing text (RFC 3676).

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use domain::quotation::{Line, Origin};

/// How the lines of a text part flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    /// A line that ends with a space continues in the next one.
    pub is_flowed: bool,
    /// That space is not part of the text.
    pub loses_space: bool,
}

/// The lines of a text.
pub fn plain(text: &str, flow: Flow) -> Vec<Line> {
    if !flow.is_flowed {
        return Line::of(text);
    }
    let mut lines: Vec<Line> = Vec::new();
    // The quote depth of the previous line, if it continues.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.chars().take_while(|it| *it == '>').count();
        let stuffed = &line[depth..];
        let content = stuffed.strip_prefix(' ').unwrap_or(stuffed);
        let goes_on = content.ends_with(' ') && content != "-- ";
        match lines.last_mut().filter(|_| open == Some(depth) && content != "-- ") {
            Some(last) => last.text.push_str(content),
            None => lines.push(begun(depth, content)),
        }
        open = goes_on.then_some(depth);
        if let Some(last) = lines.last_mut().filter(|_| goes_on && flow.loses_space) {
            last.text.pop();
        }
    }
    lines
}

fn begun(depth: usize, content: &str) -> Line {
    let is_stuffed = depth == 0 && content.starts_with('>');
    let quotes = match depth {
        0 => String::new(),
        _ => format!("{} ", ">".repeat(depth)),
    };
    let origin = if is_stuffed { Origin::Own } else { Origin::Unknown };
    Line { text: format!("{quotes}{content}"), origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowing_text_is_joined_and_unstuffed() {
        let flow = |loses_space| Flow { is_flowed: true, loses_space };
        let shown = |text: &str, flow| {
            plain(text, flow).into_iter().map(|it| it.text).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(shown("Длинная \nстрока.\n-- \nА", flow(false)), "Длинная строка.\n-- \nА");
        assert_eq!(shown("Дли \nнная", flow(true)), "Длинная");
        assert_eq!(shown("> раз \n> два\nтри", flow(false)), "> раз два\nтри");
        assert_eq!(shown(" > не цитата", flow(false)), "> не цитата");
        assert_eq!(plain(" > не цитата", flow(false))[0].origin, Origin::Own);
        assert_eq!(shown("раз \nдва", Flow::default()), "раз \nдва");
    }
}
