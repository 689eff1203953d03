//! A mail server's report that a mail of this service could not be delivered (RFC 3464).

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use mail_parser::{Message, MimeHeaders as _};

use crate::db::schema::mails;
use crate::inbound::mime::body;
use crate::inbound::parse::Incoming;
use crate::mail::reply_address::ReplyKey;
use crate::problem::Problem;
use crate::users::undeliverable;

/// The maximum length of a stored reason, in characters.
const MAX_REASON: usize = 500;

/// The media subtypes of reports (RFC 3464, RFC 6533).
const STATUS: &[&str] = &["delivery-status", "global-delivery-status"];

/// A permanently failed delivery according to a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounced {
    /// The mail server's response.
    pub diagnostic: String,
}

impl Bounced {
    /// Reads a report; none unless a delivery failed permanently.
    pub fn read(message: &Message<'_>) -> Option<Self> {
        let is_status = |it: &mail_parser::MessagePart<'_>| {
            let subtype = it.content_type().and_then(|it| it.subtype()).unwrap_or_default();
            STATUS.iter().any(|it| subtype.eq_ignore_ascii_case(it))
        };
        let part = message.parts.iter().find(|it| is_status(it))?;
        let report = String::from_utf8_lossy(&body::bytes(message, part)).into_owned();
        let unfolded = report.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
        let field = |name: &str| {
            unfolded.lines().find_map(|line| {
                let (of, value) = line.split_once(':')?;
                of.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let has_failed = field("Action").is_some_and(|it| it.eq_ignore_ascii_case("failed"));
        let status = field("Status").filter(|it| has_failed && it.starts_with('5'))?;
        let diagnostic = field("Diagnostic-Code").unwrap_or(status);
        Some(Self { diagnostic: diagnostic.chars().take(MAX_REASON).collect() })
    }
}

/// Records that a mail could not be delivered: the mail is dead. The address of the report was signed
/// for it and cannot be forged. A further report about the same mail says nothing new.
pub fn record(
    incoming: &Incoming,
    reply_domain: &str,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let Some(bounced) = &incoming.bounced else { return Ok(()) };
    let key = ReplyKey::load(conn)?;
    let mut recipients = incoming.recipients.iter();
    let Some(mail_id) = recipients.find_map(|it| key.read_bounce(it, reply_domain)) else {
        return Ok(());
    };
    let delivered = mails::table.find(mail_id).filter(mails::dead_at.is_null());
    let person: Option<(Option<i64>, Option<String>)> = diesel::update(delivered)
        .set((mails::dead_at.eq(now), mails::last_error.eq(&bounced.diagnostic)))
        .returning((mails::user_id, mails::address))
        .get_result(conn)
        .optional()?;
    // A failure at a former address says nothing about the current one.
    if let Some((Some(user_id), None)) = person {
        undeliverable::count_failure(user_id, &bounced.diagnostic, now, conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn read(status: &str) -> Option<Bounced> {
        read_of("message/delivery-status", status)
    }

    fn read_of(kind: &str, status: &str) -> Option<Bounced> {
        let report = format!(
            "From: MAILER-DAEMON@mx.kz\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n\
             --x\r\nContent-Type: text/plain\r\n\r\nНе доставлено.\r\n--x\r\nContent-Type: {kind}\r\n\r\n\
             Reporting-MTA: dns; mx.kz\r\n\r\nFinal-Recipient: rfc822; a@b.kz\r\n{status}\r\n--x--\r\n"
        );
        Bounced::read(&MessageParser::default().parse(report.as_bytes()).expect("a mail"))
    }

    /// Section 7: what failed permanently is told apart from what is only late.
    #[test]
    fn s7_a_report_says_whether_a_delivery_failed_for_good() {
        let failed =
            "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n no such user";

        assert_eq!(read(failed).expect("failed").diagnostic, "smtp; 550 5.1.1 no such user");
        for kind in ["Message/Delivery-Status", "message/global-delivery-status"] {
            assert!(read_of(kind, failed).is_some(), "{kind}");
        }
        assert_eq!(read("Action: delayed\r\nStatus: 4.4.1"), None);
        assert_eq!(read("Action: delivered\r\nStatus: 2.0.0"), None);
        assert_eq!(read("Action: failed\r\nStatus: 4.4.7"), None);
    }
}
