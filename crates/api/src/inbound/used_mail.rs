//! `GET /tickets/{id}/comments/{comment_id}/mail` and `GET /tickets/{id}/mail`: the mail that a comment, or a
//! ticket, came by, so that what was judged to be no part of it can be read.

use actix_web::get;
use actix_web::web::{Json, Path};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{InboundOutcome, Role, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::schema::{comments, inbound_mails, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::inbound::files::LeftFile;
use crate::inbound::mime::header;
use crate::mail::reply_address::masked;
use crate::problem::Problem;
use crate::tickets::store::TicketRow;
use crate::visibility;

/// The e-mail from which a comment or a ticket was made. Reply addresses in it are masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedMail {
    /// The address that it was sent from; null unless you are support or sent it.
    pub from: Option<String>,
    /// The subject line.
    pub subject: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What was not taken as part of the text: quotations, signatures. Null if you may not read it (as a customer may
    /// not in an employee's mail), or if it was redacted.
    pub quoted: Option<String>,
    /// The files that were left out, and why.
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

#[derive(Debug, Selectable, Queryable)]
#[diesel(table_name = inbound_mails)]
struct Row {
    user_id: Option<i64>,
    sender: Option<String>,
    subject: String,
    received_at: DateTime<Utc>,
    quoted: Option<String>,
    left_out: Option<Value>,
    raw: Option<Vec<u8>>,
    is_cut: bool,
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
    responses((status = 200, description = "The e-mail", body = UsedMail)),
)]
#[get("/tickets/{id}/comments/{comment_id}/mail")]
pub async fn of_comment(
    db: RequestDb,
    caller: Caller,
    path: Path<(i64, i64)>,
) -> Result<Json<UsedMail>, Problem> {
    let (ticket_id, id) = path.into_inner();
    let work = move |conn: &mut _| {
        TicketRow::check_visible(ticket_id, &caller, conn)?;
        UsedMail::of_comment(ticket_id, id, &caller, conn)
    };
    Ok(Json(db.run(work).await?))
}

/// Get the e-mail of a ticket
///
/// Shows what the mail said besides the description that it became, including a quotation that was cut off by
/// mistake. Support can also read the mail as it arrived.
///
/// Errors: `not_found`: the ticket did not arrive by e-mail.
#[utoipa::path(
    tag = "tickets",
    operation_id = "tickets_get_mail",
    params(("id" = i64, Path, description = "The ticket number")),
    responses((status = 200, description = "The e-mail", body = UsedMail)),
)]
#[get("/tickets/{id}/mail")]
pub async fn of_ticket(
    db: RequestDb,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<UsedMail>, Problem> {
    let work = move |conn: &mut _| {
        TicketRow::check_visible(*id, &caller, conn)?;
        UsedMail::of_ticket(*id, &caller, conn)
    };
    Ok(Json(db.run(work).await?))
}

impl UsedMail {
    fn of_comment(
        ticket_id: i64,
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let (mail, role): (Row, Option<DbEnum<Role>>) = inbound_mails::table
            .inner_join(comments::table.left_join(users::table))
            .filter(comments::id.eq(id))
            .filter(comments::ticket_id.eq(ticket_id))
            .filter(visibility::comments(&caller.viewer))
            .select((Row::as_select(), users::role.nullable()))
            .first(conn)?;
        mail.shown(caller, role.is_some_and(|it| it.0 == Role::Customer))
    }

    /// The mail that became the ticket, at once or by support.
    fn of_ticket(id: i64, caller: &Caller, conn: &mut PgConnection) -> Result<Self, Problem> {
        let is_made = inbound_mails::is_request
            .and(inbound_mails::reason.is_null())
            .or(inbound_mails::outcome.assume_not_null().eq(InboundOutcome::Ticket.as_str()));
        let (mail, is_used): (Row, bool) = inbound_mails::table
            .filter(inbound_mails::ticket_id.eq(id))
            .filter(is_made)
            .order(inbound_mails::id)
            .select((Row::as_select(), inbound_mails::reason.is_null()))
            .first(conn)?;
        mail.shown(caller, is_used)
    }
}

impl Row {
    /// The mail as shown to support or to others, who see nobody's address but their own; what anybody but a
    /// customer quotes may be internal.
    fn shown(self, caller: &Caller, is_of_customer: bool) -> Result<UsedMail, Problem> {
        let is_to_support = caller.viewer.reads_internal();
        let raw = self.raw.filter(|_| is_to_support);
        Ok(UsedMail {
            from: self.sender.filter(|_| is_to_support || self.user_id == Some(caller.user_id)),
            subject: self.subject,
            received_at: Timestamp(self.received_at),
            quoted: self.quoted.filter(|_| is_to_support || is_of_customer),
            left_out: LeftFile::read(self.left_out)?,
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
        MailHeader { name: name.to_owned(), value: masked(&value).replace('\0', "") }
    };
    message.headers_raw().map(shown).collect()
}
