//! What is known about a request before its handler runs: the operation, the media types, and the body for the audit
//! log.

use std::sync::{Arc, OnceLock};

use actix_web::{HttpMessage as _, HttpRequest};
use serde_json::Value;

/// The id of the operation in the document.
#[derive(Debug, Clone)]
pub struct OperationId(pub String);

impl OperationId {
    /// Empty where no operation was found.
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get::<Self>().cloned().unwrap_or_else(|| Self(String::new()))
    }
}

/// The media types of the bodies that the operation takes, separated by commas.
#[derive(Debug, Clone)]
pub struct AcceptedMedia(pub String);

/// The media types of the operation's responses, separated by commas; set only if none of them is acceptable.
#[derive(Debug, Clone)]
pub struct OfferedMedia(pub String);

/// The maximum size of a stored body, in bytes.
const MAX_BODY: usize = 4000;

/// The body as JSON, once it has been read; empty for operations that do not store it.
#[derive(Debug, Clone, Default)]
pub struct SentBody(Arc<OnceLock<String>>);

impl SentBody {
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// Stores the body that was read, if the operation asks for it.
    pub fn store(req: &HttpRequest, body: &Value) {
        let extensions = req.extensions();
        let Some(Self(sent)) = extensions.get::<Self>() else { return };
        let text = body.to_string();
        if text.len() <= MAX_BODY {
            sent.get_or_init(|| text);
        }
    }

    pub fn text(&self) -> Option<String> {
        self.0.get().cloned()
    }
}
