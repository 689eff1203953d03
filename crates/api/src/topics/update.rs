//! `PATCH /topics/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;
use crate::topics::store::TopicRow;
use crate::topics::view::Topic;

/// The changes to a topic.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TopicPatch {
    /// The new name of the topic.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
    /// Whether tickets can still get the topic.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

/// Update a topic
///
/// A retired topic remains on the tickets that have it, but no other ticket can get it.
#[utoipa::path(
    tag = "topics",
    operation_id = "topics_update",
    params(("id" = i64, Path, description = "The topic"), IfMatch),
    request_body = TopicPatch,
    responses((status = 200, description = "The updated topic", body = Topic)),
)]
#[patch("/topics/{id}")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(patch): Valid<TopicPatch>,
) -> Result<WithEtag<Topic>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let row = TopicRow::lock(id, conn)?;
        if_match.check(row.version)?;
        let name = patch.name.as_deref().map_or(row.name.as_str(), str::trim);
        row.update(name, patch.is_active.unwrap_or(row.is_active), conn)?;
        Ok(TopicRow::find(id, conn)?)
    };
    let topic: Topic = db.transaction(audited.update(Entity::Topic(id), work)).await?.into();
    Ok(WithEtag::new(topic.version, topic))
}
