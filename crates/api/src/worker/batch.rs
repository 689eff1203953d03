//! A portion of work: what it is done with, what it comes to, and how one worker of all
//! processes is at it.

use diesel::PgConnection;

use crate::db;
use crate::db::Db;
use crate::mail::transport::Mailer;
use crate::problem::Problem;
use crate::storage::Storage;
use crate::webhooks::client::WebhookClient;

/// What jobs work with.
pub struct JobContext {
    /// The jobs' own way to the database.
    pub db: Db,
    pub mailer: Mailer,
    /// The bytes of files.
    pub storage: Storage,
    /// How clients reach the API.
    pub public_url: String,
    /// The front end's page of a ticket, with `{id}` for its number.
    pub ticket_url: Option<String>,
    /// How messages to webhooks leave.
    pub courier: WebhookClient,
    /// The domain of the addresses to which answers go, if they are taken.
    pub reply_domain: Option<String>,
}

impl JobContext {
    /// The front end's page of a ticket, if there is one.
    pub fn ticket_url(&self, id: i64) -> Option<String> {
        self.ticket_url.as_ref().map(|it| it.replace("{id}", &id.to_string()))
    }
}

/// What a portion of work came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Something was done, and there may be more.
    Worked,
    /// There was nothing to do.
    Idle,
}

/// Does `work` in one transaction, unless another worker, of whatever process, is at it.
///
/// # Errors
/// Those of `work`; a failure of the database.
pub fn run_exclusively(
    name: &str,
    db: &Db,
    work: impl FnOnce(&mut PgConnection) -> Result<Progress, Problem>,
) -> Result<Progress, Problem> {
    db.transaction_here(|conn| {
        if db::try_advisory_lock(&format!("job/{name}"), conn)? {
            work(conn)
        } else {
            Ok(Progress::Idle)
        }
    })
}
