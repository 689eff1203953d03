//! What requests and jobs share: put together once, provided by type.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use actix_web::web::{Data, ServiceConfig};
use chrono::TimeDelta;

use crate::attachments::previews::Previews;
use crate::config::hmac_key::HmacKey;
use crate::config::{Config, Secrets};
use crate::credentials::token::Keys;
use crate::credentials::turns;
use crate::db::{Database, Db, clock};
use crate::feed::streams::Streams;
use crate::http::client_address::Proxies;
use crate::http::egress::Reach;
use crate::http::service::Service;
use crate::http::validation::Schemas;
use crate::inbound::imap::ImapFetch;
use crate::jobs::context::{CONNECTIONS, JobContext};
use crate::jobs::outgoing::Outgoing;
use crate::limits::quotas::Quotas;
use crate::limits::rates::Rates;
use crate::mail::outgoing::{Links, Vendor};
use crate::mail::sending::PostOffice;
use crate::mail::transport::Mailer;
use crate::server::authorize::Operations;
use crate::server::openapi;
use crate::storage::Storage;
use crate::tickets::history::verifications::Verifications;
use crate::tickets::lists::export::Exports;
use crate::uploads::create::Uploading;
use crate::users::undeliverable;
use crate::webhooks::client::WebhookClient;
use crate::{mail_kinds, settings};

/// Each part is found by its type: handlers and extractors name the one they need and know no other.
#[derive(Clone)]
pub struct AppState {
    pub service: Data<Service>,
    pub streams: Data<Streams>,
    pub jobs: Arc<JobContext>,
    db: Data<Db>,
    storage: Data<Storage>,
    keys: Data<Keys>,
    history_key: Data<HmacKey>,
    rates: Data<Rates>,
    quotas: Data<Quotas>,
    uploading: Data<Uploading>,
    verifications: Data<Verifications>,
    exports: Data<Exports>,
    previews: Data<Previews>,
    schemas: Data<Schemas>,
    operations: Data<Operations>,
    document: Data<openapi::Served>,
}

impl AppState {
    /// Errors: the sentence that says what is wrong: a setting, the database, the storage.
    pub async fn new(
        config: &Config,
        secrets: &Secrets,
        database: &Database,
    ) -> Result<Self, String> {
        turns::prepare();
        let document = openapi::without_examples(config.sandbox);
        let storage = storage(config, secrets)?;
        storage.check().await?;
        let jobs_db = Db::for_jobs(database, CONNECTIONS);
        refuse_moved_clock(&jobs_db, config.sandbox)?;
        warn_about_calendar(&jobs_db)?;
        let service = service(config, database)?;
        let outgoing = Outgoing::new(config.no_outgoing, config.home(), &jobs_db);
        let jobs = JobContext {
            outgoing: outgoing.map_err(|it| it.to_string())?,
            db: Arc::new(jobs_db),
            post: post_office(config, secrets)?,
            imap: ImapFetch::of(config, secrets)?,
            storage: storage.clone(),
            webhooks: WebhookClient::new(service.webhook_reach),
            mails_kept_for: TimeDelta::days(config.mail.kept_days.into()),
        };
        Ok(Self {
            service: Data::new(service),
            streams: Data::new(Streams::default()),
            jobs: Arc::new(jobs),
            db: Data::new(Db::new(database, config.pool, config.limits.person_concurrency)),
            storage: Data::new(storage),
            keys: Data::new(Keys::new(&secrets.keys(&config.data_dir)?, config.access_ttl)),
            history_key: Data::new(database.history_key().clone()),
            rates: Data::new(Rates::new(&config.limits)),
            quotas: Data::new(Quotas::new(&config.limits)),
            verifications: Data::new(Verifications::default()),
            exports: Data::new(Exports::new(database)),
            previews: Data::new(Previews::default()),
            uploading: Data::new(Uploading::new(config.limits.quota_uploads)),
            schemas: Data::new(Schemas::new(&document)?),
            operations: Data::new(Operations::new(&document)?),
            document: Data::new(openapi::Served::new(config.sandbox)),
        })
    }

    pub fn provide(&self, app: &mut ServiceConfig) {
        app.app_data(self.service.clone())
            .app_data(self.streams.clone())
            .app_data(Data::from(Arc::clone(&self.jobs)))
            .app_data(self.db.clone())
            .app_data(self.storage.clone())
            .app_data(self.keys.clone())
            .app_data(self.history_key.clone())
            .app_data(self.rates.clone())
            .app_data(self.quotas.clone())
            .app_data(self.previews.clone())
            .app_data(self.uploading.clone())
            .app_data(self.verifications.clone())
            .app_data(self.exports.clone())
            .app_data(self.schemas.clone())
            .app_data(self.operations.clone())
            .app_data(self.document.clone());
    }
}

fn service(config: &Config, database: &Database) -> Result<Service, String> {
    Ok(Service {
        public_url: config.public_url(),
        refresh_ttl: config.refresh_ttl,
        proxies: Proxies { trusted: config.trusted_proxies()?, header: config.proxy_header },
        guard: database.guard(),
        is_draining: Arc::new(AtomicBool::new(false)),
        upload_limit: config.upload_limit,
        is_sandbox: config.sandbox,
        hsts: config.hsts.0,
        webhook_reach: if config.webhook_allow_private { Reach::Anywhere } else { Reach::Public },
        refusal_pause: TimeDelta::minutes(config.mail.refusal_pause.into()),
        stall: Duration::from_secs(config.stall_timeout.into()),
    })
}

fn post_office(config: &Config, secrets: &Secrets) -> Result<PostOffice, String> {
    let smtp_url = secrets.smtp_url.as_ref().map(|it| it.reveal().as_str());
    Ok(PostOffice {
        mailer: Mailer::new(&config.mail.from, smtp_url, config.data_dir.join("mail"))?,
        links: Links {
            public_url: config.public_url(),
            portal_url: config.mail.portal_url()?,
            ticket_url: config.mail.ticket_url()?,
            reset_url: config.mail.reset_url()?,
            invite_url: config.mail.invite_url()?,
            reply_domain: config.mail.reply_domain()?,
            inbox: config.mail.inbox()?.map(|(address, _)| address.to_owned()),
            vendor: Vendor {
                name: config.mail.vendor_name.clone().filter(|it| !it.is_empty()),
                address: config.mail.vendor_address.clone().filter(|it| !it.is_empty()),
            },
        },
        compose: mail_kinds::compose,
        note_refused: undeliverable::count_failure,
    })
}

/// The file storage. Processes that share a database have to be configured to share their files as well.
/// Errors: the sentence that says what is wrong with the setting.
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

/// Refuses a database whose clock was set forward by a sandbox: it is not a production system.
fn refuse_moved_clock(db: &Db, is_sandbox: bool) -> Result<(), String> {
    let now = db.transaction_here(|conn| Ok(clock::now(conn)?)).map_err(|it| it.to_string())?;
    if is_sandbox || now.rules == now.real {
        return Ok(());
    }
    Err("the clock of this database was set forward in a sandbox: serve it with --sandbox".into())
}

/// Logs what needs attention about the calendar.
fn warn_about_calendar(db: &Db) -> Result<(), String> {
    let warnings = db.transaction_here(|conn| {
        let rules = settings::latest(conn)?;
        Ok(rules.calendar.warnings(clock::now(conn)?.rules))
    });
    for warning in warnings.map_err(|it| it.to_string())? {
        log::warn!("{warning}: {}", warning.text().en);
    }
    Ok(())
}
