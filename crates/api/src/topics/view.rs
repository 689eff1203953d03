//! How topics are shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::topics::store::TopicRow;

/// What tickets are about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Topic {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name, as people see it.
    pub name: String,
    /// The direction whose tickets can have the topic.
    pub direction: Ref,
    /// Whether tickets can still get the topic; a retired one remains on the tickets that have it.
    pub is_active: bool,
    /// The version number, incremented with every change.
    pub version: i32,
}

impl From<(TopicRow, String)> for Topic {
    fn from((row, direction): (TopicRow, String)) -> Self {
        Self {
            id: row.id,
            name: row.name,
            direction: Ref::new(row.direction_id, direction),
            is_active: row.is_active,
            version: row.version,
        }
    }
}

pub type TopicPage = Page<Topic>;

impl Listed for Topic {
    const PAGE_NAME: &'static str = "TopicPage";
    const PAGE_DESCRIPTION: &'static str = "A page of topics.";
    const ORDER: &'static str = "In order of creation.";
}
