//! Walks through the issues of a Redmine in batches: which are read in full, which of
//! their files are new, and which have been deleted.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::SyncSender;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use diesel::prelude::*;

use crate::import::format::File;
use crate::import::progress::Progress;
use crate::import::redmine::client::{Client, Found};
use crate::import::redmine::convert;
use crate::import::redmine::directory::Directory;
use crate::import::redmine::files::{Stored, store};
use crate::import::redmine::issues::{
    Page, concurrently, files_of_fields, full_issue, page, states,
};
use crate::import::redmine::json::{Attachment, Issue};
use crate::import::redmine::map::{Map, PrivateIssues};
use crate::import::writer::rows;
use crate::import::writer::{Batch, FetchedTicket};
use crate::storage::Storage;

/// Which issues are read in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// All of them, continuing where the last run ended.
    First {
        from: i64,
    },
    /// Those that differ in lists.
    Delta,
    Sweep,
    /// Those updated since an instant.
    Since(DateTime<Utc>),
}

/// After how many known tickets the second page begins: a page has 100 issues.
const KNOWN_OF_PAGE: i64 = 95;

pub struct Walk<'a> {
    pub client: &'a Client,
    pub directory: &'a Directory,
    pub map: &'a Map,
    pub storage: &'a Storage,
    pub mode: Mode,
    /// The numbers of the projects that are read; none: all.
    pub only: Option<&'a HashSet<i64>>,
}

impl Walk<'_> {
    /// Walks to the end, sending batches to the writer.
    /// Errors: one sentence with the cause of an early end.
    pub fn run(&self, to: &SyncSender<Batch>, conn: &mut PgConnection) -> Result<(), String> {
        let mut after = if let Mode::First { from } = self.mode { from } else { 0 };
        let mut progress: Option<Progress> = None;
        loop {
            let filter = self.filter();
            let Page { issues, total_count } = self.page(after, &filter, conn)?;
            let progress = progress.get_or_insert_with(|| Progress::new("issues", total_count));
            let is_last = i64::try_from(issues.len()).unwrap_or(0) >= total_count;
            let until = if is_last { i64::MAX } else { issues.last().map_or(i64::MAX, |it| it.id) };
            let known = self.known(after, until, conn)?;
            let missing = if filter.is_empty() { missing(&issues, &known) } else { Vec::new() };
            let (gone, archived) = self.gone(&missing)?;
            self.refuse_opened(&issues, &known)?;
            let fetched = self.read(&issues, &known, conn)?;
            let walked_to = issues
                .last()
                .map(|it| it.id)
                .filter(|_| matches!(self.mode, Mode::First { .. }) && self.only.is_none());
            progress.step(i64::try_from(issues.len()).unwrap_or(0));
            let batch = Batch { fetched, gone, archived, walked_to };
            if to.send(batch).is_err() || is_last {
                // The writer has ended and reports the cause.
                return Ok(());
            }
            after = until;
        }
    }

    /// The next page; of what changed in lists with the one that follows, since a Redmine serves two at once. The
    /// known tickets say where that begins: a few earlier, so that what is not known does not make a gap.
    fn page(
        &self,
        after: i64,
        filter: &[(&str, String)],
        conn: &mut PgConnection,
    ) -> Result<Page, String> {
        let filter: Vec<(&str, &str)> = filter.iter().map(|it| (it.0, it.1.as_str())).collect();
        let mut begins = vec![after];
        if self.mode == Mode::Delta {
            let known = rows::tickets_after(after, KNOWN_OF_PAGE, conn);
            let known = known.map_err(|it| it.to_string())?;
            let is_whole = i64::try_from(known.len()) == Ok(KNOWN_OF_PAGE);
            begins.extend(known.last().filter(|_| is_whole).map(|it| it.0));
        }
        let pages = concurrently(&begins, |begin| page(self.client, *begin, &filter))?;
        let mut pages = pages.into_iter();
        let mut first = pages.next().ok_or_else(|| "no page was read".to_owned())?;
        let end = first.issues.last().map_or(i64::MAX, |it| it.id);
        if begins.iter().all(|it| *it <= end) {
            first.issues.extend(pages.flat_map(|it| it.issues).filter(|it| it.id > end));
        }
        Ok(first)
    }

    /// Filters reach back two seconds, since shown times are cut to seconds.
    fn filter(&self) -> Vec<(&'static str, String)> {
        match self.mode {
            Mode::Since(at) => {
                let at = at - TimeDelta::seconds(2);
                vec![("updated_on", format!(">={}", at.to_rfc3339_opts(SecondsFormat::Secs, true)))]
            }
            Mode::First { .. } | Mode::Delta | Mode::Sweep => Vec::new(),
        }
    }

    /// The imported tickets in a range of numbers, with their fingerprints.
    fn known(
        &self,
        after: i64,
        until: i64,
        conn: &mut PgConnection,
    ) -> Result<HashMap<i64, Option<String>>, String> {
        let mut known = HashMap::new();
        let mut last = after;
        loop {
            let some = rows::tickets_after(last, 1000, conn).map_err(|it| it.to_string())?;
            let Some(end) = some.last().map(|it| it.0) else { return Ok(known) };
            known.extend(some.into_iter().filter(|it| it.0 <= until));
            if end > until {
                return Ok(known);
            }
            last = end;
        }
    }

    /// Which of the tickets that are no longer listed were deleted, and which are in an archived project.
    fn gone(&self, missing: &[i64]) -> Result<(Vec<i64>, Vec<i64>), String> {
        let (mut gone, mut archived) = (Vec::new(), Vec::new());
        for (id, state) in missing.iter().zip(states(self.client, missing)?) {
            match state {
                Found::Gone => gone.push(*id),
                Found::Forbidden => archived.push(*id),
                Found::There(_) => {}
            }
        }
        Ok((gone, archived))
    }

    /// An imported issue that has become private must not stay visible here just because the map leaves it out.
    /// Errors: the sentence that names it.
    fn refuse_opened(
        &self,
        listed: &[Issue],
        known: &HashMap<i64, Option<String>>,
    ) -> Result<(), String> {
        let is_opened = |it: &&Issue| it.is_private && known.contains_key(&it.id);
        match listed
            .iter()
            .find(is_opened)
            .filter(|_| self.map.private_issues != PrivateIssues::SupportOnly)
        {
            Some(it) => Err(format!(
                "issue {} was imported and is private now: private_issues = \"support_only\" in the map \
                 moves it to where support alone sees it",
                it.id
            )),
            None => Ok(()),
        }
    }

    fn is_wanted(&self, issue: &Issue) -> bool {
        let project = self.directory.project(issue.project.id);
        let is_mapped =
            project.and_then(|it| self.map.projects.get(&it.identifier)).is_some_and(|it| !it.skip);
        let is_left_out = issue.is_private && self.map.private_issues == PrivateIssues::Skip;
        let is_asked_for = self.only.as_ref().is_none_or(|it| it.contains(&issue.project.id));
        is_mapped && is_asked_for && !is_left_out
    }

    fn read(
        &self,
        issues: &[Issue],
        known: &HashMap<i64, Option<String>>,
        conn: &mut PgConnection,
    ) -> Result<Vec<FetchedTicket>, String> {
        let is_changed = |it: &&Issue| match self.mode {
            Mode::First { .. } | Mode::Sweep => true,
            Mode::Delta | Mode::Since(_) => {
                known.get(&it.id).is_none_or(|hash| hash.as_ref() != Some(&it.list_hash()))
            }
        };
        let wanted: Vec<i64> = issues
            .iter()
            .filter(|it| self.is_wanted(it))
            .filter(is_changed)
            .map(|it| it.id)
            .collect();
        let is_file =
            |id| self.directory.field(id).is_some_and(|it| it.field_format == "attachment");
        let read = concurrently(&wanted, |id| {
            let Some(issue) = full_issue(self.client, *id)? else { return Ok(None) };
            let files = files_of_fields(self.client, &issue, is_file)?;
            Ok(Some((issue, files)))
        })?;
        let read: Vec<(Issue, Vec<Attachment>)> = read.into_iter().flatten().collect();
        let mut tickets = Vec::with_capacity(read.len());
        for (issue, files) in &read {
            tickets.push(convert::ticket(issue, files, self.directory, self.map)?);
        }
        let files: Vec<&File> = tickets.iter().flat_map(|it| &it.files).collect();
        let mut stored = store_new(&files, self.client, self.storage, conn)?;
        let fetched = tickets.into_iter().map(|ticket| {
            let ids = ticket.files.iter().map(|it| it.id);
            let files = ids.filter_map(|id| Some((id, stored.remove(&id)?))).collect();
            FetchedTicket { ticket, files }
        });
        Ok(fetched.collect())
    }
}

/// The known tickets that a list does not have.
fn missing(listed: &[Issue], known: &HashMap<i64, Option<String>>) -> Vec<i64> {
    let listed: HashSet<i64> = listed.iter().map(|it| it.id).collect();
    known.keys().copied().filter(|it| !listed.contains(it)).collect()
}

/// Stores the files that are not here yet; a file that the source has lost gets no bytes.
pub fn store_new(
    files: &[&File],
    client: &Client,
    storage: &Storage,
    conn: &mut PgConnection,
) -> Result<HashMap<i64, Option<Stored>>, String> {
    let ids: Vec<i64> = files.iter().map(|it| it.id).collect();
    let known = rows::known("file", &ids, conn).map_err(|it| it.to_string())?;
    let is_here = |it: &&&File| known.get(&it.id).is_some_and(|it| it.id.is_some());
    let new: Vec<&File> = files.iter().filter(|it| !is_here(it)).copied().collect();
    let stored = concurrently(&new, |file| store_one(file, client, storage))?;
    Ok(new.into_iter().map(|it| it.id).zip(stored).collect())
}

/// Retries a download that breaks off. Bytes that came whole are stored, however many were recorded.
fn store_one(file: &File, client: &Client, storage: &Storage) -> Result<Option<Stored>, String> {
    let mut last = String::new();
    for _ in 0..3 {
        let content = match client.content(file.id)? {
            Found::There(it) => it,
            Found::Gone | Found::Forbidden => return Ok(None),
        };
        match store(content, storage) {
            Ok(stored) => return Ok(Some(stored)),
            Err(cause) => last = cause,
        }
    }
    Err(format!("file №{} «{}»: {last}", file.id, file.name))
}
