//! The tables that the code knows are those that the migrations make.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use sha2::{Digest as _, Sha256};

use crate::support::TestApp;

/// What the code knows of the tables.
const KNOWN: &str = include_str!("../../crates/api/src/db/schema.rs");

/// How PostgreSQL spells a type of the code.
fn sql_type(rust: &str) -> String {
    if let Some(inner) = rust.strip_prefix("Array<").and_then(|it| it.strip_suffix('>')) {
        return format!("{}[]", sql_type(inner));
    }
    let known = match rust {
        "Int2" => "smallint",
        "Int4" => "integer",
        "Int8" => "bigint",
        "Text" => "text",
        "Bool" => "boolean",
        "Bytea" => "bytea",
        "Date" => "date",
        "Jsonb" => "jsonb",
        "crate::db::tsvector::Tsvector" => "tsvector",
        "Timestamptz" => "timestamp with time zone",
        _ => panic!("a type that is not compared yet: {rust}"),
    };
    known.to_owned()
}

/// A line for each table with its key, and for each of its columns.
fn known() -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let mut sql_name = None;
    for part in KNOWN.split("diesel::table! {").skip(1) {
        let mut rows = part.lines().map(str::trim).filter(|it| !it.is_empty());
        let (table, key) = rows.next().unwrap().split_once(" (").unwrap();
        lines.insert(format!("{table} ({}", key.trim_end_matches(" {")));
        for row in rows.take_while(|it| *it != "}") {
            if let Some(name) = row.strip_prefix("#[sql_name = \"") {
                sql_name = name.strip_suffix("\"]").map(str::to_owned);
                continue;
            }
            let (column, rust) = row.strip_suffix(',').unwrap().split_once(" -> ").unwrap();
            let column = sql_name.take().unwrap_or_else(|| column.to_owned());
            let inner = rust.strip_prefix("Nullable<").and_then(|it| it.strip_suffix('>'));
            let is_null = if inner.is_some() { " or null" } else { "" };
            lines.insert(format!("{table}.{column}: {}{is_null}", sql_type(inner.unwrap_or(rust))));
        }
    }
    lines
}

/// The same of a database.
fn tables_of(app: &TestApp) -> BTreeSet<String> {
    let lines: Vec<String> = app.rows(
        "with relation as (
             select oid, relname from pg_class
             where relnamespace = 'public'::regnamespace and relkind = 'r'
                 and relname <> '__diesel_schema_migrations'
         )
         select relname || '.' || attname || ': ' || format_type(atttypid, null)
                || case when attnotnull then '' else ' or null' end as line
         from relation join pg_attribute on attrelid = relation.oid
         where attnum > 0 and not attisdropped
         union all
         select relname || ' (' || string_agg(attname, ', ' order by place) || ')' as line
         from relation
             join pg_index on indrelid = relation.oid and indisprimary
             cross join unnest(indkey) with ordinality as key (number, place)
             join pg_attribute on attrelid = relation.oid and attnum = number
         group by relname",
    );
    lines.into_iter().collect()
}

/// Each table, column, type and null is known to the code as it is, and
/// nothing else.
#[test]
fn the_code_knows_the_tables_that_the_migrations_make() {
    let (known, tables_of) = (known(), tables_of(&TestApp::spawn()));

    assert!(known.len() > 300, "{}", known.len());
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| -> Vec<String> {
        one.difference(other).cloned().collect()
    };
    assert_eq!((only(&known, &tables_of), only(&tables_of, &known)), (Vec::new(), Vec::new()));
}

/// A migration that was released is never edited: a new one follows it. `make declare` writes the sums.
#[test]
fn no_released_migration_is_edited() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
    let released = fs::read_to_string(format!("{folder}/released.sha256")).unwrap();

    assert!(released.lines().count() >= 16, "the baseline has eight migrations, up and down");
    for line in released.lines() {
        let (sum, path) = line.split_once("  ").unwrap();
        let mut present = String::new();
        for byte in Sha256::digest(fs::read(format!("{folder}/{path}")).unwrap()) {
            write!(present, "{byte:02x}").unwrap();
        }
        assert_eq!(present, sum, "{path}");
    }
}
