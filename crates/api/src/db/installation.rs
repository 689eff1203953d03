//! Whether a database is where it was: a copy that was restored elsewhere must not send anything to anybody.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::schema::installation;

/// Identifies the place of a database.
#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Text)]
    place: String,
}

/// Where the database is, and under which URL it is served.
fn place(public_url: &str, conn: &mut PgConnection) -> QueryResult<String> {
    let found: Place = diesel::sql_query(
        "select (select system_identifier from pg_control_system())::text || '/' || oid::text as place
         from pg_database where datname = current_database()",
    )
    .get_result(conn)?;
    Ok(format!("{}/{public_url}", found.place))
}

/// Whether the database is at its home; the place of the first call becomes its home.
pub fn is_original(public_url: &str, conn: &mut PgConnection) -> QueryResult<bool> {
    let place = place(public_url, conn)?;
    diesel::insert_into(installation::table)
        .values((installation::is_only.eq(true), installation::place.eq(&place)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    let known: String = installation::table.select(installation::place).first(conn)?;
    Ok(known == place)
}

/// Declares this the home of the database.
pub fn settle(public_url: &str, conn: &mut PgConnection) -> QueryResult<usize> {
    let place = place(public_url, conn)?;
    diesel::insert_into(installation::table)
        .values((installation::is_only.eq(true), installation::place.eq(&place)))
        .on_conflict(installation::is_only)
        .do_update()
        .set(installation::place.eq(&place))
        .execute(conn)
}
