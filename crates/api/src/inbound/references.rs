//! What a mail that came in refers to: other mails, and by them or by number a ticket.

use mail_parser::Message;

use crate::inbound::parse::Incoming;

impl Incoming {
    /// The ticket named in a reply to one of our mails, or of a Redmine, of which an import preserves the
    /// numbers: `[№17]` or `[… #17]` in the subject, or the id of such a mail.
    pub fn named_ticket(&self, mail_domain: &str) -> Option<i64> {
        let in_subject = self.subject.split('[').skip(1).find_map(|it| {
            let (inside, _) = it.split_once(']')?;
            let number = inside.strip_prefix('№').or(inside.rsplit_once('#').map(|(_, it)| it));
            number?.trim().parse().ok()
        });
        let of_redmine =
            |it: &str| it.strip_prefix("redmine.issue-")?.split(['.', '@']).next()?.parse().ok();
        let in_reference =
            |it: &String| of_redmine(it).or_else(|| own_id(it, "ticket-", mail_domain));
        self.references.iter().find_map(in_reference).or(in_subject)
    }

    /// The mails of this service to which it replies.
    pub fn answered_mails(&self, mail_domain: &str) -> impl Iterator<Item = i64> {
        self.references.iter().filter_map(move |it| own_id(it, "mail-", mail_domain))
    }
}

/// The ids of the mails to which it replies.
pub fn references(message: &Message<'_>) -> Vec<String> {
    let named = message.headers_raw();
    let named = named
        .filter(|(name, _)| matches!(name.to_lowercase().as_str(), "in-reply-to" | "references"));
    let ids = named.flat_map(|(_, value)| value.split_whitespace());
    ids.map(|it| it.trim_matches(['<', '>', ',']).to_owned()).filter(|it| !it.is_empty()).collect()
}

/// The number in an id of this service.
pub fn own_id(id: &str, prefix: &str, own_domain: &str) -> Option<i64> {
    let (number, domain) = id.strip_prefix(prefix)?.split_once('@')?;
    number.parse().ok().filter(|_| domain == own_domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(subject: &str, reference: &str) -> Option<i64> {
        let (subject, references) = (subject.to_owned(), vec![reference.to_owned()]);
        let mail = Incoming { subject, references, ..Incoming::default() };
        mail.named_ticket("helpdesk.example")
    }

    /// Section 7: a reply to one of our mails, or to one of a Redmine, names its ticket.
    #[test]
    fn s7_a_mail_names_the_ticket_that_it_answers() {
        assert_eq!(named("Re: [№34] Нет звука", ""), Some(34));
        assert_eq!(named("Re: [Телефония - Ошибка #12345] (Новая) Нет звука", ""), Some(12_345));
        assert_eq!(named("Да", "ticket-34@helpdesk.example"), Some(34));
        assert_eq!(named("Да", "redmine.issue-77.20240101120000.9@old.kz"), Some(77));
        assert_eq!(named("Да", "ticket-34@elsewhere.example"), None);
        assert_eq!(named("Порт #12 [eth0] и [#]", "mail-9@helpdesk.example"), None);
        assert_eq!(own_id("mail-9@helpdesk.example", "mail-", "helpdesk.example"), Some(9));
    }
}
