//! The texts of mails by language, from the files in `texts`, which can be edited without Rust.

use std::sync::LazyLock;

use domain::Language;
use serde::Deserialize;

const FILES: [(Language, &str); 3] = [
    (Language::Ru, include_str!("../../texts/ru.toml")),
    (Language::Kk, include_str!("../../texts/kk.toml")),
    (Language::En, include_str!("../../texts/en.toml")),
];

/// Lists the sections and their texts once: a file with a missing or an extra text is rejected.
macro_rules! texts {
    ($($(#[$about:meta])* $section:ident: $type:ident { $($name:ident,)+ })+) => {
        /// All texts in one language.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Texts { $($(#[$about])* pub $section: $type,)+ }

        $(
            $(#[$about])*
            #[derive(Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $type { $(pub $name: String,)+ }
        )+
    };
}

texts! {
    /// What stands around every mail.
    frame: Frame {
        answer_above, answer_closed, answer_rejected, by_mail, greeting, open_ticket, open_portal, hours, settings, to_participant, to_engineer,
        to_author, to_owner,
    }
    /// What happened to a ticket.
    notification: NotificationTexts {
        edited, reason, files, internal_note, likewise, question, rating, version_out, version_planned,
        version_unplanned, answer, bytes, kilobytes, megabytes,
    }
    /// What somebody who has filed a ticket is told.
    receipt: Receipt { registered, accept_by, from_mail, hints, }
    /// What a customer is to do (2.5).
    to_customer: ToCustomer {
        in_progress, in_progress_by, feedback, feedback_by, resolved, confirm, confirm_subject,
        confirm_how, confirmed, awaiting_release, awaiting_version, awaiting_version_on, on_hold,
        on_hold_until, closed, rejected,
    }
    /// What support is to do (2.5).
    to_support: ToSupport { required, }
    /// A request that was refused (3.4).
    refusal: RefusalTexts { author, company, project, reason, what_to_do, decided, decided_next, }
    /// What happened since the last working day.
    digest: DigestTexts { subject, intro, more, why, }
    /// A webhook that was disabled.
    webhook: WebhookTexts { gone, failing, owner_left, switch_on, }
    /// The access data of somebody who was registered.
    invitation: Invitation { subject, body, }
    /// How a forgotten password is replaced.
    password_reset: PasswordReset { subject, body, }
    /// The password is another one now.
    password_changed: PasswordChanged { subject, body, }
    /// The address is another one now.
    address_changed: AddressChanged { subject, body, }
    /// What support did for a company in a month.
    company_report: CompanyReport {
        subject, intro, filed, solved, closed, open, accepted_in_time, answered_in_time, to_solve,
        rating, table,
    }
    /// What became of a mail that came in.
    inbound: InboundTexts {
        refused_subject, refused, refused_filing, kept, files_subject, files, attach, unreadable,
        too_large, unknown_address, foreign_sender, not_permitted, ticket_closed, ticket_rejected,
        duplicate, duplicate_answer, write_again, not_resolved, empty, too_long, refused_by_rule,
        not_filed, file_too_large, file_too_many, file_too_many_today,
    }
}

impl Texts {
    /// The texts in a language.
    #[expect(clippy::expect_used, reason = "a test reads all files")]
    pub fn of(language: Language) -> &'static Self {
        static READ: LazyLock<[Texts; 3]> =
            LazyLock::new(|| FILES.map(|(_, file)| toml::from_str(file).expect("a complete file")));

        let [ru, kk, en] = &*READ;
        match language {
            Language::Ru => ru,
            Language::Kk => kk,
            Language::En => en,
        }
    }
}

/// Fills in the placeholders of a text. Values are not expanded again: a
/// placeholder that somebody typed stays as it is.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}').and_then(|(name, later)| {
            values.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value, later))
        });
        let (value, later) = named.unwrap_or(("{", after));
        filled.push_str(value);
        rest = later;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Each text of a file by its key, with the names that are filled in.
    fn placeholders(file: &str) -> BTreeMap<String, BTreeSet<String>> {
        let sections: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(file).unwrap();
        let names = |text: &str| {
            let after = text.split('{').skip(1).filter_map(|it| it.split_once('}'));
            after.map(|(name, _)| name.to_owned()).collect()
        };
        let of_section = |(section, texts): (String, BTreeMap<String, String>)| {
            texts.into_iter().map(move |(key, text)| (format!("{section}.{key}"), names(&text)))
        };
        sections.into_iter().flat_map(of_section).collect()
    }

    /// Section 7: a translator has forgotten nothing: all keys, with the same names to fill in.
    #[test]
    fn s7_every_text_is_there_in_every_language_with_the_same_names() {
        let [(_, ru), others @ ..] = FILES;

        for (language, file) in others {
            assert_eq!(placeholders(file), placeholders(ru), "{language}");
            assert!(!Texts::of(language).frame.hours.is_empty());
        }
    }

    /// Section 7: no word of a program, pattern or foreign word stands in a sentence for people.
    #[test]
    fn s7_texts_are_in_the_language_of_their_readers() {
        for (language, file) in FILES {
            let sections: BTreeMap<String, BTreeMap<String, String>> =
                toml::from_str(file).unwrap();
            for (key, text) in sections.values().flatten() {
                let names: String =
                    text.split('{').map(|it| it.split_once('}').map_or(it, |(_, it)| it)).collect();
                let is_foreign = |it: char| it.is_ascii_alphabetic() || "_/<>^$\\|".contains(it);
                if language != Language::En {
                    assert!(!names.contains(is_foreign), "{language}, {key}: {names}");
                }
                assert!(!text.contains("->") && !text.contains("  -"), "{language}, {key}: {text}");
                assert!(!text.contains('ё') && !text.contains(" \n"), "{language}, {key}: {text}");
            }
        }
    }

    /// IN11: what people type is filled in once, and never looked into.
    #[test]
    fn sec_in11_values_are_not_expanded_twice() {
        let values = [("name", "{secret} {name}"), ("secret", "хлеб")];

        assert_eq!(fill("{name}, {other} {", &values), "{secret} {name}, {other} {");
    }
}
