//! The content of a mail, rendered as text and HTML from the same blocks. What is
//! filled in is data: no text of a user is ever a template, and in HTML all of it is escaped.

use domain::Language;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::mail::outgoing::Links;
use crate::mail::texts::fill;
use crate::problem::Problem;

/// A mail before it is text or HTML.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Page {
    /// The code of the language.
    pub language: &'static str,
    /// The line above which to reply; empty if replies are not received.
    pub answer: String,
    /// The heading; empty unless the mail is about an event.
    pub heading: String,
    /// What it happened to.
    pub title: String,
    /// Who did it, and when.
    pub by: String,
    pub blocks: Vec<Block>,
    /// Why the mail was sent, and by whom.
    pub footer: Vec<String>,
}

/// A part of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    Paragraph {
        text: String,
    },
    Facts {
        facts: Vec<Fact>,
    },
    Words {
        text: String,
    },
    /// A password or a code.
    Code {
        text: String,
    },
    Link {
        label: String,
        url: String,
    },
    /// A mailto link; plain text shows the address instead.
    Mail {
        label: String,
        url: String,
    },
    List {
        title: String,
        items: Vec<String>,
    },
}

/// A label with its new and old value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub label: String,
    /// Before; empty where there was nothing.
    pub from: String,
    pub to: String,
}

impl Fact {
    /// A value without an old one.
    pub fn new(label: &str, to: impl Into<String>) -> Self {
        Self { label: label.to_owned(), from: String::new(), to: to.into() }
    }
}

impl Block {
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into() }
    }

    pub fn link(label: &str, url: impl Into<String>) -> Self {
        Self::Link { label: label.to_owned(), url: url.into() }
    }

    /// The blocks of a text from the text files: paragraphs, codes and links.
    fn of_text(text: &str, values: &[(&str, &str)]) -> Vec<Self> {
        let link = |it: &str| {
            let (label, url) = it.strip_prefix('[')?.strip_suffix(')')?.split_once("](")?;
            Some(Self::link(&fill(label, values), fill(url, values)))
        };
        let block = |it: &str| match it.strip_prefix("    ") {
            Some(code) => Self::Code { text: fill(code, values) },
            None => link(it).unwrap_or_else(|| Self::paragraph(fill(it, values))),
        };
        text.trim_end().split("\n\n").map(block).collect()
    }

    /// Whether there is nothing to be shown.
    fn is_empty(&self) -> bool {
        match self {
            Self::Paragraph { text } | Self::Words { text } | Self::Code { text } => {
                text.is_empty()
            }
            Self::Facts { facts } => facts.is_empty(),
            Self::Link { url, .. } | Self::Mail { url, .. } => url.is_empty(),
            Self::List { items, .. } => items.is_empty(),
        }
    }
}

impl Page {
    /// A mail that is a text from the text files, below a greeting.
    pub fn of_text(
        language: Language,
        (subject, body): (&str, &str),
        greeting: String,
        values: &[(&str, &str)],
    ) -> Self {
        let mut blocks = vec![Block::paragraph(greeting)];
        blocks.extend(Block::of_text(body, values));
        Self {
            language: language.as_str(),
            title: fill(subject, values),
            blocks,
            ..Self::default()
        }
    }

    /// The mail as plain text and as HTML.
    /// Errors: what is wrong with a template.
    pub fn render(mut self, links: &Links) -> Result<(String, String), Problem> {
        self.blocks.retain(|it| !it.is_empty());
        self.footer.extend(links.vendor.lines());
        rendered(&self).map_err(Problem::unexpected)
    }
}

fn rendered(page: &Page) -> Result<(String, String), String> {
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(|it| it.to_string())?;
    let mut environment = Environment::new();
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let fill = |name: &str, source: &str| {
        environment.render_named_str(name, source, Serde(page)).map_err(|it| it.to_string())
    };
    let plain = fill("page.txt", include_str!("templates/page.txt"))?;
    let html = fill("page.html", include_str!("templates/page.html"))?;
    Ok((plain, html))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IN11: what a user writes is neither a template nor HTML.
    #[test]
    fn sec_in11_a_text_of_a_user_is_data() {
        let hostile = "<img src=x onerror=alert(1)> {{ 7 * 7 }} {% raw %} \"'&".to_owned();
        let fact =
            Fact { label: "Статус".to_owned(), from: hostile.clone(), to: hostile.clone() };
        let page = Page {
            language: "ru",
            heading: hostile.clone(),
            title: hostile.clone(),
            by: hostile.clone(),
            blocks: vec![
                Block::Facts { facts: vec![fact] },
                Block::Words { text: hostile.clone() },
                Block::List { title: hostile.clone(), items: vec![hostile.clone()] },
                Block::link("Открыть", "https://help.example/?a=1&b=\""),
            ],
            ..Page::default()
        };

        let (plain, html) = page.render(&Links::default()).expect("the templates are right");

        assert_eq!(plain.matches(&hostile).count(), 8, "{plain}");
        assert!(!html.contains("<img") && !html.contains("49"), "{html}");
        assert_eq!(html.matches("{{ 7 * 7 }}").count(), 9, "{html}");
        assert!(html.contains("&amp;b=&quot;"), "{html}");
    }

    /// A text of the files is paragraphs, codes and links; a link that leads nowhere is left out.
    #[test]
    fn a_text_has_codes_and_links() {
        let body = "Пароль:\n\n    {password}\n\n[Войти]({link})\n";
        let page = |link| {
            let values = [("password", "[a](b)"), ("link", link)];
            let page =
                Page::of_text(Language::Ru, ("Доступ", body), "Здравствуйте!".to_owned(), &values);
            page.render(&Links::default()).expect("the templates are right")
        };

        let (plain, html) = page("https://help.example/");
        assert!(
            plain.ends_with("Пароль:\n\n    [a](b)\n\nВойти: https://help.example/\n"),
            "{plain}"
        );
        assert!(html.contains("href=\"https:&#x2f;&#x2f;help.example&#x2f;\""), "{html}");
        assert!(!page("").0.contains("Войти"));
    }
}
