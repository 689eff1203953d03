//! `POST /products/{id}/releases`.

use actix_web::post;
use actix_web::web::Path;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::attachments::attach::AttachmentCreate;
use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::products::store::ProductRow;
use crate::releases::files;
use crate::releases::store::{NewRelease, ReleaseRow};
use crate::releases::view::Release;

/// The release to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "version": "3.20.1", "planned_on": "2026-12-15" }))]
pub struct ReleaseCreate {
    /// The version, unique for the product regardless of letter case.
    #[schema(max_length = 100, pattern = r"\S")]
    pub version: String,
    /// The planned date of publication.
    pub planned_on: Option<NaiveDate>,
    /// What the release changes, in the vendor's words.
    #[schema(max_length = 50_000, pattern = r"\S")]
    pub notes: Option<String>,
    /// The release on the public site (2.2).
    #[schema(max_length = 2000, pattern = r"^https?://\S+$")]
    pub public_url: Option<String>,
    /// The files, unless the release is on the public site (2.2).
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<AttachmentCreate>,
}

/// Create a release
///
/// From then on tickets can wait for it; `POST /releases/{id}/publish` publishes it. Until then its
/// files are for support only.
#[utoipa::path(
    tag = "releases",
    operation_id = "releases_create",
    params(("id" = i64, Path, description = "The product"), Idempotent),
    request_body = ReleaseCreate,
    responses((status = 201, description = "The release", body = Release)),
)]
#[post("/products/{id}/releases")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    body: Tried<ReleaseCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: ReleaseCreate, conn: &mut _| {
        ProductRow::find(*id, conn)?;
        let row = NewRelease {
            product_id: *id,
            version: new.version.trim(),
            planned_on: new.planned_on,
            notes: new.notes.as_deref(),
            public_url: new.public_url.as_deref(),
        };
        let row = ReleaseRow::create(&row, caller.now, conn)?;
        files::add(&new.attachments, row.id, &caller, conn)?;
        audited.create(Entity::Release, row.id, conn)?;
        let location = location("/releases", row.id);
        let (revision, release) = Release::find(row.id, &caller, conn)?;
        Ok(Done::new(WithEtag::created(revision, release, location)))
    };
    once.run(body.then(work)).await
}
