//! The three languages of the portal, and texts that exist in all of them.

use crate::words::words;

words! {
    /// A language that people are answered in.
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
    /// Russian.
    pub ru: &'static str,
    /// Kazakh.
    pub kk: &'static str,
    /// English.
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

/// A word that its vocabulary does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord(pub String);

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown word: {}", self.0)
    }
}

impl std::error::Error for UnknownWord {}
