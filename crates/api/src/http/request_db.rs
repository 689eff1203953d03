//! The database for a request, on behalf of its sender.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use diesel::PgConnection;

use crate::config::hmac_key::HmacKey;
use crate::db::{Cost, Db, Party};
use crate::http::caller::Caller;
use crate::http::client_address::ClientAddress;
use crate::problem::Problem;

/// The database for handlers: people take turns at it ([`Db::run`]).
#[derive(Clone)]
pub struct RequestDb {
    db: Data<Db>,
    party: Party,
}

impl RequestDb {
    /// The database on behalf of the caller, or of their network if the caller is unknown.
    /// Errors: `unexpected` where the service is not put together.
    pub fn of(req: &HttpRequest) -> Result<Self, Problem> {
        let db = req.app_data::<Data<Db>>().cloned();
        let db = db.ok_or_else(|| Problem::unexpected("the database is not set up"))?;
        let caller = req.extensions().get::<Caller>().map(|it| Party::Person(it.user_id));
        Ok(Self {
            db,
            party: caller.unwrap_or_else(|| Party::Network(ClientAddress::of(req).counted())),
        })
    }

    /// The same on behalf of a person who has not been authenticated yet.
    pub fn of_person(self, user_id: i64) -> Self {
        Self { party: Party::Person(user_id), ..self }
    }

    /// The key of the history in it.
    pub fn history_key(&self) -> &HmacKey {
        self.db.history_key()
    }

    /// Runs statements that need no transaction.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.db.run(self.party, Cost::Little, work).await
    }

    /// The same for statements that may take seconds: of them few run at once, whoever asks.
    pub async fn run_costly<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.db.run(self.party, Cost::Much, work).await
    }

    /// Does long work that needs no database, before a connection or a lock is taken.
    /// Errors: as [`Db::compute`].
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.db.compute(self.party, work).await
    }

    /// Runs `work` in one transaction: `Ok` commits, `Err` rolls back.
    pub async fn transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.db.transaction(self.party, work).await
    }
}

impl FromRequest for RequestDb {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req))
    }
}
