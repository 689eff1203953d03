//! `POST /uploads.json?filename=…`: a file as the whole body; its token is good for one issue.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::http::service::Service;
use crate::redmine::answer::{Answer, Answered};
use crate::redmine::caller::Reader;
use crate::redmine::query::Query;
use crate::storage::Storage;
use crate::uploads::create::{Uploading, Way, hex};
use crate::uploads::receive::Sent;

pub async fn create(
    req: HttpRequest,
    reader: Reader,
    (storage, service, uploading): (Data<Storage>, Data<Service>, Data<Uploading>),
    bytes: Payload,
) -> Answered {
    reader.may("uploads_create")?;
    let media = req.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    if media.starts_with("application/json") {
        return Ok(HttpResponse::BadRequest().finish());
    }
    if !media.starts_with("application/octet-stream") {
        return Ok(HttpResponse::NotAcceptable().finish());
    }
    let filename = Query::of(&req).first("filename").unwrap_or_default().to_owned();
    let language = reader.caller.language;
    let way = Way {
        req: &req,
        db: &reader.db,
        storage: &storage,
        service: &service,
        uploading: &uploading,
    };
    let (number, token) = new_token();
    let sent = Sent::Body { filename, bytes };
    let row = way.take_whole(token, sent, &reader.caller).await;
    let row = row.map_err(|it| Answer::of_rule(it, language))?;
    Ok(HttpResponse::Created().json(json!({ "upload": { "id": number, "token": row.id } })))
}

/// A number, and a token in the form that a Redmine's has: the number, and what nobody can guess.
fn new_token() -> (u64, String) {
    let number = rand::random::<u64>() >> 11;
    (number, format!("{number}.{}", hex(&rand::random::<[u8; 32]>())))
}
