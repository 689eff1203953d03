//! Where merged tickets go on (3.4.1.4).

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};

use crate::db::named::Named;

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The ticket in which one goes on: itself, unless it was merged into another one, which may have been merged,
/// too. A ticket is merged only into one that has not been, so there are no cycles.
pub fn final_ticket(id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    let last = "with recursive merged (id, into_id) as (
            select id, merged_into from tickets where id = $1
            union
            select tickets.id, tickets.merged_into from tickets join merged on tickets.id = merged.into_id
        )
        select id from merged where into_id is null";
    let last = Named(diesel::sql_query(last).bind::<BigInt, _>(id));
    let last: Option<Last> = last.get_result(conn).optional()?;
    Ok(last.map_or(id, |it| it.id))
}

/// What merging has to know of other rows.
#[derive(Debug, QueryableByName)]
pub struct MergeRow {
    /// The open children of the ticket, of which at most 20 are named.
    #[diesel(sql_type = Array<BigInt>)]
    pub open_children: Vec<i64>,
    /// Who watches the ticket.
    #[diesel(sql_type = Array<BigInt>)]
    pub watchers: Vec<i64>,
    /// Who watches the other one.
    #[diesel(sql_type = Array<BigInt>)]
    pub target_watchers: Vec<i64>,
    /// How many tickets were merged into the other one before.
    #[diesel(sql_type = BigInt)]
    pub merged_before: i64,
}

impl MergeRow {
    /// Read once both tickets are locked.
    pub fn load(id: i64, into: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        let statement = diesel::sql_query(include_str!("merged.sql"))
            .bind::<BigInt, _>(id)
            .bind::<BigInt, _>(into);
        Named(statement).get_result(conn)
    }
}
