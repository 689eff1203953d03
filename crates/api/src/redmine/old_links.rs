//! Redirects people's old links to the current pages, where they sign in.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::http::request_db::RequestDb;
use crate::redmine::error::{RedmineError, RedmineResult};
use crate::redmine::numbers::{local_id, old_ticket_ids};
use crate::redmine::query::Query;

pub struct Pages {
    /// The front end's page of a ticket, with `{id}` for its number.
    pub ticket_url: Option<String>,
}

/// `/issues/12345#note-5`: the page of the ticket. Browsers keep the fragment.
pub async fn issue(pages: Data<Pages>, db: RequestDb, id: Path<String>) -> RedmineResult {
    let number: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let Some(page) = &pages.ticket_url else {
        let sentence = "There is no page of it: HELPDESK_TICKET_URL is not set";
        return Ok(RedmineError::errors(StatusCode::NOT_FOUND, &[sentence]));
    };
    let ids = db.run(move |conn| Ok(old_ticket_ids(&[number], conn)?)).await?;
    let id = ids.first().ok_or(RedmineError::Missing)?;
    Ok(found(page.replace("{id}", &id.to_string())))
}

/// `/attachments/123`: the page of a file.
pub async fn file(req: HttpRequest, db: RequestDb, id: Path<String>) -> RedmineResult {
    redirect_to_file(&req, &db, &id).await
}

/// `/attachments/123/name.log`.
pub async fn file_named(
    req: HttpRequest,
    db: RequestDb,
    path: Path<(String, String)>,
) -> RedmineResult {
    redirect_to_file(&req, &db, &path.0).await
}

/// Redirects to the content of a file, which requires a sign-in.
pub async fn redirect_to_file(req: &HttpRequest, db: &RequestDb, number: &str) -> RedmineResult {
    let number: i64 = number.parse().map_err(|_| RedmineError::Missing)?;
    let id = db.run(move |conn| Ok(local_id("file", number, conn)?)).await?;
    if id == 0 {
        return Err(RedmineError::Missing);
    }
    let base = Query::of(req).base;
    Ok(found(format!("{base}{}/attachments/{id}/content", crate::BASE)))
}

fn found(address: String) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, address)).finish()
}
