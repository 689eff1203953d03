//! The header `Idempotency-Key`.

use actix_web::http::header::HeaderMap;
use domain::{FieldCode, Format};

use crate::http::fingerprint::IDEMPOTENCY_KEY;
use crate::problem::Problem;

/// The longest key, characters.
pub const MAX_KEY: usize = 255;

/// The longest header: quotes around a key of which each character is escaped.
pub const MAX_HEADER: usize = 2 * MAX_KEY + 2;

/// The forms of the header: bare, or a quoted string with escaped quotes and backslashes.
pub const PATTERN: &str = r#"^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$"#;

/// The key by which a client identifies a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key of a request, if it has one.
    /// Errors: `malformed_header`.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY);
        let Some(first) = values.next() else { return Ok(None) };
        let key = first.to_str().ok().filter(|_| values.next().is_none()).and_then(Self::parse);
        key.map(Some).ok_or_else(malformed)
    }

    /// A key that is spelled as a quoted string (RFC 8941) or as it is: both are the same key.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t']);
        let key = match text.strip_prefix('"') {
            Some(rest) => unquoted(rest.strip_suffix('"')?)?,
            None => text.to_owned(),
        };
        let is_visible = key.bytes().all(|it| it.is_ascii_graphic());
        (is_visible && (1..=MAX_KEY).contains(&key.len())).then_some(Self(key))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The content of a quoted string; a backslash escapes a quote or a backslash.
fn unquoted(text: &str) -> Option<String> {
    let mut key = String::new();
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        match it {
            '\\' => key.push(rest.next().filter(|it| matches!(it, '"' | '\\'))?),
            '"' => return None,
            it => key.push(it),
        }
    }
    Some(key)
}

fn malformed() -> Problem {
    let code = FieldCode::WrongFormat(Format::IdempotencyKey);
    Problem::malformed_header("Idempotency-Key", code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> Option<String> {
        Key::parse(text).map(|it| it.0)
    }

    #[test]
    fn quoted_or_bare_is_the_same_key() {
        assert_eq!(key("8e03978e-40d5"), Some("8e03978e-40d5".to_owned()));
        assert_eq!(key("\"8e03978e-40d5\""), key("8e03978e-40d5"));
        assert_eq!(key(r#""a\"b\\c""#), Some(r#"a"b\c"#.to_owned()));
        assert_eq!(key(" a "), Some("a".to_owned()));
    }

    #[test]
    fn a_key_is_visible_and_neither_empty_nor_long() {
        for text in ["", "\"\"", "\"", "\"a", "a b", "\"a b\"", "\"a\\b\"", "\"a\"b\"", "\"a\";x=1"]
        {
            assert_eq!(key(text), None, "{text}");
        }
        for text in ["ключ", "a\tb", "a\u{7f}"] {
            assert_eq!(key(text), None, "{text}");
        }
        assert!(key(&"x".repeat(MAX_KEY)).is_some());
        assert_eq!(key(&"x".repeat(MAX_KEY + 1)), None);
    }

    proptest! {
        /// Quoting a key does not change it.
        #[test]
        fn every_key_can_be_quoted(bare in "[!-~]{1,255}") {
            let quoted = format!("\"{}\"", bare.replace('\\', "\\\\").replace('"', "\\\""));

            prop_assert_eq!(key(&quoted), Some(bare));
        }
    }
}
