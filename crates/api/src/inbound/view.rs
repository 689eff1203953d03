//! How unused mails are shown in responses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::PgConnection;
use domain::{InboundOutcome, InboundReason, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::inbound::files::{LeftFile, MailedFile};
use crate::inbound::unused::{UnusedRow, raw};
use crate::inbound::used_mail::{MailHeader, headers};
use crate::problem::Problem;

/// An e-mail that came in and was not used.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboundMail {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// Why it was not used.
    pub reason: InboundReason,
    /// The sender's address, as the e-mail states it; null where it names none, or more than one.
    pub from: Option<String>,
    /// The subject line of the e-mail.
    pub subject: String,
    /// What its writer says, without quotations and signatures; in a list its first 50,000 characters.
    pub text: String,
    /// Its files; none once the e-mail is not stored any more.
    pub files: Vec<MailedFile>,
    /// The ticket to whose address it came, or where support put it.
    pub ticket_id: Option<i64>,
    /// What support made of it; null while it waits.
    pub outcome: Option<InboundOutcome>,
    /// When support settled it.
    pub settled_at: Option<Timestamp>,
    /// The employee who settled it.
    pub settled_by: Option<Ref>,
    /// When the e-mail arrived.
    pub received_at: Timestamp,
}

/// An e-mail that was not used, with all that is stored of it. Addresses that take replies are masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboundMailWhole {
    #[serde(flatten)]
    pub mail: InboundMail,
    /// What was not taken as part of what its writer says: quotations, signatures.
    pub quoted: String,
    /// The files that the comment or the ticket that support made of it lacks, and why.
    pub left_out: Vec<LeftFile>,
    /// The header fields, in their order; null once the e-mail is not stored any more.
    pub headers: Option<Vec<MailHeader>>,
    /// The e-mail as it arrived, in base64 (RFC 4648, section 4); null once it is not stored any more.
    pub raw: Option<String>,
    /// Whether that is the beginning only, because it was too large.
    pub raw_is_cut: bool,
}

pub type InboundMailPage = Page<InboundMail>;

impl Listed for InboundMail {
    const PAGE_NAME: &'static str = "InboundMailPage";
    const PAGE_DESCRIPTION: &'static str = "A page of e-mails that were not used.";
    const ORDER: &'static str = "Newest first.";
}

impl From<UnusedRow> for InboundMail {
    fn from(row: UnusedRow) -> Self {
        Self {
            files: row.listed_files(),
            id: row.id,
            reason: row.reason.0,
            from: row.sender,
            subject: row.subject,
            text: row.text.unwrap_or_default(),
            ticket_id: row.ticket_id,
            outcome: row.outcome.map(|it| it.0),
            settled_at: row.settled_at.map(Timestamp),
            settled_by: row.settled_by.map(|(id, first, last)| Ref::person(id, &first, &last)),
            received_at: Timestamp(row.received_at),
        }
    }
}

impl InboundMailWhole {
    pub fn load(id: i64, conn: &mut PgConnection) -> Result<Self, Problem> {
        let mut row = UnusedRow::find(id, conn)?;
        let quoted = row.quoted.take().unwrap_or_default();
        let left_out = LeftFile::read(row.left_out.take())?;
        let raw = raw(id, conn)?;
        Ok(Self {
            mail: InboundMail::from(row),
            quoted,
            left_out,
            headers: raw.as_ref().map(|(raw, _)| headers(raw)),
            raw_is_cut: raw.as_ref().is_some_and(|(_, is_cut)| *is_cut),
            raw: raw.map(|(raw, _)| STANDARD.encode(raw)),
        })
    }
}
