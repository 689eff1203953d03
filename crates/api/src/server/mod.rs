//! The service put together, once.

pub(crate) mod authorize;
pub(crate) mod health;
pub(crate) mod listen;
pub(crate) mod metrics;
pub mod openapi;
pub(crate) mod problem_page;
pub(crate) mod response_middleware;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_cors::Cors;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PathConfig, PayloadConfig, get, to};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde_json::Value;
use utoipa_actix_web::{AppExt as _, scope};
use utoipa_swagger_ui::{Config as UiConfig, SwaggerUi};

use crate::config::{Config, Secrets};
use crate::credentials::token::Keys;
use crate::db::roles::Guard;
use crate::db::{Db, clock, migrations};
use crate::events::listener::Listener;
use crate::events::streams::Streams;
use crate::http::egress::Reach;
use crate::http::not_modified;
use crate::http::service::Service;
use crate::http::validation::{BODY_LIMIT, Schemas};
use crate::mail::transport::Mailer;
use crate::problem::{Code, Problem};
use crate::server::authorize::Operations;
use crate::server::listen::listen;
use crate::storage::Storage;
use crate::webhooks::client::WebhookClient;
use crate::worker::Workers;
use crate::worker::batch::JobContext;
use crate::{routes, settings, worker};

/// Seconds that running requests have to finish once the service is told to stop.
const GRACE: u64 = 20;

/// How long `/readyz` says no before connections are refused.
const DRAINING: Duration = Duration::from_millis(500);

/// Serves the API until the process is told to stop. `ready` is called once it listens.
///
/// # Errors
/// The sentence that says what is wrong: a setting, the database, an address.
pub async fn serve(
    config: &Config,
    secrets: &Secrets,
    database_url: &str,
    ready: impl FnOnce(),
) -> Result<(), String> {
    let trusted_proxies = config.trusted_proxies()?;
    let ticket_url = config.ticket_url()?;
    let reply_domain = config.reply_domain()?;
    let origins = config.cors_origins()?;
    let migrated = migrations::migrate(database_url, secrets.history_key.as_ref())?;
    for name in &migrated.names {
        log::info!("migrated: {name}");
    }
    let database = migrated.database;
    if database.guard() == Guard::Trigger {
        log::warn!("the login may not act as two roles: a trigger alone guards the history");
    }
    let public_url = config.public_url();
    let smtp_url = secrets.smtp_url.as_ref().map(|it| it.reveal().as_str());
    let mailer = Mailer::new(&config.mail_from, smtp_url, config.data_dir.join("mail"))?;
    let keys = Data::new(Keys::new(&secrets.keys(&config.data_dir)?, config.access_ttl));
    let db = Db::new(&database, config.pool);
    let reach = if config.webhook_allow_private { Reach::Anywhere } else { Reach::Public };
    let stall = Duration::from_secs(config.stall_timeout.into());
    let is_draining = Arc::new(AtomicBool::new(false));
    let service = Data::new(Service {
        public_url: public_url.clone(),
        refresh_ttl: config.refresh_ttl,
        trusted_proxies,
        guard: database.guard(),
        is_draining: Arc::clone(&is_draining),
        upload_limit: config.upload_limit,
        is_sandbox: config.sandbox,
        webhook_reach: reach,
        stall,
    });
    let streams = Data::new(Streams::default());
    let jobs_db = Db::for_jobs(&database, worker::CONNECTIONS);
    refuse_a_moved_clock(&jobs_db, config.sandbox)?;
    tell_of_the_calendar(&jobs_db)?;
    let storage = storage(config, secrets)?;
    storage.check().await?;
    let shared_storage = Data::new(storage.clone());
    let tools = Arc::new(JobContext {
        db: jobs_db,
        mailer,
        storage,
        public_url,
        ticket_url,
        reply_domain,
        courier: WebhookClient::new(reach),
    });
    let shared_tools = Data::from(Arc::clone(&tools));
    let document = if config.sandbox { openapi::of_sandbox() } else { openapi::document() };
    let schemas = Data::new(Schemas::new(&document)?);
    let operations = Data::new(Operations::new(&document)?);
    let document = Data::new(document);
    let chain_key = Data::new(database.chain_key().clone());
    let db = Data::new(db);
    let shared_streams = streams.clone();
    let listener = listen(config.bind, stall)?;

    let app = move || {
        App::new()
            .app_data(db.clone())
            .app_data(shared_tools.clone())
            .app_data(shared_streams.clone())
            .app_data(shared_storage.clone())
            .app_data(keys.clone())
            .app_data(chain_key.clone())
            .app_data(service.clone())
            .app_data(schemas.clone())
            .app_data(operations.clone())
            .app_data(document.clone())
            .app_data(PayloadConfig::new(BODY_LIMIT))
            .app_data(
                PathConfig::default().error_handler(|_, _| Problem::new(Code::NotFound).into()),
            )
            .wrap(cors(&origins))
            .wrap(from_fn(response_middleware::every_answer))
            .service(health::livez)
            .service(health::readyz)
            .service(problem_page::show)
            .route("/openapi.json", get().to(show_document))
            .service(
                SwaggerUi::new("/docs/{_:.*}")
                    .config(UiConfig::from("/openapi.json").persist_authorization(true)),
            )
            .into_utoipa_app()
            .service(
                scope::scope(crate::BASE)
                    .wrap(from_fn(not_modified::not_modified))
                    .wrap(from_fn(authorize::check))
                    .configure(routes::api)
                    .default_service(to(nothing)),
            )
            .into_app()
            .default_service(to(nothing))
    };
    let server = HttpServer::new(app)
        .listen(listener)
        .map_err(|cause| cause.to_string())?
        .shutdown_timeout(GRACE)
        .disable_signals()
        .run();
    let metrics = metrics::serve(config.metrics_bind).map(|server| {
        let handle = server.handle();
        actix_web::rt::spawn(server);
        handle
    });
    let workers = Workers::start(&tools);
    let feed = Listener::start(database, Arc::clone(&streams));
    let handle = server.handle();
    let told_to_stop = async move {
        until_told_to_stop().await;
        log::info!("stopping: running requests have {GRACE} s");
        is_draining.store(true, Ordering::Relaxed);
        streams.end();
        // Long enough for a load balancer that asks `/readyz` to look elsewhere.
        tokio::time::sleep(DRAINING).await;
        actix_web::rt::spawn(handle.stop(true));
        until_told_to_stop().await;
        log::warn!("told again: stopping at once");
    };
    ready();
    let served = tokio::select! {
        served = server => served.map_err(|cause| cause.to_string()),
        () = told_to_stop => Ok(()),
    };
    if let Some(metrics) = metrics {
        metrics.stop(false).await;
    }
    drop((workers, feed));
    served
}

/// Where files lie. Processes that share a database must be told where they share their files.
///
/// # Errors
/// The sentence that says what is wrong with the setting.
pub fn storage(config: &Config, secrets: &Secrets) -> Result<Storage, String> {
    let url = config.storage_url.as_deref().filter(|it| !it.is_empty());
    if secrets.database_url.is_some() && url.is_none() {
        return Err(
            "DATABASE_URL is set, so HELPDESK_STORAGE_URL must be set, too: all processes \
             on one database share their files"
                .to_owned(),
        );
    }
    Storage::new(url, config.data_dir.join("files"))
}

/// A database whose clock a sandbox set forward is no production system.
fn refuse_a_moved_clock(db: &Db, is_sandbox: bool) -> Result<(), String> {
    let now = db.transaction_here(|conn| Ok(clock::now(conn)?)).map_err(|it| it.to_string())?;
    if is_sandbox || now.rules == now.real {
        return Ok(());
    }
    Err("the clock of this database was set forward in a sandbox: serve it with --sandbox".into())
}

/// Says what should be looked at about the calendar.
fn tell_of_the_calendar(db: &Db) -> Result<(), String> {
    let warnings = db.transaction_here(|conn| {
        let rules = settings::latest(conn)?;
        Ok(rules.calendar.warnings(clock::now(conn)?.rules))
    });
    for warning in warnings.map_err(|it| it.to_string())? {
        log::warn!("{warning}: {}", warning.text().en);
    }
    Ok(())
}

async fn until_told_to_stop() {
    use actix_web::rt::signal::unix::{SignalKind, signal};

    let terminated = signal(SignalKind::terminate());
    let interrupted = actix_web::rt::signal::ctrl_c();
    match terminated {
        Ok(mut terminated) => {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers([
            "ETag",
            "Link",
            "Location",
            "Retry-After",
            "X-Request-Id",
            "Content-Language",
            "Idempotency-Replayed",
        ])
        .max_age(600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

async fn show_document(document: Data<Value>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(document.get_ref())
}

async fn nothing(_: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
