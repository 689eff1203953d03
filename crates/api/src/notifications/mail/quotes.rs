//! Comments and files as quoted in a mail.

use diesel::dsl::not;
use diesel::prelude::*;
use domain::Role;

use crate::db::schema::{attachments, comments, users};
use crate::db::string_enum::DbEnum;
use crate::mail::texts::{Texts, fill};

/// Support's last public comment: in `feedback`, the pending question.
pub fn last_words(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<Option<String>> {
    comments::table
        .inner_join(users::table)
        .filter(comments::ticket_id.eq(ticket_id))
        .filter(not(comments::is_internal))
        .filter(comments::redacted_at.is_null())
        .filter(users::role.ne(DbEnum(Role::Customer)))
        .order(comments::id.desc())
        .select(comments::body)
        .first(conn)
        .optional()
}

/// A line for each file: its name, size and description (4.2.5).
pub fn files(
    ids: &[i64],
    may_read_notes: bool,
    texts: &Texts,
    conn: &mut PgConnection,
) -> QueryResult<Vec<String>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, i64, Option<String>)> = attachments::table
        .filter(attachments::id.eq_any(ids))
        .filter(attachments::redacted_at.is_null())
        .filter(
            not(attachments::is_internal).or(may_read_notes.into_sql::<diesel::sql_types::Bool>()),
        )
        .order(attachments::id)
        .select((attachments::filename, attachments::size, attachments::description))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(name, size, about)| file(&name, size, about.as_deref(), texts))
        .collect())
}

/// A file in a line.
pub fn file(name: &str, size: i64, about: Option<&str>, texts: &Texts) -> String {
    const KILO: i64 = 1024;

    let texts = &texts.notification;
    let (number, text) = match size {
        0..KILO => (size, &texts.bytes),
        KILO..1_048_576 => (size.div_euclid(KILO), &texts.kilobytes),
        _more => (size.div_euclid(KILO * KILO), &texts.megabytes),
    };
    let line = format!("{name} ({})", fill(text, &[("n", &number.to_string())]));
    match about.map(str::trim).filter(|it| !it.is_empty()) {
        Some(about) => format!("{line}: {about}"),
        None => line,
    }
}
