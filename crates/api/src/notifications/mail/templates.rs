//! The shapes of mails. What is filled in is data: no text of a user is ever a template, and in
//! HTML all of it is escaped.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

/// What a notification is filled with.
#[derive(Debug, Serialize)]
pub struct Filled {
    /// The code of the language.
    pub language: &'static str,
    /// The line above which an answer is to be written; empty where none can be.
    pub answer: &'static str,
    /// The type of an event.
    pub heading: String,
    /// What it happened to.
    pub title: String,
    /// Who did it; empty: the system.
    pub actor: String,
    pub at: String,
    pub changes: Vec<FilledChange>,
    /// Which long texts changed.
    pub edited: String,
    pub text: String,
    /// What the link is called.
    pub open: &'static str,
    /// The ticket's page; empty where the installation has none.
    pub link: String,
    /// Why this mail came.
    pub footer: &'static str,
}

/// A field that changed.
#[derive(Debug, Clone, Serialize)]
pub struct FilledChange {
    /// The name to show, in the caller's language.
    pub label: &'static str,
    /// Before; empty where there was nothing.
    pub from: String,
    pub to: String,
}

/// A notification as plain text and as HTML.
/// Errors: the sentence that says what is wrong with a template.
pub fn notification(filled: &Filled) -> Result<(String, String), String> {
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
        environment.render_named_str(name, source, Serde(filled)).map_err(|it| it.to_string())
    };
    let plain = fill("notification.txt", include_str!("templates/notification.txt"))?;
    let html = fill("notification.html", include_str!("templates/notification.html"))?;
    Ok((plain, html))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IN11: what a user writes is neither a template nor HTML.
    #[test]
    fn sec_in11_a_text_of_a_user_is_data() {
        let hostile = "<img src=x onerror=alert(1)> {{ 7 * 7 }} {% raw %} \"'&";
        let filled = Filled {
            language: "ru",
            answer: "",
            heading: hostile.to_owned(),
            title: hostile.to_owned(),
            actor: hostile.to_owned(),
            at: "24.11.2026".to_owned(),
            changes: vec![FilledChange {
                label: "Статус",
                from: hostile.to_owned(),
                to: hostile.to_owned(),
            }],
            edited: hostile.to_owned(),
            text: hostile.to_owned(),
            open: "Открыть",
            link: "https://help.example/?a=1&b=\"".to_owned(),
            footer: "",
        };

        let (plain, html) = notification(&filled).expect("the templates are right");

        assert_eq!(plain.matches(hostile).count(), 7, "{plain}");
        assert!(!html.contains("<img") && !html.contains("49"), "{html}");
        assert_eq!(html.matches("{{ 7 * 7 }}").count(), 8, "{html}");
        assert!(html.contains("&amp;b=&quot;"), "{html}");
    }
}
