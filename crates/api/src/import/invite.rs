//! `import invite`: imported people get their one-time password by mail, in batches.

use diesel::prelude::*;

use crate::db::Database;
use crate::db::clock::real_now;
use crate::import::options::InviteOptions;
use crate::import::store::{Uninvited, uninvited};
use crate::import::writer::rows;
use crate::mail::outbox;
use crate::settings;

/// Queues a batch of invitations; returns the recipients.
/// Errors: the sentence that says why it could not be done.
pub fn invite(options: &InviteOptions, database: &Database) -> Result<String, String> {
    let mut conn = database.connect()?;
    let done = conn.transaction(|conn| {
        if !rows::try_lock(conn)? {
            return Ok(None);
        }
        let people = uninvited(options.direction.as_deref(), options.most, conn)?;
        let now = real_now(conn)?;
        let calendar = &settings::latest(conn)?.calendar;
        for person in &people {
            outbox::invite(person.id, calendar, now, conn)?;
        }
        Ok(Some(people))
    });
    let done: Option<Vec<Uninvited>> = done.map_err(|it: diesel::result::Error| it.to_string())?;
    let people = done.ok_or("another import is running")?;
    let addresses: Vec<String> = people.iter().map(|it| format!("\n  {}", it.email)).collect();
    Ok(format!("{} people are invited{}", people.len(), addresses.concat()))
}
