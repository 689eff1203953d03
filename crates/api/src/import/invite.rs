//! `import invite`: imported people get their one-time password by mail, in batches.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::db::Database;
use crate::db::clock::real_now;
use crate::import::options::InviteOptions;
use crate::import::writer::rows;
use crate::mail::outbox;
use crate::settings;

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    email: String,
}

/// Imported active accounts that have no password and have not been invited yet.
const WAITING: &str = "select users.id, users.email
    from imported join users on users.id = imported.id
    where imported.kind = 'person' and users.is_active and users.password_hash is null
      and not exists (
          select from mails where mails.user_id = users.id and mails.kind = 'invitation' and mails.dead_at is null
      )
      and ($1 is null or exists (
          select from directions where lower(directions.name) = lower($1) and (
              exists (select from direction_engineers as member
                      where member.direction_id = directions.id and member.user_id = users.id)
              or exists (select from project_members as member join projects on projects.id = member.project_id
                         where projects.direction_id = directions.id and member.user_id = users.id)
          )
      ))
    order by users.id limit $2";

/// Queues a batch of invitations; returns the recipients.
/// Errors: the sentence that says why it could not be done.
pub fn invite(options: &InviteOptions, database: &Database) -> Result<String, String> {
    let mut conn = database.connect()?;
    let done = conn.transaction(|conn| {
        if !rows::try_lock(conn)? {
            return Ok(None);
        }
        let people: Vec<Waiting> = diesel::sql_query(WAITING)
            .bind::<Nullable<Text>, _>(options.direction.as_deref())
            .bind::<BigInt, _>(options.most)
            .load(conn)?;
        let now = real_now(conn)?;
        let calendar = &settings::latest(conn)?.calendar;
        for person in &people {
            outbox::invite(person.id, calendar, now, conn)?;
        }
        Ok(Some(people))
    });
    let done: Option<Vec<Waiting>> = done.map_err(|it: diesel::result::Error| it.to_string())?;
    let people = done.ok_or("another import is running")?;
    let addresses: Vec<String> = people.iter().map(|it| format!("\n  {}", it.email)).collect();
    Ok(format!("{} people are invited{}", people.len(), addresses.concat()))
}
