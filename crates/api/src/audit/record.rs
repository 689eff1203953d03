//! The entry of an operation that changes the directory, the catalogue, webhooks or settings:
//! opened by the gate, written by the database in the transaction of the change.

use std::cell::Cell;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::{Map, Value};

use crate::audit::entry::Entry;
use crate::audit::snapshot::{Thing, told};
use crate::problem::Problem;

/// Longer bodies are not kept, bytes.
const MAX_REQUEST: usize = 4000;

/// What there will be to say of the running operation.
#[derive(Debug)]
pub struct Record {
    entry: Entry,
    at: DateTime<Utc>,
    thing: Option<Thing>,
    request: Mutex<Option<String>>,
    is_written: AtomicBool,
}

tokio::task_local! {
    static RUNNING: Arc<Record>;
}

thread_local! {
    /// What the work on this thread has told of itself.
    static NOTES: Cell<Notes> = const { Cell::new(Notes { made: None, is_void: false }) };
}

#[derive(Debug, Clone, Copy)]
struct Notes {
    made: Option<i64>,
    is_void: bool,
}

/// Names what the running operation has made; without a record it goes nowhere.
pub fn made(id: i64) {
    NOTES.set(Notes { made: Some(id), ..NOTES.get() });
}

/// Says that the running operation changes nothing after all, although its transaction will be
/// committed.
pub fn nothing_done() {
    NOTES.set(Notes { is_void: true, ..NOTES.get() });
}

impl Record {
    /// Opens a record at an instant of the wall.
    pub fn new(entry: Entry, target: &str, at: DateTime<Utc>) -> Self {
        let thing = Thing::of(target);
        Self { entry, at, thing, request: Mutex::default(), is_written: AtomicBool::new(false) }
    }

    /// Runs an operation; what it changes in the database is recorded.
    pub async fn during<T>(self, operation: impl Future<Output = T>) -> T {
        RUNNING.scope(Arc::new(self), operation).await
    }

    /// The record of the running operation that has not been written yet, if there is one.
    pub fn running() -> Option<Arc<Self>> {
        let running = RUNNING.try_with(Arc::clone).ok();
        running.filter(|it| !it.is_written.load(Ordering::Acquire))
    }

    /// Notes what was asked for.
    pub fn note_request(&self, body: &Value) {
        let text = body.to_string();
        if text.len() <= MAX_REQUEST {
            *self.request.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        }
    }

    /// Does `work` in one transaction, and tells of it there if it has changed anything.
    ///
    /// # Errors
    /// Those of `work`; a failure of the database.
    pub fn around<T>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
        conn: &mut PgConnection,
    ) -> Result<T, Problem> {
        let (done, is_written) = conn.transaction(|conn| {
            let before = self.thing.map(|it| it.now(conn)).transpose()?;
            NOTES.set(Notes { made: None, is_void: false });
            let done = work(conn)?;
            let notes = NOTES.get();
            let made = notes.made.and_then(|id| Thing::made(self.entry.target(), id));
            // What was made was nothing before.
            let before = made.map(|_| Map::new()).or(before);
            let after = made.or(self.thing).map(|it| it.now(conn)).transpose()?;
            let changes = told(before.as_ref(), after.as_ref());
            // An edit after which everything is as before is none.
            let is_idle = self.entry.is_edit() && self.thing.is_some() && changes.is_none();
            if notes.is_void || is_idle || !is_writing(conn)? {
                return Ok((done, false));
            }
            let request = self.request.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let entry = self.entry.clone().told(changes, request);
            let entry = notes.made.into_iter().fold(entry, Entry::to_the_new);
            entry.write(self.at, conn)?;
            Ok::<_, Problem>((done, true))
        })?;
        if is_written {
            self.is_written.store(true, Ordering::Release);
        }
        Ok(done)
    }
}

/// Whether this transaction has written anything.
fn is_writing(conn: &mut PgConnection) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        is_writing: bool,
    }

    let query = "select pg_current_xact_id_if_assigned() is not null as is_writing";
    let row: Row = diesel::sql_query(query).get_result(conn)?;
    Ok(row.is_writing)
}
