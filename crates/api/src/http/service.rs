//! What all requests share of the service itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;

use crate::db::roles::Guard;
use crate::http::client_address::Proxies;
use crate::http::egress::Reach;

/// The service, as handlers know it.
#[derive(Debug)]
pub struct Service {
    /// How clients reach it.
    pub public_url: String,
    /// Seconds for which an unused refresh token is good.
    pub refresh_ttl: u32,
    /// What stands in front of it.
    pub proxies: Proxies,
    /// What keeps the history from being changed.
    pub guard: Guard,
    /// The largest file, bytes.
    pub upload_limit: u64,
    /// The service is about to stop: it finishes what it has, and wants no more.
    pub is_draining: Arc<AtomicBool>,
    /// Its clock can be set forward.
    pub is_sandbox: bool,
    /// For how many seconds browsers are told to call by https alone.
    pub hsts: Option<u32>,
    /// How far webhooks may reach.
    pub webhook_reach: Reach,
    /// How long those who decide about a refused request are not told of it: its author may put it right.
    pub refusal_pause: TimeDelta,
    /// How long a client may leave what it is sent.
    pub stall: Duration,
}

impl Service {
    /// Whether the service wants no more requests.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }
}
