//! The answer to a mail that was not used, or not with all of its files. It repeats none of the
//! mail's text except the file names.

use diesel::prelude::*;
use domain::{InboundReason, Language, LeftOut, RefusalReason};
use serde_json::Value;

use crate::credentials::email::fold_email;
use crate::db::Db;
use crate::db::schema::{inbound_mails, refusals, users};
use crate::db::string_enum::DbEnum;
use crate::inbound::files::LeftFile;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Composed, Links, OutgoingMail};
use crate::mail::page::{Block, Page};
use crate::mail::texts::{InboundTexts, Texts};
use crate::problem::Problem;

/// A mail that was not used completely, for the answer to its sender.
#[derive(Debug)]
pub struct RefusedMail {
    /// The language of the writer's account; Russian where there is none.
    pub language: Language,
    pub ticket_id: Option<i64>,
    pub why: Why,
}

/// What was not used.
#[derive(Debug)]
pub enum Why {
    /// Nothing was used, for this reason.
    All(InboundReason),
    /// It was a new request, which was refused (3.4).
    Request(RefusalReason),
    /// These files were left out.
    Files(Vec<LeftFile>),
}

/// Renders the answer to the sender.
pub fn compose(mail: &MailRow, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let (Some(id), Some(address)) = (mail.inbound_mail_id, mail.address.as_deref()) else {
        return Ok(Composed::Dropped("it is to nobody"));
    };
    let work = |conn: &mut PgConnection| RefusedMail::load(id, address, conn);
    let Some(refused) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("there is nothing to say"));
    };
    let page = refused.page(links);
    let outgoing = OutgoingMail::of(mail, address, page.title.clone(), page, links)?;
    Ok(OutgoingMail { ticket_id: refused.ticket_id, ..outgoing }.into())
}

impl RefusedMail {
    /// Loads what the answer needs.
    fn load(id: i64, address: &str, conn: &mut PgConnection) -> Result<Option<Self>, Problem> {
        type Row = (
            Option<DbEnum<InboundReason>>,
            Option<i64>,
            Option<Value>,
            Option<DbEnum<RefusalReason>>,
        );

        let (reason, ticket_id, left_out, request): Row = inbound_mails::table
            .left_join(refusals::table)
            .filter(inbound_mails::id.eq(id))
            .select((
                inbound_mails::reason,
                inbound_mails::ticket_id,
                inbound_mails::left_out,
                refusals::reason.nullable(),
            ))
            .first(conn)?;
        let language: Option<DbEnum<Language>> = users::table
            .filter(users::email_folded.eq(fold_email(address)))
            .select(users::language)
            .first(conn)
            .optional()?;
        let files =
            left_out.map(serde_json::from_value).transpose().map_err(Problem::unexpected)?;
        let all = reason.map(|it| it.0).filter(|it| it.notifies_sender()).map(Why::All);
        let request = request.map(|it| Why::Request(it.0));
        let language = language.map_or(Language::Ru, |it| it.0);
        let why = request.or(all).or(files.map(Why::Files));
        Ok(why.map(|why| Self { language, ticket_id, why }))
    }

    /// What is said about it.
    pub fn page(&self, links: &Links) -> Page {
        let texts = Texts::of(self.language);
        let (inbound, paragraph) = (&texts.inbound, |it: &str| Block::paragraph(it));
        let (title, mut blocks) = match &self.why {
            Why::All(reason) => {
                let why = explanation(*reason, inbound);
                let sentences = [&inbound.refused, why, &inbound.kept].map(String::as_str);
                (&inbound.refused_subject, sentences.map(paragraph).to_vec())
            }
            Why::Request(reason) => {
                let why = reason.explanation().text_in(self.language);
                let sentences = [inbound.refused_filing.as_str(), why, inbound.kept.as_str()];
                (&inbound.refused_subject, sentences.map(paragraph).to_vec())
            }
            Why::Files(files) => {
                let items = files.iter().map(|it| line(it, inbound)).collect();
                let list = Block::List { title: inbound.files.clone(), items };
                (&inbound.files_subject, vec![list, paragraph(&inbound.attach)])
            }
        };
        let ticket = self.ticket_id.and_then(|it| links.ticket_url(it));
        blocks.push(match ticket {
            Some(url) => Block::link(&texts.frame.open_ticket, url),
            None => Block::link(&texts.frame.open_portal, links.portal()),
        });
        let language = self.language.as_str();
        Page { language, title: title.clone(), blocks, ..Page::default() }
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

const fn explanation(reason: InboundReason, texts: &InboundTexts) -> &String {
    match reason {
        InboundReason::Unreadable => &texts.unreadable,
        InboundReason::TooLarge => &texts.too_large,
        InboundReason::UnknownAddress => &texts.unknown_address,
        InboundReason::ForeignSender => &texts.foreign_sender,
        InboundReason::NotPermitted => &texts.not_permitted,
        InboundReason::TicketClosed => &texts.ticket_closed,
        InboundReason::NotResolved => &texts.not_resolved,
        InboundReason::Empty => &texts.empty,
        InboundReason::TooLong => &texts.too_long,
        InboundReason::Refused
        | InboundReason::RequestRefused
        | InboundReason::Automatic
        | InboundReason::Unauthenticated
        | InboundReason::Stranger
        | InboundReason::ProjectUnclear => &texts.refused_by_rule,
    }
}
