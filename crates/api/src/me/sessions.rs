//! `GET /me/sessions` and `DELETE /me/sessions/{id}`: where one is signed in.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, get};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audit::entry::{Entry, Trace};
use crate::auth::store;
use crate::db::cut::first_rows;
use crate::db::schema::sessions;
use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};

/// A session of a signed-in user.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// Whether this request belongs to the session.
    pub is_current: bool,
    /// The user agent of the client.
    pub user_agent: String,
    /// The IP address from which the user signed in.
    pub address: String,
    /// When the session was created.
    pub created_at: Timestamp,
    /// When the session was last refreshed.
    pub last_used_at: Timestamp,
    /// When the session ends, however often it is refreshed.
    pub expires_at: Timestamp,
}

pub type SessionPage = Page<Session>;

impl Listed for Session {
    const PAGE_NAME: &'static str = "SessionPage";
    const PAGE_DESCRIPTION: &'static str = "A page of sessions.";
    const ORDER: &'static str = "Newest first.";
}

#[derive(Debug, HasQuery)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: i64,
    user_agent: String,
    address: String,
    created_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl SessionRow {
    fn page(
        caller: &Caller,
        before: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let query = Self::query()
            .filter(sessions::user_id.eq(caller.user_id))
            .filter(sessions::revoked_at.is_null())
            .filter(sessions::expires_at.gt(caller.real_now))
            .filter(sessions::id.lt(before.unwrap_or(i64::MAX)))
            .order(sessions::id.desc());
        first_rows(query, limit + 1, conn)
    }

    fn shown(self, current: i64) -> Session {
        Session {
            id: self.id,
            is_current: self.id == current,
            user_agent: self.user_agent,
            address: self.address,
            created_at: self.created_at.into(),
            last_used_at: self.last_used_at.into(),
            expires_at: self.expires_at.into(),
        }
    }
}

/// List sessions
#[utoipa::path(
    tag = "me",
    operation_id = "me_sessions_list",
    params(PageQuery),
    responses((status = 200, description = "A page of sessions", body = SessionPage)),
)]
#[get("/me/sessions")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<SessionPage, Problem> {
    let current = caller.session_id()?;
    let page = page.bound_to(("sessions", caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = SessionRow::page(&caller, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |it| it.id))
    };
    Ok(db.run(work).await?.map(|it| it.shown(current)))
}

/// End a session
///
/// Its access and refresh tokens are revoked at once.
#[utoipa::path(
    tag = "me",
    operation_id = "me_sessions_delete",
    params(("id" = i64, Path, description = "The session")),
    responses((status = 204, description = "The session has ended")),
)]
#[delete("/me/sessions/{id}")]
pub async fn delete(
    db: RequestDb,
    caller: Caller,
    trace: Trace,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    let live = sessions::expires_at.gt(caller.real_now);
    let own = sessions::id.eq(*id).and(sessions::user_id.eq(caller.user_id)).and(live);
    db.transaction(move |conn| {
        let ended = store::revoke(Box::new(own), caller.real_now, conn)?;
        if ended == 0 {
            return Err(Problem::new(Code::NotFound));
        }
        Ok(Entry::of(trace).by(&caller).write(caller.real_now, conn)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
