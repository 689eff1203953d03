//! How a closed vocabulary is defined: one line per word.

/// Defines an enum whose words are those of the API, the database and the documents.
///
/// Each word is written once; `ALL`, `as_str`, `FromStr`, serde and the schema follow from it, and
/// where each word has a label in the three languages, `label` does, too.
#[macro_export]
macro_rules! string_enum {
    ($(#[$about:meta])* $name:ident {
        $($(#[$note:meta])* $word:ident = $code:tt ($ru:literal, $kk:literal, $en:literal),)+
    }) => {
        $crate::string_enum! {
            $(#[$about])* $name { $($(#[$note])* $word = $code,)+ }
        }

        impl $name {
            /// The name to show, in the caller's language.
            pub const fn label(self) -> $crate::language::Text {
                match self { $(Self::$word => $crate::language::Text::new($ru, $kk, $en),)+ }
            }
        }
    };
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $word:ident = $code:tt,)+ }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $(#[$about])*
        pub enum $name { $($(#[$note])* #[serde(rename = $code)] $word,)+ }

        impl $name {
            /// Every word, in the order of the regulation.
            pub const ALL: &'static [Self] = &[$(Self::$word,)+];

            /// The word as the API and the database spell it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $code,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::language::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|it| it.as_str() == word)
                    .ok_or_else(|| $crate::language::UnknownWord(word.to_owned()))
            }
        }
    };
}
