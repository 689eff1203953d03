//! One attempt at a request: its work is done once, and its response is stored with it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::PgConnection;
use diesel::prelude::*;
use domain::Language;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::BASE;
use crate::db;
use crate::db::string_enum::DbEnum;
use crate::events::done::{Done, recorded};
use crate::http::caller::Caller;
use crate::http::document::header_as;
use crate::http::fingerprint::Fingerprint;
use crate::http::language::chosen_language;
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, Outcome};
use crate::http::service::Service;
use crate::idempotency::key::{Key, MAX_HEADER, PATTERN};
use crate::idempotency::store::StoredResponse;
use crate::problem::{Code, Problem};

/// The database for handlers of POST, which does the work of a repeated request only once.
pub struct Idempotent {
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    key: Option<Key>,
}

impl FromRequest for Idempotent {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}

impl IntoParams for Idempotent {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let key = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX_HEADER))
            .pattern(Some(PATTERN));
        vec![header_as("Idempotency-Key", KEY, key.build())]
    }
}

const KEY: &str = "A key of your choice for this request, 1 to 255 visible ASCII characters, quoted \
    or bare: if the request is repeated with the same key and body within 24 hours, it takes effect \
    once and gets the same response";

impl Idempotent {
    fn of(req: &HttpRequest) -> Result<Self, Problem> {
        let caller = req.extensions().get::<Caller>().cloned();
        let caller = caller.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        let db = RequestDb::of(req)?;
        Ok(Self { req: req.clone(), db, caller, key: Key::of(req.headers())? })
    }

    /// Does `work` in one transaction: `Ok` commits, `Err` rolls back. If the request came with a key, the
    /// response is stored in the same transaction, and a repeated request gets the stored response. Errors:
    /// those of `work`; `request_in_progress` while the same request is in progress, `idempotency_key_reused`
    /// for a key that came with another body; as [`RequestDb::run`].
    pub async fn run<O>(
        self,
        work: impl FnOnce(&mut PgConnection) -> Result<Done<O>, Problem> + Send + 'static,
    ) -> Result<ApiResponse, Problem>
    where
        O: TryInto<Outcome> + 'static,
        Problem: From<O::Error>,
    {
        let work = move |conn: &mut PgConnection| work(conn)?.try_map(|it| Ok(it.try_into()?));
        let outcome = match self.key.as_ref().map(|key| self.attempt(key)) {
            None => self.db.transaction(recorded(self.db.history_key(), work)).await?,
            Some(attempt) => {
                let work = move |conn: &mut PgConnection| attempt.make(work, conn);
                self.db.transaction(recorded(self.db.history_key(), work)).await?
            }
        };
        match outcome {
            Outcome::Answered(response) => Ok(response),
            Outcome::Refused(problem) => Err(*problem),
        }
    }

    /// The response to the same request, if it was handled before: for handlers that prepare at length before
    /// [`Self::run`]. Errors: as there, for a request that was refused or came with another body.
    pub async fn replayed(&self) -> Result<Option<ApiResponse>, Problem> {
        let Some(key) = &self.key else { return Ok(None) };
        let attempt = self.attempt(key);
        let find = move |conn: &mut PgConnection| {
            StoredResponse::find(&attempt.scope, conn)?.map(|it| attempt.replay(it)).transpose()
        };
        match self.db.run(find).await? {
            None => Ok(None),
            Some(Outcome::Answered(response)) => Ok(Some(response)),
            Some(Outcome::Refused(problem)) => Err(*problem),
        }
    }

    /// Does long work that needs no database, before the transaction begins.
    /// Errors: as [`RequestDb::compute`].
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.db.compute(work).await
    }

    fn attempt(&self, key: &Key) -> Attempt {
        let user_id = self.caller.user_id;
        let (method, path) = (self.req.method(), self.req.path());
        let scope = Sha256::digest(format!("{user_id}\n{method}\n{path}\n{}", key.as_str()));
        let fingerprint = self.req.extensions().get::<Fingerprint>().map(|it| it.0.clone());
        let service = self.req.app_data::<Data<Service>>();
        Attempt {
            scope: scope.to_vec(),
            fingerprint: fingerprint.unwrap_or_default(),
            caller: self.caller.clone(),
            path: path.to_owned(),
            language: chosen_language(&self.req),
            public_url: service.map(|it| it.public_url.clone()).unwrap_or_default(),
        }
    }
}

/// One attempt at a request with a key.
struct Attempt {
    scope: Vec<u8>,
    fingerprint: Vec<u8>,
    caller: Caller,
    path: String,
    language: Language,
    public_url: String,
}

impl Attempt {
    /// Does the work unless it has been done, and stores the response.
    ///
    /// The lock is taken before looking, in a statement of its own, so that its holder sees what the previous
    /// one committed. It ends with the transaction.
    fn make(
        self,
        work: impl FnOnce(&mut PgConnection) -> Result<Done<Outcome>, Problem>,
        conn: &mut PgConnection,
    ) -> Result<Done<Outcome>, Problem> {
        let name = format!("idempotency/{}", URL_SAFE_NO_PAD.encode(&self.scope));
        if !db::try_advisory_lock(&name, conn)? {
            let still = Problem::new(Code::RequestInProgress);
            return Err(Problem { retry_after: Some(1), ..still });
        }
        if let Some(stored) = StoredResponse::find(&self.scope, conn)? {
            return self.replay(stored).map(Done::new);
        }
        // A refusal by a rule is stored as well, but whatever the work wrote before it is rolled back.
        let done = match conn.transaction(|conn| work(conn)) {
            Err(problem) if problem.code.is_rule_violation() => {
                Done::new(Outcome::problem(problem))
            }
            done => done?,
        };
        done.try_map(|outcome| {
            self.stored(&outcome).create(conn)?;
            Ok(outcome)
        })
    }

    /// The stored response, if the caller may still see it.
    fn replay(&self, stored: StoredResponse) -> Result<Outcome, Problem> {
        if stored.fingerprint != self.fingerprint {
            return Err(Problem::new(Code::IdempotencyKeyReused));
        }
        let is_seen_alike = stored.role.0 == self.caller.role
            && stored.company_id == self.caller.company_id()
            && stored.project_ids == self.caller.listed_projects();
        if !is_seen_alike || stored.is_blanked {
            return Err(Problem::new(Code::NotFound));
        }
        stored.outcome()
    }

    fn stored(&self, outcome: &Outcome) -> StoredResponse {
        let (response, body) = match outcome {
            Outcome::Answered(response) => (response.clone(), response.body.clone()),
            Outcome::Refused(problem) => {
                let document = problem.document(self.language, &self.public_url, "");
                (ApiResponse::bare(problem.code.status()), Some(document.to_string()))
            }
        };
        let named = |folder: &str| {
            let created = || id_in(folder, response.location.as_deref()?);
            id_in(folder, &self.path).or_else(created)
        };
        let (ticket_id, article_id) = (named("/tickets/"), named("/articles/"));
        StoredResponse {
            scope: self.scope.clone(),
            fingerprint: self.fingerprint.clone(),
            role: DbEnum(self.caller.role),
            company_id: self.caller.company_id(),
            project_ids: self.caller.listed_projects(),
            ticket_id,
            article_id,
            status: response.status.as_u16().cast_signed(),
            location: response.location,
            etag: response.etag,
            language: DbEnum(self.language),
            body,
            is_blanked: false,
            created_at: self.caller.real_now,
        }
    }
}

/// The id in a path of a collection.
fn id_in(collection: &str, address: &str) -> Option<i64> {
    address.strip_prefix(BASE)?.strip_prefix(collection)?.split('/').next()?.parse().ok()
}
