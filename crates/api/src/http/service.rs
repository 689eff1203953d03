//! What all requests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;

use crate::db::roles::Guard;
use crate::http::client_address::Proxies;
use crate::http::egress::Reach;

/// What handlers know of the running service.
#[derive(Debug)]
pub struct Service {
    /// How clients reach it.
    pub public_url: String,
    /// The lifetime of an unused refresh token, in seconds.
    pub refresh_ttl: u32,
    /// The proxies in front of it.
    pub proxies: Proxies,
    /// What protects the history from changes.
    pub guard: Guard,
    /// The largest file, bytes.
    pub upload_limit: u64,
    /// The service is about to stop: it finishes its requests and accepts no new ones.
    pub is_draining: Arc<AtomicBool>,
    /// Its clock can be set forward.
    pub is_sandbox: bool,
    /// For how many seconds browsers are told to use https only (HSTS).
    pub hsts: Option<u32>,
    /// How far webhooks may reach.
    pub webhook_reach: Reach,
    /// How long nobody is notified of a refused request, which its author may correct meanwhile.
    pub refusal_pause: TimeDelta,
    /// How long a client may leave unread what it was sent before it is cut off.
    pub stall: Duration,
}

impl Service {
    /// Whether the service accepts no new requests.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }
}
