//! The bytes of a body, of any kind: bounded in size and in time.

use std::future::Future;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use tokio::time::timeout;

use crate::http::fingerprint::Fingerprint;
use crate::problem::{Code, Problem};

/// How long a body may take to arrive; a client that trickles it holds a connection for no longer.
const MAX_READ: Duration = Duration::from_secs(20);

/// Reads them, and stores their fingerprint for `Idempotency-Key`.
/// Errors: `too_large`, `request_timeout`, `malformed_body`.
pub fn bytes(
    req: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let bytes = Bytes::from_request(req, payload);
    let req = req.clone();
    async move {
        let bytes = timeout(MAX_READ, bytes).await;
        let bytes = bytes.map_err(|_| Problem::new(Code::RequestTimeout))?;
        let bytes = bytes.map_err(|error| match error.as_response_error().status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::TooLarge),
            _ => Problem::new(Code::MalformedBody),
        })?;
        Fingerprint::store(&req, &bytes);
        Ok(bytes)
    }
}
