//! The lines of a plain text: as they are, or of flowing text (RFC 3676).

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use domain::quotation::{Line, Origin};

/// How the lines of a text part flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    /// A line that ends with a space goes on in the next one.
    pub is_flowed: bool,
    /// That space is none of the text.
    pub loses_space: bool,
}

/// The lines of a text.
pub fn plain(text: &str, flow: Flow) -> Vec<Line> {
    if !flow.is_flowed {
        return Line::of(text);
    }
    let mut lines: Vec<Line> = Vec::new();
    // How deep the line before is quoted, if it goes on.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.chars().take_while(|it| *it == '>').count();
        let stuffed = &line[depth..];
        let said = stuffed.strip_prefix(' ').unwrap_or(stuffed);
        let goes_on = said.ends_with(' ') && said != "-- ";
        match lines.last_mut().filter(|_| open == Some(depth) && said != "-- ") {
            Some(last) => last.text.push_str(said),
            None => lines.push(begun(depth, said)),
        }
        open = goes_on.then_some(depth);
        if let Some(last) = lines.last_mut().filter(|_| goes_on && flow.loses_space) {
            last.text.pop();
        }
    }
    lines
}

fn begun(depth: usize, said: &str) -> Line {
    let is_stuffed = depth == 0 && said.starts_with('>');
    let quotes = match depth {
        0 => String::new(),
        _ => format!("{} ", ">".repeat(depth)),
    };
    let origin = if is_stuffed { Origin::Own } else { Origin::Unknown };
    Line { text: format!("{quotes}{said}"), origin }
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
