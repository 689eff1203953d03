//! HTML as lines: a line per block, `pre` as it is, cells apart; what mail programs mark as quoted by
//! the structure of their HTML is known as such.

#![expect(clippy::string_slice, reason = "places are those of characters of the same text")]

use domain::quotation::{Line, Origin};
use html2text::config::{Config, with_decorator};
use html2text::{Handle, RcDom};

use crate::inbound::mime::elements::{attribute, beginning, element, keep_spaces};
use crate::inbound::mime::plain::Plain;
use crate::inbound::mime::tree::tree;

/// The maximum length of HTML that is read, in bytes; the rest is in the raw mail.
const MAX_HTML: usize = 2 * 1024 * 1024;

/// Wider than any line, so that none is wrapped.
const WIDTH: usize = 200_000;

/// Of very many lines long ones are wrapped: the cells of a table are padded to the width of the widest.
const MIN_WIDTH: usize = 80;

/// The maximum size of a layout: its lines times its width, in characters.
const MAX_AREA: usize = 20_000_000;

/// The maximum length of a shown URL, in bytes.
const MAX_URL: usize = 500;

/// Mark the beginning and the end of a quotation during layout. Texts of mails
/// contain none of them.
const BEGIN: char = '\u{f8fd}';
const END: char = '\u{f8fe}';
/// Marks the beginning of a quotation up to the end of the mail.
const TO_THE_END: char = '\u{f8ff}';
/// Stands for the space at the end of the line above a signature, which layout takes away.
const SPACE: char = '\u{f8fc}';

/// The classes with which programs mark quotations and signatures.
const QUOTES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "gmail_signature",
    "yahoo_quoted",
    "protonmail_quote",
    "protonmail_signature_block",
    "moz-cite-prefix",
    "moz-signature",
    "zmail_extra",
    "tutanota_quote",
];

const QUOTE_IDS: &[&str] = &[
    "mail-app-auto-quote",
    "ms-outlook-mobile-signature",
    "signature",
    "orimsghtmlseperator",
    "mail-editor-reference-message-container",
];

/// The ids with which Outlook marks where the quoted mail begins.
const ENDS: &[&str] = &["divrplyfwdmsg", "appendonsend", "x_divrplyfwdmsg", "x_appendonsend"];

/// Roundcube's introduction, after which the quoted mail comes, and then an answer below it.
const INTRODUCTION: &str = "reply-intro";

/// The lines of an HTML text.
pub fn lines(html: &str) -> Vec<Line> {
    let end = html.floor_char_boundary(MAX_HTML);
    let clean: String =
        html[..end].chars().filter(|it| !matches!(*it, BEGIN | END | TO_THE_END | SPACE)).collect();
    let spaced = format!(">--{SPACE}<");
    let clean = clean.replace(">-- <", &spaced).replace(">--&nbsp;<", &spaced);
    let text = laid_out(&clean).unwrap_or_else(|| stripped(&clean));
    let (mut lines, mut depth, mut is_over) = (Vec::new(), 0_usize, false);
    for line in text.lines() {
        depth += line.matches(BEGIN).count();
        is_over |= line.contains(TO_THE_END);
        let origin = if is_over || depth > 0 { Origin::Quoted } else { Origin::Unknown };
        depth = depth.saturating_sub(line.matches(END).count());
        let is_marked = line.contains([BEGIN, END, TO_THE_END]);
        // Spaces that do not break are the layout of HTML, and no part of what somebody copies from it.
        let content = line.replace([BEGIN, END, TO_THE_END], "").replace('\u{a0}', " ");
        if !is_marked || !content.trim_matches([' ', '>']).is_empty() {
            let text = content.trim_end().replace(SPACE, " ");
            lines.push(Line { text, origin });
        }
    }
    lines
}

fn laid_out(html: &str) -> Option<String> {
    let config = plainly();
    let dom = tree(html)?;
    // These trees clear the nodes that they hold when they are dropped.
    let _quotations = mark_quotations(&dom);
    let _spaced = keep_spaces(&dom);
    let tree = config.dom_to_render_tree(&dom).ok()?;
    let lines = html.matches(['<', '\n']).count();
    config.render_to_string(tree, (MAX_AREA / (lines + 1)).clamp(MIN_WIDTH, WIDTH)).ok()
}

/// The fallback if HTML cannot be laid out.
fn stripped(html: &str) -> String {
    let mut is_tag = false;
    let visible = html.chars().filter(|it| {
        is_tag = *it == '<' || is_tag && *it != '>';
        !is_tag && *it != '>'
    });
    visible.collect()
}

fn plainly() -> Config<Plain> {
    with_decorator(Plain)
        .allow_width_overflow()
        .no_table_borders()
        .no_link_wrapping()
        .unicode_strikeout(false)
        .link_footnotes(false)
}

/// Marks in the tree where quotations begin and end, and where links lead; returns the trees that
/// hold what was added.
fn mark_quotations(dom: &RcDom) -> Vec<RcDom> {
    let mut others = Vec::new();
    let mut mark = |of: char| element(&format!("<p>{of}</p>"), "p", &mut others);
    let (Some(begin), Some(end), Some(to_the_end)) = (mark(BEGIN), mark(END), mark(TO_THE_END))
    else {
        return others;
    };
    let mut open = vec![dom.document.clone()];
    while let Some(parent) = open.pop() {
        let mut children = Vec::new();
        let mut is_introduced = is_of_gmail(&parent);
        for child in parent.children.borrow().iter() {
            let is_quoted = is_introduced && is_blockquote(child);
            is_introduced |= attribute(child, "id").as_deref() == Some(INTRODUCTION);
            match quotation(child).or_else(|| is_quoted.then_some(Quotation::Around)) {
                Some(Quotation::Around) => {
                    children.extend([begin.clone(), child.clone(), end.clone()]);
                }
                Some(Quotation::ToTheEnd) => children.extend([to_the_end.clone(), child.clone()]),
                Some(Quotation::PassedOn) => children.push(child.clone()),
                None => {
                    children.push(child.clone());
                    children.extend(target(child, &mut others));
                    open.push(child.clone());
                }
            }
        }
        *parent.children.borrow_mut() = children;
    }
    others
}

/// The target of a link, unless its text shows it.
fn target(node: &Handle, others: &mut Vec<RcDom>) -> Option<Handle> {
    let url = attribute(node, "href").filter(|it| it.starts_with("http"))?;
    if node.element_name().as_deref() != Some("a") || url.len() > MAX_URL {
        return None;
    }
    let bare = url.split_once("://")?.1.trim_end_matches('/');
    if beginning(node).replace("&amp;", "&").contains(bare) {
        return None;
    }
    let escaped = url.replace('&', "&amp;").replace('<', "&lt;");
    element(&format!("<span> ({escaped})</span>"), "span", others)
}

enum Quotation {
    /// It was forwarded with its content.
    PassedOn,
    Around,
    ToTheEnd,
}

/// Whether a program marked this element as quoted. Forwarded content is not.
fn quotation(node: &Handle) -> Option<Quotation> {
    let attribute = |name: &str| attribute(node, name).unwrap_or_default().to_lowercase();
    let (classes, id) = (attribute("class"), attribute("id"));
    let has = |words: &[&str]| classes.split_whitespace().any(|it| words.contains(&it));
    if has(&["moz-forward-container"]) {
        return Some(Quotation::PassedOn);
    }
    let is_cited = is_blockquote(node) && attribute("type") == "cite"
        || attribute("data-signature-widget") == "container";
    let is_named = QUOTE_IDS.contains(&id.as_str()) || id == INTRODUCTION;
    if is_cited || has(QUOTES) || is_named {
        let is_passed_on = classes.contains("gmail") && begins_passed_on(node);
        return match is_passed_on {
            true => Some(Quotation::PassedOn),
            // The answer may stand between its blockquotes.
            false => (!is_of_gmail(node)).then_some(Quotation::Around),
        };
    }
    let style = attribute("style").replace(' ', "");
    let is_ruled = ["border-top:solid#e1e1e1", "border-top:solid#b5c4df"];
    let is_ruled = is_ruled.iter().any(|it| style.contains(it)) && begins_with_sender(node);
    (ENDS.contains(&id.as_str()) || is_ruled).then_some(Quotation::ToTheEnd)
}

fn is_blockquote(node: &Handle) -> bool {
    node.element_name().as_deref() == Some("blockquote")
}

/// Whether it is where Gmail puts its introduction and the blockquotes.
fn is_of_gmail(node: &Handle) -> bool {
    let classes = attribute(node, "class").unwrap_or_default();
    let is_container = classes.split_whitespace().any(|it| it.starts_with("gmail_quote"));
    is_container && !is_blockquote(node) && node.children.borrow().iter().any(is_blockquote)
}

fn begins_passed_on(node: &Handle) -> bool {
    let begin = beginning(node).to_lowercase();
    begin.starts_with("-----") || begin.starts_with("begin forwarded")
}

fn begins_with_sender(node: &Handle) -> bool {
    ["From:", "От:", "Кімнен:"].iter().any(|it| beginning(node).starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let own = lines(html).into_iter().filter(|it| it.origin != Origin::Quoted);
        own.map(|it| it.text).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn html_is_laid_out_and_what_it_marks_as_quoted_is_known() {
        for (html, text) in [
            ("<div>раз<br>два</div><div>три</div>", "раз\nдва\nтри"),
            ("<p>Если a < b, то ошибка.</p>", "Если a < b, то ошибка."),
            ("<p>Лог:</p><pre>a=1\n  b=2</pre>", "Лог:\na=1\n  b=2"),
            ("<table><tr><td>1</td><td>Up</td></tr></table>", "1 Up"),
            (
                "<a href=\"https://x.kz/a\">сайт</a>, <a href=\"https://y.kz/\">y.kz</a>",
                "сайт (https://x.kz/a), y.kz",
            ),
            ("<div>Да.</div><blockquote type=cite>Нет</blockquote>", "Да."),
            ("<div>Да.</div><hr><div id=divRplyFwdMsg>От: x</div><div>Нет</div>", "Да."),
            ("<div>Да.</div><div class=gmail_quote>Нет</div><p>И да.</p>", "Да.\nИ да."),
            (
                "<div class=gmail_quote><div class=gmail_attr>вт, пишет:</div><blockquote>Дамп?</blockquote><div>Дамп.</div><blockquote>Версия?</blockquote>3.18</div>",
                "Дамп.\n3.18",
            ),
            (
                "<p id=reply-intro>29.11.2026 06:35, пишет:</p><blockquote>Дамп?</blockquote><div>Дамп.</div>",
                "Дамп.",
            ),
            (
                "<div>Да.</div><div class=gmail_quote>---------- Forwarded message<br>Чисто.</div>",
                "Да.\n---------- Forwarded message\nЧисто.",
            ),
            ("<div style='white-space: pre-wrap'>a\n  b\n\nc</div>", "a\n  b\nc"),
            (
                "<div style=\"color:red;white-space:pre\"><div>if a:</div><div>    b</div></div>",
                "if a:\n    b",
            ),
            ("<p>Порт <span style='white-space:pre'>\t</span>3</p>", "Порт 3"),
            (
                "<p>Вот:<img src='cid:1' alt='Снимок экрана'><img src='https://x.kz/' alt='схема'></p>",
                "Вот:схема",
            ),
            ("<p>Было <s>5060</s> стало 5061</p>", "Было 5060 стало 5061"),
            (
                "<div>interface 1</div><div>&nbsp; no&nbsp;shutdown</div>",
                "interface 1\n  no shutdown",
            ),
            ("<div>Да.</div><div>-- </div><div>Омарова</div>", "Да.\n-- \nОмарова"),
            ("<div>Да.</div><div data-signature-widget=container>--<br>Омарова</div>", "Да."),
            ("<p>Клиент:</p><blockquote>не работает</blockquote>", "Клиент:\n> не работает"),
        ] {
            assert_eq!(shown(html), text, "{html}");
        }
        assert!(shown(&"<div>".repeat(100_000)).is_empty());
    }
}
