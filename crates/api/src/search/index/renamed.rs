//! Tickets and articles are found by the names of their products: after a renaming they
//! are reindexed in batches.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::{article_versions, articles, search_renamed, tickets};
use crate::search::index;

/// Tickets in one transaction.
const BATCH_SIZE: i64 = 200;

/// A product with a new name.
#[derive(Debug, HasQuery)]
#[diesel(table_name = search_renamed)]
struct Renamed {
    product_id: i64,
    before_at: Option<DateTime<Utc>>,
    before_id: Option<i64>,
}

/// Indexes the next tickets of a product that was renamed; returns whether there were any.
pub fn follow(conn: &mut PgConnection) -> QueryResult<bool> {
    let next = Renamed::query().order(search_renamed::product_id).for_update().skip_locked();
    let Some(renamed) = next.first(conn).optional()? else { return Ok(false) };
    if renamed.before_id.is_none() {
        index::articles::refresh(&renamed.articles(conn)?, conn)?;
    }
    let batch = renamed.tickets(conn)?;
    let ids: Vec<i64> = batch.iter().map(|it| it.0).collect();
    index::refresh(&ids, conn)?;
    let row = search_renamed::table.find(renamed.product_id);
    match batch.last() {
        Some((id, at)) => diesel::update(row)
            .set((search_renamed::before_at.eq(at), search_renamed::before_id.eq(id)))
            .execute(conn)?,
        None => diesel::delete(row).execute(conn)?,
    };
    Ok(true)
}

impl Renamed {
    fn tickets(&self, conn: &mut PgConnection) -> QueryResult<Vec<(i64, DateTime<Utc>)>> {
        use tickets::{created_at, id};

        let mut next = tickets::table
            .filter(tickets::product_id.eq(self.product_id))
            .order((created_at.desc(), id.desc()))
            .limit(BATCH_SIZE)
            .select((id, created_at))
            .into_boxed();
        if let (Some(at), Some(before)) = (self.before_at, self.before_id) {
            next = next.filter(created_at.le(at).and(created_at.lt(at).or(id.lt(before))));
        }
        next.load(conn)
    }

    fn articles(&self, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
        articles::table
            .inner_join(article_versions::table)
            .filter(article_versions::version.nullable().eq(articles::published_version))
            .filter(article_versions::product_ids.contains(vec![self.product_id]))
            .select(articles::id)
            .load(conn)
    }
}
