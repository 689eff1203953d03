//! `GET /views/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::views::store::ViewRow;
use crate::views::view::View;

/// Get a view
#[utoipa::path(
    tag = "views",
    operation_id = "views_get",
    params(("id" = i64, Path, description = "The view")),
    responses((status = 200, description = "The view", body = View)),
)]
#[get("/views/{id}")]
pub async fn get(db: RequestDb, caller: Caller, id: Path<i64>) -> Result<WithEtag<View>, Problem> {
    let work = move |conn: &mut _| View::new(ViewRow::find(*id, &caller, conn)?, &caller);
    let view = db.run(work).await?;
    Ok(WithEtag::new(view.version, view))
}
