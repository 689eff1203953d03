//! Textile and Markdown as plain text: the markup goes; words, lists and code stay.

use serde::{Deserialize, Serialize};

/// In which markup texts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Markup {
    Textile,
    Markdown,
    None,
}

/// A text without its markup. Lines end with a line feed; what stands in blocks of code stays as it is.
pub fn plain(text: &str, markup: Markup) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    match markup {
        Markup::None => text,
        Markup::Textile => outside_of_blocks(&text),
        Markup::Markdown => {
            let mut code = Code::default();
            by_line(&text, |line| if code.passes(line) { line.to_owned() } else { markdown(line) })
        }
    }
}

fn by_line(text: &str, change: impl FnMut(&str) -> String) -> String {
    text.split('\n').map(change).collect::<Vec<_>>().join("\n")
}

/// Textile outside of its blocks of code, which may begin and end within a line. Their tags stay: they
/// tell what is code.
fn outside_of_blocks(text: &str) -> String {
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

/// Where blocks of code begin and end in Markdown. Their fences stay: they tell what is code.
#[derive(Default)]
struct Code {
    closing: Option<&'static str>,
}

impl Code {
    /// Whether a line is code, or the fence of some.
    fn passes(&mut self, line: &str) -> bool {
        let trimmed = line.trim_start();
        if let Some(closing) = self.closing {
            if trimmed.contains(closing) {
                self.closing = None;
            }
            return true;
        }
        self.closing = ["```", "~~~"].into_iter().find(|it| trimmed.starts_with(it));
        self.closing.is_some() || trimmed.starts_with("<pre") && trimmed.contains("</pre>")
    }
}

fn markdown(line: &str) -> String {
    if line.starts_with("    ") || line.starts_with('\t') {
        return line.to_owned();
    }
    let hashes = line.chars().take_while(|it| *it == '#').count();
    let line = match line.get(hashes..).and_then(|it| it.strip_prefix(' ')) {
        Some(heading) if (1..=6).contains(&hashes) => heading.trim_end_matches(['#', ' ']),
        Some(_) | None => line,
    };
    let is_start = |before: char| !before.is_alphanumeric();
    outside_of_code(line, '`', |it| without_marks(&links(it), &["**", "__", "~~"], is_start))
}

fn textile(line: &str) -> String {
    let line = match line.split_once(". ") {
        Some((head, rest)) if is_block_mark(head) => rest,
        Some(_) | None => line,
    };
    // In paths and names the same signs are no marks.
    let is_start = |before: char| before.is_whitespace() || "(>*_+".contains(before);
    outside_of_code(line, '@', |it| {
        let it = images_of_textile(&links_of_textile(it));
        without_marks(&it, &["**", "*", "__", "_", "+"], is_start)
    })
}

/// `h1`, `bq`, `p`, with classes and alignments behind.
fn is_block_mark(head: &str) -> bool {
    let name = head.split(['(', '{', '[', '<', '>', '=']).next().unwrap_or_default();
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "bq" | "p" | "fn1" | "fn2")
        && !head.contains(' ')
}

/// Changes a line, except for inline code.
fn outside_of_code(line: &str, mark: char, change: impl Fn(&str) -> String) -> String {
    let pieces: Vec<&str> = line.split(mark).collect();
    let is_whole = pieces.len() % 2 == 1;
    let changed = pieces.iter().enumerate().map(|(place, piece)| {
        if place % 2 == 1 && is_whole { (*piece).to_owned() } else { change(piece) }
    });
    changed.collect::<Vec<_>>().join(&mark.to_string())
}

/// Removes pairs of a mark around words; `is_start` says before what a word begins.
fn without_marks(text: &str, marks: &[&str], is_start: impl Fn(char) -> bool) -> String {
    marks.iter().fold(text.to_owned(), |text, mark| without_mark(&text, mark, &is_start))
}

fn without_mark(text: &str, mark: &str, is_start: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        let begins = out.chars().next_back().is_none_or(&is_start)
            && after.chars().next().is_some_and(|it| !it.is_whitespace() && !mark.contains(it));
        let pair = after.split_once(mark).filter(|(inside, behind)| {
            inside.chars().next_back().is_some_and(|it| !it.is_whitespace())
                && behind.chars().next().is_none_or(|it| !it.is_alphanumeric())
        });
        if let (true, Some((inside, behind))) = (begins, pair) {
            out.push_str(inside);
            rest = behind;
        } else {
            out.push_str(mark);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// `[words](address)` as «words (address)», and `![words](address)` as «[address]».
fn links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let found = after.split_once("](").and_then(|(words, behind)| {
            let (address, rest) = behind.split_once(')')?;
            let is_link = !words.contains(['[', ']']) && !address.contains(char::is_whitespace);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_reads_without_its_marks_and_keeps_code() {
        let markup_text = "# Итог\r\n\r\n**Важно:** см. [журнал](http://x/y) и `**код**`\n\
                     ![](план.png)\n* пункт\n```\n# не заголовок **a**\n```\nsnake_case_name 2*3*4";
        assert_eq!(
            plain(markup_text, Markup::Markdown),
            "Итог\n\nВажно: см. журнал (http://x/y) и `**код**`\n[план.png]\n* пункт\n```\n\
             # не заголовок **a**\n```\nsnake_case_name 2*3*4"
        );
    }

    #[test]
    fn textile_reads_without_its_marks_and_keeps_code() {
        let markup_text = "h2. Итог\n\n*Важно:* см. \"журнал\":http://x/y, @*код*@ !схема.png! \
                     Готово! Да!\n<pre>\nh1. не заголовок *a*\n</pre>\nbq. цитата _раз_";
        assert_eq!(
            plain(markup_text, Markup::Textile),
            "Итог\n\nВажно: см. журнал (http://x/y), @*код*@ [схема.png] Готово! Да!\n<pre>\n\
             h1. не заголовок *a*\n</pre>\nцитата раз"
        );
        assert_eq!(
            plain("Так: <pre>*a*\nh1. b</pre> и *так*, <prefix> _c_", Markup::Textile),
            "Так: <pre>*a*\nh1. b</pre> и так, <prefix> c"
        );
        let paths = "cd /opt/_backup_/x && ls a/*b*/c (*да*) _*оба*_";
        assert_eq!(plain(paths, Markup::Textile), "cd /opt/_backup_/x && ls a/*b*/c (да) оба");
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        let markup_text = "Порт 3: 10% потерь, ping 10.0.0.1 - ок.\n#123 и №45, a_b_c, 5 * 3 * 2";
        for markup in [Markup::Markdown, Markup::Textile, Markup::None] {
            assert_eq!(plain(markup_text, markup), markup_text, "{markup:?}");
        }
    }

    /// IN09: a long text is read once, whatever it is made of.
    #[test]
    fn sec_in09_the_markup_of_a_long_text_is_removed_in_time() {
        crate::long_texts::are_read(|text| {
            drop(plain(text, Markup::Textile));
            drop(plain(text, Markup::Markdown));
        });
    }
}
