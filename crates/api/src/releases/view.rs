//! How releases are shown in responses.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::{Row, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::attachments::store::of_releases;
use crate::attachments::view::Attachment;
use crate::http::caller::Caller;
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::releases::store::ReleaseRow;

/// A version of a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Release {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The product.
    pub product: Ref,
    /// The version, as the vendor names it.
    #[schema(example = "3.20.1")]
    pub version: String,
    /// The planned date of publication.
    pub planned_on: Option<NaiveDate>,
    /// When the release was published; null if it has not been.
    pub published_at: Option<Timestamp>,
    /// The release notes; until the release is published, for support only.
    pub notes: Option<String>,
    /// The release on the public site (2.2); until the release is published, for support only.
    pub public_url: Option<String>,
    /// When the release was created.
    pub created_at: Timestamp,
    /// The files that you may download: all of them for support; for customers, once the release
    /// has been provided in a ticket of their company (2.2).
    #[schema(max_items = 20)]
    pub attachments: Vec<Attachment>,
}

impl Release {
    /// Releases, each with the name of its product, as `caller` may see them.
    pub fn all(
        rows: Vec<(ReleaseRow, String)>,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let ids: Vec<i64> = rows.iter().map(|(row, _)| row.id).collect();
        let mut files: HashMap<i64, Vec<Attachment>> = HashMap::new();
        for file in of_releases(&ids, caller, conn)?.into_iter().map(Attachment::from) {
            files.entry(file.release_id.unwrap_or_default()).or_default().push(file);
        }
        let with_files = |(row, product): (ReleaseRow, String)| {
            let attachments = files.remove(&row.id).unwrap_or_default();
            Self::new(row, product, attachments, caller)
        };
        Ok(rows.into_iter().map(with_files).collect())
    }

    /// One release as it is stored now, and its revision.
    /// Errors: `NotFound`.
    pub fn find(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<(i32, Self)> {
        let (row, product) = ReleaseRow::find(id, conn)?;
        let files = of_releases(&[id], caller, conn)?;
        let attachments = files.into_iter().map(Attachment::from).collect();
        Ok((row.revision, Self::new(row, product, attachments, caller)))
    }

    fn new(
        row: ReleaseRow,
        product: String,
        attachments: Vec<Attachment>,
        caller: &Caller,
    ) -> Self {
        let is_published = row.published_at.is_some();
        let may_read_draft = caller.viewer.may_read(Row::ReleaseNotes { is_published });
        Self {
            id: row.id,
            product: Ref::new(row.product_id, product),
            version: row.version,
            planned_on: row.planned_on,
            published_at: row.published_at.map(Timestamp),
            notes: row.notes.filter(|_| may_read_draft),
            public_url: row.public_url.filter(|_| may_read_draft),
            created_at: row.created_at.into(),
            attachments,
        }
    }
}

pub type ReleasePage = Page<Release>;

impl Listed for Release {
    const PAGE_NAME: &'static str = "ReleasePage";
    const PAGE_DESCRIPTION: &'static str = "A page of releases.";
    const ORDER: &'static str = "Newest first.";
}
