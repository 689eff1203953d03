//! `POST /me/notifications/read`.

use actix_web::post;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::{FieldCode, FieldError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::named::Named;
use crate::db::schema::notifications;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::visibility;

/// What you have read: one of the three.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "up_to_id": 118 }))]
pub struct NotificationsRead {
    /// These notifications; those of other users are ignored.
    #[schema(min_items = 1, max_items = 100, nullable = false)]
    pub ids: Option<Vec<i64>>,
    /// This notification and all earlier ones.
    #[schema(minimum = 1, nullable = false)]
    pub up_to_id: Option<i64>,
    /// All notifications, with `true`.
    #[schema(nullable = false)]
    pub all: Option<bool>,
}

/// What remains unread.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationsUnread {
    /// The number of unread notifications in the inbox; at most 1000.
    #[schema(maximum = 1000)]
    pub unread_count: i64,
}

/// Which notifications to mark.
enum Selection {
    These(Vec<i64>),
    UpTo(i64),
}

impl NotificationsRead {
    fn selection(self) -> Result<Selection, FieldError> {
        match (self.ids, self.up_to_id, self.all) {
            (Some(_), Some(_), _) => Err(FieldError::new("/up_to_id", FieldCode::Conflicts("ids"))),
            (Some(_), None, Some(_)) => Err(FieldError::new("/all", FieldCode::Conflicts("ids"))),
            (None, Some(_), Some(_)) => {
                Err(FieldError::new("/all", FieldCode::Conflicts("up_to_id")))
            }
            (Some(ids), None, None) => Ok(Selection::These(ids)),
            (None, Some(id), None) => Ok(Selection::UpTo(id)),
            (None, None, Some(true)) => Ok(Selection::UpTo(i64::MAX)),
            (None, None, Some(false)) => Err(FieldError::new("/all", FieldCode::NotApplicable)),
            (None, None, None) => Err(FieldError::new("/ids", FieldCode::Required)),
        }
    }
}

/// Mark notifications as read
///
/// Marks the given notifications, those up to a given one, or all of them, and
/// returns what remains unread.
#[utoipa::path(
    tag = "me",
    operation_id = "me_notifications_mark_read",
    params(Idempotent),
    request_body = NotificationsRead,
    responses((status = 200, description = "What remains unread", body = NotificationsUnread)),
)]
#[post("/me/notifications/read")]
pub async fn mark_read(
    once: Idempotent,
    caller: Caller,
    Valid(read): Valid<NotificationsRead>,
) -> Result<ApiResponse, Problem> {
    let selection = read.selection().map_err(|error| Problem::invalid(vec![error]))?;
    let work = move |conn: &mut _| {
        mark(&selection, &caller, conn)?;
        let unread_count = unread_count(&caller, conn)?;
        Ok(Done::new(WithEtag::unversioned(NotificationsUnread { unread_count })))
    };
    once.run(work).await
}

fn mark(selection: &Selection, caller: &Caller, conn: &mut PgConnection) -> QueryResult<usize> {
    let unread = notifications::table
        .filter(notifications::user_id.eq(caller.user_id))
        .filter(notifications::read_at.is_null());
    let read_at = notifications::read_at.eq(caller.now);
    match selection {
        Selection::These(ids) => {
            let unread = unread.filter(notifications::id.eq_any(ids));
            diesel::update(unread).set(read_at).execute(conn)
        }
        Selection::UpTo(id) => {
            let unread = unread.filter(notifications::id.le(*id));
            diesel::update(unread).set(read_at).execute(conn)
        }
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    unread: i64,
}

/// How many unread notifications are counted.
pub const MAX_UNREAD: i64 = 1000;

/// The number of unread notifications, at most [`MAX_UNREAD`].
pub fn unread_count(caller: &Caller, conn: &mut PgConnection) -> QueryResult<i64> {
    let statement = include_str!("unread.sql").replace(":most", &MAX_UNREAD.to_string());
    let statement =
        visibility::statement(&statement, &caller.viewer).bind::<BigInt, _>(caller.user_id);
    let counted: Counted = Named(statement).get_result(conn)?;
    Ok(counted.unread)
}
