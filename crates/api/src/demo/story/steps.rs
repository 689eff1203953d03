//! What people do with a ticket, and the short way to write it: `after(14, SOKOLOVA).takes()`.

use domain::{CloseReason, Priority, RefusalReason, Status, WaitingOn};

/// Something that one person did with a ticket.
pub struct Step {
    /// Minutes since the step before, or since the filing; calendar minutes, nights included.
    pub after_minutes: u32,
    /// E-mail of who did it.
    pub by: &'static str,
    pub act: Act,
}

/// What can be done with a ticket.
pub enum Act {
    /// An engineer takes a new ticket and becomes its assignee.
    Take,
    /// A public comment; a customer's on `feedback` moves the ticket automatically (4.2.2).
    Comment(&'static str),
    Note(&'static str),
    /// A transition with a public comment.
    Move {
        to: Status,
        text: &'static str,
        /// What else the transition needs.
        with: With,
    },
    /// The customer confirms a resolved ticket.
    Confirm {
        /// A comment, if any.
        text: Option<&'static str>,
        /// One to five, if any.
        rating: Option<u8>,
    },
    /// Someone else becomes the assignee.
    Assign(&'static str),
    /// A further person watches.
    Watch(&'static str),
    /// An engineer changes the priority.
    Regrade {
        priority: Priority,
        reason: &'static str,
    },
}

/// What a transition needs besides its comment.
pub struct With {
    pub close_reason: Option<CloseReason>,
    /// To `closed` where the customer's confirmation is a comment: its place in the story's steps.
    pub confirmation: Option<usize>,
    pub refusal_reason: Option<RefusalReason>,
    /// To `rejected` as already registered: key of the story that it repeats.
    pub duplicate_of: Option<&'static str>,
    pub waiting_on: Option<WaitingOn>,
}

impl With {
    const NOTHING: Self = Self {
        close_reason: None,
        confirmation: None,
        refusal_reason: None,
        duplicate_of: None,
        waiting_on: None,
    };
}

/// A day, in minutes.
pub(super) const DAY: u32 = 24 * 60;

/// Who acts next, and how many minutes after the step before.
pub(super) const fn after(minutes: u32, by: &'static str) -> Next {
    Next { after_minutes: minutes, by }
}

/// A step that only lacks its action.
pub(super) struct Next {
    after_minutes: u32,
    by: &'static str,
}

impl Next {
    pub(super) const fn takes(self) -> Step {
        self.does(Act::Take)
    }

    pub(super) const fn says(self, text: &'static str) -> Step {
        self.does(Act::Comment(text))
    }

    pub(super) const fn notes(self, text: &'static str) -> Step {
        self.does(Act::Note(text))
    }

    /// Advises or asks: the customer has to act.
    pub(super) const fn asks(self, text: &'static str) -> Step {
        self.moves(Status::Feedback, text, With::NOTHING)
    }

    pub(super) const fn awaits_release(self, text: &'static str) -> Step {
        self.moves(Status::AwaitingRelease, text, With::NOTHING)
    }

    pub(super) const fn holds(self, waiting_on: WaitingOn, text: &'static str) -> Step {
        let with = With { waiting_on: Some(waiting_on), ..With::NOTHING };
        self.moves(Status::OnHold, text, with)
    }

    pub(super) const fn resolves(self, text: &'static str) -> Step {
        self.moves(Status::Resolved, text, With::NOTHING)
    }

    /// Back to work: it is not solved, or was rejected by mistake.
    pub(super) const fn returns(self, text: &'static str) -> Step {
        self.moves(Status::InProgress, text, With::NOTHING)
    }

    pub(super) const fn confirms(self, rating: u8, text: &'static str) -> Step {
        self.does(Act::Confirm { text: Some(text), rating: Some(rating) })
    }

    pub(super) const fn closes(self, reason: CloseReason, text: &'static str) -> Step {
        let with = With { close_reason: Some(reason), ..With::NOTHING };
        self.moves(Status::Closed, text, with)
    }

    /// Closes on the customer's word in the comment that is the story's step `confirmation`.
    pub(super) const fn closes_on(
        self,
        confirmation: usize,
        reason: CloseReason,
        text: &'static str,
    ) -> Step {
        let with =
            With { close_reason: Some(reason), confirmation: Some(confirmation), ..With::NOTHING };
        self.moves(Status::Closed, text, with)
    }

    pub(super) const fn rejects(self, reason: RefusalReason, text: &'static str) -> Step {
        let with = With { refusal_reason: Some(reason), ..With::NOTHING };
        self.moves(Status::Rejected, text, with)
    }

    /// Rejects what the story `of` already says (3.4.1.4).
    pub(super) const fn rejects_duplicate(self, of: &'static str, text: &'static str) -> Step {
        let with = With {
            refusal_reason: Some(RefusalReason::AlreadyRegistered),
            duplicate_of: Some(of),
            ..With::NOTHING
        };
        self.moves(Status::Rejected, text, with)
    }

    pub(super) const fn assigns(self, assignee: &'static str) -> Step {
        self.does(Act::Assign(assignee))
    }

    pub(super) const fn adds_watcher(self, watcher: &'static str) -> Step {
        self.does(Act::Watch(watcher))
    }

    pub(super) const fn regrades(self, priority: Priority, reason: &'static str) -> Step {
        self.does(Act::Regrade { priority, reason })
    }

    const fn moves(self, to: Status, text: &'static str, with: With) -> Step {
        self.does(Act::Move { to, text, with })
    }

    const fn does(self, act: Act) -> Step {
        Step { after_minutes: self.after_minutes, by: self.by, act }
    }
}
