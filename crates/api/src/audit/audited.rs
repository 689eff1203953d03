//! How an operation that changes the directory, the catalogue, webhooks or settings records what it does: the
//! entry is written in the transaction of the change, so that both exist or neither.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Map, Value, json};

use crate::audit::entity::{Entity, changes};
use crate::audit::entry::{Entry, Trace};
use crate::http::caller::Caller;
use crate::http::operation::SentBody;
use crate::problem::{Code, Problem};

/// The caller, the operation and the request.
#[derive(Debug)]
pub struct Audited {
    entry: Entry,
    at: DateTime<Utc>,
    body: SentBody,
}

impl FromRequest for Audited {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = req.extensions().get::<Caller>().cloned();
        let audited = |caller: Caller| Self {
            entry: Entry::of(Trace::of(req)).by(&caller),
            at: caller.real_now,
            body: SentBody::of(req),
        };
        ready(caller.map(audited).ok_or_else(|| Problem::new(Code::Unauthenticated)))
    }
}

impl Audited {
    /// Records what was just created.
    pub fn create(
        self,
        entity: fn(i64) -> Entity,
        id: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<()> {
        let after = entity(id).snapshot(conn)?;
        let entry = self.entry.with_new_id(id);
        Self { entry, ..self }.record(changes(&Map::new(), &after), conn)
    }

    /// Records several things that were just created, by their ids.
    pub fn create_all(self, name: &str, ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
        let created = json!({ name: ids });
        self.record(changes(&Map::new(), created.as_object().unwrap_or(&Map::new())), conn)
    }

    /// Records what was just created and has no id.
    pub fn create_unnumbered(self, entity: Entity, conn: &mut PgConnection) -> QueryResult<()> {
        let after = entity.snapshot(conn)?;
        self.record(changes(&Map::new(), &after), conn)
    }

    /// Records what is about to be deleted.
    pub fn delete(self, entity: Entity, conn: &mut PgConnection) -> QueryResult<()> {
        let before = entity.snapshot(conn)?;
        self.record(changes(&before, &Map::new()), conn)
    }

    /// Work that updates an entity. An update that changes nothing is not recorded.
    pub fn update<T>(
        self,
        entity: Entity,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> impl FnOnce(&mut PgConnection) -> Result<T, Problem> {
        move |conn| {
            let (done, changes) = compared(entity, work, conn)?;
            if !changes.is_empty() {
                self.record(changes, conn)?;
            }
            Ok(done)
        }
    }

    /// Work that does something to an entity, which is recorded whatever it changes.
    pub fn action<T>(
        self,
        entity: Entity,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> impl FnOnce(&mut PgConnection) -> Result<T, Problem> {
        move |conn| {
            let (done, changes) = compared(entity, work, conn)?;
            self.record(changes, conn)?;
            Ok(done)
        }
    }

    /// Records the request itself, for operations where it says everything.
    pub fn request(self, conn: &mut PgConnection) -> QueryResult<()> {
        self.record(Map::new(), conn)
    }

    fn record(self, changes: Map<String, Value>, conn: &mut PgConnection) -> QueryResult<()> {
        let entry = self.entry.with_changes(changes).with_request(self.body.text());
        entry.write(self.at, conn)?;
        Ok(())
    }
}

fn compared<T>(
    entity: Entity,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    conn: &mut PgConnection,
) -> Result<(T, Map<String, Value>), Problem> {
    let before = entity.snapshot(conn)?;
    let done = work(conn)?;
    let after = entity.snapshot(conn)?;
    Ok((done, changes(&before, &after)))
}
