//! What an API token may be given: the scopes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an API token may be used for. Whatever its scopes, a token may never do more than its
/// owner.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum Scope {
    /// Read tickets, comments, files, refusals, the queue and one's own pages.
    #[serde(rename = "tickets:read")]
    TicketsRead,
    /// File, move, edit and comment tickets, and everything else that changes them.
    #[serde(rename = "tickets:write")]
    TicketsWrite,
    /// Read companies, people, projects, directions, products and releases.
    #[serde(rename = "directory:read")]
    DirectoryRead,
    /// Change companies, people, projects, directions, products and releases.
    #[serde(rename = "directory:write")]
    DirectoryWrite,
    /// Follow the feed of events.
    #[serde(rename = "events:read")]
    EventsRead,
    /// Read and change webhooks and their deliveries.
    #[serde(rename = "webhooks:write")]
    WebhooksWrite,
    #[serde(rename = "reports:read")]
    ReportsRead,
    /// Read and change the settings.
    #[serde(rename = "settings:write")]
    SettingsWrite,
    /// Look after the installation: jobs, the audit log, blanking what should not be kept.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    pub const ALL: &'static [Self] = &[
        Self::TicketsRead,
        Self::TicketsWrite,
        Self::DirectoryRead,
        Self::DirectoryWrite,
        Self::EventsRead,
        Self::WebhooksWrite,
        Self::ReportsRead,
        Self::SettingsWrite,
        Self::Admin,
    ];

    /// The word as the API and the database spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TicketsRead => "tickets:read",
            Self::TicketsWrite => "tickets:write",
            Self::DirectoryRead => "directory:read",
            Self::DirectoryWrite => "directory:write",
            Self::EventsRead => "events:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::ReportsRead => "reports:read",
            Self::SettingsWrite => "settings:write",
            Self::Admin => "admin",
        }
    }

    /// The scope of a word; none of a word that is no scope.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == word)
    }

    /// Whether something can be changed with it.
    pub const fn is_writing(self) -> bool {
        match self {
            Self::TicketsRead | Self::DirectoryRead | Self::EventsRead | Self::ReportsRead => false,
            Self::TicketsWrite
            | Self::DirectoryWrite
            | Self::WebhooksWrite
            | Self::SettingsWrite
            | Self::Admin => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The database and the API spell a scope the same way.
    #[test]
    fn a_scope_has_one_spelling() {
        for scope in Scope::ALL {
            assert_eq!(json!(scope), scope.as_str());
            assert_eq!(Scope::of(scope.as_str()), Some(*scope));
        }
        assert_eq!(Scope::of("tickets"), None);
    }
}
