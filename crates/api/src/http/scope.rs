//! What an API token may be given: the scopes.

domain::string_enum! {
    /// What an API token may be used for. Whatever its scopes, a token may never do more than its
    /// owner.
    Scope {
        /// Read tickets, comments, files, refusals, the queue and one's own pages.
        TicketsRead = "tickets:read",
        /// File, move, edit and comment tickets, and everything else that changes them.
        TicketsWrite = "tickets:write",
        /// Read companies, people, projects, directions, products and releases.
        DirectoryRead = "directory:read",
        /// Change companies, people, projects, directions, products and releases.
        DirectoryWrite = "directory:write",
        /// Follow the feed of events.
        EventsRead = "events:read",
        /// Read and change webhooks and their deliveries.
        WebhooksWrite = "webhooks:write",
        /// Read what support has done, in figures.
        ReportsRead = "reports:read",
        /// Read and change the settings.
        SettingsWrite = "settings:write",
        /// Look after the installation: jobs, the audit log, blanking what should not be kept.
        Admin = "admin",
    }
}

impl Scope {
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
            assert_eq!(scope.as_str().parse(), Ok(*scope));
        }
        assert!("tickets".parse::<Scope>().is_err());
    }
}
