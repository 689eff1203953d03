//! `GET /directions/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::directions::store::DirectionRow;
use crate::directions::view::Direction;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;

/// Get a direction
#[utoipa::path(
    tag = "directions",
    operation_id = "directions_get",
    params(("id" = i64, Path, description = "The direction")),
    responses((status = 200, description = "The direction", body = Direction)),
)]
#[get("/directions/{id}")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Direction>, Problem> {
    let work = move |conn: &mut _| {
        let row = DirectionRow::find(*id, conn)?;
        let engineers = row.engineers(conn)?;
        Ok(WithEtag::new(row.version, Direction::seen_by(&caller, row, engineers)))
    };
    db.run(work).await
}
