//! Elements of HTML, and what their style says about the space in them.

use html2text::config::plain_no_decorate;
use html2text::{Element, Handle, RcDom};

/// Elements that hold text, in lines of their own and within a line.
const BLOCKS: &[&str] = &["body", "div", "p", "td", "th", "li", "dd", "blockquote", "section"];
const INLINE: &[&str] = &["span", "font", "b", "i", "u", "a", "code", "tt", "em", "strong"];

/// An element of a tree of its own.
pub fn element(html: &str, name: &str, others: &mut Vec<RcDom>) -> Option<Handle> {
    let dom = plain_no_decorate().parse_html(html.as_bytes()).ok()?;
    let mut open = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        if node.element_name().as_deref() == Some(name) {
            others.push(dom);
            return Some(node);
        }
        open.extend(node.children.borrow().iter().cloned());
    }
    None
}

pub fn attribute(node: &Handle, name: &str) -> Option<String> {
    let Element { attrs, .. } = &node.data else { return None };
    let attributes = attrs.borrow();
    let found = attributes.iter().find(|it| &*it.name.local == name)?;
    Some(found.value.to_string())
}

/// The first words of an element.
pub fn beginning(node: &Handle) -> String {
    let mut text = Vec::new();
    let mut open = vec![node.clone()];
    let mut seen = 0;
    while let Some(node) = open.pop() {
        seen += 1;
        if seen > 40 {
            break;
        }
        if matches!(node.data, html2text::Element { .. }) || seen == 1 {
            open.extend(node.children.borrow().iter().rev().cloned());
        } else if node.serialize(&mut text).is_err() {
            break;
        }
    }
    String::from_utf8_lossy(&text).trim().to_owned()
}

/// Puts what is laid out with all of its spaces and line breaks into `pre`; returns the trees that hold what was
/// added. Programs that paste from a terminal say so by style.
pub fn keep_spaces(dom: &RcDom) -> Vec<RcDom> {
    let mut others = Vec::new();
    let mut open = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        if is_spaced(&node)
            && let Some(pre) = element("<pre></pre>", "pre", &mut others)
        {
            let children = std::mem::replace(&mut *node.children.borrow_mut(), vec![pre.clone()]);
            *pre.children.borrow_mut() = children;
            continue;
        }
        open.extend(node.children.borrow().iter().cloned());
    }
    others
}

fn is_spaced(node: &Handle) -> bool {
    let Some(name) = node.element_name() else { return false };
    let style = attribute(node, "style").unwrap_or_default().to_lowercase();
    let is_of_it = |it: &str| {
        it.split_once(':').is_some_and(|(property, value)| {
            let value = value.trim();
            let keeps = value.starts_with("pre") || value.starts_with("break-spaces");
            property.trim() == "white-space" && keeps
        })
    };
    let is_one_of = |names: &[&str]| names.contains(&name.as_str());
    let has_break = || text(node).trim().contains('\n');
    let is_spaced = style.split(';').any(is_of_it);
    is_spaced && (is_one_of(BLOCKS) || is_one_of(INLINE) && has_break())
}

fn text(node: &Handle) -> String {
    let mut text = Vec::new();
    let is_written = node.serialize(&mut text).is_ok();
    if is_written { String::from_utf8_lossy(&text).into_owned() } else { String::new() }
}
