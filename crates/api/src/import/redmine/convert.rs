//! Converts an issue into a ticket.

use domain::imported::plain;

use crate::import::format::{File, MAX_SERIAL_NUMBER, Relation, Spent, Ticket};
use crate::import::redmine::directory::Directory;
use crate::import::redmine::entries::{entries, places_of_files};
use crate::import::redmine::fields::{fields, mapped};
use crate::import::redmine::json::{Attachment, Issue};
use crate::import::redmine::map::{FieldTo, Map};
use crate::redmine::fields::relation_in_words;

/// Errors: the sentence that names what the map does not have.
pub fn ticket(
    issue: &Issue,
    of_fields: &[Attachment],
    directory: &Directory,
    map: &Map,
) -> Result<Ticket, String> {
    let gap =
        |what: &str, name: &str| format!("issue {}: {what} «{name}» is not in the map", issue.id);
    let status = map.statuses.get(&issue.status.name);
    let tracker = map.trackers.get(&issue.tracker.name);
    let priority = map.priorities.get(&issue.priority.name);
    let markup_text = issue.description.as_deref().unwrap_or_default();
    let description = plain(markup_text, map.markup());
    let value = |to| mapped(issue, to, directory, map);
    let assignee = issue.assigned_to.as_ref().filter(|it| directory.user(it.id).is_some());
    Ok(Ticket {
        id: issue.id,
        project: issue.project.id,
        is_private: issue.is_private,
        tracker: *tracker.ok_or_else(|| gap("tracker", &issue.tracker.name))?,
        status: *status.ok_or_else(|| gap("status", &issue.status.name))?,
        priority: *priority.ok_or_else(|| gap("priority", &issue.priority.name))?,
        author: issue.author.id,
        assignee: assignee.map(|it| it.id),
        parent: issue.parent.as_ref().map(|it| it.id),
        subject: issue.subject.clone(),
        original: (description != markup_text).then(|| markup_text.to_owned()),
        description,
        product: value(FieldTo::Product),
        // It is complete among the fields.
        serial_number: value(FieldTo::SerialNumber)
            .map(|it| it.chars().take(MAX_SERIAL_NUMBER).collect()),
        software_version: value(FieldTo::SoftwareVersion),
        release: issue.fixed_version.as_ref().map(|it| it.id),
        fields: fields(issue, directory, map),
        created_at: issue.created_on,
        updated_at: issue.updated_on,
        closed_at: issue.closed_on,
        watchers: watchers(issue, directory),
        relations: relations(issue),
        entries: entries(issue, directory, map),
        files: files(issue, of_fields, directory),
        spent: spent(issue.id, directory),
        list_hash: issue.list_hash(),
    })
}

/// Groups are expanded into their members.
fn watchers(issue: &Issue, directory: &Directory) -> Vec<i64> {
    let people = issue.watchers.iter().flat_map(|it| match directory.group(it.id) {
        Some(group) => group.users.iter().map(|it| it.id).collect(),
        None => vec![it.id],
    });
    let mut ids: Vec<i64> = people.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn relations(issue: &Issue) -> Vec<Relation> {
    let mut relations: Vec<Relation> = issue
        .relations
        .iter()
        .map(|it| {
            let is_ours = it.issue_id == issue.id;
            let stored = it.relation_type.as_str();
            let kind = if is_ours { stored } else { inverse_relation(stored) };
            Relation {
                id: it.id,
                kind: kind.to_owned(),
                label: Some(relation_in_words(kind).to_owned()),
                other: if is_ours { it.issue_to_id } else { it.issue_id },
                delay: it.delay,
            }
        })
        .collect();
    relations.sort_by_key(|it| it.id);
    relations
}

/// A kind of relation, seen from its other end.
fn inverse_relation(kind: &str) -> &str {
    match kind {
        "duplicates" => "duplicated",
        "blocks" => "blocked",
        "precedes" => "follows",
        "copied_to" => "copied_from",
        other => other,
    }
}

fn files(issue: &Issue, of_fields: &[Attachment], directory: &Directory) -> Vec<File> {
    let places = places_of_files(issue);
    let own = issue.attachments.iter().map(|it| {
        let (entry, is_internal) = places.get(&it.id).copied().unwrap_or((None, false));
        let entry =
            entry.or_else(|| if is_internal { None } else { named_in(issue, &it.filename) });
        file(it, entry, is_internal)
    });
    let is_hidden = |id: i64| {
        let of = issue.custom_fields.iter().find(|it| it.value.as_str() == Some(&id.to_string()));
        of.and_then(|it| directory.field(it.id)).is_none_or(|it| !it.visible)
    };
    let of_fields = of_fields.iter().map(|it| file(it, None, is_hidden(it.id)));
    let mut files: Vec<File> = own.chain(of_fields).collect();
    files.sort_by_key(|it| it.id);
    files.dedup_by_key(|it| it.id);
    files
}

/// The first public note that names a file.
fn named_in(issue: &Issue, filename: &str) -> Option<i64> {
    let names = |it: &str| filename.chars().count() > 4 && it.contains(filename);
    let journal = issue.journals.iter().filter(|it| !it.private_notes);
    journal.filter(|it| it.notes.as_deref().is_some_and(names)).map(|it| it.id).min()
}

pub fn file(it: &Attachment, entry: Option<i64>, is_internal: bool) -> File {
    File {
        id: it.id,
        author: it.author.as_ref().map_or(super::people::ANONYMOUS, |it| it.id),
        name: it.filename.clone(),
        size: it.filesize,
        description: it.description.clone().filter(|it| !it.trim().is_empty()),
        created_at: it.created_on,
        is_internal,
        entry,
    }
}

fn spent(issue: i64, directory: &Directory) -> Vec<Spent> {
    let entries = directory.spent.get(&issue).into_iter().flatten();
    entries
        .map(|it| Spent {
            id: it.id,
            person: it.user.name.clone(),
            on: it.spent_on,
            minutes: minutes(it.hours),
            activity: it.activity.name.clone(),
            comment: it.comments.clone().unwrap_or_default(),
        })
        .collect()
}

fn minutes(hours: f64) -> i64 {
    (hours * 60.0).round() as i64
}
