//! An event in one sentence.

use domain::Language;
use domain::ticket::{self, Change, Values};

use crate::events::change_renderer::ChangeRenderer;
use crate::events::event_type::EventType;

/// The maximum number of changes in a summary; `changes` has all of them.
const MAX_CHANGES: usize = 5;

/// The maximum length of a value in a summary, in characters.
const MAX_VALUE: usize = 80;

/// Who did what, with the changes: `Ерлан Абдрахманов: изменен статус (Статус: Новая → В работе)`.
pub fn summary<T>(
    kind: EventType,
    actor: &str,
    changes: &[Change<T>],
    renderer: ChangeRenderer<'_>,
) -> String {
    let what = uncapitalized(kind.label().text_in(renderer.language));
    // The fields of a new ticket are in the ticket itself.
    let is_beginning = matches!(kind, EventType::Created | EventType::Imported);
    let rendered: Vec<String> = changes
        .iter()
        .filter(|_| !is_beginning)
        .filter_map(|it| rendered_change(it, renderer))
        .take(MAX_CHANGES)
        .collect();
    match rendered.as_slice() {
        [] => format!("{actor}: {what}"),
        rendered => format!("{actor}: {what} ({})", rendered.join("; ")),
    }
}

fn rendered_change<T>(change: &Change<T>, renderer: ChangeRenderer<'_>) -> Option<String> {
    let label = label(change.field(), renderer.language);
    if matches!(change, Change::Text(..) | Change::Redacted(_)) {
        return Some(label.to_owned());
    }
    let short = |it: Option<String>| it.map(|it| shortened(&it));
    let Values { from, to } = renderer.values(change)?;
    Some(match (short(from), short(to)) {
        (Some(from), Some(to)) => format!("{label}: {from} → {to}"),
        (None, Some(to)) => format!("{label}: {to}"),
        (Some(from), None) => format!("{label}: {from} → —"),
        (None, None) => label.to_owned(),
    })
}

/// What people call a field.
pub fn label(field: &str, language: Language) -> &'static str {
    ticket::label(field).map_or("", |it| it.text_in(language))
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

fn uncapitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::Status;

    use super::*;
    use crate::names::Names;

    fn in_english(kind: EventType, changes: &[Change]) -> String {
        let names = Names::default();
        let zone = "+06:00".parse().expect("a zone");
        let renderer = ChangeRenderer { names: &names, language: Language::En, zone };
        summary(kind, "Ann Lee", changes, renderer)
    }

    #[test]
    fn an_event_is_one_sentence() {
        let moved =
            Change::Status(Values { from: Some(Status::New), to: Some(Status::InProgress) });
        let renamed = Change::ProductName(Values { from: Some("x".repeat(200)), to: None });

        assert_eq!(in_english(EventType::Commented, &[]), "Ann Lee: new comment");
        assert_eq!(
            in_english(EventType::StatusChanged, std::slice::from_ref(&moved)),
            "Ann Lee: status changed (Status: New → In progress)"
        );
        assert_eq!(in_english(EventType::Created, &[moved]), "Ann Lee: ticket created");
        assert!(in_english(EventType::Edited, &[renamed]).ends_with("xxx… → —)"));
    }
}
