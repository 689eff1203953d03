//! The texts of a ticket: they can be long, are read by people, and may have to be redacted one day.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::string_enum;

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

/// The details besides subject and description (3.1, 3.2), or what an edit does to them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Details<T = Option<String>> {
    /// The software version (3.2).
    #[serde(default)]
    #[schema(max_length = 1000, pattern = r"\S", value_type = Option<String>)]
    pub software_version: T,
    /// The connection diagram (3.1).
    #[serde(default)]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub connection_scheme: T,
    /// The addresses of the devices (3.2).
    #[serde(default)]
    #[schema(max_length = 5000, pattern = r"\S", value_type = Option<String>)]
    pub addresses: T,
    /// The steps that led to the fault (3.1).
    #[serde(default)]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub steps: T,
    /// The suspected cause (3.1).
    #[serde(default)]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub cause: T,
    /// The expected result (3.1).
    #[serde(default)]
    #[schema(max_length = 20_000, pattern = r"\S", value_type = Option<String>)]
    pub expected_result: T,
}

impl<T> Details<T> {
    /// Each with its name.
    pub const fn each(&self) -> [(TicketText, &T); 6] {
        [
            (TicketText::SoftwareVersion, &self.software_version),
            (TicketText::ConnectionScheme, &self.connection_scheme),
            (TicketText::Addresses, &self.addresses),
            (TicketText::Steps, &self.steps),
            (TicketText::Cause, &self.cause),
            (TicketText::ExpectedResult, &self.expected_result),
        ]
    }

    const fn each_mut(&mut self) -> [(TicketText, &mut T); 6] {
        [
            (TicketText::SoftwareVersion, &mut self.software_version),
            (TicketText::ConnectionScheme, &mut self.connection_scheme),
            (TicketText::Addresses, &mut self.addresses),
            (TicketText::Steps, &mut self.steps),
            (TicketText::Cause, &mut self.cause),
            (TicketText::ExpectedResult, &mut self.expected_result),
        ]
    }
}

impl Details<Patch<String>> {
    pub(super) fn apply_to(&self, details: &mut Details) {
        for ((_, patch), (_, detail)) in self.each().into_iter().zip(details.each_mut()) {
            patch.clone().apply_to(detail);
        }
    }
}

impl Texts {
    /// One of the texts.
    pub fn get(&self, text: TicketText) -> Option<&str> {
        match self.details.each().into_iter().find(|(it, _)| *it == text) {
            Some((_, detail)) => detail.as_deref(),
            None if text == TicketText::Subject => Some(&self.subject),
            None => Some(&self.description),
        }
    }

    /// Replaces a text; without one, subject and description become empty.
    pub(super) fn set(&mut self, text: TicketText, value: Option<String>) {
        match self.details.each_mut().into_iter().find(|(it, _)| *it == text) {
            Some((_, detail)) => *detail = value,
            None if text == TicketText::Subject => self.subject = value.unwrap_or_default(),
            None => self.description = value.unwrap_or_default(),
        }
    }
}
