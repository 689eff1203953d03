//! The answer to a mail that could not be used.

use diesel::prelude::*;
use domain::{InboundReason, Language, Text};

use crate::schema::{inbound_mails, users};
use crate::users::email::fold_email;
use crate::word::Word;

/// A mail that could not be used, as its writer is told of it.
#[derive(Debug)]
pub struct RefusedMail {
    /// The language of the writer's account; Russian where there is none.
    pub language: Language,
    /// The ticket that it was meant for.
    pub ticket_id: Option<i64>,
    subject: String,
    why: Text,
}

const SUBJECT: Text =
    Text::new("Письмо не принято", "Хат қабылданбады", "Your mail was not accepted");

const BODY: Text = Text::new(
    "Ваше письмо «{subject}» не стало комментарием к заявке.\n\n{why}\n\nПисьмо сохранено, его увидит \
     техническая поддержка.\n",
    "«{subject}» хатыңыз өтінімге пікір болмады.\n\n{why}\n\nХат сақталды, оны техникалық қолдау \
     көреді.\n",
    "Your mail «{subject}» did not become a comment on a ticket.\n\n{why}\n\nIt has been kept where \
     technical support can see it.\n",
);

impl RefusedMail {
    /// What is to be said about a mail that came in.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn load(id: i64, address: &str, conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        type Row = (Option<Word<InboundReason>>, String, Option<i64>);

        let (reason, subject, ticket_id): Row = inbound_mails::table
            .find(id)
            .select((inbound_mails::reason, inbound_mails::subject, inbound_mails::ticket_id))
            .first(conn)?;
        let language: Option<Word<Language>> = users::table
            .filter(users::email_folded.eq(fold_email(address)))
            .select(users::language)
            .first(conn)
            .optional()?;
        let why = reason.and_then(|it| it.0.explanation());
        let language = language.map_or(Language::Ru, |it| it.0);
        Ok(why.map(|why| Self { language, ticket_id, subject, why }))
    }

    /// The subject line.
    pub const fn subject_line(&self) -> &'static str {
        SUBJECT.text_in(self.language)
    }

    /// The whole text.
    pub fn body(&self) -> String {
        BODY.text_in(self.language)
            .replace("{why}", self.why.text_in(self.language))
            .replace("{subject}", &self.subject)
    }
}
