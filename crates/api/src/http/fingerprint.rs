//! Tells apart different requests that came with the same `Idempotency-Key`.

use actix_web::http::header::{CONTENT_TYPE, HeaderName};
use actix_web::{HttpMessage as _, HttpRequest};
use sha2::{Digest as _, Sha256};

pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// SHA-256 of the media type, the query and the exact body.
#[derive(Debug, Clone)]
pub struct Fingerprint(pub Vec<u8>);

impl Fingerprint {
    /// Stores the fingerprint of a request that came with a key. Requests whose body nobody reads have none,
    /// and count as equal.
    pub fn store(req: &HttpRequest, body: &[u8]) {
        let media = req.headers().get(CONTENT_TYPE).map_or(&b""[..], |it| it.as_bytes());
        Self::store_both(req, &[media, b"?", req.query_string().as_bytes()].concat(), body);
    }

    /// The same for a form with a file, leaving out the boundary, which differs each time.
    pub fn store_file(req: &HttpRequest, filename: &str, sha256: &[u8]) {
        Self::store_both(req, filename.as_bytes(), sha256);
    }

    fn store_both(req: &HttpRequest, one: &[u8], other: &[u8]) {
        if req.headers().contains_key(IDEMPOTENCY_KEY) {
            let hash = Sha256::new().chain_update(one).chain_update(b"\n").chain_update(other);
            req.extensions_mut().insert(Self(hash.finalize().to_vec()));
        }
    }
}
