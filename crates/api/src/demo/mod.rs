//! Demo data: an empty system filled with a few weeks of real-looking support, and many more
//! tickets of realistic shape for measurements.

mod bulk;
mod directory;
mod replay;
mod story;
mod views;

use chrono::Utc;
use diesel::prelude::*;

use crate::config::hmac_key::HmacKey;
use crate::db::Db;
use crate::db::schema::{tickets, users};
pub use crate::demo::bulk::add_tickets;
use crate::events::consumer;
use crate::events::done::recorded;
use crate::problem::Problem;
use crate::search::index;
use crate::tickets::deadlines::{alerts, auto_close};
use crate::worker::batch::Progress;

/// The password of every demo account. There are such accounts nowhere but where `demo` ran.
pub const PASSWORD: &str = "Demo-2026-portal";

/// The accounts to show to a newcomer: one of each role.
pub const ACCOUNTS: [&str; 4] = [
    "customer@helpdesk.example",
    "engineer@helpdesk.example",
    "commercial@helpdesk.example",
    "admin@helpdesk.example",
];

/// Fills an empty system; returns whether it was empty.
///
/// Every step goes through the rules, as if the person of the story had made it then.
/// Errors: a failure of the database, or a step that the rules refuse.
pub fn fill(db: &Db) -> Result<bool, Problem> {
    let is_empty = db.transaction_here(|conn| {
        Ok(users::table.select(diesel::dsl::count_star()).first::<i64>(conn)? == 0)
    })?;
    if !is_empty {
        return Ok(false);
    }
    db.transaction_here(|conn| {
        let people = directory::register(conn)?;
        replay::replay(&people, db.history_key(), conn)?;
        views::create(&people, conn)?;
        settle(db.history_key(), conn)?;
        // Nobody is notified of the made-up past, and it is found at once.
        consumer::skip_all(conn)?;
        let ids: Vec<i64> = tickets::table.select(tickets::id).load(conn)?;
        Ok(index::refresh(&ids, conn)?)
    })?;
    Ok(true)
}

/// Raises what the made-up past has made due, so that the jobs find nothing of it.
fn settle(key: &HmacKey, conn: &mut PgConnection) -> Result<(), Problem> {
    let now = Utc::now();
    for raise in [alerts::raise_due, auto_close::remind, auto_close::review] {
        while recorded(key, |conn| raise(now, conn))(conn)? == Progress::Worked {}
    }
    Ok(())
}

/// Whether this is a demo: its accounts are there.
/// Errors: the sentence that says why the database cannot be asked.
pub fn is_demo(database_url: &str) -> Result<bool, String> {
    let mut conn = PgConnection::establish(database_url).map_err(|it| it.to_string())?;
    let known = users::table.filter(users::email_folded.eq(ACCOUNTS[0]));
    let found = diesel::select(diesel::dsl::exists(known)).get_result(&mut conn);
    found.map_err(|it| it.to_string())
}
