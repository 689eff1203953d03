//! The answer to a mail that could not be used, or not with all of its files. It has none of the
//! mail's own words but the names of files that its writer sent.

use diesel::prelude::*;
use domain::{InboundReason, Language, Text};
use serde_json::Value;

use crate::credentials::email::fold_email;
use crate::db::Db;
use crate::db::schema::{inbound_mails, users};
use crate::db::string_enum::DbEnum;
use crate::inbound::files::LeftFile;
use crate::mail::letter::{Composed, Letter};
use crate::mail::outbox::MailRow;
use crate::problem::Problem;

/// A mail that could not be used as it was, as its writer is told of it.
#[derive(Debug)]
pub struct RefusedMail {
    /// The language of the writer's account; Russian where there is none.
    pub language: Language,
    /// The ticket that it was meant for.
    pub ticket_id: Option<i64>,
    why: Why,
}

/// What was not used.
#[derive(Debug)]
enum Why {
    /// Nothing was, for this reason.
    All(Text),
    /// These files were left out.
    Files(Vec<LeftFile>),
}

const SUBJECT: Text =
    Text::new("Письмо не принято", "Хат қабылданбады", "Your mail was not accepted");

const BODY: Text = Text::new(
    "Ваше письмо не стало комментарием к заявке.\n\n{why}\n\nПисьмо сохранено, его увидит техническая \
     поддержка.\n",
    "Хатыңыз өтінімге пікір болмады.\n\n{why}\n\nХат сақталды, оны техникалық қолдау көреді.\n",
    "Your mail did not become a comment on a ticket.\n\n{why}\n\nIt has been kept where technical \
     support can see it.\n",
);

const SUBJECT_OF_FILES: Text = Text::new(
    "Не все файлы письма приняты",
    "Хаттың барлық файлы қабылданған жоқ",
    "Not all files of your mail were accepted",
);

const BODY_OF_FILES: Text = Text::new(
    "Ваше письмо стало комментарием к заявке, но без этих файлов:\n\n{why}\n\nПриложите их к заявке на \
     портале.\n",
    "Хатыңыз өтінімге пікір болды, бірақ мына файлдарсыз:\n\n{why}\n\nОларды порталдағы өтінімге \
     тіркеңіз.\n",
    "Your mail became a comment on a ticket, but without these files:\n\n{why}\n\nPlease attach them \
     to the ticket on the portal.\n",
);

/// Why a mail could not be used, to whoever wrote it.
pub fn compose(mail: &MailRow, db: &Db) -> Result<Composed, Problem> {
    let (Some(id), Some(address)) = (mail.inbound_mail_id, mail.address.as_deref()) else {
        return Ok(Composed::Dropped("it is to nobody"));
    };
    let work = |conn: &mut PgConnection| RefusedMail::load(id, address, conn);
    let Some(refused) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("there is nothing to say"));
    };
    let letter = Letter {
        id: mail.id,
        to: address.to_owned(),
        subject: refused.subject_line().to_owned(),
        body: refused.body(),
        ticket_id: refused.ticket_id,
        ..Letter::default()
    };
    Ok(letter.into())
}

impl RefusedMail {
    /// What is to be said about a mail that came in.
    fn load(id: i64, address: &str, conn: &mut PgConnection) -> Result<Option<Self>, Problem> {
        type Row = (Option<DbEnum<InboundReason>>, Option<i64>, Option<Value>);

        let (reason, ticket_id, left_out): Row = inbound_mails::table
            .find(id)
            .select((inbound_mails::reason, inbound_mails::ticket_id, inbound_mails::left_out))
            .first(conn)?;
        let language: Option<DbEnum<Language>> = users::table
            .filter(users::email_folded.eq(fold_email(address)))
            .select(users::language)
            .first(conn)
            .optional()?;
        let files =
            left_out.map(serde_json::from_value).transpose().map_err(Problem::unexpected)?;
        let all = reason.and_then(|it| it.0.explanation()).map(Why::All);
        let language = language.map_or(Language::Ru, |it| it.0);
        let why = all.or(files.map(Why::Files));
        Ok(why.map(|why| Self { language, ticket_id, why }))
    }

    pub const fn subject_line(&self) -> &'static str {
        match self.why {
            Why::All(_) => SUBJECT.text_in(self.language),
            Why::Files(_) => SUBJECT_OF_FILES.text_in(self.language),
        }
    }

    pub fn body(&self) -> String {
        let (body, why) = match &self.why {
            Why::All(why) => (BODY, why.text_in(self.language).to_owned()),
            Why::Files(files) => (BODY_OF_FILES, self.lines(files)),
        };
        body.text_in(self.language).replace("{why}", &why)
    }

    /// Each file with its reason.
    fn lines(&self, files: &[LeftFile]) -> String {
        let why = |it: &LeftFile| it.reason.explanation().text_in(self.language);
        let lines: Vec<String> =
            files.iter().map(|it| format!("- {}: {}", it.filename, why(it))).collect();
        lines.join("\n")
    }
}
