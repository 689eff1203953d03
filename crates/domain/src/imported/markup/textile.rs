//! Textile.

use super::{Edges, by_line, outside_of_code, without_marks};

/// Textile outside of its blocks of code, which may begin and end within a line. Their tags stay, since they mark the
/// code.
pub(super) fn outside_of_blocks(text: &str) -> String {
    const END: &str = "</pre>";
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, block)) = start_of_block(rest).map(|it| rest.split_at(it)) {
        let (code, behind) =
            block.split_at(block.find(END).map_or(block.len(), |it| it + END.len()));
        out.push_str(&by_line(before, textile));
        out.push_str(code);
        rest = behind;
    }
    out + &by_line(rest, textile)
}

fn start_of_block(text: &str) -> Option<usize> {
    const START: &str = "<pre";
    let is_tag = |at: &usize| {
        let behind = text.get(at + START.len()..).unwrap_or_default();
        behind.starts_with(|it: char| it == '>' || it.is_whitespace())
    };
    text.match_indices(START).map(|it| it.0).find(is_tag)
}

fn textile(line: &str) -> String {
    let line = match line.split_once(". ") {
        Some((head, rest)) if is_block_mark(head) => rest,
        Some(_) | None => line,
    };
    let line = if line.starts_with('|') { without_cell_marks(line) } else { line.to_owned() };
    // Within paths and names the same characters are no markup.
    let edges = Edges {
        is_start: |before| before.is_whitespace() || "(>*_+|".contains(before),
        is_end: |behind| !behind.is_alphanumeric(),
        is_word: |_| true,
    };
    outside_of_code(&line, '@', |it| {
        let it = images_of_textile(&links_of_textile(it));
        without_marks(&it, &["**", "*", "__", "_", "+"], edges)
    })
}

/// `|_. heading |\2=. wide |` as `| heading | wide |`.
fn without_cell_marks(row: &str) -> String {
    let cells = row.split('|').map(|cell| match cell.split_once(". ") {
        Some((mark, text)) if is_cell_mark(mark) => format!(" {text}"),
        Some(_) | None => cell.to_owned(),
    });
    cells.collect::<Vec<_>>().join("|")
}

/// Of a heading, an alignment, or, with a number, of a cell over several columns or rows.
fn is_cell_mark(mark: &str) -> bool {
    let is_sign = |it: char| "_<>=^~\\/".contains(it);
    mark.starts_with(is_sign) && mark.chars().all(|it| is_sign(it) || it.is_ascii_digit())
}

/// `h1`, `bq`, `p`, with classes and alignments behind.
fn is_block_mark(head: &str) -> bool {
    let name = head.split(['(', '{', '[', '<', '>', '=']).next().unwrap_or_default();
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "bq" | "p" | "fn1" | "fn2")
        && !head.contains(' ')
}

/// `"words":address` as «words (address)».
fn links_of_textile(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\":") {
        let opened = before.rsplit_once('"');
        let first = after.split(char::is_whitespace).next().unwrap_or_default();
        let address = first.trim_end_matches(['.', ',', ';', ')', '!', '?']);
        let is_address = ["http://", "https://", "ftp://", "mailto:", "/", "#"]
            .iter()
            .any(|it| address.starts_with(it));
        if let (Some((head, words)), true) = (opened, is_address) {
            out.push_str(&format!("{head}{words} ({address})"));
            rest = after.get(address.len()..).unwrap_or_default();
        } else {
            out.push_str(before);
            out.push_str("\":");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// `!picture.png!` as «[picture.png]».
fn images_of_textile(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('!') {
        let picture = after.split_once('!').filter(|(name, _)| {
            name.contains('.') && !name.contains(char::is_whitespace) && !name.starts_with('.')
        });
        out.push_str(before);
        match picture {
            Some((name, behind)) => {
                let name = name.trim_start_matches(['>', '<', '=']);
                out.push_str(&format!("[{}]", name.split('(').next().unwrap_or(name)));
                rest = behind;
            }
            None => {
                out.push('!');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
