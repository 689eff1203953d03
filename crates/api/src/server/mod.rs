//! The service put together, once.

pub mod app_state;
pub(crate) mod authorize;
pub(crate) mod coding;
pub(crate) mod compression;
pub(crate) mod connection;
pub(crate) mod health;
pub(crate) mod listen;
pub(crate) mod media;
pub(crate) mod metrics;
pub mod openapi;
pub(crate) mod problem_document;
pub(crate) mod problem_page;
pub(crate) mod rate_limits;
pub(crate) mod response_middleware;
pub(crate) mod shutdown;

use std::future::ready;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_cors::Cors;
use actix_http::{HttpService, Protocol};
use actix_server::{Server, ServerBuilder};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{AppConfig, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, CACHE_CONTROL, ContentType, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::web::{Data, PathConfig, PayloadConfig, ServiceConfig, get, resource, to};
use actix_web::{App, Error, HttpRequest, HttpResponse};
use utoipa_actix_web::{AppExt as _, scope};
use utoipa_swagger_ui::{Config as UiConfig, SwaggerUi};

use crate::config::{Config, Secrets};
use crate::db::roles::Guard;
use crate::db::{Database, migrations};
use crate::feed::listener::Listener;
use crate::http::not_modified;
use crate::http::validation::BODY_LIMIT;
use crate::jobs::context::duties;
use crate::jobs::find_work::find_work;
use crate::problem::{Code, Problem};
use crate::server::app_state::AppState;
use crate::server::connection::Connection;
use crate::worker::Workers;
use crate::{redmine, routes};

/// How many seconds running requests have to finish once the service is told to stop.
const SHUTDOWN_TIMEOUT: u64 = 20;

/// How long `/readyz` returns 503 before connections are refused.
const DRAINING: Duration = Duration::from_millis(500);

/// Serves the API until the process is told to stop. `ready` is called once it listens.
/// Errors: the sentence that says what is wrong: a setting, the database, an address.
pub async fn serve(
    config: &Config,
    secrets: &Secrets,
    database_url: &str,
    ready: impl FnOnce(),
) -> Result<(), String> {
    let database = migrate(database_url, secrets)?;
    let state = AppState::new(config, secrets, &database).await?;
    let server = listen_for_requests(config, &state)?;
    run(server, config, state, database, ready).await
}

fn migrate(database_url: &str, secrets: &Secrets) -> Result<Database, String> {
    let migrated = migrations::migrate(database_url, secrets.history_key.as_ref())?;
    for name in &migrated.names {
        log::info!("migrated: {name}");
    }
    if migrated.database.guard() == Guard::Trigger {
        log::warn!("the login may not act as two roles: only a trigger protects the history");
    }
    Ok(migrated.database)
}

fn listen_for_requests(config: &Config, state: &AppState) -> Result<Server, String> {
    let origins = config.cors_origins()?;
    let listener = listen::listen(config.bind, state.service.stall)?;
    let (state, has_docs, has_redmine) = (state.clone(), config.docs, config.redmine_api);
    let pages = Data::new(redmine::Pages { ticket_url: config.mail.ticket_url()? });
    let app = move || {
        App::new()
            .configure(|it| state.provide(it))
            .app_data(PayloadConfig::new(BODY_LIMIT))
            .app_data(
                PathConfig::default().error_handler(|_, _| Problem::new(Code::NotFound).into()),
            )
            .wrap(cors(&origins))
            .wrap(from_fn(response_middleware::every_response))
            .service(health::livez)
            .service(health::readyz)
            .service(problem_page::show)
            .configure(|it| {
                if has_docs {
                    docs(it);
                }
            })
            .configure(|it| {
                if has_redmine {
                    old_scripts(it, &pages);
                }
            })
            .into_utoipa_app()
            .service(
                scope::scope(crate::BASE)
                    .wrap(from_fn(not_modified::not_modified))
                    .wrap(from_fn(authorize::check))
                    .wrap(from_fn(rate_limits::limit))
                    .configure(routes::api)
                    .default_service(to(not_found)),
            )
            .into_app()
            .default_service(to(not_found))
    };
    let builder = ServerBuilder::default().shutdown_timeout(SHUTDOWN_TIMEOUT).disable_signals();
    let (stopping, public_url) = (builder.graceful_shutdown_signal(), config.public_url());
    let serve = move || {
        let (stopping, public_url) = (stopping.clone(), Rc::<str>::from(public_url.as_str()));
        let app = app().into_factory().map_err(|it: Error| it.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            // The connection enforces the time limit of each head, including the first.
            .client_request_timeout(Duration::ZERO)
            .on_connect_ext(|it: &Connection, data| {
                data.insert(Rc::clone(&it.requests));
            })
            .finish(map_config(app, |()| AppConfig::default()));
        fn_service(move |socket: TcpStream| {
            let connection = Connection::new(socket, Rc::clone(&public_url));
            let peer = connection.peer;
            ready(Ok((connection, Protocol::Http1, peer)))
        })
        .and_then(http)
    };
    Ok(builder.listen("api", listener, serve).map_err(|cause| cause.to_string())?.run())
}

fn docs(app: &mut ServiceConfig) {
    let page = UiConfig::from("/openapi.json").persist_authorization(true);
    let document = resource("/openapi.json")
        .wrap(from_fn(not_modified::not_modified))
        .route(get().to(openapi_document));
    let files = actix_web::web::scope("/docs").wrap(from_fn(cached));
    app.service(document).service(files.service(SwaggerUi::new("/{_:.*}").config(page)));
}

/// What old scripts of a Redmine call.
fn old_scripts(app: &mut ServiceConfig, pages: &Data<redmine::Pages>) {
    app.service(
        actix_web::web::scope("/redmine")
            .app_data(pages.clone())
            .wrap(from_fn(not_modified::not_modified))
            .wrap(from_fn(rate_limits::limit))
            .configure(redmine::routes),
    );
}

/// The files of Swagger UI change only with a release.
async fn cached(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut response = not_modified::not_modified_as(|_| true, req, next).await?;
    if response.status().as_u16() < 400 {
        let value = HeaderValue::from_static("public, max-age=3600");
        response.headers_mut().insert(CACHE_CONTROL, value);
    }
    Ok(response)
}

/// Runs the server, the workers and the feed's listener until the process is told to stop.
async fn run(
    server: Server,
    config: &Config,
    state: AppState,
    database: Database,
    ready: impl FnOnce(),
) -> Result<(), String> {
    let metrics = metrics::serve(config.metrics_bind).map(|server| {
        let handle = server.handle();
        actix_web::rt::spawn(server);
        handle
    });
    let jobs = Arc::clone(&state.jobs);
    let find_work = Arc::new(move || find_work(&jobs.db));
    let workers = Workers::start(&duties(&state.jobs), find_work, &state.jobs.db);
    let feed = Listener::start(database, Arc::clone(&state.streams));
    let handle = server.handle();
    let stopped = async move {
        shutdown::requested().await;
        log::info!("shutting down: running requests have {SHUTDOWN_TIMEOUT} s");
        state.service.is_draining.store(true, Ordering::Relaxed);
        state.streams.end();
        // Long enough for a load balancer to notice and to go elsewhere.
        tokio::time::sleep(DRAINING).await;
        actix_web::rt::spawn(handle.stop(true));
        shutdown::requested().await;
        log::warn!("second signal: stopping at once");
    };
    ready();
    let served = tokio::select! {
        served = server => served.map_err(|cause| cause.to_string()),
        () = stopped => Ok(()),
    };
    if let Some(metrics) = metrics {
        metrics.stop(false).await;
    }
    drop((workers, feed));
    served
}

fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_headers(openapi::documented_headers())
        .max_age(600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

async fn openapi_document(document: Data<openapi::Served>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .content_type(ContentType::json())
        .body(document.text())
}

async fn not_found(_: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::NotFound))
}
