//! `POST /uploads.json?filename=…`: a file as the whole body; its token is valid for one issue.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::http::service::Service;
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult};
use crate::redmine::query::Query;
use crate::storage::Storage;
use crate::uploads::create::{UploadContext, Uploading, hex};
use crate::uploads::receive::Sent;

pub async fn create(
    req: HttpRequest,
    reader: Reader,
    (storage, service, uploading): (Data<Storage>, Data<Service>, Data<Uploading>),
    bytes: Payload,
) -> RedmineResult {
    reader.may("uploads_create")?;
    let media = req.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    if media.starts_with("application/json") {
        return Ok(HttpResponse::BadRequest().finish());
    }
    if !media.starts_with("application/octet-stream") {
        return Ok(HttpResponse::NotAcceptable().finish());
    }
    let filename = Query::of(&req).value("filename").unwrap_or_default().to_owned();
    let language = reader.caller.language;
    let context = UploadContext {
        req: &req,
        db: &reader.db,
        storage: &storage,
        service: &service,
        uploading: &uploading,
    };
    let (number, token) = new_token();
    let sent = Sent::Body { filename, bytes };
    let row = context.receive_complete(token, sent, &reader.caller).await;
    let row = row.map_err(|it| RedmineError::of_rule(it, language))?;
    Ok(HttpResponse::Created().json(json!({ "upload": { "id": number, "token": row.id } })))
}

/// A number, and a token in Redmine's format: the number and random digits.
fn new_token() -> (u64, String) {
    let number = rand::random::<u64>() >> 11;
    (number, format!("{number}.{}", hex(&rand::random::<[u8; 32]>())))
}
