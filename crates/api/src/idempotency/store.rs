//! The rows of responses that are stored for repeated requests.

use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{Language, Role};
use serde_json::Value;

use crate::db::schema::idempotent_responses;
use crate::db::string_enum::DbEnum;
use crate::http::response::{ApiResponse, Outcome};
use crate::problem::{Code, Problem, Replayed, Wording};

/// How long a response is stored.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// How many responses are deleted in one transaction.
const BATCH_SIZE: i64 = 1000;

/// A response stored for repeated requests.
#[derive(Debug, HasQuery, Insertable)]
#[diesel(table_name = idempotent_responses)]
pub struct StoredResponse {
    /// SHA-256 of who asked, the method, the path and the key.
    pub scope: Vec<u8>,
    /// SHA-256 of what came with it.
    pub fingerprint: Vec<u8>,
    /// The caller's role at that time.
    pub role: DbEnum<Role>,
    /// The caller's company at that time.
    pub company_id: Option<i64>,
    /// The projects that the caller saw at that time; none: all.
    pub project_ids: Option<Vec<i64>>,
    /// The ticket that the response is about.
    pub ticket_id: Option<i64>,
    /// The article that it is about.
    pub article_id: Option<i64>,
    pub status: i16,
    /// The path of the created resource.
    pub location: Option<String>,
    pub etag: Option<String>,
    /// The language of its texts.
    pub language: DbEnum<Language>,
    pub body: Option<String>,
    /// The body must not be shown any more.
    pub is_blanked: bool,
    /// When, in real time.
    pub created_at: DateTime<Utc>,
}

impl StoredResponse {
    /// The response that is stored in a scope.
    pub fn find(scope: &[u8], conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        Self::query().filter(idempotent_responses::scope.eq(scope)).first(conn).optional()
    }

    pub fn create(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::insert_into(idempotent_responses::table).values(self).execute(conn)
    }

    /// The response, to be replayed.
    /// Errors: `unexpected` for one that this version cannot read.
    pub fn outcome(self) -> Result<Outcome, Problem> {
        let status = StatusCode::from_u16(self.status.cast_unsigned());
        let status = status.map_err(Problem::unexpected)?;
        if status.is_success() {
            let (location, etag, body) = (self.location, self.etag, self.body);
            let replayed_in = Some(self.language.0);
            return Ok(ApiResponse { status, location, etag, body, replayed_in }.into());
        }
        let document: Value =
            serde_json::from_str(&self.body.unwrap_or_default()).map_err(Problem::unexpected)?;
        let code = document.get("code").and_then(Value::as_str).and_then(Code::of);
        let code = code.ok_or_else(|| Problem::unexpected("a stored problem has no code"))?;
        let replayed = Replayed { document, language: self.language.0 };
        Ok(Outcome::problem(Problem::new(code).worded(Wording::Replayed(replayed))))
    }
}

/// Blanks the stored responses about a ticket, because something in them was redacted; a repeated request still
/// has no second effect.
pub fn blank(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(idempotent_responses::table)
        .filter(idempotent_responses::ticket_id.eq(ticket_id))
        .set((
            idempotent_responses::body.eq(None::<String>),
            idempotent_responses::is_blanked.eq(true),
        ))
        .execute(conn)
}

/// The same for the responses about an article.
pub fn blank_article(article_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(idempotent_responses::table)
        .filter(idempotent_responses::article_id.eq(article_id))
        .set((
            idempotent_responses::body.eq(None::<String>),
            idempotent_responses::is_blanked.eq(true),
        ))
        .execute(conn)
}

/// Deletes a batch of the responses that are old enough; returns how many.
pub fn purge(real_now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
    let old: Vec<Vec<u8>> = idempotent_responses::table
        .filter(idempotent_responses::created_at.lt(real_now - LIFETIME))
        .order(idempotent_responses::created_at)
        .limit(BATCH_SIZE)
        .select(idempotent_responses::scope)
        .for_update()
        .skip_locked()
        .load(conn)?;
    diesel::delete(idempotent_responses::table)
        .filter(idempotent_responses::scope.eq_any(old))
        .execute(conn)
}
