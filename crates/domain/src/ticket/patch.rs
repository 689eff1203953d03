//! What an edit does to one field.

use serde::{Deserialize, Deserializer};

/// The edit of a field (RFC 7396).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Absent: it stays.
    #[default]
    Keep,
    /// Null: it has no value any more.
    Clear,
    /// It has this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Applies it to a field.
    pub fn apply_to(self, field: &mut Option<T>) {
        *field = self.applied_to(field.take());
    }

    /// The value of a field after it.
    pub fn applied_to(self, field: Option<T>) -> Option<T> {
        match self {
            Self::Keep => field,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The value that it sets.
    pub const fn given(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// The same with the value mapped.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(change(value)),
        }
    }
}

/// With `#[serde(default)]`: a member that is absent is never read.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Body {
        #[serde(default)]
        cause: Patch<String>,
    }

    #[test]
    fn absent_stays_null_clears_and_a_value_is_set() {
        for (body, expected) in [
            ("{}", Some("было")),
            (r#"{"cause":null}"#, None),
            (r#"{"cause":"гроза"}"#, Some("гроза")),
        ] {
            let body: Body = serde_json::from_str(body).expect("a body");
            let mut cause = Some("было".to_owned());
            body.cause.apply_to(&mut cause);
            assert_eq!(cause.as_deref(), expected);
        }
    }
}
