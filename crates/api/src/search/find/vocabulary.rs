//! The vocabulary of the index, for one reader.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Double, Text};
use domain::Viewer;
use domain::search::{SearchQuery, Vocabulary, last_word, least_likeness, swapped};

use crate::db::named::Named;
use crate::search::find::candidates::Extent;
use crate::visibility;

/// The maximum number of similar words that are considered for a word that no document has.
const MAX_NEAR: i64 = 40;

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = BigInt)]
    tickets: i64,
}

#[derive(QueryableByName)]
struct NearRow {
    #[diesel(sql_type = Text)]
    typed: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = BigInt)]
    tickets: i64,
}

/// The vocabularies that somebody may see, as a condition on `search_words`; that of articles for
/// all customers is -1.
pub const fn scopes(viewer: &Viewer) -> &'static str {
    match viewer {
        Viewer::Support => "scope = 0",
        Viewer::Company { .. } => {
            "scope <> 0 and scope = any(array(select id from projects where {projects}) || -1::bigint)"
        }
        Viewer::Nobody => "false",
    }
}

fn statement(sql: &str, viewer: &Viewer) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    visibility::statement(&sql.replace("{scopes}", scopes(viewer)), viewer)
}

/// How many documents have the words of a query.
pub fn load(
    query: &SearchQuery,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<(Vocabulary, Extent)> {
    let (lexemes, beginnings) = query.counted_lexemes();
    let (mut vocabulary, extent) = counts(lexemes, beginnings, viewer, conn)?;
    let unknown = query.unknown(&vocabulary);
    if !unknown.is_empty() {
        let pairs =
            unknown.iter().flat_map(|it| swapped(it).into_iter().map(move |may| (it.clone(), may)));
        let (typed, may_be): (Vec<String>, Vec<String>) = pairs.unzip();
        let least: Vec<f64> = unknown.iter().map(|it| least_likeness(it)).collect();
        let near = statement(include_str!("near.sql"), viewer)
            .bind::<Array<Text>, _>(unknown)
            .bind::<BigInt, _>(MAX_NEAR)
            .bind::<Array<Text>, _>(typed)
            .bind::<Array<Text>, _>(may_be)
            .bind::<Array<Double>, _>(least);
        let rows: Vec<NearRow> = Named(near).load(conn)?;
        for NearRow { typed, text, tickets } in rows {
            let near = vocabulary.near.entry(typed).or_default();
            near.push((text, u64::try_from(tickets).unwrap_or(0)));
        }
    }
    Ok((vocabulary, extent))
}

/// How many tickets have these lexemes and prefixes.
pub fn counts(
    lexemes: Vec<String>,
    beginnings: Vec<String>,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<(Vocabulary, Extent)> {
    let counts = statement(include_str!("counts.sql"), viewer)
        .bind::<Array<Text>, _>(&lexemes)
        .bind::<Array<Text>, _>(&beginnings);
    let rows: Vec<CountRow> = Named(counts).load(conn)?;
    let mut vocabulary = Vocabulary::default();
    let (mut newest, mut has_articles) = (0, false);
    for CountRow { kind, text, tickets } in rows.into_iter().filter(|it| it.tickets > 0) {
        let count = u64::try_from(tickets).unwrap_or(0);
        match kind.as_str() {
            "newest" => newest = tickets,
            "articles" => has_articles = true,
            "all" => vocabulary.documents = count,
            "lexeme" => drop(vocabulary.lexemes.insert(text, count)),
            _ => drop(vocabulary.beginnings.insert(text, count)),
        }
    }
    vocabulary.remember_absent(lexemes, beginnings);
    let extent = Extent { tickets: vocabulary.documents, newest, has_articles };
    Ok((vocabulary, extent))
}

/// The maximum number of completions.
const MAX_COMPLETIONS: i64 = 10;

/// The maximum number of words with the same prefix that are compared.
const MAX_WITH_PREFIX: i64 = 20_000;

#[derive(QueryableByName)]
struct Completion {
    #[diesel(sql_type = Text)]
    text: String,
}

/// Words that begin with the last one of what was typed, the most frequent first.
pub fn completions(
    typed: &str,
    viewer: &Viewer,
    conn: &mut PgConnection,
) -> QueryResult<Vec<String>> {
    let Some(beginning) = last_word(typed) else { return Ok(Vec::new()) };
    let rows: Vec<Completion> = statement(include_str!("completions.sql"), viewer)
        .bind::<Text, _>(beginning)
        .bind::<BigInt, _>(MAX_COMPLETIONS)
        .bind::<BigInt, _>(MAX_WITH_PREFIX)
        .load(conn)?;
    Ok(rows.into_iter().map(|it| it.text).collect())
}
