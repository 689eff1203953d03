//! The texts of a ticket: what can be long, is read by people, and may have to be taken out one day.

use crate::string_enum::string_enum;

use super::patch::Patch;

string_enum! {
    #[expect(missing_docs, reason = "the names are those of the ticket's members")]
    /// A text of a ticket.
    TicketText {
        Subject = "subject",
        Description = "description",
        SoftwareVersion = "software_version",
        ConnectionScheme = "connection_scheme",
        Addresses = "addresses",
        Steps = "steps",
        Cause = "cause",
        ExpectedResult = "expected_result",
    }
}

/// What a request says (3.1, 3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the ticket's members")]
pub struct Texts {
    pub subject: String,
    pub description: String,
    pub details: Details,
}

/// What it says beside subject and description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the ticket's members")]
pub struct Details {
    pub software_version: Option<String>,
    pub connection_scheme: Option<String>,
    pub addresses: Option<String>,
    pub steps: Option<String>,
    pub cause: Option<String>,
    pub expected_result: Option<String>,
}

/// What an edit does to the details.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the ticket's members")]
pub struct DetailsPatch {
    pub software_version: Patch<String>,
    pub connection_scheme: Patch<String>,
    pub addresses: Patch<String>,
    pub steps: Patch<String>,
    pub cause: Patch<String>,
    pub expected_result: Patch<String>,
}

impl Texts {
    /// One of the texts.
    pub fn get(&self, text: TicketText) -> Option<&str> {
        let details = &self.details;
        match text {
            TicketText::Subject => Some(self.subject.as_str()),
            TicketText::Description => Some(self.description.as_str()),
            TicketText::SoftwareVersion => details.software_version.as_deref(),
            TicketText::ConnectionScheme => details.connection_scheme.as_deref(),
            TicketText::Addresses => details.addresses.as_deref(),
            TicketText::Steps => details.steps.as_deref(),
            TicketText::Cause => details.cause.as_deref(),
            TicketText::ExpectedResult => details.expected_result.as_deref(),
        }
    }

    /// Puts another text; subject and description are empty where there is none.
    pub(super) fn set(&mut self, text: TicketText, value: Option<String>) {
        let details = &mut self.details;
        match text {
            TicketText::Subject => self.subject = value.unwrap_or_default(),
            TicketText::Description => self.description = value.unwrap_or_default(),
            TicketText::SoftwareVersion => details.software_version = value,
            TicketText::ConnectionScheme => details.connection_scheme = value,
            TicketText::Addresses => details.addresses = value,
            TicketText::Steps => details.steps = value,
            TicketText::Cause => details.cause = value,
            TicketText::ExpectedResult => details.expected_result = value,
        }
    }
}

impl DetailsPatch {
    pub(super) fn apply_to(self, details: &mut Details) {
        self.software_version.apply_to(&mut details.software_version);
        self.connection_scheme.apply_to(&mut details.connection_scheme);
        self.addresses.apply_to(&mut details.addresses);
        self.steps.apply_to(&mut details.steps);
        self.cause.apply_to(&mut details.cause);
        self.expected_result.apply_to(&mut details.expected_result);
    }
}
