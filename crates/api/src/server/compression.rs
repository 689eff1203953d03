//! Compresses JSON of some size, and the files of Swagger UI. Streams, files and tables go as they are.
//!
//! A compressed response is another representation, with a strong entity tag of its own: the plain one with
//! the mark of the coding. Handlers know only plain tags: what comes back in `If-None-Match` and `If-Match`
//! loses the mark before they read it.

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody as _};
use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    AcceptEncoding, CONTENT_ENCODING, CONTENT_TYPE, ETAG, Encoding, Header as _, HeaderMap,
    HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH, VARY,
};
use actix_web::web::block;

use crate::server::coding::Coding;

/// Smaller bodies fit into a packet as they are, bytes.
const MIN_COMPRESSED: usize = 1024;

/// Larger bodies are compressed off the event loop, bytes.
const MAX_INLINE: usize = 64 * 1024;

/// What a client says of compression, read before handlers see the request.
#[derive(Debug)]
pub struct Wishes {
    coding: Option<Coding>,
    /// The marked tags that it has.
    known: Vec<String>,
}

impl Wishes {
    /// Reads them, and leaves plain tags behind.
    pub fn take(req: &mut ServiceRequest) -> Self {
        let identity = Encoding::identity();
        let supported = Coding::ALL.map(Coding::encoding);
        let supported = supported.iter().chain([&identity]);
        let accepted = AcceptEncoding::parse(&*req).ok();
        let headers = req.headers_mut();
        let agreed = accepted.and_then(|it| it.negotiate(supported));
        let coding = Coding::ALL.into_iter().find(|it| agreed == Some(it.encoding()));
        let known = plain_tags(headers, IF_NONE_MATCH);
        plain_tags(headers, IF_MATCH);
        Self { coding, known }
    }

    /// The response as the client gets it.
    pub async fn fulfil(self, mut response: HttpResponse) -> HttpResponse {
        if response.status() == StatusCode::NOT_MODIFIED {
            self.mark_known(response.headers_mut());
            return response;
        }
        if !is_compressed(response.headers()) || response.headers().contains_key(CONTENT_ENCODING) {
            return response;
        }
        vary_by(response.headers_mut(), "Accept-Encoding");
        let is_long =
            matches!(response.body().size(), BodySize::Sized(it) if it >= MIN_COMPRESSED as u64);
        let Some(coding) = self.coding.filter(|_| is_long) else { return response };
        let (mut response, body) = response.into_parts();
        let plain = match body.try_into_bytes() {
            Ok(plain) => plain,
            Err(stream) => return response.set_body(stream),
        };
        let compressed = match plain.len() > MAX_INLINE {
            true => block({
                let plain = plain.clone();
                move || coding.compress(&plain)
            })
            .await
            .ok()
            .flatten(),
            false => coding.compress(&plain),
        };
        let Some(compressed) = compressed else { return response.set_body(BoxBody::new(plain)) };
        let headers = response.headers_mut();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        mark(headers, coding);
        response.set_body(BoxBody::new(compressed))
    }

    /// A client that has the compressed response gets the tag of that one.
    fn mark_known(&self, headers: &mut HeaderMap) {
        vary_by(headers, "Accept-Encoding");
        let plain = headers.get(ETAG).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let has = |it: &Coding| self.known.contains(&marked(plain, *it));
        if let Some(coding) = Coding::ALL.into_iter().find(has) {
            mark(headers, coding);
        }
    }
}

/// Takes the marks off the tags in a header; returns the tags that had one.
fn plain_tags(headers: &mut HeaderMap, name: HeaderName) -> Vec<String> {
    let texts: Vec<String> =
        headers.get_all(&name).filter_map(|it| it.to_str().ok()).map(str::to_owned).collect();
    if texts.is_empty() {
        return Vec::new();
    }
    let marks = Coding::ALL.map(mark_of);
    if !texts.iter().any(|it| marks.iter().any(|mark| it.contains(mark))) {
        return Vec::new();
    }
    headers.remove(&name);
    for text in &texts {
        let plain = marks.iter().fold(text.clone(), |it, mark| it.replace(mark, "\""));
        if let Ok(plain) = HeaderValue::from_str(&plain) {
            headers.append(name.clone(), plain);
        }
    }
    let tags = texts.iter().flat_map(|it| it.split(','));
    let tags = tags.map(|it| it.trim().trim_start_matches("W/"));
    tags.filter(|it| marks.iter().any(|mark| it.ends_with(mark))).map(str::to_owned).collect()
}

/// The end of the tag of what is compressed; no tag of ours has a plus.
fn mark_of(coding: Coding) -> String {
    format!("+{}\"", coding.name())
}

fn marked(tag: &str, coding: Coding) -> String {
    tag.trim_end_matches('"').to_owned() + &mark_of(coding)
}

fn mark(headers: &mut HeaderMap, coding: Coding) {
    let Some(tag) = headers.get(ETAG).and_then(|it| it.to_str().ok()) else { return };
    if let Ok(marked) = HeaderValue::from_str(&marked(tag, coding)) {
        headers.insert(ETAG, marked);
    }
}

/// JSON, and what Swagger UI consists of.
fn is_compressed(headers: &HeaderMap) -> bool {
    let media = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default();
    let is_json = matches!(media, "application/json" | "application/problem+json");
    is_json || media == "text/css" || media.ends_with("/javascript")
}

/// Adds to the request headers by which a response differs, all in one line.
pub fn vary_by(headers: &mut HeaderMap, names: &str) {
    let known = headers.get(VARY).and_then(|it| it.to_str().ok());
    let all = known.map_or_else(|| names.to_owned(), |known| format!("{known}, {names}"));
    if let Ok(all) = HeaderValue::from_str(&all) {
        headers.insert(VARY, all);
    }
}
