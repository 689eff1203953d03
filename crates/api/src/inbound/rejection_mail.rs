//! The answer to a mail that was not used, or not with all of its files. It repeats none of the
//! mail's text except the file names.

use diesel::prelude::*;
use domain::{InboundReason, Language, LeftOut, RefusalReason, Status};
use serde_json::Value;

use crate::credentials::email::fold_email;
use crate::db::Db;
use crate::db::schema::{inbound_mails, refusals, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::inbound::files::LeftFile;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Composed, Links, OutgoingMail};
use crate::mail::page::{Block, Page};
use crate::mail::reply_address::{Purpose, ReplyKey, ReplyTo};
use crate::mail::texts::{InboundTexts, Texts, fill};
use crate::problem::Problem;
use crate::visibility;
use crate::visibility::people::viewer_of;

/// A mail that was not used completely, for the reply to its sender.
#[derive(Debug)]
pub struct RefusedMail {
    /// The language of the writer's account; Russian where there is none.
    pub language: Language,
    /// The ticket on which it was meant to comment; none: it was meant to become a ticket.
    pub ticket_id: Option<i64>,
    pub status: Option<Status>,
    pub why: Why,
}

/// What was not used.
#[derive(Debug)]
pub enum Why {
    /// Nothing was used, for this reason.
    All(InboundReason),
    /// It was a new request, which was refused (3.4), perhaps as the duplicate of a ticket.
    Request(RefusalReason, Option<Duplicate>),
    /// These files were left out.
    Files(Vec<LeftFile>),
}

/// The open ticket that a request duplicates.
#[derive(Debug)]
pub struct Duplicate {
    pub id: i64,
    pub subject: String,
    /// Where the sender can comment on it.
    pub reply_to: Option<String>,
}

/// Renders the reply to the sender.
pub fn compose(mail: &MailRow, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let (Some(id), Some(address)) = (mail.inbound_mail_id, mail.address.as_deref()) else {
        return Ok(Composed::Dropped("it is to nobody"));
    };
    let work = |conn: &mut PgConnection| RefusedMail::load(id, address, links, conn);
    let Some(refused) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("there is nothing to say"));
    };
    let page = refused.page(links);
    let outgoing = OutgoingMail::of(mail, address, page.title.clone(), page, links)?;
    let (ticket_id, reply_to) = match refused.why {
        Why::Request(_, Some(duplicate)) => (Some(duplicate.id), duplicate.reply_to),
        Why::Request(_, None) | Why::All(_) | Why::Files(_) => (refused.ticket_id, None),
    };
    Ok(OutgoingMail { ticket_id, reply_to, ..outgoing }.into())
}

impl RefusedMail {
    /// Loads what the reply needs.
    fn load(
        id: i64,
        address: &str,
        links: &Links,
        conn: &mut PgConnection,
    ) -> Result<Option<Self>, Problem> {
        type Row = (
            Option<DbEnum<InboundReason>>,
            Option<i64>,
            Option<DbEnum<Status>>,
            Option<Value>,
            Option<(DbEnum<RefusalReason>, Option<i64>)>,
        );

        let (reason, ticket_id, status, left_out, request): Row = inbound_mails::table
            .left_join(refusals::table)
            .left_join(tickets::table)
            .filter(inbound_mails::id.eq(id))
            .select((
                inbound_mails::reason,
                inbound_mails::ticket_id,
                tickets::status.nullable(),
                inbound_mails::left_out,
                (refusals::reason, refusals::duplicate_of).nullable(),
            ))
            .first(conn)?;
        let account: Option<(i64, DbEnum<Language>)> = users::table
            .filter(users::email_folded.eq(fold_email(address)))
            .select((users::id, users::language))
            .first(conn)
            .optional()?;
        let (user_id, language) = account.unzip();
        let duplicate = match (request.and_then(|(_, id)| id), user_id) {
            (Some(ticket_id), Some(user_id)) => Duplicate::load(ticket_id, user_id, links, conn)?,
            (Some(_), None) | (None, _) => None,
        };
        let files = left_out.map(|it| LeftFile::read(Some(it))).transpose()?;
        let all = reason.map(|it| it.0).filter(|it| it.notifies_sender()).map(Why::All);
        let request = request.map(|(reason, _)| Why::Request(reason.0, duplicate));
        let (language, status) = (language.map_or(Language::Ru, |it| it.0), status.map(|it| it.0));
        let why = request.or(all).or(files.map(Why::Files));
        Ok(why.map(|why| Self { language, ticket_id, status, why }))
    }

    /// What is said about it.
    pub fn page(&self, links: &Links) -> Page {
        let texts = Texts::of(self.language);
        let (inbound, frame) = (&texts.inbound, &texts.frame);
        let paragraph = |it: &str| Block::paragraph(it);
        let (title, mut blocks, ticket_id, answer) = match &self.why {
            Why::All(reason) => {
                let refused = match self.ticket_id {
                    Some(_) => &inbound.refused,
                    None => &inbound.refused_filing,
                };
                let why = self.explanation(*reason, inbound);
                let mut blocks = [refused, why, &inbound.kept].map(|it| paragraph(it)).to_vec();
                if *reason == InboundReason::TicketClosed {
                    blocks.push(Block::paragraph(links.with_inbox(&frame.by_mail)));
                }
                (&inbound.refused_subject, blocks, self.ticket_id, "")
            }
            Why::Request(reason, duplicate) => {
                let why = reason.explanation().text_in(self.language);
                let mut blocks = vec![paragraph(&inbound.refused_filing), paragraph(why)];
                let (duplicate_id, answer) = match duplicate {
                    Some(duplicate) => {
                        blocks.extend(duplicate.blocks(inbound));
                        let may_answer = duplicate.reply_to.is_some();
                        (Some(duplicate.id), if may_answer { &*frame.answer_above } else { "" })
                    }
                    None => {
                        blocks.push(Block::paragraph(links.with_inbox(&inbound.write_again)));
                        (None, "")
                    }
                };
                blocks.push(paragraph(&inbound.kept));
                (&inbound.refused_subject, blocks, duplicate_id, answer)
            }
            Why::Files(files) => {
                let items = files.iter().map(|it| line(it, inbound)).collect();
                let list = Block::List { title: inbound.files.clone(), items };
                let blocks = vec![list, paragraph(&inbound.attach)];
                (&inbound.files_subject, blocks, self.ticket_id, "")
            }
        };
        blocks.push(match ticket_id.and_then(|it| links.ticket_url(it)) {
            Some(url) => Block::link(&frame.open_ticket, url),
            None => Block::link(&frame.open_portal, links.portal()),
        });
        let language = self.language.as_str();
        let (answer, title) = (answer.to_owned(), title.clone());
        Page { language, answer, title, blocks, ..Page::default() }
    }

    const fn explanation<'a>(&self, reason: InboundReason, texts: &'a InboundTexts) -> &'a String {
        match reason {
            InboundReason::Unreadable => &texts.unreadable,
            InboundReason::TooLarge => &texts.too_large,
            InboundReason::UnknownAddress => &texts.unknown_address,
            InboundReason::ForeignSender => &texts.foreign_sender,
            InboundReason::NotPermitted => &texts.not_permitted,
            InboundReason::TicketClosed if matches!(self.status, Some(Status::Rejected)) => {
                &texts.ticket_rejected
            }
            InboundReason::TicketClosed => &texts.ticket_closed,
            InboundReason::NotResolved => &texts.not_resolved,
            InboundReason::Empty => &texts.empty,
            InboundReason::TooLong => &texts.too_long,
            InboundReason::Refused
            | InboundReason::RequestRefused
            | InboundReason::Automatic
            | InboundReason::Unauthenticated
            | InboundReason::Stranger
            | InboundReason::ProjectUnclear => match self.ticket_id {
                Some(_) => &texts.refused_by_rule,
                None => &texts.not_filed,
            },
        }
    }
}

impl Duplicate {
    /// The ticket, if the sender still sees it.
    fn load(
        id: i64,
        user_id: i64,
        links: &Links,
        conn: &mut PgConnection,
    ) -> QueryResult<Option<Self>> {
        let viewer = viewer_of(user_id, conn)?;
        let found: Option<(String, DbEnum<Status>)> = tickets::table
            .filter(tickets::id.eq(id))
            .filter(visibility::tickets(&viewer))
            .select((tickets::subject, tickets::status))
            .first(conn)
            .optional()?;
        let Some((subject, status)) = found else { return Ok(None) };
        let to = ReplyTo { ticket_id: id, user_id, purpose: Purpose::Comment };
        let reply_to = match links.reply_domain.as_ref().filter(|_| !status.0.is_final()) {
            Some(domain) => Some(ReplyKey::load(conn)?.address(to, domain)),
            None => None,
        };
        Ok(Some(Self { id, subject, reply_to }))
    }

    fn blocks(&self, texts: &InboundTexts) -> Vec<Block> {
        let values = [("id", &*self.id.to_string()), ("subject", &self.subject)];
        let named = Block::paragraph(fill(&texts.duplicate, &values));
        let answer = self.reply_to.as_ref().map(|_| Block::paragraph(&texts.duplicate_answer));
        std::iter::once(named).chain(answer).collect()
    }
}

/// Each file with its reason.
fn line(file: &LeftFile, texts: &InboundTexts) -> String {
    let why = match file.reason {
        LeftOut::TooLarge => &texts.file_too_large,
        LeftOut::TooMany => &texts.file_too_many,
        LeftOut::TooManyToday => &texts.file_too_many_today,
    };
    format!("{}: {why}", file.filename)
}
