//! The scopes of API tokens.

domain::string_enum! {
    /// What an API token may be used for. Whatever its scopes, a token may never do
    /// more than its owner.
    Scope {
        TicketsRead = "tickets:read" ("Читать заявки", "Өтінімдерді оқу", "Read tickets"),
        TicketsWrite = "tickets:write" ("Вести заявки", "Өтінімдерді жүргізу", "Change tickets"),
        DirectoryRead = "directory:read" ("Читать справочник", "Анықтамалықты оқу", "Read the directory"),
        DirectoryWrite = "directory:write" ("Вести справочник", "Анықтамалықты жүргізу", "Change the directory"),
        PeopleWrite = "people:write" ("Регистрировать сотрудников заказчиков", "Тапсырыс берушілердің қызметкерлерін тіркеу", "Register customers"),
        EventsRead = "events:read" ("Читать события", "Оқиғаларды оқу", "Read events"),
        WebhooksWrite = "webhooks:write" ("Вести вебхуки", "Вебхуктарды жүргізу", "Change webhooks"),
        ReportsRead = "reports:read" ("Читать отчеты", "Есептерді оқу", "Read reports"),
        SettingsWrite = "settings:write" ("Менять настройки", "Баптауларды өзгерту", "Change settings"),
        Admin = "admin" ("Читать журнал и задания", "Журнал мен тапсырмаларды оқу", "Read the audit log and the jobs"),
    }
}

impl Scope {
    /// What it permits, as its owner is told.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::TicketsRead => {
                "Read tickets, comments, files, refused requests, the queue and the user's own pages."
            }
            Self::TicketsWrite => {
                "File, move, edit, comment and redact tickets, and everything else that changes \
                 them; responses show the ticket."
            }
            Self::DirectoryRead => {
                "Read companies, people, projects, the catalogue with its releases, answer \
                 templates, macros and settings."
            }
            Self::DirectoryWrite => {
                "Change companies, projects, the catalogue with its releases, answer templates, \
                 macros, and who works in which direction or is absent. It gives access to no account and no \
                 ticket."
            }
            Self::PeopleWrite => {
                "Register, change, invite and deactivate customers, and say which projects they \
                 see. It gives access to the tickets of every company, since whoever has such a token \
                 can register anybody anywhere. Accounts of staff are out of its reach."
            }
            Self::EventsRead => "Follow the events of the tickets that the user may read.",
            Self::WebhooksWrite => {
                "Read and change webhooks, to which the events of the tickets that the user may \
                 read are sent, even after the token has ended."
            }
            Self::ReportsRead => "Read reports, and what settings would do to tickets.",
            Self::SettingsWrite => "Change the calendar, the targets and the assignment.",
            Self::Admin => "Read the state of jobs and the audit log.",
        }
    }

    /// Whether something can be changed with it.
    pub const fn is_writing(self) -> bool {
        match self {
            Self::TicketsRead | Self::DirectoryRead | Self::EventsRead | Self::ReportsRead => false,
            Self::TicketsWrite
            | Self::DirectoryWrite
            | Self::PeopleWrite
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
