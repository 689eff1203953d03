//! The files of a release (2.2), and `DELETE /releases/{id}/attachments/{attachment_id}`.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete};
use diesel::prelude::*;

use crate::attachments::attach::{AttachmentCreate, FileOwner, Sender, attach, errors};
use crate::attachments::store::remove_of_release;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::IfMatch;
use crate::problem::{Code, Problem};
use crate::releases::store::ReleaseRow;
use crate::storage::Storage;
use crate::uploads::store::unused;

/// Adds files to a release that is locked, or new.
/// Errors: uploads that cannot be used; a release with the maximum number of files.
pub fn add(
    given: &[AttachmentCreate],
    release_id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let sender = Sender::from(caller);
    let uploads: Vec<&str> = given.iter().map(|it| it.upload_id.as_str()).collect();
    let wrong = errors(&uploads, &sender, conn)?;
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    attach(given, FileOwner::Release(release_id), &sender, conn)?;
    Ok(())
}

/// Delete a release file
///
/// Only until the release is published; after that an admin can redact a file that
/// customers may have seen.
#[utoipa::path(
    tag = "releases",
    operation_id = "releases_attachments_delete",
    params(
        ("id" = i64, Path, description = "The release"),
        ("attachment_id" = i64, Path, description = "The file"),
        IfMatch,
    ),
    responses((status = 204, description = "Deleted")),
)]
#[delete("/releases/{id}/attachments/{attachment_id}")]
pub async fn delete(
    db: RequestDb,
    storage: Data<Storage>,
    audited: Audited,
    path: Path<(i64, i64)>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (id, attachment_id) = *path;
    let work = move |conn: &mut _| {
        let mut row = ReleaseRow::lock(id, conn)?;
        if_match.check(row.revision)?;
        let key = remove_of_release(id, attachment_id, conn)?;
        if row.published_at.is_some() {
            return Err(Problem::new(Code::AlreadyPublished));
        }
        row.save(conn)?;
        Ok(unused(vec![key], conn)?)
    };
    // The rows no longer refer to the bytes: if deleting them fails, they are swept as orphans.
    for key in db.transaction(audited.action(Entity::Release(id), work)).await? {
        storage.remove(&key).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}
