//! The metrics, served on an address of their own.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::{Data, get};
use actix_web::{App, HttpResponse, HttpServer};
use metrics::{counter, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::db;
use crate::db::Sender;

/// The methods that are counted separately.
const KNOWN: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Upper bounds of the duration buckets, seconds.
const BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Counts a request; `pattern` is the route's, never the raw path.
pub fn request(method: &str, pattern: &str, status: u16, took: Duration) {
    let labels = [
        ("method", KNOWN.iter().find(|it| **it == method).unwrap_or(&"other").to_string()),
        ("route", pattern.to_owned()),
        ("status", status.to_string()),
    ];
    counter!("helpdesk_requests_total", &labels).increment(1);
    histogram!("helpdesk_request_seconds", &labels[..2]).record(took.as_secs_f64());
}

/// Sets up the counters and serves them; if the address is taken, logs that and goes on.
pub fn serve(address: SocketAddr) -> Option<Server> {
    let recorder = match recorder() {
        Ok(recorder) => recorder,
        Err(cause) => {
            log::warn!("no metrics: {cause}");
            return None;
        }
    };
    if address.port() == 0 {
        log::info!("metrics are off: their port is 0");
        return None;
    }
    let bound = TcpListener::bind(address).and_then(|listener| {
        let app = move || {
            App::new().app_data(Data::new(recorder.clone())).route("/metrics", get().to(show))
        };
        Ok(HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run())
    });
    match bound {
        Ok(server) => Some(server),
        Err(cause) => {
            log::warn!("metrics are off: {address}: {cause}");
            None
        }
    }
}

fn recorder() -> Result<PrometheusHandle, metrics_exporter_prometheus::BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)?
        .install_recorder()
}

async fn show(recorder: Data<PrometheusHandle>) -> HttpResponse {
    counter!("helpdesk_db_statements_total").absolute(db::statements(Sender::Requests));
    counter!("helpdesk_db_job_statements_total").absolute(db::statements(Sender::Jobs));
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(recorder.render())
}
