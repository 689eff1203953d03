//! The rows of what was imported.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;

use crate::db::schema::{imported, imports};
use crate::import::format::Source;

/// The progress of an import.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = imports)]
pub struct ImportRow {
    pub address: String,
    pub lists: Value,
    pub walked_to: i64,
    pub is_whole: bool,
    pub shift: i64,
}

impl ImportRow {
    pub fn find(system: &str, conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        Self::query().filter(imports::system.eq(system)).first(conn).optional()
    }

    pub fn record(source: &Source, shift: i64, conn: &mut PgConnection) -> QueryResult<()> {
        let lists = serde_json::to_value(&source.lists).unwrap_or_default();
        diesel::insert_into(imports::table)
            .values((
                imports::system.eq(&source.system),
                imports::address.eq(&source.address),
                imports::lists.eq(&lists),
                imports::shift.eq(shift),
            ))
            .on_conflict(imports::system)
            .do_update()
            .set((imports::address.eq(&source.address), imports::lists.eq(&lists)))
            .execute(conn)?;
        Ok(())
    }

    pub fn walked(system: &str, to: i64, conn: &mut PgConnection) -> QueryResult<()> {
        let row = diesel::update(imports::table.find(system));
        row.set(imports::walked_to.eq(to)).execute(conn)?;
        Ok(())
    }

    /// Records that everything has been imported once.
    pub fn ended(system: &str, conn: &mut PgConnection) -> QueryResult<()> {
        let row = diesel::update(imports::table.find(system));
        row.set(imports::is_whole.eq(true)).execute(conn)?;
        Ok(())
    }
}

/// Refuses a second system, whose numbers would collide.
/// Errors: the sentence that names the other one.
pub fn refuse_other_system(system: &str, conn: &mut PgConnection) -> Result<(), String> {
    let other = imports::table.filter(imports::system.ne(system)).select(imports::system);
    let other: Option<String> = other.first(conn).optional().map_err(|it| it.to_string())?;
    match other {
        Some(other) => Err(format!(
            "what was imported came from another system ({other}); --discard-import throws it away"
        )),
        None => Ok(()),
    }
}

#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = imported)]
pub struct ImportedRow {
    pub source_id: i64,
    pub id: Option<i64>,
    pub content_hash: Option<String>,
    pub list_hash: Option<String>,
    pub seq: Option<i64>,
    pub about: Value,
}

/// An imported thing to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = imported)]
pub struct NewImported {
    pub kind: &'static str,
    pub source_id: i64,
    pub id: Option<i64>,
    pub content_hash: Option<String>,
    pub list_hash: Option<String>,
    pub seq: Option<i64>,
    pub about: Value,
}

impl NewImported {
    pub fn plain(kind: &'static str, source_id: i64, id: Option<i64>) -> Self {
        let about = Value::Object(serde_json::Map::new());
        Self { kind, source_id, id, content_hash: None, list_hash: None, seq: None, about }
    }
}

/// The given things that were imported, by their numbers in the source.
pub fn known(
    kind: &str,
    source_ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, ImportedRow>> {
    let rows: Vec<ImportedRow> = ImportedRow::query()
        .filter(imported::kind.eq(kind))
        .filter(imported::source_id.eq_any(source_ids))
        .load(conn)?;
    Ok(rows.into_iter().map(|it| (it.source_id, it)).collect())
}

/// All things of a kind, by their numbers in the source.
pub fn of_kind(kind: &str, conn: &mut PgConnection) -> QueryResult<HashMap<i64, ImportedRow>> {
    let rows: Vec<ImportedRow> = ImportedRow::query().filter(imported::kind.eq(kind)).load(conn)?;
    Ok(rows.into_iter().map(|it| (it.source_id, it)).collect())
}

/// Records that an import created a row: only such rows are discarded with it. The row has no number in the source, so
/// its id stands for that.
pub fn created(kind: &'static str, id: i64, conn: &mut PgConnection) -> QueryResult<()> {
    record(vec![NewImported::plain(kind, id, Some(id))], conn)
}

/// All things of a kind: ids by numbers in the source.
pub fn numbers(kind: &str, conn: &mut PgConnection) -> QueryResult<HashMap<i64, i64>> {
    let rows: Vec<(i64, Option<i64>)> = imported::table
        .filter(imported::kind.eq(kind))
        .select((imported::source_id, imported::id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(there, here)| Some((there, here?))).collect())
}

/// Records things, replacing earlier records.
pub fn record(rows: Vec<NewImported>, conn: &mut PgConnection) -> QueryResult<()> {
    use diesel::upsert::excluded;

    if rows.is_empty() {
        return Ok(());
    }
    diesel::insert_into(imported::table)
        .values(rows)
        .on_conflict((imported::kind, imported::source_id))
        .do_update()
        .set((
            imported::id.eq(excluded(imported::id)),
            imported::content_hash.eq(excluded(imported::content_hash)),
            imported::list_hash.eq(excluded(imported::list_hash)),
            imported::seq.eq(excluded(imported::seq)),
            imported::about.eq(excluded(imported::about)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A page of imported tickets in the order of the source, with their fingerprints.
pub fn tickets_after(
    after: i64,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, Option<String>)>> {
    imported::table
        .filter(imported::kind.eq("ticket"))
        .filter(imported::source_id.gt(after))
        .order(imported::source_id)
        .limit(most)
        .select((imported::source_id, imported::list_hash))
        .load(conn)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Nullable<BigInt>)]
    id: Option<i64>,
}

/// The first ticket up to a number that was filed here.
pub fn own_ticket_up_to(number: i64, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
    let sql = "select min(tickets.id) as id from tickets
               left join imported on imported.kind = 'ticket' and imported.id = tickets.id
               where tickets.id <= $1 and imported.id is null";
    let found: Found = diesel::sql_query(sql).bind::<BigInt, _>(number).get_result(conn)?;
    Ok(found.id)
}

/// The last number before those that are, or will be, of tickets that people file here.
pub fn free_up_to(highest: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    let sql = "select coalesce(min(tickets.id) - 1, greatest($1, (
                   select last_value from pg_sequences
                   where schemaname = current_schema() and sequencename = 'tickets_id_seq'))) as id
               from tickets left join imported on imported.kind = 'ticket' and imported.id = tickets.id
               where tickets.id > $1 and imported.id is null";
    let found: Found = diesel::sql_query(sql).bind::<BigInt, _>(highest).get_result(conn)?;
    Ok(found.id.unwrap_or(highest))
}

/// Makes sure that new tickets get greater numbers.
pub fn reserve_up_to(number: i64, conn: &mut PgConnection) -> QueryResult<()> {
    let sql = "select setval(pg_get_serial_sequence('tickets', 'id'), $1)
               where $1 > (select last_value from pg_sequences
                           where schemaname = current_schema() and sequencename = 'tickets_id_seq')
                  or (select last_value from pg_sequences
                      where schemaname = current_schema() and sequencename = 'tickets_id_seq') is null";
    diesel::sql_query(sql).bind::<BigInt, _>(number).execute(conn)?;
    Ok(())
}

/// Whether a ticket has events after the last one of the import.
pub fn is_touched(ticket_id: i64, seq: i64, conn: &mut PgConnection) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Touched {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        is_touched: bool,
    }
    // Deadline events do not count.
    let sql = "select exists (
                   select from events where ticket_id = $1 and seq > $2
                   and type not in ('ticket.deadline_near', 'ticket.deadline_missed', 'ticket.imported',
                                    'ticket.deadline_recalculated', 'ticket.closing_near', 'ticket.review_due')
               ) as is_touched";
    let found: Touched = diesel::sql_query(sql)
        .bind::<BigInt, _>(ticket_id)
        .bind::<BigInt, _>(seq)
        .get_result(conn)?;
    Ok(found.is_touched)
}

/// Takes the import's lock for this connection; returns false if another one holds it.
pub fn try_lock(conn: &mut PgConnection) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Locked {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        is_locked: bool,
    }
    let sql = "select pg_try_advisory_lock(hashtextextended($1, 0)) as is_locked";
    let found: Locked = diesel::sql_query(sql).bind::<Text, _>("import").get_result(conn)?;
    Ok(found.is_locked)
}
