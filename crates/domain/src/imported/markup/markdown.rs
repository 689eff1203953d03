//! Markdown.

use super::{Edges, outside_of_code, without_marks};

/// Where blocks of code begin and end in Markdown. Their fences stay: they tell what is code.
#[derive(Default)]
pub(super) struct Blocks {
    fence: Option<&'static str>,
    /// Whether the lines before are items of a list, whose own lines may be indented like code.
    is_in_list: bool,
    is_indented_code: bool,
    is_after_text: bool,
}

impl Blocks {
    /// Whether the next line is code, or the fence of some.
    pub(super) fn is_code(&mut self, line: &str) -> bool {
        let trimmed = line.trim_start();
        if let Some(fence) = self.fence {
            if trimmed.contains(fence) {
                self.fence = None;
            }
            return true;
        }
        self.fence = ["```", "~~~"].into_iter().find(|it| trimmed.starts_with(it));
        if self.fence.is_some() || trimmed.starts_with("<pre") && trimmed.contains("</pre>") {
            return true;
        }
        let is_after_text = std::mem::replace(&mut self.is_after_text, !trimmed.is_empty());
        if trimmed.is_empty() {
            return false;
        }
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        self.is_indented_code =
            is_indented && !self.is_in_list && (!is_after_text || self.is_indented_code);
        if !is_indented {
            self.is_in_list = is_item(trimmed) || self.is_in_list && is_after_text;
        }
        self.is_indented_code
    }
}

/// Whether a line begins an item of a list in Markdown.
fn is_item(line: &str) -> bool {
    let behind_number = line.trim_start_matches(|it: char| it.is_ascii_digit());
    let is_numbered = behind_number.len() < line.len()
        && (behind_number.starts_with(". ") || behind_number.starts_with(") "));
    is_numbered || ["- ", "* ", "+ "].iter().any(|it| line.starts_with(it))
}

pub(super) fn markdown(line: &str) -> String {
    let hashes = line.chars().take_while(|it| *it == '#').count();
    let line = match line.get(hashes..).and_then(|it| it.strip_prefix(' ')) {
        Some(heading) if (1..=6).contains(&hashes) => heading.trim_end_matches(['#', ' ']),
        Some(_) | None => line,
    };
    let strong = Edges {
        is_start: |before| !before.is_alphanumeric() && before != '\\',
        is_end: |behind| !behind.is_alphanumeric(),
        is_word: |_| true,
    };
    // Within paths, names and patterns of files the same characters are no markup.
    let weak = Edges {
        is_start: |before| before.is_whitespace() || "(>«\"".contains(before),
        is_end: |behind| behind.is_whitespace() || ".,;:!?)»\"".contains(behind),
        is_word: |first| first.is_alphanumeric() || "«\"".contains(first),
    };
    outside_of_code(line, '`', |it| {
        let it = without_marks(&links(it), &["**", "__", "~~"], strong);
        without_marks(&it, &["*", "_"], weak)
    })
}

/// `[words](address)` as «words (address)», and `![words](address)` as «[address]».
fn links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let found = after.split_once("](").and_then(|(words, behind)| {
            let (address, rest) = behind.split_once(')')?;
            let (address, title) = address.split_once(' ').unwrap_or((address, ""));
            let is_title = title.trim().is_empty() || title.trim().starts_with(['"', '\'']);
            let is_link =
                is_title && !words.contains(['[', ']']) && !address.contains(char::is_whitespace);
            is_link.then_some((words, address, rest))
        });
        let Some((words, address, behind)) = found else {
            out.push_str(before);
            out.push('[');
            rest = after;
            continue;
        };
        match before.strip_suffix('!') {
            Some(before) => out.push_str(&format!("{before}[{address}]")),
            None if words == address || words.is_empty() => {
                out.push_str(&format!("{before}{address}"))
            }
            None => out.push_str(&format!("{before}{words} ({address})")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
