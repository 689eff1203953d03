//! `GET /inbound-mails/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::inbound::view::InboundMailWhole;
use crate::problem::Problem;

/// Get an unused e-mail
#[utoipa::path(
    tag = "inbound-mails",
    operation_id = "inbound_mails_get",
    params(("id" = i64, Path, description = "The e-mail")),
    responses((status = 200, description = "The e-mail with all that is stored of it", body = InboundMailWhole)),
)]
#[get("/inbound-mails/{id}")]
pub async fn get(db: RequestDb, id: Path<i64>) -> Result<WithEtag<InboundMailWhole>, Problem> {
    let work = move |conn: &mut _| InboundMailWhole::load(*id, conn);
    // It has no version: nobody edits it.
    Ok(WithEtag::new(0, db.run(work).await?))
}
