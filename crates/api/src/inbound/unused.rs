//! Unused mails, for support to settle.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use domain::{InboundOutcome, InboundReason, LeftOut};
use mail_parser::MessageParser;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;

use crate::auth::callers;
use crate::credentials::email::fold_email;
use crate::db::schema::{inbound_mails, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::maxima::MAX_TEXT;
use crate::inbound::files::{LeftFile, MailedFile};
use crate::inbound::parts::{self, MailFile};
use crate::problem::{Code, Problem};

/// Which unused mails to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InboundMailFilter {
    /// Only those that were not used for this reason. Without it, automatic e-mails are left out.
    #[param(nullable = false)]
    pub reason: Option<InboundReason>,
    /// Only those that support has settled, or only those that it has not settled.
    #[param(nullable = false)]
    pub settled: Option<bool>,
}

diesel::define_sql_function! {
    /// The first characters of a text.
    fn left(text: Nullable<Text>, length: Integer) -> Nullable<Text>;
}

/// How much of what a mail says and of what it quotes is loaded, in characters.
type Lengths = (i32, i32);

const WHOLE: Lengths = (i32::MAX, i32::MAX);

/// A page of mails from strangers has to fit into memory.
const LISTED: Lengths = (MAX_TEXT as i32, 0);

/// A mail that was not used.
#[derive(Debug, Clone, Queryable)]
pub struct UnusedRow {
    pub id: i64,
    pub reason: DbEnum<InboundReason>,
    pub sender: Option<String>,
    pub subject: String,
    pub text: Option<String>,
    pub quoted: Option<String>,
    pub files: Option<Value>,
    pub left_out: Option<Value>,
    /// The ticket to whose address it came, or where support put it.
    pub ticket_id: Option<i64>,
    pub outcome: Option<DbEnum<InboundOutcome>>,
    pub settled_at: Option<DateTime<Utc>>,
    pub settled_by: Option<(i64, String, String)>,
    pub received_at: DateTime<Utc>,
}

impl UnusedRow {
    /// A page, newest first; one row more shows that there is a next page.
    pub fn page(
        query: &InboundMailFilter,
        before: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let mut ids = inbound_mails::table
            .filter(inbound_mails::reason.is_not_null())
            .select(inbound_mails::id)
            .into_boxed();
        ids = match query.reason {
            Some(reason) => ids.filter(inbound_mails::reason.eq(reason.as_str())),
            None => ids.filter(inbound_mails::reason.ne(InboundReason::Automatic.as_str())),
        };
        ids = match query.settled {
            Some(true) => ids.filter(inbound_mails::settled_at.is_not_null()),
            Some(false) => ids.filter(inbound_mails::settled_at.is_null()),
            None => ids,
        };
        if let Some(before) = before {
            ids = ids.filter(inbound_mails::id.lt(before));
        }
        let ids = ids.order(inbound_mails::id.desc()).limit(limit + 1).load(conn)?;
        let mut rows = Self::load(ids, LISTED, conn)?;
        rows.sort_by_key(|it| std::cmp::Reverse(it.id));
        Ok(rows)
    }

    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::load(vec![id], WHOLE, conn)?.pop().ok_or(diesel::result::Error::NotFound)
    }

    /// An unsettled mail, locked until the transaction ends.
    /// Errors: `mail_settled`, where support has decided already.
    pub fn lock_waiting(id: i64, conn: &mut PgConnection) -> Result<Self, Problem> {
        inbound_mails::table
            .find(id)
            .select(inbound_mails::id)
            .for_no_key_update()
            .first::<i64>(conn)?;
        let row = Self::find(id, conn)?;
        if row.settled_at.is_some() {
            return Err(Problem::new(Code::MailSettled));
        }
        Ok(row)
    }

    fn load(
        ids: Vec<i64>,
        (of_text, of_quoted): Lengths,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        inbound_mails::table
            .left_join(users::table.on(users::id.nullable().eq(inbound_mails::settled_by_id)))
            .filter(inbound_mails::id.eq_any(ids))
            .filter(inbound_mails::reason.is_not_null())
            .select((
                inbound_mails::id,
                inbound_mails::reason.assume_not_null(),
                inbound_mails::sender,
                inbound_mails::subject,
                left(inbound_mails::text, of_text),
                left(inbound_mails::quoted, of_quoted),
                inbound_mails::files,
                inbound_mails::left_out,
                inbound_mails::ticket_id,
                inbound_mails::outcome,
                inbound_mails::settled_at,
                (users::id, users::first_name, users::last_name).nullable(),
                inbound_mails::received_at,
            ))
            .load(conn)
    }

    /// The text to use: the sender's own, or all of it if that is empty.
    pub fn words(&self) -> String {
        let text =
            [&self.text, &self.quoted].into_iter().flatten().find(|it| !it.trim().is_empty());
        text.cloned().unwrap_or_default()
    }

    /// Its files by name and size, if it is still stored.
    pub fn listed_files(&self) -> Vec<MailedFile> {
        let files = self.files.clone().and_then(|it| serde_json::from_value(it).ok());
        files.unwrap_or_default()
    }

    /// Its sender as a caller, if they have an active account.
    pub fn writer(&self, conn: &mut PgConnection) -> Result<Option<Caller>, Problem> {
        let sender = self.sender.as_deref().map(fold_email).unwrap_or_default();
        let account = users::table.filter(users::email_folded.eq(sender)).select(users::id);
        match account.first(conn).optional()? {
            Some(id) => callers::caller_by_mail(id, conn),
            None => Ok(None),
        }
    }

    /// Records how support settled it, and without which of its files.
    pub fn settle(
        &self,
        outcome: InboundOutcome,
        (ticket_id, comment_id): (Option<i64>, Option<i64>),
        left_out: &[LeftFile],
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        diesel::update(inbound_mails::table.find(self.id))
            .set((
                inbound_mails::outcome.eq(DbEnum(outcome)),
                inbound_mails::settled_at.eq(caller.real_now),
                inbound_mails::settled_by_id.eq(caller.user_id),
                inbound_mails::ticket_id.eq(ticket_id.or(self.ticket_id)),
                inbound_mails::comment_id.eq(comment_id),
                inbound_mails::left_out.eq(LeftFile::stored(left_out)?),
            ))
            .execute(conn)?;
        Ok(())
    }
}

/// The files of a mail, if it is still stored, and those that are not complete in it: in a truncated mail the last file
/// is incomplete, and further ones are missing.
pub fn files(mail: &UnusedRow, raw: Option<(Vec<u8>, bool)>) -> (Vec<MailFile>, Vec<LeftFile>) {
    let Some((raw, is_cut)) = raw else { return (Vec::new(), Vec::new()) };
    let read = || Some(parts::contents(&MessageParser::default().parse(&raw)?).files);
    let mut files = std::panic::catch_unwind(read).ok().flatten().unwrap_or_default();
    let last = if is_cut { files.pop() } else { None };
    let listed = mail.listed_files().into_iter().map(|it| it.filename).skip(files.len());
    let further = listed.skip(usize::from(last.is_some())).filter(|_| is_cut);
    let missing = last.map(|it| it.name).into_iter().chain(further);
    let missing = missing.map(|it| LeftFile::new(&it, LeftOut::TooLarge)).collect();
    (files, missing)
}

/// The raw mail, if it is still stored, and whether it is truncated.
pub fn raw(id: i64, conn: &mut PgConnection) -> QueryResult<Option<(Vec<u8>, bool)>> {
    let (raw, is_cut): (Option<Vec<u8>>, bool) = inbound_mails::table
        .find(id)
        .select((inbound_mails::raw, inbound_mails::is_cut))
        .first(conn)?;
    Ok(raw.map(|it| (it, is_cut)))
}
