//! `GET /tickets/{id}/comments/{comment_id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::tickets::comments::view::{Comment, readable_one};
use crate::tickets::store::TicketRow;

/// Get a comment
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_get",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("comment_id" = i64, Path, description = "The comment"),
    ),
    responses((status = 200, description = "The comment", body = Comment)),
)]
#[get("/tickets/{id}/comments/{comment_id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
) -> Result<WithEtag<Comment>, Problem> {
    let (ticket_id, id) = path.into_inner();
    let work = move |conn: &mut _| {
        TicketRow::check_visible(ticket_id, &caller, conn)?;
        readable_one(ticket_id, id, &caller, conn)
    };
    let comment = db.run(work).await?;
    Ok(WithEtag::new(comment.version, comment))
}
