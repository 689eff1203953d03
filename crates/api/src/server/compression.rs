//! Compresses JSON of some size, and the files of Swagger UI (gzip). Streams, files and tables go as they are.
//!
//! A compressed response is another representation, with a strong entity tag of its own: the plain one with
//! [`GZIP_SUFFIX`]. Handlers know plain tags alone: what comes back in `If-None-Match` and `If-Match` loses the mark
//! before they read it.

use std::io::Write as _;

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody as _};
use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    AcceptEncoding, CONTENT_ENCODING, CONTENT_TYPE, ETAG, Encoding, Header as _, HeaderMap,
    HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH, VARY,
};
use actix_web::web::{Bytes, block};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Smaller bodies fit into a packet as they are, bytes.
const MIN_COMPRESSED: usize = 1024;

/// Larger bodies are compressed off the event loop, bytes.
const MAX_INLINE: usize = 64 * 1024;

/// The end of the tag of what is compressed; no tag of ours has a plus.
const GZIP_SUFFIX: &str = "+gzip\"";

/// What a client says of compression, read before handlers see the request.
#[derive(Debug)]
pub struct Wishes {
    takes_gzip: bool,
    /// The marked tags that it has.
    known: Vec<String>,
}

impl Wishes {
    /// Reads them, and leaves plain tags behind.
    pub fn take(req: &mut ServiceRequest) -> Self {
        let supported = [Encoding::gzip(), Encoding::identity()];
        let accepted = AcceptEncoding::parse(&*req).ok();
        let headers = req.headers_mut();
        let coding = accepted.and_then(|it| it.negotiate(supported.iter()));
        let known = plain_tags(headers, IF_NONE_MATCH);
        plain_tags(headers, IF_MATCH);
        Self { takes_gzip: coding == Some(Encoding::gzip()), known }
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
        if !self.takes_gzip || !is_long {
            return response;
        }
        let (mut response, body) = response.into_parts();
        let plain = match body.try_into_bytes() {
            Ok(plain) => plain,
            Err(stream) => return response.set_body(stream),
        };
        let compressed = match plain.len() > MAX_INLINE {
            true => block({
                let plain = plain.clone();
                move || gzip(&plain)
            })
            .await
            .ok()
            .flatten(),
            false => gzip(&plain),
        };
        let Some(compressed) = compressed else { return response.set_body(BoxBody::new(plain)) };
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        mark(response.headers_mut());
        response.set_body(BoxBody::new(compressed))
    }

    /// A client that has the compressed response gets the tag of that one.
    fn mark_known(&self, headers: &mut HeaderMap) {
        vary_by(headers, "Accept-Encoding");
        let tag = headers.get(ETAG).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let marked = format!("{}{GZIP_SUFFIX}", tag.trim_end_matches('"'));
        if self.known.contains(&marked) {
            mark(headers);
        }
    }
}

/// Takes the marks off the tags in a header; returns the tags that had one.
fn plain_tags(headers: &mut HeaderMap, name: HeaderName) -> Vec<String> {
    let texts: Vec<String> =
        headers.get_all(&name).filter_map(|it| it.to_str().ok()).map(str::to_owned).collect();
    if !texts.iter().any(|it| it.contains(GZIP_SUFFIX)) {
        return Vec::new();
    }
    headers.remove(&name);
    for text in &texts {
        if let Ok(plain) = HeaderValue::from_str(&text.replace(GZIP_SUFFIX, "\"")) {
            headers.append(name.clone(), plain);
        }
    }
    let tags = texts.iter().flat_map(|it| it.split(','));
    let tags = tags.map(|it| it.trim().trim_start_matches("W/"));
    tags.filter(|it| it.ends_with(GZIP_SUFFIX)).map(str::to_owned).collect()
}

fn mark(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(ETAG).and_then(|it| it.to_str().ok()) else { return };
    let marked = format!("{}{GZIP_SUFFIX}", tag.trim_end_matches('"'));
    if let Ok(marked) = HeaderValue::from_str(&marked) {
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

/// The fastest level: on lists it saves nearly as much as the best one.
fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
/// Adds to the request headers by which a response differs, all in one line.
pub fn vary_by(headers: &mut HeaderMap, names: &str) {
    let known = headers.get(VARY).and_then(|it| it.to_str().ok());
    let all = known.map_or_else(|| names.to_owned(), |known| format!("{known}, {names}"));
    if let Ok(all) = HeaderValue::from_str(&all) {
        headers.insert(VARY, all);
    }
}
