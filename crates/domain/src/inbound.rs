//! Why an e-mail that came in was not used, and what support made of it.

use crate::string_enum;

string_enum! {
    /// Why an e-mail that came in was not used.
    InboundReason {
        /// A machine wrote it: an absence notice, a delivery report, a list, this service.
        Automatic = "automatic",
        /// It cannot be parsed.
        Unreadable = "unreadable",
        /// It is larger than permitted.
        TooLarge = "too_large",
        /// It was not sent to an address that this service issued.
        UnknownAddress = "unknown_address",
        /// It is not from the person to whom the address was issued.
        ForeignSender = "foreign_sender",
        /// The person may not comment: the account is closed, or its password has to be changed first.
        NotPermitted = "not_permitted",
        /// The ticket is finished, and the person is a customer.
        TicketClosed = "ticket_closed",
        /// It was to confirm a solution, and the ticket is not resolved any more.
        NotResolved = "not_resolved",
        /// Nothing is left of it without what it quotes.
        Empty = "empty",
        /// Its text is longer than a comment may be.
        TooLong = "too_long",
        /// It was to be a ticket, and no mail server says that its sender is who it names.
        Unauthenticated = "unauthenticated",
        /// It was to be a ticket, and its sender has no account that files any.
        Stranger = "stranger",
        /// It was to be a ticket, and its sender has no project, or more than one.
        ProjectUnclear = "project_unclear",
        /// It was to be a ticket, and was refused (3.4): the request is kept.
        RequestRefused = "request_refused",
        /// Another rule is against it.
        Refused = "refused",
    }
}

string_enum! {
    /// What support made of an e-mail that was not used.
    InboundOutcome {
        /// A comment on a ticket.
        Comment = "comment",
        /// A ticket of its own.
        Ticket = "ticket",
        /// Nothing: it is dismissed.
        Dismissed = "dismissed",
    }
}

impl InboundReason {
    /// Whether its sender is notified, if they are known; machines and strangers are not.
    pub const fn notifies_sender(self) -> bool {
        match self {
            Self::Automatic | Self::Unauthenticated | Self::Stranger | Self::ProjectUnclear => {
                false
            }
            Self::Unreadable
            | Self::TooLarge
            | Self::UnknownAddress
            | Self::ForeignSender
            | Self::NotPermitted
            | Self::TicketClosed
            | Self::NotResolved
            | Self::Empty
            | Self::TooLong
            | Self::RequestRefused
            | Self::Refused => true,
        }
    }
}
