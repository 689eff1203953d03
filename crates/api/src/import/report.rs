//! The reports before and after an import.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::import::format;
use crate::import::options::RedmineOptions;
use crate::import::progress::{Progress, span};
use crate::import::redmine::client::Client;
use crate::import::redmine::directory::Directory;
use crate::import::redmine::fields::values;
use crate::import::redmine::issues::page;
use crate::import::redmine::map::{FieldTo, Map, PrivateIssues};
use crate::import::redmine::people;
use crate::import::writer::Tally;

/// What a Redmine on two cores handles per second, measured: issues, and bytes of files.
const ISSUES_A_SECOND: i64 = 70;
const BYTES_A_SECOND: i64 = 20_000_000;

/// Longer subjects and product names are not shortened, but are hard to read in lists.
const LONG_SUBJECT: usize = 200;

/// A product name in fewer issues is not proposed for the catalogue.
const MIN_ISSUES_OF_PRODUCT: i64 = 3;

/// Figures about the issues of a Redmine.
#[derive(Default)]
pub struct Counts {
    issues: i64,
    highest: i64,
    private: i64,
    files: i64,
    bytes: i64,
    projects: BTreeMap<i64, i64>,
    assignees: BTreeMap<i64, i64>,
    statuses: BTreeMap<String, i64>,
    trackers: BTreeMap<String, i64>,
    priorities: BTreeMap<String, i64>,
    fields: BTreeMap<i64, i64>,
    values: BTreeMap<(i64, String), i64>,
    long: Vec<i64>,
    blank: Vec<i64>,
}

impl Counts {
    /// Walks through all lists.
    pub fn read(client: &Client) -> Result<Self, String> {
        let mut it = Self::default();
        let mut progress: Option<Progress> = None;
        loop {
            let page = page(client, it.highest, &[])?;
            let progress =
                progress.get_or_insert_with(|| Progress::new("issues counted", page.total_count));
            progress.step(i64::try_from(page.issues.len()).unwrap_or(0));
            let is_last = i64::try_from(page.issues.len()).unwrap_or(0) >= page.total_count;
            for issue in page.issues {
                it.issues += 1;
                it.highest = issue.id;
                it.private += i64::from(issue.is_private);
                it.files += i64::try_from(issue.attachments.len()).unwrap_or(0);
                it.bytes += issue.attachments.iter().map(|it| it.filesize).sum::<i64>();
                *it.projects.entry(issue.project.id).or_default() += 1;
                if let Some(assignee) = &issue.assigned_to {
                    *it.assignees.entry(assignee.id).or_default() += 1;
                }
                *it.statuses.entry(issue.status.name).or_default() += 1;
                *it.trackers.entry(issue.tracker.name).or_default() += 1;
                *it.priorities.entry(issue.priority.name).or_default() += 1;
                for field in &issue.custom_fields {
                    let values = values(&field.value);
                    *it.fields.entry(field.id).or_default() += i64::from(!values.is_empty());
                    if let [value] = values.as_slice()
                        && value.chars().count() <= 60
                        && it.values.len() < 50_000
                    {
                        *it.values.entry((field.id, (*value).to_owned())).or_default() += 1;
                    }
                }
                if issue.subject.chars().count() > LONG_SUBJECT {
                    it.long.push(issue.id);
                }
                if issue.description.as_deref().unwrap_or_default().trim().is_empty() {
                    it.blank.push(issue.id);
                }
            }
            if is_last {
                return Ok(it);
            }
        }
    }

    /// The product names that are frequent enough.
    pub fn product_names(&self, directory: &Directory) -> Vec<String> {
        let is_product = |id: i64| {
            let field = directory.field(id);
            field.is_some_and(|it| domain::imported::proposed_field(&it.name) == Some("product"))
        };
        let often = self
            .values
            .iter()
            .filter(|((id, _), count)| is_product(*id) && **count >= MIN_ISSUES_OF_PRODUCT);
        often.map(|((_, name), _)| name.clone()).collect()
    }
}

/// The highest number of an issue.
pub fn highest(client: &Client) -> Result<i64, String> {
    let query = [("status_id", "*"), ("sort", "id:desc"), ("limit", "1")];
    let found = client.json::<Value>("/issues.json", &query)?.into_option();
    Ok(found.and_then(|it| it["issues"][0]["id"].as_i64()).unwrap_or(0))
}

pub fn private_issues(client: &Client) -> Result<i64, String> {
    let query = [("status_id", "*"), ("is_private", "1"), ("limit", "1")];
    let found = client.json::<Value>("/issues.json", &query)?.into_option();
    Ok(found.and_then(|it| it["total_count"].as_i64()).unwrap_or(0))
}

/// Projects that are not imported as they are, with the reason.
pub fn unmapped_places(directory: &Directory, map: &Map) -> Vec<String> {
    let archived = directory.archived.iter().map(|it| {
        format!(
            "project №{it} is archived: not even an admin reads it; unarchive it to bring it over"
        )
    });
    let public =
        directory.projects.iter().filter(|it| it.is_public).map(|it| {
            format!("project «{}» is public there: here its members alone see it", it.name)
        });
    let skipped = directory
        .projects
        .iter()
        .filter(|it| map.projects.get(&it.identifier).is_some_and(|it| it.skip));
    let skipped = skipped.map(|it| format!("project «{}» is skipped, as the map says", it.name));
    let is_there = |name: &str| directory.projects.iter().any(|it| it.identifier == name);
    let unknown = map.projects.keys().filter(|it| !is_there(it));
    let unknown = unknown.map(|it| format!("project {it} of the map is not there, or is archived"));
    archived.chain(public).chain(skipped).chain(unknown).collect()
}

/// What an import would do.
pub fn dry_run(
    counts: &Counts,
    directory: &Directory,
    map: &Map,
    options: &RedmineOptions,
) -> String {
    let (people, remarks) = people::people(directory, map);
    let mut out = figures(counts, directory, options, &people);
    let projects = directory.projects.iter().map(|it| {
        let count = counts.projects.get(&it.id).copied().unwrap_or(0);
        let to = map.projects.get(&it.identifier).map_or_else(
            || "?".to_owned(),
            |it| match it.skip {
                true => "skipped".to_owned(),
                false => format!("{} / {}", it.company, it.direction),
            },
        );
        (format!("{} ({})", it.name, it.identifier), count, to)
    });
    table(&mut out, "projects", projects);
    table(&mut out, "statuses", mapped(&counts.statuses, &map.statuses));
    table(&mut out, "trackers", mapped(&counts.trackers, &map.trackers));
    table(&mut out, "priorities", mapped(&counts.priorities, &map.priorities));
    let fields = directory.fields.iter().filter(|it| it.customized_type == "issue").map(|it| {
        let to = map.field(it).word();
        let to = if it.visible { to.to_owned() } else { format!("{to}, support only") };
        (it.name.clone(), counts.fields.get(&it.id).copied().unwrap_or(0), to)
    });
    table(&mut out, "custom fields", fields);
    let private = match map.private_issues {
        PrivateIssues::Stop => "the import stops until the map says support_only or skip",
        PrivateIssues::SupportOnly => "support alone sees them",
        PrivateIssues::Skip => "left out",
    };
    let private = (counts.private > 0).then(|| format!("{}: {private}", counts.private));
    let dropped = map.fields.iter().filter(|it| *it.1 == FieldTo::Drop).map(|it| it.0.clone());
    let lists = [
        ("private issues", private.into_iter().collect()),
        ("dropped", dropped.collect()),
        ("long subjects (kept whole)", numbers(&counts.long)),
        ("without a description", numbers(&counts.blank)),
        ("people", remarks),
        (
            "assigned to others than support (kept as a field)",
            assigned_to_others(counts, directory),
        ),
        ("places", unmapped_places(directory, map)),
        ("the map is incomplete", map.gaps(directory)),
    ];
    for (title, lines) in lists.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n{title}:\n  {}", lines.join("\n  "));
    }
    out
}

fn assigned_to_others(counts: &Counts, directory: &Directory) -> Vec<String> {
    let others = counts.assignees.iter().filter(|it| !directory.support.contains(it.0));
    others.map(|(id, count)| format!("{count}: {}", directory.name_of(*id))).collect()
}

/// How much there is, how long it takes, and which numbers it gets.
fn figures(
    counts: &Counts,
    directory: &Directory,
    options: &RedmineOptions,
    people: &[format::Person],
) -> String {
    let Counts { issues, highest, files, bytes, .. } = counts;
    let pages: usize = directory.pages.values().map(Vec::len).sum();
    let active = people.iter().filter(|it| it.is_active).count();
    let (people, groups) = (people.len() - 1, directory.groups.len());
    let seconds = issues / ISSUES_A_SECOND + issues / 250 + bytes / BYTES_A_SECOND + files / 60;
    let shift = options.options.shift;
    let last = (highest + shift + options.options.reserve + 999) / 1000 * 1000;
    let added = if shift > 0 { format!(", {shift} added") } else { String::new() };
    let lines = [
        format!("{}: {issues} issues, the highest №{highest}", options.url),
        format!("files: {files} ({} MB)", bytes / 1_000_000),
        format!("pages of wikis: {pages}"),
        format!("people: {people} ({active} active), groups: {groups}"),
        format!("it takes about {}", span(seconds)),
        format!("numbers are kept{added}; new ones go on after {last}"),
    ];
    lines.join("\n") + "\n"
}

/// The words there, how often they are used, and the words here.
fn mapped<T: ToString>(
    counts: &BTreeMap<String, i64>,
    to: &BTreeMap<String, T>,
) -> impl Iterator<Item = (String, i64, String)> {
    let word = move |it: &str| to.get(it).map_or_else(|| "?".to_owned(), ToString::to_string);
    counts.iter().map(move |(name, count)| (name.clone(), *count, word(name)))
}

fn numbers(ids: &[i64]) -> Vec<String> {
    first_few(&ids.iter().map(|it| format!("№{it}")).collect::<Vec<_>>()).into_iter().collect()
}

/// The first few items in one line, and how many more there are.
fn first_few(all: &[String]) -> Option<String> {
    let more = all.len().saturating_sub(20);
    let more = (more > 0).then(|| format!("and {more} more"));
    let shown: Vec<String> = all.iter().take(20).cloned().chain(more).collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}

fn table(out: &mut String, title: &str, rows: impl Iterator<Item = (String, i64, String)>) {
    let _ = writeln!(out, "\n{title}:");
    for (name, count, to) in rows {
        let _ = writeln!(out, "  {count:>7}  {name} -> {to}");
    }
}

/// The numbers of tickets: the highest of the source as it is here, and up to which no other is used.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    pub highest: i64,
    pub free: i64,
}

/// The report of a finished import.
pub fn finished(tally: &Tally, across: &[String], numbers: Numbers) -> String {
    let mut out = format!(
        "{} tickets are new, {} were changed, {} are unchanged; {} files were imported",
        tally.new, tally.changed, tally.unchanged, tally.files
    );
    let Numbers { highest, free } = numbers;
    let _ = write!(
        out,
        "\nthe highest number is {highest}; those up to {free} are left to the source, and new tickets \
         here come after them"
    );
    let _ = write!(out, "\nnobody was told by mail; people are invited by helpdesk import invite");
    if tally.articles > 0 {
        let _ = write!(out, "\n{} pages of wikis are drafts of articles", tally.articles);
    }
    let lost = first_few(&tally.lost);
    let count = tally.lost.len();
    let lost = lost.map(|it| format!("the bytes of {count} files are lost there: {it}"));
    let archived = tally.archived.iter().map(|name| {
        format!("project «{name}» was archived there: its tickets stay as they are here")
    });
    let archived: Vec<String> = archived.collect();
    let lines: Vec<&String> =
        tally.remarks.iter().chain(&archived).chain(&lost).chain(across).collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n\nto know:");
        lines.iter().for_each(|it| {
            let _ = write!(out, "\n  {it}");
        });
    }
    out
}

/// The projects in the form that old scripts expect.
pub fn projects(directory: &Directory, map: &Map) -> Value {
    let mapped = directory
        .projects
        .iter()
        .filter(|it| map.projects.get(&it.identifier).is_some_and(|it| !it.skip));
    mapped
        .map(|it| {
            json!({
                "id": it.id, "name": it.name, "identifier": it.identifier, "status": it.status,
                "is_public": it.is_public, "parent": it.parent.as_ref().map(|it| it.id),
            })
        })
        .collect()
}

pub fn versions(directory: &Directory) -> Value {
    directory
        .versions
        .iter()
        .map(|it| {
            json!({
                "id": it.id, "project": it.project.id, "name": it.name, "status": it.status,
                "sharing": it.sharing, "due_date": it.due_date, "description": it.description,
            })
        })
        .collect()
}

/// The words here by their numbers in the Redmine.
pub fn words(directory: &Directory, map: &Map) -> Value {
    let statuses = directory
        .statuses
        .iter()
        .filter_map(|it| Some((it.id.to_string(), json!(map.statuses.get(&it.name)?))));
    let trackers = directory
        .trackers
        .iter()
        .filter_map(|it| Some((it.id.to_string(), json!(map.trackers.get(&it.name)?))));
    let priorities = directory
        .priorities
        .iter()
        .filter_map(|it| Some((it.id.to_string(), json!(map.priorities.get(&it.name)?))));
    let field =
        |to: FieldTo| directory.fields.iter().find(|it| map.field(it) == to).map(|it| it.id);
    json!({
        "statuses": statuses.collect::<serde_json::Map<_, _>>(),
        "trackers": trackers.collect::<serde_json::Map<_, _>>(),
        "priorities": priorities.collect::<serde_json::Map<_, _>>(),
        "product_field": field(FieldTo::Product),
        "serial_number_field": field(FieldTo::SerialNumber),
        "software_version_field": field(FieldTo::SoftwareVersion),
    })
}
