//! `GET /events/{id}`.

use actix_web::get;
use actix_web::web::{Json, Path};

use crate::events::reader::Reader;
use crate::events::view::Event;
use crate::events::{feed, sequence};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};

/// Get an event
///
/// As it is in the feed, with its position.
#[utoipa::path(
    tag = "events",
    operation_id = "events_get",
    params(("id" = i64, Path, description = "The event")),
    responses((status = 200, description = "The event", body = Event)),
)]
#[get("/events/{id}")]
pub async fn get(db: RequestDb, caller: Caller, id: Path<i64>) -> Result<Json<Event>, Problem> {
    let reader = Reader::from(&caller);
    let work = move |conn: &mut _| {
        // One that was committed just now has no position yet.
        sequence::append_all(conn)?;
        feed::one(*id, &reader, conn)?.ok_or_else(|| Problem::new(Code::NotFound))
    };
    Ok(Json(db.run(work).await?))
}
