//! The reports before and after an import.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::import::counts::Counts;
use crate::import::format;
use crate::import::options::RedmineOptions;
use crate::import::progress::span;
use crate::import::redmine::directory::Directory;
use crate::import::redmine::map::{FieldTo, Map, PrivateIssues};
use crate::import::redmine::people;
use crate::import::writer::Tally;

/// What a Redmine on two cores handles per second, measured: issues, and bytes of files.
const ISSUES_A_SECOND: i64 = 70;
const BYTES_A_SECOND: i64 = 20_000_000;

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
    address: &str,
    counts: &Counts,
    directory: &Directory,
    map: &Map,
    options: &RedmineOptions,
) -> String {
    let (people, remarks) = people::people(directory, map);
    let mut out = figures(address, counts, directory, options, &people);
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
    address: &str,
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
        format!("{address}: {issues} issues, the highest №{highest}"),
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

/// The report of an import.
/// Errors: the same, where issues became private in the source and their tickets stay open here.
pub fn ended(tally: &Tally, across: &[String], left: Numbers) -> Result<String, String> {
    let report = finished(tally, across, left);
    match numbers(&tally.opened).first() {
        None => Ok(report),
        Some(ids) => Err(format!(
            "{report}\n\nprivate there since people worked on them here, where their company still sees them \
             as they were: {ids}. Make them public there, or redact here what is not for the company and name \
             them in stay_open of the map"
        )),
    }
}

/// The numbers of tickets: the highest of the source as it is here, and up to which no other is used.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    pub highest: i64,
    pub free: i64,
}

fn finished(tally: &Tally, across: &[String], left: Numbers) -> String {
    let mut out = format!(
        "{} tickets are new, {} were changed, {} are unchanged; {} files were imported",
        tally.new, tally.changed, tally.unchanged, tally.files
    );
    let Numbers { highest, free } = left;
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
    let damaged = first_few(&tally.damaged);
    let count = tally.damaged.len();
    let damaged = damaged
        .map(|it| format!("the bytes of {count} files are others than recorded there: {it}"));
    let lines = tally.remarks.iter().chain(&archived).chain(&lost).chain(&damaged).chain(across);
    let lines: Vec<&String> = lines.collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n\nto know:");
        lines.iter().for_each(|it| {
            let _ = write!(out, "\n  {it}");
        });
    }
    out
}
