//! The rows of refusals.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{RefusalReason, RefusalState};
use serde_json::Value;

use crate::attachments::attach::{FileOwner, Sender, attach};
use crate::db::cut::Cut;
use crate::db::schema::{companies, directions, refusals, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::problem::{Code, Problem};
use crate::tickets::refusals::filter::RefusalFilter;
use crate::tickets::registration::request::TicketCreate;
use crate::tickets::registration::{Objection, ValidatedRequest, stored_request};
use crate::visibility;
use crate::visibility::known::Known;

/// A refusal as it is stored, with its names.
#[derive(Debug, Clone, Queryable)]
pub struct RefusalRow {
    pub id: i64,
    pub reason: DbEnum<RefusalReason>,
    /// The state of the refused request.
    pub state: DbEnum<RefusalState>,
    pub company_id: i64,
    pub company: String,
    /// The project that the request was meant for.
    pub project_id: i64,
    pub direction: String,
    pub author_id: i64,
    /// The author's first and last name.
    pub author: (String, String),
    pub subject: String,
    pub request: Value,
    /// The open ticket that the request duplicates.
    pub duplicate_of: Option<i64>,
    /// The ticket that the request became.
    pub ticket_id: Option<i64>,
    /// When an engineer decided on it.
    pub decided_at: Option<DateTime<Utc>>,
    /// The engineer's comment on the decision.
    pub decision_comment: Option<String>,
    /// When the request was sent.
    pub created_at: DateTime<Utc>,
}

/// A refused request is superseded by a ticket that its author files in the project within this time.
const SUPERSEDED_WITHIN: TimeDelta = TimeDelta::hours(1);

/// Stores a refused request with its files; returns the refusal's id. Engineers are notified
/// at `notify_at`, if its author has not filed a ticket by then.
pub fn store_refusal(
    complete: &ValidatedRequest,
    objection: Objection,
    notify_at: DateTime<Utc>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<i64, Problem> {
    let request = TicketCreate { attachments: Vec::new(), ..complete.request.clone() };
    let id = diesel::insert_into(refusals::table)
        .values((
            refusals::reason.eq(DbEnum(objection.reason)),
            refusals::state.eq(DbEnum(RefusalState::Pending)),
            refusals::company_id.eq(complete.company_id),
            refusals::project_id.eq(complete.request.project_id),
            refusals::direction_id.eq(complete.direction_id),
            refusals::author_id.eq(complete.author_id),
            refusals::subject.eq(complete.request.subject.trim()),
            refusals::request.eq(stored_request(&request)),
            refusals::duplicate_of.eq(objection.duplicate_of),
            refusals::notify_at.eq(notify_at),
            refusals::created_at.eq(caller.now),
        ))
        .returning(refusals::id)
        .get_result(conn)?;
    let sender = Sender::from(caller);
    attach(&complete.request.attachments, FileOwner::Refusal(id), &sender, conn)?;
    Ok(id)
}

/// Supersedes a person's refused requests once a ticket replaces them: those in the same
/// project shortly before, and those that duplicated tickets from which the new one is declared different.
pub fn supersede(
    ticket_id: i64,
    complete: &ValidatedRequest,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    if !complete.references.has_refusals {
        return Ok(0);
    }
    let request = &complete.request;
    let is_former = refusals::project_id
        .eq(request.project_id)
        .and(refusals::created_at.gt(now - SUPERSEDED_WITHIN))
        .or(refusals::duplicate_of.assume_not_null().eq_any(&request.not_duplicate_of));
    // One that somebody of support has just opened to decide about is left to them.
    let former: Vec<i64> = refusals::table
        .filter(refusals::author_id.eq(complete.author_id))
        .filter(refusals::state.eq(DbEnum(RefusalState::Pending)))
        .filter(is_former)
        .select(refusals::id)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    diesel::update(refusals::table.filter(refusals::id.eq_any(former)))
        .set((
            refusals::state.eq(DbEnum(RefusalState::Superseded)),
            refusals::ticket_id.eq(ticket_id),
            refusals::decided_by_id.eq(complete.author_id),
            refusals::decided_at.eq(now),
            refusals::notify_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
}

/// What an engineer decides about a refused request.
#[derive(Debug)]
pub struct Decision<'a> {
    /// What becomes of it.
    pub state: RefusalState,
    /// The ticket it becomes.
    pub ticket_id: Option<i64>,
    /// What is said about it.
    pub comment: Option<&'a str>,
}

impl RefusalRow {
    /// A page, the newest first; one row more shows that there is a next page.
    pub fn page(
        query: &RefusalFilter,
        caller: &Caller,
        before: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let mut ids = refusals::table
            .select(refusals::id)
            .filter(visibility::refusals(&caller.viewer))
            .into_boxed();
        if let Some(state) = query.state {
            ids = ids.filter(refusals::state.eq(DbEnum(state)));
        }
        if let Some(direction_id) = query.direction_id {
            ids = ids.filter(refusals::direction_id.eq(direction_id));
        }
        if let Some(before) = before {
            ids = ids.filter(refusals::id.lt(before));
        }
        let ids = Cut::to(limit + 1, ids.order(refusals::id.desc()));
        let mut rows = Self::load(ids, caller, conn)?;
        rows.sort_by_key(|it| std::cmp::Reverse(it.id));
        Ok(rows)
    }

    /// One refusal, if `caller` may see it.
    pub fn find(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        let ids = refusals::table
            .select(refusals::id)
            .filter(refusals::id.eq(id))
            .filter(visibility::refusals(&caller.viewer))
            .into_boxed();
        Self::load(Cut::whole(ids), caller, conn)?
            .into_iter()
            .next()
            .ok_or(diesel::result::Error::NotFound)
    }

    /// One refusal that waits for a decision, locked until the transaction ends.
    /// Errors: `refusal_decided`.
    pub fn lock_pending(
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        refusals::table.find(id).select(refusals::id).for_no_key_update().first::<i64>(conn)?;
        let row = Self::find(id, caller, conn)?;
        match row.state.0 {
            RefusalState::Pending => Ok(row),
            RefusalState::Registered | RefusalState::Confirmed | RefusalState::Superseded => {
                Err(Problem::new(Code::RefusalDecided))
            }
        }
    }

    fn load(
        ids: Cut<refusals::BoxedQuery<'_, diesel::pg::Pg, diesel::sql_types::BigInt>>,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let mut rows: Vec<Self> = refusals::table
            .inner_join(companies::table)
            .inner_join(directions::table)
            .inner_join(users::table.on(users::id.eq(refusals::author_id)))
            .filter(ids.has(refusals::id))
            .select((
                refusals::id,
                refusals::reason,
                refusals::state,
                refusals::company_id,
                companies::name,
                refusals::project_id,
                directions::name,
                refusals::author_id,
                (users::first_name, users::last_name),
                refusals::subject,
                refusals::request,
                refusals::duplicate_of,
                refusals::ticket_id,
                refusals::decided_at,
                refusals::decision_comment,
                refusals::created_at,
            ))
            .load(conn)?;
        let known = Known::among(rows.iter().flat_map(Self::others), &caller.viewer, conn)?;
        for row in &mut rows {
            row.conceal(&known);
        }
        Ok(rows)
    }

    /// The tickets that it refers to.
    fn others(&self) -> Vec<i64> {
        let request = &self.request;
        let distinct = request["not_duplicate_of"].as_array().into_iter().flatten();
        let in_request = distinct.chain([&request["parent_id"]]).filter_map(Value::as_i64);
        in_request.chain(self.duplicate_of).chain(self.ticket_id).collect()
    }

    /// Removes the tickets that the reader may not see.
    fn conceal(&mut self, known: &Known) {
        self.duplicate_of = known.only(self.duplicate_of);
        self.ticket_id = known.only(self.ticket_id);
        let is_known = |it: &Value| it.as_i64().is_none_or(|it| known.contains(it));
        let distinct = self.request.get_mut("not_duplicate_of").and_then(Value::as_array_mut);
        if let Some(distinct) = distinct {
            distinct.retain(is_known);
        }
        if let Some(parent_id) = self.request.get_mut("parent_id").filter(|it| !is_known(it)) {
            *parent_id = Value::Null;
        }
    }

    pub fn request(&self) -> Result<TicketCreate, Problem> {
        serde_json::from_value(self.request.clone()).map_err(Problem::unexpected)
    }

    pub fn decide(
        &self,
        decision: &Decision<'_>,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<usize> {
        diesel::update(refusals::table.find(self.id))
            .set((
                refusals::state.eq(DbEnum(decision.state)),
                refusals::ticket_id.eq(decision.ticket_id),
                refusals::decision_comment.eq(decision.comment),
                refusals::decided_by_id.eq(caller.user_id),
                refusals::decided_at.eq(caller.now),
                refusals::notify_at.eq(None::<DateTime<Utc>>),
            ))
            .execute(conn)
    }
}
