//! The walk over issues: by their numbers, so that nothing is missed or met twice while people work.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::Value;

use crate::import::redmine::client::{Client, Found};
use crate::import::redmine::json::{Attachment, Issue};

/// More connections make a Redmine slower.
const CONNECTIONS: usize = 2;

/// A page of a list, with how many issues there are from there on.
#[derive(Deserialize)]
pub struct Page {
    pub issues: Vec<Issue>,
    pub total_count: i64,
}

/// The issues after one, by their numbers, as lists show them.
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
    let page: Page =
        found.there().ok_or_else(|| format!("{}/issues.json is not there", client.base()))?;
    match page.issues.iter().find(|it| it.id <= after) {
        Some(wrong) => Err(format!(
            "{}: the list does not heed issue_id=>={} (it has {}): is it a Redmine from 3.3 on?",
            client.base(),
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

/// An issue with all that belongs to it; none once it is gone.
pub fn whole(client: &Client, id: i64) -> Result<Option<Issue>, String> {
    let query = [("include", "journals,attachments,watchers,relations")];
    let found = client.json::<One>(&format!("/issues/{id}.json"), &query)?;
    Ok(found.there().map(|it| it.issue))
}

/// The files that are values of fields: no list of attachments has them.
pub fn files_of_fields(
    client: &Client,
    issue: &Issue,
    is_file: impl Fn(i64) -> bool,
) -> Result<Vec<Attachment>, String> {
    let mut files = Vec::new();
    for field in issue.custom_fields.iter().filter(|it| is_file(it.id)) {
        let Some(id) = field.value.as_str().filter(|it| !it.is_empty()) else { continue };
        let found = client.json::<OneFile>(&format!("/attachments/{id}.json"), &[])?;
        files.extend(found.there().map(|it| it.attachment));
    }
    Ok(files)
}

/// Whether somebody may read something: what is not there or kept is told apart by nobody.
pub fn exists(client: &Client, id: i64) -> Result<bool, String> {
    let found = client.json::<Value>(&format!("/issues/{id}.json"), &[])?;
    Ok(matches!(found, Found::There(_)))
}

/// Does the same with each of some things, a few at a time; answers in their order.
/// Errors: the first that there was; the others are not begun then.
pub fn few_at_a_time<T: Sync, U: Send>(
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
