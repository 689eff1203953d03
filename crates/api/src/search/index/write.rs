//! The index is written: rows of documents, and what has changed in the vocabulary.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use domain::search::{Document, SearchPlace};

use crate::search::find::tsquery::{block_lexeme, company_lexeme, quoted, weight};
use crate::search::index::read::Indexed;

/// Writes documents in place of those that were there.
pub fn write(documents: &[Indexed], conn: &mut PgConnection) -> QueryResult<()> {
    if documents.is_empty() {
        return Ok(());
    }
    write_to("search_of_support", documents, |it| &it.whole, conn)?;
    write_to("search_of_customers", documents, |it| &it.public, conn)?;
    diesel::sql_query("delete from search_words where tickets <= 0").execute(conn)?;
    Ok(())
}

fn write_to(
    table: &str,
    documents: &[Indexed],
    of: fn(&Indexed) -> &Document,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let words = |it: &Document| it.words.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let (ids, projects): (Vec<i64>, Vec<i64>) =
        documents.iter().map(|it| (it.ticket_id, it.project_id)).unzip();
    let (vectors, words): (Vec<String>, Vec<String>) =
        documents.iter().map(|it| (vector(it, of(it)), words(of(it)))).unzip();
    diesel::sql_query(include_str!("write.sql").replace("search_of_readers", table))
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<BigInt>, _>(projects)
        .bind::<Array<Text>, _>(vectors)
        .bind::<Array<Text>, _>(words)
        .bind::<Bool, _>(table == "search_of_support")
        .execute(conn)?;
    Ok(())
}

/// A document as PostgreSQL reads a `tsvector`: each lexeme with its positions and their weights.
fn vector(row: &Indexed, document: &Document) -> String {
    let mut vector = format!(
        "{} {}",
        quoted(&company_lexeme(row.company_id)),
        quoted(&block_lexeme(row.ticket_id))
    );
    for (lexeme, places) in &document.lexemes {
        vector.push(' ');
        vector.push_str(&quoted(lexeme));
        for (number, (position, place)) in places.iter().enumerate() {
            let sign = if number == 0 { ':' } else { ',' };
            // Writing to a string cannot fail.
            let _ = write!(vector, "{sign}{position}{}", weight(*place));
        }
    }
    for lexeme in lexemes_of_files(document) {
        vector.push(' ');
        vector.push_str(&quoted(&lexeme));
    }
    vector
}

/// There are four weights for five places: what stands in names of files is told by lexemes of its own.
fn lexemes_of_files(document: &Document) -> impl Iterator<Item = String> {
    let is_of_file = |it: &&(u16, SearchPlace)| it.1 == SearchPlace::Files;
    let of_files =
        document.lexemes.iter().filter(move |(_, it)| it.iter().any(|it| is_of_file(&it)));
    of_files.map(|(lexeme, _)| crate::search::find::tsquery::file_lexeme(lexeme))
}
