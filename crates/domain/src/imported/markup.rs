//! Textile and Markdown as plain text: the markup goes; words, lists and code stay.

mod markdown;
mod textile;

use serde::{Deserialize, Serialize};

use markdown::{Blocks, markdown};
use textile::outside_of_blocks;

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
            let mut blocks = Blocks::default();
            by_line(
                &text,
                |line| if blocks.is_code(line) { line.to_owned() } else { markdown(line) },
            )
        }
    }
}

fn by_line(text: &str, change: impl FnMut(&str) -> String) -> String {
    text.split('\n').map(change).collect::<Vec<_>>().join("\n")
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

/// Between what a mark is one: before it, behind the second of a pair, and first between them.
#[derive(Clone, Copy)]
struct Edges {
    is_start: fn(char) -> bool,
    is_end: fn(char) -> bool,
    is_word: fn(char) -> bool,
}

/// Removes pairs of a mark around words.
fn without_marks(text: &str, marks: &[&str], edges: Edges) -> String {
    marks.iter().fold(text.to_owned(), |text, mark| without_mark(&text, mark, edges))
}

fn without_mark(text: &str, mark: &str, edges: Edges) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        out.push_str(before);
        let is_first = |it: char| !it.is_whitespace() && !mark.contains(it) && (edges.is_word)(it);
        let begins = out.chars().next_back().is_none_or(edges.is_start)
            && after.chars().next().is_some_and(is_first);
        let pair = after.split_once(mark).filter(|(inside, behind)| {
            inside.chars().next_back().is_some_and(|it| !it.is_whitespace())
                && behind.chars().next().is_none_or(edges.is_end)
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

    /// C1: what is indented below an item of a list is no code.
    #[test]
    fn c1_nested_lists_of_markdown_read_without_marks() {
        let markup_text = "- один\n    - **два** и [журнал](http://x/y \"Заголовок\")\n\n    Абзац *пункта*.\n\n\
                           Текст.\n\n    код **a**\n    код _b_\nи _дальше_, *.log,*.txt, \\*не\\* раз";
        assert_eq!(
            plain(markup_text, Markup::Markdown),
            "- один\n    - два и журнал (http://x/y)\n\n    Абзац пункта.\n\n\
             Текст.\n\n    код **a**\n    код _b_\nи дальше, *.log,*.txt, \\*не\\* раз"
        );
    }

    /// C1: tables keep their cells, and lose how these are set.
    #[test]
    fn c1_tables_of_textile_read_without_marks() {
        let markup_text = "|_. Порт|\\2=. Состояние|\n|1. первый|*да*|up|\n|>. 10|_нет_|down|";
        assert_eq!(
            plain(markup_text, Markup::Textile),
            "| Порт| Состояние|\n|1. первый|да|up|\n| 10|нет|down|"
        );
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
