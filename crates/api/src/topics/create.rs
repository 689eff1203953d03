//! `POST /topics`.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::topics::store::TopicRow;
use crate::topics::view::Topic;

/// The topic to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct TopicCreate {
    /// The name, unique in the direction regardless of letter case.
    #[schema(max_length = 200, pattern = r"\S", example = "Не работает регистрация SIP")]
    pub name: String,
    /// The direction whose tickets can have the topic.
    #[schema(minimum = 1)]
    pub direction_id: i64,
}

/// Create a topic
#[utoipa::path(
    tag = "topics",
    operation_id = "topics_create",
    params(Idempotent),
    request_body = TopicCreate,
    responses((status = 201, description = "The topic", body = Topic)),
)]
#[post("/topics")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    body: Tried<TopicCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: TopicCreate, conn: &mut _| {
        let id = TopicRow::create(new.direction_id, &new.name, caller.now, conn)?;
        audited.create(Entity::Topic, id, conn)?;
        let topic = Topic::from(TopicRow::find(id, conn)?);
        Ok(Done::new(WithEtag::created(topic.version, topic, location("/topics", id))))
    };
    once.run(body.then(work)).await
}
