//! Writes the index: rows of documents, and what has changed in the vocabulary.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use domain::search::{Document, SearchPlace};

use crate::db::named::Named;
use crate::search::find::tsquery::{block_lexeme, company_lexeme, file_lexeme, quoted, weight};
use crate::search::index::read::Indexed;

/// Writes documents in place of those that were there.
pub fn write(documents: &[Indexed], conn: &mut PgConnection) -> QueryResult<()> {
    if documents.is_empty() {
        return Ok(());
    }
    write_to("search_of_support", documents, |it| &it.whole, conn)?;
    write_to("search_of_customers", documents, |it| &it.public, conn)?;
    delete_unused_words(conn)
}

/// Deletes the words that no document has any more.
pub fn delete_unused_words(conn: &mut PgConnection) -> QueryResult<()> {
    Named(diesel::sql_query("delete from search_words where tickets <= 0")).execute(conn)
}

/// The documents of some readers as columns: the vectors in the notation of PostgreSQL, and the words.
fn columns(documents: &[Indexed], of: fn(&Indexed) -> &Document) -> (Vec<String>, Vec<String>) {
    let marks = |it: &Indexed| [company_lexeme(it.company_id), block_lexeme(it.ticket_id)];
    documents.iter().map(|it| (vector(&marks(it), of(it)), words(of(it)))).unzip()
}

fn write_to(
    table: &str,
    documents: &[Indexed],
    of: fn(&Indexed) -> &Document,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let (ids, projects) = numbers(documents);
    let (vectors, words) = columns(documents, of);
    let statement = include_str!("write.sql").replace("search_of_readers", table);
    let write = diesel::sql_query(statement)
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<BigInt>, _>(projects)
        .bind::<Array<Text>, _>(vectors)
        .bind::<Array<Text>, _>(words)
        .bind::<Bool, _>(table == "search_of_support");
    Named(write).execute(conn)
}

fn numbers(documents: &[Indexed]) -> (Vec<i64>, Vec<i64>) {
    documents.iter().map(|it| (it.ticket_id, it.project_id)).unzip()
}

#[derive(QueryableByName)]
struct Stale {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
}

/// The tickets whose documents are not those in the index.
pub fn stale(documents: &[Indexed], conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let (ids, projects) = numbers(documents);
    let (whole, whole_words) = columns(documents, |it| &it.whole);
    let (public, public_words) = columns(documents, |it| &it.public);
    let rows: Vec<Stale> = diesel::sql_query(include_str!("stale.sql"))
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<BigInt>, _>(projects)
        .bind::<Array<Text>, _>(whole)
        .bind::<Array<Text>, _>(whole_words)
        .bind::<Array<Text>, _>(public)
        .bind::<Array<Text>, _>(public_words)
        .load(conn)?;
    Ok(rows.into_iter().map(|it| it.ticket_id).collect())
}

/// The words of a document, separated by blanks, some with their spelling: no word contains the signs between.
pub fn words(document: &Document) -> String {
    let words = document.words.iter().map(|(word, spelling)| match spelling {
        Some(spelling) => format!("{word}={spelling}"),
        None => word.clone(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A document in the notation of a `tsvector`, with marks of our own: each lexeme with its positions and their
/// weights. There are only four weights, so text in files has lexemes of its own.
pub fn vector(marks: &[String], document: &Document) -> String {
    let mut vector = marks.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(" ");
    for (lexeme, places) in &document.lexemes {
        let is_of_file = |it: &&(u16, SearchPlace)| it.1 == SearchPlace::Files;
        push_lexeme(&mut vector, lexeme, places.iter().filter(|it| !is_of_file(it)));
        if places.iter().any(|it| is_of_file(&it)) {
            push_lexeme(&mut vector, &file_lexeme(lexeme), places.iter().filter(is_of_file));
        }
    }
    vector
}

fn push_lexeme<'a>(
    vector: &mut String,
    lexeme: &str,
    places: impl Iterator<Item = &'a (u16, SearchPlace)>,
) {
    for (number, (position, place)) in places.enumerate() {
        if number == 0 {
            vector.push(' ');
            vector.push_str(&quoted(lexeme));
        }
        let sign = if number == 0 { ':' } else { ',' };
        // Writing to a string cannot fail.
        let _ = write!(vector, "{sign}{position}{}", weight(*place));
    }
}
