//! What a redaction takes out of the mails of a ticket.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use crate::db::schema::inbound_mails;

/// Forgets the mails of a ticket as they came, and what they quote: any of them may repeat what is redacted,
/// broken into other lines.
pub fn delete_quotations(ticket_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(inbound_mails::table.filter(inbound_mails::ticket_id.eq(ticket_id)))
        .filter(inbound_mails::quoted.is_not_null().or(inbound_mails::raw.is_not_null()))
        .set((inbound_mails::quoted.eq(None::<String>), inbound_mails::raw.eq(None::<Vec<u8>>)))
        .execute(conn)
}

/// The same, with the text of a mail that became the ticket, or its refused request, and with the subjects, where
/// that of the ticket is redacted.
pub fn delete_filing_mail(
    ticket_id: i64,
    is_subject: bool,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    delete_quotations(ticket_id, conn)?;
    diesel::sql_query(
        "with filed as (
             select id from inbound_mails
             where ticket_id = $1 and comment_id is null and (reason is null or outcome = 'ticket')
             union
             select mail.id from inbound_mails as mail join refusals on refusals.id = mail.refusal_id
             where refusals.ticket_id = $1
         ),
         told as (
             update inbound_mails set subject = '' where $2 and ticket_id = $1 and id not in (select id from filed)
         )
         update inbound_mails
         set text = null, files = null, quoted = null, raw = null, subject = case when $2 then '' else subject end
         where id in (select id from filed)",
    )
    .bind::<BigInt, _>(ticket_id)
    .bind::<Bool, _>(is_subject)
    .execute(conn)
}
