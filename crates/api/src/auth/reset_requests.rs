//! Requests for a new password: stored as they arrive and handled by a job, so that the response cannot reveal
//! whether there is an account.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use crate::auth::account::Account;
use crate::db::clock::real_now;
use crate::db::schema::password_reset_requests as requests;
use crate::mail::outbox;
use crate::mail::outbox::Kind;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// A batch, in the order of the addresses.
const TAKE_BATCH: &str = "
    delete from password_reset_requests where email_folded in (
        select email_folded from password_reset_requests order by email_folded limit 100
        for update skip locked)
    returning email_folded";

#[derive(QueryableByName)]
struct Request {
    #[diesel(sql_type = Text)]
    email_folded: String,
}

/// Stores a request, unless one for the address is already waiting.
pub fn store(email_folded: &str, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::insert_into(requests::table)
        .values(requests::email_folded.eq(email_folded))
        .on_conflict_do_nothing()
        .execute(conn)
}

/// Queues the mails for a batch of requests. Addresses without an active account get none.
pub fn handle(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let taken: Vec<Request> = sql_query(TAKE_BATCH).load(conn)?;
    for request in &taken {
        let account = Account::by_email(&request.email_folded, conn)?;
        if let Some(account) = account.filter(|it| it.is_active) {
            outbox::queue(Kind::PasswordReset, account.id, real_now(conn)?, conn)?;
        }
    }
    Ok(Progress::of(taken.len()))
}
