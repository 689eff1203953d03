//! The people of a company that is closed: nobody is deleted or deactivated, and nobody has access.

use diesel::prelude::*;

use crate::db::schema::users;

/// Suspends the active people of a company; returns them. As everywhere, they are locked in the order of ids.
pub fn suspend(company_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    change(company_id, true, conn)
}

/// Ends the suspension: those who were active before are active again.
pub fn resume(company_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    change(company_id, false, conn)
}

fn change(company_id: i64, to: bool, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let people: Vec<i64> = users::table
        .filter(users::company_id.eq(company_id))
        .filter(users::is_active.eq(to))
        .filter(users::is_suspended.ne(to))
        .order(users::id)
        .select(users::id)
        .for_no_key_update()
        .load(conn)?;
    diesel::update(users::table.filter(users::id.eq_any(&people)))
        .set((
            users::is_active.eq(!to),
            users::is_suspended.eq(to),
            users::version.eq(users::version + 1),
        ))
        .execute(conn)?;
    Ok(people)
}
