//! Writes the rows of tickets.

use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use domain::search::{Document, SearchPlace};

use crate::db::named::Named;
use crate::search::find::tsquery::{block_lexeme, company_lexeme, file_lexeme, quoted, weight};
use crate::search::index::read::Indexed;
use crate::search::index::vocabulary::{Learned, OF_SUPPORT, Stored};

/// For whom a row of the index is.
#[derive(Debug, Clone, Copy)]
enum Readers {
    Support,
    Customers,
}

impl Readers {
    const fn table(self) -> &'static str {
        match self {
            Self::Support => "search_of_support",
            Self::Customers => "search_of_customers",
        }
    }
}

/// Writes documents in place of those that were there; the vocabularies learn the difference.
pub fn write(documents: &[Indexed], conn: &mut PgConnection) -> QueryResult<()> {
    if documents.is_empty() {
        return Ok(());
    }
    let (ids, _) = numbers(documents);
    let known = diesel::sql_query(include_str!("stored.sql")).bind::<Array<BigInt>, _>(ids);
    let known: Vec<Stored> = Named(known).load(conn)?;
    let mut learned = Learned::default();
    for it in documents {
        learned.gain(OF_SUPPORT, &it.whole);
        learned.gain(it.project_id, &it.public);
    }
    known.iter().for_each(|it| learned.lose(it));
    write_to(Readers::Support, documents, conn)?;
    write_to(Readers::Customers, documents, conn)?;
    learned.write(conn)
}

/// The documents of some readers as columns: the vectors in the notation of PostgreSQL, and the words.
fn columns(documents: &[Indexed], readers: Readers) -> (Vec<String>, Vec<String>) {
    let column = |it: &Indexed| match readers {
        Readers::Support => {
            (vector(&[block_lexeme(it.ticket_id, None)], &it.whole), words(&it.whole))
        }
        Readers::Customers => {
            let company = it.company_id;
            let marks = [company_lexeme(company), block_lexeme(it.ticket_id, Some(company))];
            (vector(&marks, &it.public), words(&it.public))
        }
    };
    documents.iter().map(column).unzip()
}

fn write_to(readers: Readers, documents: &[Indexed], conn: &mut PgConnection) -> QueryResult<()> {
    let (ids, projects) = numbers(documents);
    let (vectors, words) = columns(documents, readers);
    let statement = include_str!("write.sql").replace("search_of_readers", readers.table());
    let write = diesel::sql_query(statement)
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<BigInt>, _>(projects)
        .bind::<Array<Text>, _>(vectors)
        .bind::<Array<Text>, _>(words);
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
    let (whole, whole_words) = columns(documents, Readers::Support);
    let (public, public_words) = columns(documents, Readers::Customers);
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
