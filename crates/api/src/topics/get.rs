//! `GET /topics/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::topics::store::TopicRow;
use crate::topics::view::Topic;

/// Get a topic
#[utoipa::path(
    tag = "topics",
    operation_id = "topics_get",
    params(("id" = i64, Path, description = "The topic")),
    responses((status = 200, description = "The topic", body = Topic)),
)]
#[get("/topics/{id}")]
pub async fn get(
    db: RequestDb,
    _caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Topic>, Problem> {
    let topic: Topic = db.run(move |conn| Ok(TopicRow::find(*id, conn)?)).await?.into();
    Ok(WithEtag::new(topic.version, topic))
}
