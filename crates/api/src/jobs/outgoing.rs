//! Whether this process sends mail and webhook messages, and fetches mail from a mailbox.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::db::{Db, installation};
use crate::problem::Problem;
use crate::worker::batch::Progress;

#[derive(Debug)]
pub struct Outgoing {
    /// Sending is switched off by a setting.
    is_switched_off: bool,
    public_url: String,
    is_stopped: AtomicBool,
}

impl Outgoing {
    /// Nothing is sent or fetched if a setting says so, or from a copy of a database that was restored elsewhere.
    pub fn new(is_switched_off: bool, public_url: String, db: &Db) -> Result<Self, Problem> {
        let outgoing =
            Self { is_switched_off, public_url, is_stopped: AtomicBool::new(is_switched_off) };
        if !is_switched_off && !outgoing.is_original(db)? {
            outgoing.is_stopped.store(true, Ordering::Relaxed);
            log::error!(
                "this database was moved or copied, or HELPDESK_PUBLIC_URL has changed: no mail and no \
                 webhook leaves, and no mail is fetched, until `helpdesk outgoing resume`"
            );
        }
        Ok(outgoing)
    }

    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Does what a copy of a database must not do, unless this is one. Once somebody has declared this the home of the
    /// database, it is done again.
    pub fn unless_copy(
        &self,
        db: &Db,
        work: impl FnOnce() -> Result<Progress, Problem>,
    ) -> Result<Progress, Problem> {
        if self.is_stopped() && (self.is_switched_off || !self.is_original(db)?) {
            return Ok(Progress::Idle);
        }
        self.is_stopped.store(false, Ordering::Relaxed);
        work()
    }

    fn is_original(&self, db: &Db) -> Result<bool, Problem> {
        db.transaction_here(|conn| Ok(installation::is_original(&self.public_url, conn)?))
    }
}
