//! `If-None-Match`: a caller that already has the current response gets 304 without the body.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

use crate::http::response::hash;

/// Adds an `ETag` to every JSON response to a GET, and leaves out a body that the caller already has.
pub async fn not_modified(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    not_modified_as(is_json, req, next).await
}

/// The same for all responses whose headers satisfy `is_tagged`.
pub async fn not_modified_as(
    is_tagged: fn(&HeaderMap) -> bool,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(req).await?.map_into_boxed_body();
    let is_read = response.request().method() == Method::GET;
    if !is_read || response.status() != StatusCode::OK || !is_tagged(response.headers()) {
        return Ok(response);
    }
    let (req, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let bytes = match body.try_into_bytes() {
        Ok(bytes) => bytes,
        Err(stream) => return Ok(ServiceResponse::new(req, response.set_body(stream))),
    };
    let tag = match response.headers().get(ETAG) {
        Some(tag) => tag.clone(),
        None => HeaderValue::from_str(&format!("\"{}\"", hash(&bytes)))?,
    };
    let is_known = is_known(req.headers(), &tag);
    response.headers_mut().insert(ETAG, tag);
    let response: HttpResponse = if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_TYPE);
        response.set_body(BoxBody::new(()))
    } else {
        response.set_body(BoxBody::new(bytes))
    };
    Ok(ServiceResponse::new(req, response))
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    media.is_some_and(|it| it.starts_with("application/json"))
}

/// Whether `If-None-Match` names this tag.
pub fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).filter_map(|it| it.to_str().ok());
    known.flat_map(|it| it.split(',')).any(|it| {
        let it = it.trim();
        it == "*" || it.trim_start_matches("W/") == tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_list_of_tags_is_read_in_linear_time() {
        are_read("", &PIECES, |text| {
            let mut headers = HeaderMap::new();
            if let Ok(sent) = HeaderValue::from_bytes(text.as_bytes()) {
                headers.insert(IF_NONE_MATCH, sent);
            }
            let _ = is_known(&headers, &HeaderValue::from_static("\"a\""));
        });
    }
}
