//! What the vocabularies learn from documents that are written, replaced or deleted.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use domain::search::Document;

use crate::db::named::Named;
use crate::search::find::tsquery::plain_lexeme;

/// The vocabulary of support.
pub const OF_SUPPORT: i64 = 0;

/// The vocabulary of articles for customers.
pub const OF_PUBLIC_ARTICLES: i64 = -1;

/// What a row of the index contains.
#[derive(QueryableByName)]
pub struct Stored {
    #[diesel(sql_type = BigInt)]
    pub scope: i64,
    #[diesel(sql_type = Array<Text>)]
    lexemes: Vec<String>,
    /// Some with their spelling: `word=spelling`.
    #[diesel(sql_type = Array<Text>)]
    words: Vec<String>,
}

/// A word or a lexeme of a vocabulary; the empty lexeme stands for the document itself.
type Entry<'a> = (i64, bool, &'a str);

/// In how many more documents something is, and how it is spelled.
#[derive(Debug, Default)]
struct Change<'a> {
    documents: i32,
    spelling: Option<&'a str>,
}

#[derive(Debug, Default)]
pub struct Learned<'a>(HashMap<Entry<'a>, Change<'a>>);

impl<'a> Learned<'a> {
    /// A document comes into a vocabulary.
    pub fn gain(&mut self, scope: i64, document: &'a Document) {
        let lexemes = document.lexemes.keys().filter_map(|it| plain_lexeme(it));
        let words = document.words.iter().map(|(word, it)| (word.as_str(), it.as_deref()));
        self.count(1, scope, lexemes, words);
    }

    /// A row goes from its vocabulary.
    pub fn lose(&mut self, row: &'a Stored) {
        // What stands in files has lexemes of its own.
        let lexemes: HashSet<&str> = row.lexemes.iter().filter_map(|it| plain_lexeme(it)).collect();
        let words = row.words.iter().map(|it| match it.split_once('=') {
            Some((word, spelling)) => (word, Some(spelling)),
            None => (it.as_str(), None),
        });
        self.count(-1, row.scope, lexemes, words);
    }

    fn count(
        &mut self,
        documents: i32,
        scope: i64,
        lexemes: impl IntoIterator<Item = &'a str>,
        words: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    ) {
        let lexemes = std::iter::once("").chain(lexemes).map(|it| ((scope, false, it), None));
        for (entry, spelling) in lexemes.chain(words.map(|it| ((scope, true, it.0), it.1))) {
            let change = self.0.entry(entry).or_default();
            change.documents += documents;
            change.spelling = change.spelling.or(spelling.filter(|_| documents > 0));
        }
    }

    /// Writes what has changed; what is in no document any more goes.
    pub fn write(self, conn: &mut PgConnection) -> QueryResult<()> {
        let changed = self.0.into_iter().filter(|(_, it)| it.documents != 0);
        let mut changed: Vec<(Entry<'_>, Change<'_>)> = changed.collect();
        // In one order for all writers, so that none waits for another in a circle.
        changed.sort_unstable_by_key(|it| it.0);
        if changed.is_empty() {
            return Ok(());
        }
        let statement = diesel::sql_query(include_str!("learn.sql"))
            .bind::<Array<BigInt>, _>(changed.iter().map(|it| it.0.0).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(changed.iter().map(|it| it.0.1).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(changed.iter().map(|it| it.0.2).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(changed.iter().map(|it| it.1.documents).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(
                changed.iter().map(|it| it.1.spelling).collect::<Vec<_>>(),
            );
        Named(statement).execute(conn)?;
        changed.retain(|it| it.1.documents < 0);
        if changed.is_empty() {
            return Ok(());
        }
        let statement = diesel::sql_query(include_str!("forget.sql"))
            .bind::<Array<BigInt>, _>(changed.iter().map(|it| it.0.0).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(changed.iter().map(|it| it.0.1).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(changed.iter().map(|it| it.0.2).collect::<Vec<_>>());
        Named(statement).execute(conn)
    }
}
