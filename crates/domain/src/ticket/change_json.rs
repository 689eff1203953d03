//! Changes as events hold them: one object, a member for each field. The hash chain covers what is written
//! here, so the format must not change.

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::change::Change;

/// The changes of an event, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes<T = TextRefs>(pub Vec<Change<T>>);

/// Where the two versions of a text are kept, and the salted hash of each: an event holds no text
/// itself, so that one can be blanked without touching it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the members")]
pub struct TextRefs {
    pub from_text: Option<i64>,
    pub to_text: Option<i64>,
    #[serde(default)]
    pub from_hash: Option<String>,
    #[serde(default)]
    pub to_hash: Option<String>,
}

/// What remains of a text that was redacted.
#[derive(Debug, Default, Serialize)]
pub(super) struct Blank {
    from_text: Option<i64>,
    to_text: Option<i64>,
}

impl TextRefs {
    pub(super) const fn is_blank(&self) -> bool {
        self.from_text.is_none() && self.to_text.is_none()
    }
}

impl<T> Default for Changes<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Serialize> Serialize for Changes<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for change in &self.0 {
            change.write(&mut map)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Changes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Changes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the changes of an event")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Changes, A::Error> {
                let mut changes = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    changes.push(Change::read(&name, &mut map)?);
                }
                Ok(Changes(changes))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests;
