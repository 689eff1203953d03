//! `PATCH /releases/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use chrono::NaiveDate;
use domain::ticket::Patch;
use domain::{FieldCode, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::attachments::attach::AttachmentCreate;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::Problem;
use crate::releases::files;
use crate::releases::store::ReleaseRow;
use crate::releases::view::Release;

/// The changes to a release (RFC 7396: an absent member is unchanged, null clears it).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "planned_on": "2027-01-20" }))]
pub struct ReleasePatch {
    /// The version; fixed once the release is published.
    #[schema(max_length = 100, pattern = r"\S", nullable = false)]
    pub version: Option<String>,
    /// The planned date of publication; fixed once the release is published.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub planned_on: Patch<NaiveDate>,
    /// What the release changes, in the vendor's words.
    #[serde(default)]
    #[schema(max_length = 50_000, pattern = r"\S", value_type = Option<String>)]
    pub notes: Patch<String>,
    /// The release on the public site (2.2).
    #[serde(default)]
    #[schema(
        max_length = 2000, pattern = r"^https?://\S+$", value_type = Option<String>
    )]
    pub public_url: Patch<String>,
    /// The files to add to the existing ones.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<AttachmentCreate>,
}

/// Update a release
///
/// A new planned date is announced in every ticket that waits for the release, and becomes the date
/// on which support reviews it. Files are added to the existing ones, even after publication;
/// before it, `DELETE /releases/{id}/attachments/{attachment_id}` deletes one.
#[utoipa::path(
    tag = "releases",
    operation_id = "releases_update",
    params(("id" = i64, Path, description = "The release"), IfMatch),
    request_body = ReleasePatch,
    responses((status = 200, description = "The updated release", body = Release)),
)]
#[patch("/releases/{id}")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<ReleasePatch>,
) -> Result<WithEtag<Release>, Problem> {
    let id = *id;
    let work = move |mut patch: ReleasePatch, conn: &mut _| {
        let before = ReleaseRow::lock(id, conn)?;
        if_match.check(before.revision)?;
        let mut after = before.clone();
        let added = std::mem::take(&mut patch.attachments);
        apply_patch(&mut after, patch);
        let fixed = fixed_once_published(&before, &after);
        if !fixed.is_empty() {
            return Err(Problem::invalid(fixed));
        }
        files::add(&added, before.id, &caller, conn)?;
        if after != before || !added.is_empty() {
            after.is_settled = before.is_settled && after.planned_on == before.planned_on;
            after.save(conn)?;
        }
        Ok(Release::find(id, &caller, conn)?)
    };
    let (revision, release) =
        db.transaction(audited.update(Entity::Release(id), body.then(work))).await?;
    Ok(WithEtag::new(revision, release))
}

fn apply_patch(row: &mut ReleaseRow, patch: ReleasePatch) {
    if let Some(version) = patch.version {
        row.version = version.trim().to_owned();
    }
    patch.planned_on.apply_to(&mut row.planned_on);
    patch.notes.apply_to(&mut row.notes);
    patch.public_url.apply_to(&mut row.public_url);
}

/// People have read in their tickets what was published, and when.
fn fixed_once_published(before: &ReleaseRow, after: &ReleaseRow) -> Vec<FieldError> {
    let is_published = before.published_at.is_some();
    [
        ("/version", before.version != after.version),
        ("/planned_on", before.planned_on != after.planned_on),
    ]
    .into_iter()
    .filter(|(_, is_changed)| is_published && *is_changed)
    .map(|(pointer, _)| FieldError::new(pointer, FieldCode::NotApplicable))
    .collect()
}
