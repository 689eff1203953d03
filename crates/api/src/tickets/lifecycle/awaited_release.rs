//! The release of a ticket, as an edit changes it.

use diesel::PgConnection;
use domain::{FieldCode, FieldError, Status};
use serde_json::Value;

use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::releases::store::ReleaseRow;
use crate::tickets::store::TicketRow;

/// What a patch makes of a ticket's release: leaves it alone, takes it away, or puts another.
pub type Ref = Option<Option<ReleaseRow>>;

/// The release that a patch names: one of the product that the ticket has after the patch, and
/// to come where the ticket waits for it.
///
/// # Errors
/// A failure of the database; inside, what is wrong with the member.
pub fn named(
    row: &TicketRow,
    body: &Value,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Result<Ref, FieldError>, Problem> {
    let Some(wanted) = body.get("release_id").filter(|_| caller.role.is_support()) else {
        return Ok(Ok(None));
    };
    let Some(id) = wanted.as_i64() else { return Ok(Ok(wanted.is_null().then_some(None))) };
    let product_id = match (&body["product_id"], &body["product_name"]) {
        (Value::Null, Value::Null) => row.product_id,
        (Value::Null, _) => None,
        (product_id, _) => product_id.as_i64(),
    };
    let wrong = |code| Ok(Err(FieldError::new("/release_id", code)));
    let waits = row.status.0 == Status::AwaitingRelease;
    match ReleaseRow::hold(id, product_id, conn)? {
        None => wrong(FieldCode::NotFound),
        Some(release) if waits && release.published_at.is_some() => wrong(FieldCode::NotApplicable),
        Some(release) => Ok(Ok(Some(Some(release)))),
    }
}

/// Puts the release that a patch names; a ticket of another product has none of the old one's.
pub fn put(after: &mut TicketRow, before: &TicketRow, named: Ref, caller: &Caller) {
    let is_moved = after.product_id != before.product_id;
    let release = match named {
        Some(release) => release,
        None if is_moved && before.release_id.is_some() => None,
        None => return,
    };
    if release.as_ref().map(|it| it.id) == before.release_id {
        return;
    }
    if before.status.0 == Status::AwaitingRelease {
        after.wait_for(release.as_ref(), caller.now, &caller.rules);
    } else {
        after.release_id = release.map(|it| it.id);
    }
}
