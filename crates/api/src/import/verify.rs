//! Compares the Redmine with the imported data.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;

use crate::import::pair::Pair;
use crate::import::progress::Progress;
use crate::import::redmine::client::{Client, Found};
use crate::import::redmine::directory::Directory;
use crate::import::redmine::issues::{concurrently, files_of_fields, full_issue, page, states};
use crate::import::redmine::json::{Attachment, Issue};
use crate::import::redmine::map::{Map, PrivateIssues};
use crate::import::redmine::{convert, people};
use crate::import::run::{SYSTEM, sentence};
use crate::import::store::{place_in, place_of, ticket_exists};
use crate::import::wiki::Wikis;
use crate::import::writer::directory::{Places, ProjectPlace};
use crate::import::writer::rows;
use crate::import::writer::ticket::was_touched;
use crate::import::writer::{Moment, Work};
use crate::problem::Problem;
use crate::tickets::store::imported;

/// The maximum number of differences that are listed.
const MAX_LISTED: usize = 200;

/// The writer's context, loaded without writing anything.
pub fn work(
    directory: &Directory,
    map: &Map,
    shift: i64,
    conn: &mut PgConnection,
) -> Result<Work, Problem> {
    let (people, _) = people::people(directory, map);
    let here = rows::numbers("project", conn)?;
    let mut places = Places { people: rows::numbers("person", conn)?, ..Places::default() };
    for project in people::projects(directory, map, &people) {
        let Some(id) = here.get(&project.id) else { continue };
        let place = place_of(*id, conn)?;
        let private = match &project.private_company {
            Some(name) => place_in(name, place.direction_id, conn)?,
            None => None,
        };
        places.projects.insert(project.id, ProjectPlace { place, private, name: project.name });
    }
    places.fill_rights(&people, conn)?;
    Ok(Work {
        system: SYSTEM.to_owned(),
        shift,
        places,
        releases: people::releases(directory).into_iter().map(|it| (it.id, it)).collect(),
        catalogue: map.products.iter().map(|it| it.to_lowercase()).collect(),
        private: map.private_issues,
    })
}

#[derive(Default)]
pub struct Findings {
    pub differences: Vec<String>,
    touched: Vec<i64>,
    compared: usize,
    files: usize,
    pub lost: usize,
    pub damaged: usize,
    pub articles: usize,
    pub articles_worked_on: Vec<i64>,
    /// Tickets of projects that are archived there.
    archived: Vec<i64>,
    there: BTreeMap<(i64, String), i64>,
    here: BTreeMap<(i64, String), i64>,
}

/// Compares both sides; returns a summary if nothing differs.
pub fn verify(
    client: &Client,
    directory: &Directory,
    map: &Map,
    work: &Work,
    only: Option<&HashSet<i64>>,
    conn: &mut PgConnection,
) -> Result<String, String> {
    let mut found = Findings::default();
    let mut after = 0;
    let (mut seen, mut left_out) = (HashSet::new(), HashSet::new());
    let mut progress: Option<Progress> = None;
    let is_file = |id| directory.field(id).is_some_and(|it| it.field_format == "attachment");
    loop {
        let page = page(client, after, &[])?;
        let progress =
            progress.get_or_insert_with(|| Progress::new("issues compared", page.total_count));
        let is_last = i64::try_from(page.issues.len()).unwrap_or(0) >= page.total_count;
        progress.step(i64::try_from(page.issues.len()).unwrap_or(0));
        after = page.issues.last().map_or(after, |it| it.id);
        let issues = page.issues.iter();
        let issues = issues.filter(|it| only.is_none_or(|only| only.contains(&it.project.id)));
        let (wanted, others): (Vec<&Issue>, Vec<&Issue>) =
            issues.partition(|it| is_wanted(it, directory, map));
        let wanted: Vec<i64> = wanted.iter().map(|it| it.id).collect();
        left_out.extend(others.iter().map(|it| it.id));
        let read = concurrently(&wanted, |id| {
            let Some(issue) = full_issue(client, *id)? else { return Ok(None) };
            let files = files_of_fields(client, &issue, is_file)?;
            Ok(Some((issue, files)))
        })?;
        let read: Vec<(Issue, Vec<Attachment>)> = read.into_iter().flatten().collect();
        seen.extend(read.iter().map(|it| it.0.id));
        compare_batch(client, &read, directory, map, work, &mut found, conn)?;
        if is_last {
            break;
        }
    }
    if only.is_none() {
        compare_sets(client, &seen, &left_out, &mut found, conn)?;
    }
    Wikis { client, directory, map, only }.compare(&mut found, conn)?;
    summarize(found, directory)
}

fn is_wanted(issue: &Issue, directory: &Directory, map: &Map) -> bool {
    let project = directory.project(issue.project.id);
    let is_mapped =
        project.and_then(|it| map.projects.get(&it.identifier)).is_some_and(|it| !it.skip);
    is_mapped && !(issue.is_private && map.private_issues == PrivateIssues::Skip)
}

fn compare_batch(
    client: &Client,
    read: &[(Issue, Vec<Attachment>)],
    directory: &Directory,
    map: &Map,
    work: &Work,
    found: &mut Findings,
    conn: &mut PgConnection,
) -> Result<(), String> {
    let in_words = |it: Problem| sentence(&it);
    let ids: Vec<i64> = read.iter().map(|it| it.0.id).collect();
    let known = rows::known("ticket", &ids, conn).map_err(|it| it.to_string())?;
    let moment = Moment::now(conn).map_err(in_words)?;
    let mut to_check: Vec<(i64, i64, String)> = Vec::new();
    for (issue, files) in read {
        let it = convert::ticket(issue, files, directory, map)?;
        *found.there.entry((it.project, it.status.to_string())).or_default() += 1;
        let Some((row, id)) = known.get(&it.id).and_then(|row| Some((row, row.id?))) else {
            found.differences.push(format!("issue {}: it is not here", it.id));
            continue;
        };
        let here = imported::lock(id, conn).map_err(|it| it.to_string())?;
        let Some(here) = here else {
            found.differences.push(format!("issue {}: its ticket {id} is not here", it.id));
            continue;
        };
        let is_touched = was_touched(row)
            || rows::is_touched(id, row.seq.unwrap_or(0), conn).map_err(|it| it.to_string())?;
        if is_touched {
            found.touched.push(id);
            if it.is_private && row.about["is_private"] != true && !map.stay_open.contains(&it.id) {
                found.differences.push(format!(
                    "ticket {id}: it is private there, and its company sees it here"
                ));
            }
            *found.here.entry((it.project, it.status.to_string())).or_default() += 1;
            continue;
        }
        *found.here.entry((it.project, here.status.to_string())).or_default() += 1;
        found.compared += 1;
        let pair = Pair { it: &it, here: &here, row };
        pair.compare(work, &moment, found, conn).map_err(in_words)?;
        pair.compare_notes(work, found, conn).map_err(in_words)?;
        to_check.extend(pair.compare_files(found, conn).map_err(in_words)?);
    }
    let unchanged = concurrently(&to_check, |(source, _, tag)| client.is_unchanged(*source, tag))?;
    for ((source, id, _), is_same) in to_check.iter().zip(unchanged) {
        found.files += 1;
        if !matches!(is_same, Found::There(true)) {
            found.differences.push(format!("file {id} (№{source}): its bytes differ there"));
        }
    }
    Ok(())
}

/// Finds tickets whose issue was not compared: it no longer exists, or nobody may read it, or the
/// map leaves it out.
fn compare_sets(
    client: &Client,
    seen: &HashSet<i64>,
    left_out: &HashSet<i64>,
    found: &mut Findings,
    conn: &mut PgConnection,
) -> Result<(), String> {
    let sql = |it: diesel::result::Error| it.to_string();
    let mut after = 0;
    loop {
        let some = rows::tickets_after(after, 1000, conn).map_err(sql)?;
        let Some(last) = some.last().map(|it| it.0) else { return Ok(()) };
        after = last;
        let missing = some.into_iter().map(|it| it.0).filter(|it| !seen.contains(it));
        let missing: Vec<i64> = missing.collect();
        let known = rows::known("ticket", &missing, conn).map_err(sql)?;
        for (source_id, state) in missing.iter().zip(states(client, &missing)?) {
            let Some((row, id)) = known.get(source_id).and_then(|it| Some((it, it.id?))) else {
                continue;
            };
            if !ticket_exists(id, conn).map_err(sql)? {
                continue;
            }
            let is_touched = was_touched(row)
                || rows::is_touched(id, row.seq.unwrap_or(0), conn).map_err(sql)?;
            match state {
                Found::There(_) if left_out.contains(source_id) => found
                    .differences
                    .push(format!("ticket {id}: the map leaves it out now, and it is here")),
                Found::Forbidden => found.archived.push(id),
                Found::There(_) | Found::Gone if is_touched => found.touched.push(id),
                Found::There(_) | Found::Gone => {
                    found.differences.push(format!("ticket {id}: it is not there any more"))
                }
            }
        }
    }
}

fn summarize(mut found: Findings, directory: &Directory) -> Result<String, String> {
    let counts: HashSet<&(i64, String)> = found.there.keys().chain(found.here.keys()).collect();
    let mut uneven: Vec<String> = Vec::new();
    for key in counts {
        let (there, here) = (found.there.get(key).unwrap_or(&0), found.here.get(key).unwrap_or(&0));
        if there != here {
            let name = directory.project(key.0).map_or_else(String::new, |it| it.name.clone());
            uneven.push(format!("project «{name}», {}: {there} there, {here} here", key.1));
        }
    }
    uneven.sort();
    found.differences.splice(0..0, uneven);
    found.touched.sort_unstable();
    found.touched.dedup();
    let mut text = format!(
        "{} tickets, {} files and {} articles compared; {} files whose bytes are lost there",
        found.compared, found.files, found.articles, found.lost
    );
    if found.damaged > 0 {
        text += &format!("\n{} files whose bytes are others than recorded there", found.damaged);
    }
    let not_compared = [
        ("people worked on", "tickets", &found.touched),
        ("people worked on", "articles", &found.articles_worked_on),
        ("archived there are", "tickets", &found.archived),
    ];
    for (why, what, ids) in not_compared {
        let list: Vec<String> = ids.iter().map(ToString::to_string).collect();
        if !list.is_empty() {
            let (count, list) = (list.len(), list.join(", "));
            text += &format!("\n{why} {count} {what}, which are not compared: {list}");
        }
    }
    if found.differences.is_empty() {
        return Ok(text + "\nnothing differs");
    }
    let count = found.differences.len();
    found.differences.truncate(MAX_LISTED);
    Err(format!("{text}\n{count} differences:\n  {}", found.differences.join("\n  ")))
}
