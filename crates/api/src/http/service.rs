//! What all requests share of the service itself.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;

use crate::db::roles::Guard;
use crate::http::egress::Reach;

/// The service, as handlers know it.
#[derive(Debug)]
pub struct Service {
    /// How clients reach it.
    pub public_url: String,
    /// Seconds for which an unused refresh token is good.
    pub refresh_ttl: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What keeps the history from being changed.
    pub guard: Guard,
    /// The largest file, bytes.
    pub upload_limit: u64,
    /// The service is about to stop: it finishes what it has, and wants no more.
    pub is_draining: Arc<AtomicBool>,
    /// Its clock can be set forward.
    pub is_sandbox: bool,
    /// How far webhooks may reach.
    pub webhook_reach: Reach,
    /// How long a client may leave what it is sent.
    pub stall: Duration,
}

impl Service {
    /// The address of a client: the peer's, unless the peer is a trusted proxy, which tells it.
    pub fn client_address(&self, req: &HttpRequest) -> Option<IpAddr> {
        let peer = req.peer_addr().map(|it| it.ip())?;
        if !self.trusted_proxies.contains(&peer) {
            return Some(peer);
        }
        let header = req.headers().get("x-forwarded-for").and_then(|it| it.to_str().ok());
        let told = header.into_iter().flat_map(|it| it.rsplit(','));
        told.filter_map(|it| it.trim().parse().ok())
            .find(|it| !self.trusted_proxies.contains(it))
            .or(Some(peer))
    }

    /// Whether the service wants no more requests.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }
}
