//! Requests that were not registered (3.4): kept, found, registered later or confirmed.

pub mod confirm;
pub mod list;
pub mod register;
pub mod show;
pub mod store;
pub mod view;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What has become of a refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for an engineer's decision.
    Pending,
    /// Became a ticket after all.
    Registered,
    /// An engineer agreed with the refusal.
    Confirmed,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Pending, Self::Registered, Self::Confirmed];

    /// The word as the API and the database spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Registered => "registered",
            Self::Confirmed => "confirmed",
        }
    }
}

impl std::str::FromStr for State {
    type Err = domain::language::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|it| it.as_str() == word);
        found.ok_or_else(|| domain::language::UnknownWord(word.to_owned()))
    }
}
