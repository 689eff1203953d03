//! `helpdesk inbound-mail --imap`: what waits in the mailbox is taken once, as the job does it.

use crate::config::{Config, Secrets};
use crate::db::Db;
use crate::inbound::imap::ImapFetch;
use crate::jobs::outgoing::Outgoing;
use crate::storage::Storage;
use crate::worker::batch::Progress;

/// Takes all that waits.
/// Errors: the sentence that says what is missing or failed; what was not taken waits.
pub fn fetch_once(
    config: &Config,
    secrets: &Secrets,
    db: &Db,
    storage: &Storage,
) -> Result<(), String> {
    let imap = ImapFetch::of(config, secrets)?.ok_or("HELPDESK_IMAP_URL is not set")?;
    let outgoing = Outgoing::new(config.no_outgoing, config.home(), db);
    let outgoing = outgoing.map_err(|it| it.to_string())?;
    if outgoing.is_stopped() {
        return Err(
            "this is a copy of a database: it fetches no mail until `helpdesk outgoing resume`"
                .to_owned(),
        );
    }
    loop {
        let progress = outgoing.unless_copy(db, || imap.fetch_batch(db, storage));
        match progress.map_err(|it| it.to_string())? {
            Progress::Worked => {}
            Progress::Finished | Progress::Idle => return Ok(()),
        }
    }
}
