//! JSON as accepted in requests: no repeated members, no invalid text, everything normalised to NFC.

use domain::hidden::has_hidden;
use domain::{FieldCode, FieldError};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use unicode_normalization::UnicodeNormalization;

use crate::http::one_line::OneLine;
use crate::problem::{Code, Problem};

/// Errors: `malformed_body` for a repeated member, a lone surrogate, bad UTF-8, or anything that is not JSON.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|_| Problem::new(Code::MalformedBody))
}

/// The greatest integer that every JSON parser handles exactly.
const MAX_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Reads any JSON value, but refuses a repeated member.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(Value::from(it))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(Value::from(it))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        // 5.0 is the integer 5, as in JSON Schema; a greater one exceeds the maximum of the schema.
        if it.fract() == 0.0 && it.abs() <= MAX_INTEGER {
            return Ok(Value::from(it as i64));
        }
        Ok(Number::from_f64(it).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, it: &str) -> Result<Value, E> {
        Ok(Value::String(it.nfc().collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Strict)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(Strict)?;
            if members.insert(shortened(name), value).is_some() {
                return Err(serde::de::Error::custom("a member is repeated"));
            }
        }
        Ok(Value::Object(members))
    }
}

/// The maximum length of a member's name, in characters: none of ours is as long.
const MAX_NAME: usize = 100;

/// A name that cannot be one of ours, as it is shown: every mistake below it repeats it.
fn shortened(name: String) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => name.get(..end).unwrap_or_default().to_owned() + "…",
        None => name,
    }
}

/// The pointer of a member (RFC 6901).
pub fn member(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// U+0000, which the database cannot hold, and characters that change the direction of a line.
pub(crate) fn is_forbidden(it: char) -> bool {
    it == '\0' || ('\u{202a}'..='\u{202e}').contains(&it) || ('\u{2066}'..='\u{2069}').contains(&it)
}

fn has_forbidden(text: &str, at: &str, lines: &OneLine) -> bool {
    text.chars().any(is_forbidden) || has_hidden(text.trim()) && lines.has(at)
}

/// How many errors are looked for: more than are reported.
const MAX_FOUND: usize = 1000;

/// Adds an error for each text with a forbidden character.
pub fn forbidden_characters(
    value: &Value,
    at: &mut String,
    lines: &OneLine,
    errors: &mut Vec<FieldError>,
) {
    each_text(value, at, &mut |text, at| {
        if errors.len() < MAX_FOUND && has_forbidden(text, at, lines) {
            errors.push(FieldError::new(at.to_owned(), FieldCode::ForbiddenCharacter));
        }
    });
}

/// Passes every text on, with its pointer.
pub fn each_text(value: &Value, at: &mut String, to: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => to(text, at),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                descend(at, &index.to_string(), item, to);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                descend(at, name, item, to);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn descend(at: &mut String, name: &str, item: &Value, to: &mut impl FnMut(&str, &str)) {
    let length = at.len();
    at.push_str(&member("", name));
    each_text(item, at, to);
    at.truncate(length);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use serde_json::json;

    use super::*;

    #[test]
    fn in05_a_repeated_member_is_refused() {
        assert!(parse(br#"{"a":1,"a":2}"#).is_err());
        assert!(parse(br#"{"a":{"b":1,"b":1}}"#).is_err());
        assert_eq!(parse(br#"{"a":[1,null,"x"]}"#).ok(), Some(json!({"a":[1,null,"x"]})));
    }

    #[test]
    fn in03_bad_text_is_refused() {
        for bytes in
            [&b"{\"a\":\"\xff\"}"[..], br#"{"a":"\ud800"}"#, b"\xef\xbb\xbf{}", b"", b"{} {}"]
        {
            assert!(parse(bytes).is_err(), "{bytes:?}");
        }
    }

    /// IN09: a long name is not repeated for each of a thousand mistakes below it, nor copied for each item.
    #[test]
    fn sec_in09_long_names_and_lists_are_read_in_linear_time() -> Result<(), Problem> {
        let items = vec!["\u{202e}\u{200b}"; 50_000];
        let deep = (0..100)
            .fold(json!(items), |it, level| json!({ "n".repeat(90) + &level.to_string(): it }));
        for sent in [json!({ "a".repeat(400_000): items }), deep] {
            let (value, mut errors) = (parse(sent.to_string().as_bytes())?, Vec::new());
            let begun = std::time::Instant::now();

            forbidden_characters(&value, &mut String::new(), &OneLine::default(), &mut errors);

            assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
            assert!(errors.len() <= MAX_FOUND && errors.iter().all(|it| it.pointer.len() < 12_000));
        }
        Ok(())
    }

    proptest! {
        /// IN01: whatever the bytes are, parsing ends.
        #[test]
        fn sec_in01_any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
        }
    }
}
