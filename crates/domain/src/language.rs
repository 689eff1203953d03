//! The three languages of the portal, and texts that exist in all of them.

use crate::string_enum;

string_enum! {
    /// The language of texts.
    Language {
        /// Russian, the language of the regulation and the default.
        Ru = "ru",
        /// Kazakh.
        Kk = "kk",
        /// English.
        En = "en",
    }
}

/// One text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub ru: &'static str,
    pub kk: &'static str,
    pub en: &'static str,
}

impl Text {
    /// A text from its three versions: Russian, Kazakh, English.
    pub const fn new(ru: &'static str, kk: &'static str, en: &'static str) -> Self {
        Self { ru, kk, en }
    }

    /// The version in one language.
    pub const fn text_in(self, language: Language) -> &'static str {
        match language {
            Language::Ru => self.ru,
            Language::Kk => self.kk,
            Language::En => self.en,
        }
    }
}

/// A word that is not in its vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord(pub String);

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown word: {}", self.0)
    }
}

impl std::error::Error for UnknownWord {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ActorRole, CloseReason, Complexity, Impact, InboundOutcome, InboundReason, LeftOut, Need,
        NotificationKind, Party, Priority, RefusalReason, RefusalState, Role, Status, Tracker,
        Urgency, WaitingOn,
    };
    use utoipa::PartialSchema;

    /// A word is spelled alike in the schema and in the code.
    fn assert_spelled<T: PartialSchema>(words: impl Iterator<Item = &'static str>) {
        let schema = serde_json::to_string(&T::schema()).expect("a schema is JSON");
        for word in words {
            assert!(schema.contains(&format!("{word:?}")), "{word} in {schema}");
        }
    }

    #[test]
    fn every_word_is_spelled_alike_everywhere() {
        macro_rules! spelled {
            ($($name:ident),+) => { $(
                assert_spelled::<$name>($name::ALL.iter().map(|it| it.as_str()));
                for it in $name::ALL {
                    assert_eq!(it.as_str().parse::<$name>().as_ref(), Ok(it));
                }
            )+ };
        }
        spelled!(Language, Role, ActorRole, Status, Party, Tracker, Priority, Impact, Urgency);
        spelled!(Complexity, CloseReason, RefusalReason, RefusalState, WaitingOn, Need);
        spelled!(NotificationKind, InboundReason, InboundOutcome, LeftOut);
    }
}
