//! `POST /releases/{id}/publish`.

use actix_web::post;
use actix_web::web::Path;
use domain::ticket::{Change, Values};

use crate::attachments::store::names_of_release;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::releases::store::ReleaseRow;
use crate::releases::view::Release;

/// Publish a release
///
/// Every ticket that waits for the release moves to `feedback`, with a comment that names the
/// version and the files, which become available to the ticket's company; this takes a moment if
/// many tickets are waiting. A release is published once, and the event feed
/// announces it to everybody.
#[utoipa::path(
    tag = "releases",
    operation_id = "releases_publish",
    params(("id" = i64, Path, description = "The release"), IfMatch, Idempotent),
    responses((status = 200, description = "The published release", body = Release)),
)]
#[post("/releases/{id}/publish")]
pub async fn publish(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let mut row = ReleaseRow::lock(id, conn)?;
        if_match.check(row.revision)?;
        if row.published_at.is_some() {
            return Err(Problem::new(Code::AlreadyPublished));
        }
        row.published_at = Some(caller.now);
        row.is_settled = false;
        row.save(conn)?;
        let files = names_of_release(row.id, conn)?;
        let (revision, release) = Release::find(row.id, &caller, conn)?;
        let changes = vec![
            Change::Product(Values::new(row.product_id)),
            Change::Version(Values::new(row.version.clone())),
        ];
        let body = Body {
            release_id: Some(row.id),
            attachment_ids: files.into_iter().map(|(id, _)| id).collect(),
            ..Body::of(changes)
        };
        let event = NewEvent {
            chain: None,
            kind: EventType::ReleasePublished,
            at: caller.now,
            actor_id: Some(caller.user_id),
            is_internal: false,
            body,
        };
        Ok(Done::new(WithEtag::new(revision, release)).with_event(event))
    };
    once.run(audited.action(Entity::Release(id), work)).await
}
