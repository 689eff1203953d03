//! What a filter by something optional names: a thing by its id, or that there is none.

use serde::{Deserialize, Serialize};

/// An id, or `none`. In a query it is text, in a saved filter a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct IdOrNone(Option<i64>);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Id(i64),
    Text(String),
}

impl IdOrNone {
    pub const fn id(self) -> Option<i64> {
        self.0
    }
}

impl TryFrom<Written> for IdOrNone {
    type Error = std::num::ParseIntError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Ok(Self(match written {
            Written::Id(id) => Some(id),
            Written::Text(text) if text == "none" => None,
            Written::Text(text) => Some(text.parse()?),
        }))
    }
}

impl From<IdOrNone> for Written {
    fn from(IdOrNone(id): IdOrNone) -> Self {
        id.map_or_else(|| Self::Text("none".to_owned()), Self::Id)
    }
}
