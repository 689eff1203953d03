//! Walks over issues in order of their numbers, so that concurrent changes cause neither gaps nor repetitions.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use crate::import::redmine::client::{Client, Found};
use crate::import::redmine::json::{Attachment, Issue};

/// A Redmine does not get faster with more connections.
const CONNECTIONS: usize = 2;

/// A page of a list, with the number of issues from there on.
#[derive(Deserialize)]
pub struct Page {
    pub issues: Vec<Issue>,
    pub total_count: i64,
}

/// The issues after a given number, as lists show them.
pub fn page(client: &Client, after: i64, filter: &[(&str, &str)]) -> Result<Page, String> {
    let from = format!(">={}", after + 1);
    let query = [
        &[
            ("status_id", "*"),
            ("sort", "id"),
            ("limit", "100"),
            ("issue_id", from.as_str()),
            ("include", "attachments,relations"),
        ],
        filter,
    ]
    .concat();
    let found = client.json("/issues.json", &query)?;
    let page: Page = found
        .into_option()
        .ok_or_else(|| format!("{}/issues.json is not there", client.shown()))?;
    match page.issues.iter().find(|it| it.id <= after) {
        Some(wrong) => Err(format!(
            "{}: the list does not heed issue_id=>={} (it has {}): is it a Redmine from 3.3 on?",
            client.shown(),
            after + 1,
            wrong.id
        )),
        None => Ok(page),
    }
}

#[derive(Deserialize)]
struct One {
    issue: Issue,
}

#[derive(Deserialize)]
struct OneFile {
    attachment: Attachment,
}

/// An issue with everything that belongs to it; none if it has been deleted.
pub fn full_issue(client: &Client, id: i64) -> Result<Option<Issue>, String> {
    let query = [("include", "journals,attachments,watchers,relations")];
    let found = client.json::<One>(&format!("/issues/{id}.json"), &query)?;
    Ok(found.into_option().map(|it| it.issue))
}

/// The files that are values of custom fields, which no list of attachments contains.
pub fn files_of_fields(
    client: &Client,
    issue: &Issue,
    is_file: impl Fn(i64) -> bool,
) -> Result<Vec<Attachment>, String> {
    let mut files = Vec::new();
    for field in issue.custom_fields.iter().filter(|it| is_file(it.id)) {
        let Some(id) = field.value.as_str().filter(|it| !it.is_empty()) else { continue };
        let found = client.json::<OneFile>(&format!("/attachments/{id}.json"), &[])?;
        files.extend(found.into_option().map(|it| it.attachment));
    }
    Ok(files)
}

/// Why some issues are no longer in lists: whether each still exists, has been deleted, or cannot be read because
/// its project is archived.
pub fn states(client: &Client, ids: &[i64]) -> Result<Vec<Found<Value>>, String> {
    concurrently(ids, |id| client.json::<Value>(&format!("/issues/{id}.json"), &[]))
}

/// Applies a function to all items, a few at a time; returns the results in order.
/// Errors: the first one; remaining items are skipped.
pub fn concurrently<T: Sync, U: Send>(
    things: &[T],
    work: impl Fn(&T) -> Result<U, String> + Sync,
) -> Result<Vec<U>, String> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, U)>> = Mutex::new(Vec::with_capacity(things.len()));
    let failed: Mutex<Option<String>> = Mutex::new(None);
    let is_failed = || failed.lock().unwrap_or_else(PoisonError::into_inner).is_some();
    std::thread::scope(|threads| {
        for _ in 0..CONNECTIONS {
            threads.spawn(|| {
                while !is_failed() {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(place) else { return };
                    match work(thing) {
                        Ok(it) => {
                            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, it))
                        }
                        Err(cause) => {
                            failed
                                .lock()
                                .unwrap_or_else(PoisonError::into_inner)
                                .get_or_insert(cause);
                        }
                    }
                }
            });
        }
    });
    if let Some(cause) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(cause);
    }
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|it| it.0);
    Ok(done.into_iter().map(|it| it.1).collect())
}
