//! Sets parents and links once both tickets exist.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

/// For all written tickets. Both stay within a company; references across companies are
/// returned for the report.
pub fn settle(written: &[i64], shift: i64, conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    for ids in written.chunks(5_000) {
        let parents = "update tickets set parent_id = parent.id
            from imported join tickets as parent
                on parent.id = (imported.about ->> 'pending_parent')::bigint + $2
            where imported.kind = 'ticket' and imported.id = any($1) and tickets.id = imported.id
              and tickets.parent_id is null and parent.company_id = tickets.company_id
              and parent.id <> tickets.id";
        diesel::sql_query(parents)
            .bind::<Array<BigInt>, _>(ids)
            .bind::<BigInt, _>(shift)
            .execute(conn)?;
        let links = "with pair as (
                select one.id as one, other.id as other
                from imported
                cross join jsonb_array_elements(imported.about -> 'relations') as relation
                join tickets as one on one.id = imported.id
                join tickets as other on other.id = (relation ->> 'other')::bigint + $2
                where imported.kind = 'ticket' and imported.id = any($1)
                  and one.company_id = other.company_id and one.id <> other.id
            )
            insert into ticket_links (ticket_id, other_id)
            select one, other from pair union select other, one from pair
            on conflict do nothing";
        diesel::sql_query(links)
            .bind::<Array<BigInt>, _>(ids)
            .bind::<BigInt, _>(shift)
            .execute(conn)?;
    }
    skipped_relations(shift, conn)
}

#[derive(QueryableByName)]
struct SkippedRelation {
    #[diesel(sql_type = Text)]
    notice: String,
}

fn skipped_relations(shift: i64, conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let sql = "select format('ticket %s: %s ticket %s of another company: not brought over',
                             one.id, found.what, other.id) as notice
        from imported
        cross join lateral (
            select relation ->> 'kind' as what, (relation ->> 'other')::bigint as other
            from jsonb_array_elements(about -> 'relations') as relation
            union all
            select 'child of', (about ->> 'parent')::bigint where about ->> 'parent' is not null
        ) as found
        join tickets as one on one.id = imported.id
        join tickets as other on other.id = found.other + $1
        where imported.kind = 'ticket' and one.company_id <> other.company_id
        order by one.id";
    let rows: Vec<SkippedRelation> = diesel::sql_query(sql).bind::<BigInt, _>(shift).load(conn)?;
    Ok(rows.into_iter().map(|it| it.notice).collect())
}
