//! The index of articles: it changes in the transaction in which an article is published or withdrawn.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};

use crate::db::advisory_lock;
use crate::search::find::tsquery::PUBLIC;
use crate::search::index::JOB;
use crate::search::index::read::articles;
use crate::search::index::vocabulary::{Learned, OF_PUBLIC_ARTICLES, OF_SUPPORT, Stored};
use crate::search::index::write::{vector, words};
use crate::worker::batch::lock_of;

/// Updates the index of some articles; waits for the current writer of the index.
pub fn refresh(ids: &[i64], conn: &mut PgConnection) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    advisory_lock(&lock_of(JOB), conn)?;
    let found = articles(ids, conn)?;
    let mark = |is_public: bool| if is_public { vec![PUBLIC.to_owned()] } else { Vec::new() };
    let column = |of: fn(&super::read::IndexedArticle) -> i64| -> Vec<i64> {
        found.iter().map(of).collect()
    };
    let vectors: Vec<String> =
        found.iter().map(|it| vector(&mark(it.is_public), &it.document)).collect();
    let texts: Vec<String> = found.iter().map(|it| words(&it.document)).collect();
    let is_public: Vec<bool> = found.iter().map(|it| it.is_public).collect();
    let known = diesel::sql_query(include_str!("stored_articles.sql"));
    let known: Vec<Stored> = known.bind::<Array<BigInt>, _>(ids).load(conn)?;
    let mut learned = Learned::default();
    for it in &found {
        learned.gain(OF_SUPPORT, &it.document);
        if it.is_public {
            learned.gain(OF_PUBLIC_ARTICLES, &it.document);
        }
    }
    known.iter().for_each(|it| learned.lose(it));
    diesel::sql_query(include_str!("write_articles.sql"))
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<BigInt>, _>(column(|it| it.article_id))
        .bind::<Array<Bool>, _>(is_public)
        .bind::<Array<Text>, _>(vectors)
        .bind::<Array<Text>, _>(texts)
        .execute(conn)?;
    learned.write(conn)
}
