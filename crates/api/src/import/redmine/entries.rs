//! Converts journals into entries: who did what and when, in our terms where there are any.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::imported::plain;

use crate::import::format::{Entry, FieldChange, Note};
use crate::import::redmine::directory::Directory;
use crate::import::redmine::fields::label;
use crate::import::redmine::json::{Detail, Issue, Journal, Named};
use crate::import::redmine::map::{FieldTo, Map};
use crate::import::redmine::people::ANONYMOUS;
use crate::redmine::fields::{RELATION, label_of, relation_in_words};

/// The journals of an issue; their order in a response depends on the caller's preferences.
pub fn entries(issue: &Issue, directory: &Directory, map: &Map) -> Vec<Entry> {
    sorted(issue).into_iter().map(|it| entry(it, issue, directory, map)).collect()
}

fn sorted(issue: &Issue) -> Vec<&Journal> {
    let mut journals: Vec<&Journal> = issue.journals.iter().collect();
    journals.sort_by_key(|it| it.id);
    journals
}

fn entry(journal: &Journal, issue: &Issue, directory: &Directory, map: &Map) -> Entry {
    let is_there = |id: &i64| issue.attachments.iter().any(|it| it.id == *id);
    let files =
        journal.details.iter().filter(|it| it.property == "attachment" && it.new_value.is_some());
    let files: Vec<i64> = files.filter_map(|it| it.name.parse().ok()).filter(is_there).collect();
    Entry {
        id: journal.id,
        author: journal.user.as_ref().map_or(ANONYMOUS, |it| it.id),
        at: journal.created_on,
        note: note_of(journal, map),
        changes: changes(journal, &files, directory, map),
        files,
    }
}

fn note_of(journal: &Journal, map: &Map) -> Option<Note> {
    let markup_text = journal.notes.as_deref().filter(|it| !it.trim().is_empty())?;
    let text = plain(markup_text, map.markup());
    let original = (text != markup_text).then(|| markup_text.to_owned());
    Some(Note { text, original, is_internal: journal.private_notes })
}

/// Within this time of a journal a private note of its author is the other half of it. Both are written
/// in one request, but each has its own second.
const ONE_REQUEST: TimeDelta = TimeDelta::seconds(3);

/// Where each file belongs: the entry whose words came with it, and whether these are internal. A
/// private note with a file is two journals of one request, of which the first has the file in public.
pub fn places_of_files(issue: &Issue) -> BTreeMap<i64, (Option<i64>, bool)> {
    let journals = sorted(issue);
    let mut places = BTreeMap::new();
    for (place, journal) in journals.iter().enumerate() {
        let has_words = |it: &Journal| it.notes.as_deref().is_some_and(|it| !it.trim().is_empty());
        let twin = journals.get(place + 1).filter(|next| {
            let is_same = |it: &Journal| it.user.as_ref().map(|it| it.id);
            next.private_notes
                && (next.created_on - journal.created_on).abs() <= ONE_REQUEST
                && is_same(next) == is_same(journal)
        });
        let (entry, is_internal) = match (has_words(journal), twin) {
            (true, _) => (Some(journal.id), journal.private_notes),
            (false, Some(twin)) => (Some(twin.id), true),
            (false, None) => (None, journal.private_notes),
        };
        for detail in journal.details.iter().filter(|it| it.property == "attachment") {
            if let (Ok(id), Some(_)) = (detail.name.parse::<i64>(), &detail.new_value) {
                places.insert(id, (entry, is_internal));
            }
        }
    }
    places
}

fn changes(journal: &Journal, files: &[i64], directory: &Directory, map: &Map) -> Vec<FieldChange> {
    let mut changes: Vec<FieldChange> = Vec::new();
    for detail in &journal.details {
        let is_file_here = detail.new_value.is_some()
            && detail.name.parse().is_ok_and(|id: i64| files.contains(&id));
        if detail.property == "attachment" && is_file_here {
            continue;
        }
        let Some(change) = change(detail, directory, map) else { continue };
        // Each value that a multi-value field gains or loses is a detail of its own.
        let known =
            changes.iter_mut().find(|it| it.field == change.field && detail.property == "cf");
        match known {
            Some(known) => {
                known.from = joined(known.from.take(), change.from);
                known.to = joined(known.to.take(), change.to);
            }
            None => changes.push(change),
        }
    }
    changes
}

fn joined(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}, {other}")),
        (one, other) => one.or(other),
    }
}

fn change(detail: &Detail, directory: &Directory, map: &Map) -> Option<FieldChange> {
    let clean = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
    let (old, new) = (clean(&detail.old_value), clean(&detail.new_value));
    let field_change = |field: &str, say: &dyn Fn(&str) -> String, is_internal: bool| {
        Some(FieldChange {
            field: field.to_owned(),
            from: old.as_deref().map(say),
            to: new.as_deref().map(say),
            is_internal,
        })
    };
    let number = |it: &str| format!("№{it}");
    match detail.property.as_str() {
        "attr" => attribute(detail, old.as_deref(), new.as_deref(), directory, map),
        "cf" => {
            let field = detail.name.parse().ok().and_then(|id| directory.field(id))?;
            let name = match map.field(field) {
                FieldTo::Product => "product",
                FieldTo::SerialNumber => "serial_number",
                FieldTo::SoftwareVersion | FieldTo::Imported => field.name.as_str(),
                FieldTo::Drop => return None,
            };
            field_change(name, &|it| label(field, it, directory), !field.visible)
        }
        "attachment" => field_change("Файл", &str::to_owned, false),
        "relation" => {
            let kind = relation_in_words(&detail.name);
            field_change(&format!("{RELATION}: {kind}"), &number, true)
        }
        other => field_change(other, &str::to_owned, true),
    }
}

fn attribute(
    detail: &Detail,
    old: Option<&str>,
    new: Option<&str>,
    directory: &Directory,
    map: &Map,
) -> Option<FieldChange> {
    let change = |field: &str, say: &dyn Fn(&str) -> Option<String>, is_internal| {
        let (from, to) = (old.map(say), new.map(say));
        let is_known =
            from.as_ref().is_none_or(Option::is_some) && to.as_ref().is_none_or(Option::is_some);
        is_known.then(|| FieldChange {
            field: field.to_owned(),
            from: from.flatten(),
            to: to.flatten(),
            is_internal,
        })
    };
    let words = |name: &str| change(name, &|it| Some(it.to_owned()), false);
    let label = label_of(&detail.name);
    let person_here = |it: &str| {
        let id: i64 = it.parse().ok()?;
        (id == ANONYMOUS || directory.user(id).is_some()).then(|| it.to_owned())
    };
    let name_of = |it: &str| it.parse().map_or_else(|_| it.to_owned(), |it| directory.name_of(it));
    match detail.name.as_str() {
        "status_id" => {
            change("status", &|it| our_word(&directory.statuses, &map.statuses, it), false)
                .or_else(|| words(label))
        }
        "tracker_id" => {
            change("tracker", &|it| our_word(&directory.trackers, &map.trackers, it), false)
                .or_else(|| words(label))
        }
        "priority_id" => {
            change("priority", &|it| our_word(&directory.priorities, &map.priorities, it), false)
                .or_else(|| words(label))
        }
        "assigned_to_id" => change("assignee", &person_here, false)
            .or_else(|| change(label, &|it| Some(name_of(it)), false)),
        "project_id" => words("project"),
        "parent_id" => words("parent"),
        "subject" => words("subject"),
        "description" => change("description", &|it| Some(plain(it, map.markup())), false),
        "child_id" => change(label, &|it| Some(format!("№{it}")), true),
        "category_id" => change(label, &|it| Some(category_name(it, directory)), false),
        "fixed_version_id" => {
            let version_of =
                |it: &str| directory.versions.iter().find(|version| version.id.to_string() == it);
            let name =
                |it: &str| version_of(it).map_or_else(|| format!("№{it}"), |it| it.name.clone());
            change(label, &|it| Some(name(it)), false)
        }
        "start_date" | "due_date" | "done_ratio" | "estimated_hours" => words(label),
        "is_private" => {
            change(label, &|it| Some(if it == "1" { "Да" } else { "Нет" }.to_owned()), true)
        }
        other => change(other, &|it| Some(it.to_owned()), true),
    }
}

fn category_name(number: &str, directory: &Directory) -> String {
    let found = directory.categories.iter().find(|it| it.id.to_string() == number);
    found.map_or_else(|| format!("№{number}"), |it| it.name.clone())
}

/// Our word for a thing whose number a journal has.
fn our_word<T: ToString>(
    list: &[Named],
    map: &BTreeMap<String, T>,
    number: &str,
) -> Option<String> {
    let named = list.iter().find(|it| it.id.to_string() == number)?;
    map.get(&named.name).map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// An issue whose file 7 came in a journal without words, and what follows it.
    fn with_file(next: &Value) -> Issue {
        let named = |id: i64| json!({ "id": id, "name": "" });
        let file = json!({ "property": "attachment", "name": "7", "new_value": "internal.txt" });
        let journal = json!({
            "id": 1, "user": named(5), "notes": "", "created_on": "2026-11-06T23:10:29Z",
            "private_notes": false, "details": [file],
        });
        let issue = json!({
            "id": 1, "project": named(1), "tracker": named(1), "status": named(1),
            "priority": named(1), "author": named(5), "subject": "", "description": "",
            "created_on": "2026-11-06T00:00:00Z", "updated_on": "2026-11-06T00:00:00Z",
            "journals": [journal, next],
        });
        serde_json::from_value(issue).unwrap()
    }

    fn note(user: i64, at: &str, is_private: bool) -> Value {
        json!({
            "id": 2, "user": { "id": user, "name": "" }, "notes": "Внутреннее с файлом.",
            "created_on": at, "private_notes": is_private, "details": [],
        })
    }

    /// The two journals of a private note with a file need not be of one second.
    #[test]
    fn a_file_of_a_private_note_is_internal() {
        let place = |next: &Value| places_of_files(&with_file(next))[&7];

        assert_eq!(place(&note(5, "2026-11-06T23:10:29Z", true)), (Some(2), true));
        assert_eq!(place(&note(5, "2026-11-06T23:10:30Z", true)), (Some(2), true));
        assert_eq!(place(&note(5, "2026-11-06T23:11:30Z", true)), (None, false));
        assert_eq!(place(&note(5, "2026-10-06T23:10:29Z", true)), (None, false));
        assert_eq!(place(&note(6, "2026-11-06T23:10:29Z", true)), (None, false));
        assert_eq!(place(&note(5, "2026-11-06T23:10:29Z", false)), (None, false));
    }
}
