//! The types of events: one name everywhere.

use crate::string_enum;

string_enum! {
    /// The type of an event.
    EventType {
        /// A ticket was filed.
        Created = "ticket.created",
        /// It moved to another status.
        StatusChanged = "ticket.status_changed",
        /// Something was said in it.
        Commented = "ticket.commented",
        /// A comment was corrected.
        CommentEdited = "ticket.comment_edited",
        /// It was given to somebody, or taken away.
        Assigned = "ticket.assigned",
        /// Its fields were edited.
        Edited = "ticket.edited",
        /// The customer confirmed the solution.
        Confirmed = "ticket.confirmed",
        /// Somebody began to watch it.
        Watched = "ticket.watched",
        /// Somebody does not watch it any more.
        Unwatched = "ticket.unwatched",
        /// It has to do with another ticket.
        Linked = "ticket.linked",
        /// It has nothing to do with another ticket any more.
        Unlinked = "ticket.unlinked",
        /// A text in it was taken out for good.
        Redacted = "ticket.redacted",
        /// It is closed soon, unless the customer answers.
        ClosingNear = "ticket.closing_near",
        /// It waits, and the day has come to look at it again.
        ReviewDue = "ticket.review_due",
        /// A deadline of support is near.
        DeadlineNear = "ticket.deadline_near",
        /// Support missed a deadline.
        DeadlineMissed = "ticket.deadline_missed",
        /// Calendar or targets have changed, and a deadline with them. It shows in the history, in the
        /// feed and to webhooks; nobody gets a mail or a notification of it: one change of the settings
        /// moves the deadlines of many tickets.
        DeadlineRecalculated = "ticket.deadline_recalculated",
        /// A release is out; it happened to no ticket.
        ReleasePublished = "release.published",
    }
}
