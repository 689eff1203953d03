//! `GET /tickets/{id}/comments/{comment_id}/mail`: the mail that a comment came by, so that what was
//! judged to be no part of the answer can be read.

use actix_web::get;
use actix_web::web::{Json, Path};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{Role, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::schema::{comments, inbound_mails, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::inbound::files::LeftFile;
use crate::inbound::mime::header;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;
use crate::visibility;

/// The e-mail from which a comment was made. Reply addresses in it are masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommentMail {
    /// The address that it was sent from.
    pub from: Option<String>,
    /// The subject line.
    pub subject: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What was not taken as part of the reply: quotations, signatures. Null if you may not read it (as a customer may
    /// not in an employee's mail), or if it was redacted.
    pub quoted: Option<String>,
    /// The files that were left out of the comment, and why.
    pub left_out: Vec<LeftFile>,
    /// The header fields, in order; null unless you are support and the mail is still stored.
    pub headers: Option<Vec<MailHeader>>,
    /// The mail as it arrived, in base64 (RFC 4648, section 4); null unless you are support and it is
    /// still stored: it is kept for a limited time, and never after a redaction.
    pub raw: Option<String>,
    /// Whether only the beginning of the mail is stored, because it was too large.
    pub raw_is_cut: bool,
}

/// A header field of an e-mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailHeader {
    /// The name, as it was written.
    pub name: String,
    /// The decoded value.
    pub value: String,
}

#[derive(Debug, Queryable)]
struct Row {
    sender: Option<String>,
    subject: String,
    received_at: DateTime<Utc>,
    quoted: Option<String>,
    left_out: Option<Value>,
    raw: Option<Vec<u8>>,
    is_cut: bool,
    role: Option<DbEnum<Role>>,
}

/// Get the e-mail of a comment
///
/// Shows what the mail said besides the comment that it became, including a quotation that was cut off by
/// mistake. Support can also read the mail as it arrived.
///
/// Errors: `not_found`: the comment did not arrive by e-mail.
#[utoipa::path(
    tag = "comments",
    operation_id = "comments_get_mail",
    params(
        ("id" = i64, Path, description = "The ticket number"),
        ("comment_id" = i64, Path, description = "The comment"),
    ),
    responses((status = 200, description = "The e-mail", body = CommentMail)),
)]
#[get("/tickets/{id}/comments/{comment_id}/mail")]
pub async fn get(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
) -> Result<Json<CommentMail>, Problem> {
    let (ticket_id, id) = path.into_inner();
    let work = move |conn: &mut _| {
        TicketRow::check_visible(ticket_id, &caller, conn)?;
        CommentMail::load(ticket_id, id, &caller, conn)
    };
    Ok(Json(db.run(work).await?))
}

impl CommentMail {
    fn load(
        ticket_id: i64,
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let row: Row = inbound_mails::table
            .inner_join(comments::table.left_join(users::table))
            .filter(comments::id.eq(id))
            .filter(comments::ticket_id.eq(ticket_id))
            .filter(visibility::comments(&caller.viewer))
            .select((
                inbound_mails::sender,
                inbound_mails::subject,
                inbound_mails::received_at,
                inbound_mails::quoted,
                inbound_mails::left_out,
                inbound_mails::raw,
                inbound_mails::is_cut,
                users::role.nullable(),
            ))
            .first(conn)?;
        row.shown(caller.viewer.reads_internal())
    }
}

impl Row {
    /// The mail as shown to support or to others; what staff quote may be internal.
    fn shown(self, is_to_support: bool) -> Result<CommentMail, Problem> {
        let is_of_customer = self.role.is_some_and(|it| it.0 == Role::Customer);
        let raw = self.raw.filter(|_| is_to_support);
        let left_out = self.left_out.map(serde_json::from_value).transpose();
        Ok(CommentMail {
            from: self.sender,
            subject: self.subject,
            received_at: Timestamp(self.received_at),
            quoted: self.quoted.filter(|_| is_to_support || is_of_customer),
            left_out: left_out.map_err(Problem::unexpected)?.unwrap_or_default(),
            headers: raw.as_deref().map(headers),
            raw_is_cut: raw.is_some() && self.is_cut,
            raw: raw.map(|it| STANDARD.encode(it)),
        })
    }
}

/// The header of a raw mail.
pub fn headers(raw: &[u8]) -> Vec<MailHeader> {
    let Some(message) = mail_parser::MessageParser::default().parse_headers(raw) else {
        return Vec::new();
    };
    let shown = |(name, value): (&str, &str)| {
        let value = header::text(value.trim().replace(['\r', '\n'], "").as_bytes());
        MailHeader { name: name.to_owned(), value: value.replace('\0', "") }
    };
    message.headers_raw().map(shown).collect()
}
