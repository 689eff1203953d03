//! `GET /users/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;
use crate::users::store::UserRow;
use crate::users::view::User;

/// Get a user
///
/// Returns only users that the list of users shows.
#[utoipa::path(
    tag = "users",
    operation_id = "users_get",
    params(("id" = i64, Path, description = "The user")),
    responses((status = 200, description = "The user", body = User)),
)]
#[get("/users/{id}")]
pub async fn get(db: RequestDb, caller: Caller, id: Path<i64>) -> Result<WithEtag<User>, Problem> {
    let reader = caller.clone();
    let work = move |conn: &mut _| Ok(UserRow::show(*id, &reader, conn)?);
    let (row, company) = db.run(work).await?;
    Ok(WithEtag::new(row.version, User::new(row, company, &caller)))
}
