//! The figures that open a list, by their names.

use domain::{ClockKind, FactKind, WaitingOn};

domain::string_enum! {
    /// A figure of a report whose tickets can be listed.
    Figure {
        /// Open when the span begins.
        FlowOpenAtStart = "flow.open_at_start",
        FlowFiled = "flow.filed",
        FlowAccepted = "flow.accepted",
        FlowSolved = "flow.solved",
        FlowReturned = "flow.returned",
        FlowClosed = "flow.closed",
        FlowRejected = "flow.rejected",
        FlowReopened = "flow.reopened",
        /// Open when the span ends.
        FlowOpenAtEnd = "flow.open_at_end",
        /// Of those: filed at most one working day before.
        FlowUpTo1Day = "flow.backlog_age.up_to_1_day",
        FlowUpTo5Days = "flow.backlog_age.up_to_5_days",
        FlowUpTo20Days = "flow.backlog_age.up_to_20_days",
        FlowOver20Days = "flow.backlog_age.over_20_days",
        AcceptanceEnded = "deadlines.acceptance.ended",
        AcceptanceMet = "deadlines.acceptance.met",
        AcceptanceBreached = "deadlines.acceptance.breached",
        AcceptanceCancelled = "deadlines.acceptance.cancelled",
        ResponseEnded = "deadlines.response.ended",
        ResponseMet = "deadlines.response.met",
        ResponseBreached = "deadlines.response.breached",
        ResponseCancelled = "deadlines.response.cancelled",
        ResponseWaived = "deadlines.response.waived",
        TimesToAccept = "times.to_accept",
        TimesToFirstAnswer = "times.to_first_answer",
        TimesToSolve = "times.to_solve",
        QualityRatings = "quality.ratings",
        QualityRatings1 = "quality.ratings.1",
        QualityRatings2 = "quality.ratings.2",
        QualityRatings3 = "quality.ratings.3",
        QualityRatings4 = "quality.ratings.4",
        QualityRatings5 = "quality.ratings.5",
        QualityTimeouts = "quality.timeouts",
        QualityReopened = "quality.reopened",
        /// Filed, and asking a frequent question.
        Questions = "frequent_questions.tickets",
        WorkloadTaken = "workload.taken",
        WorkloadSolved = "workload.solved",
        WorkloadHandedOver = "workload.handed_over",
        WorkloadReopenedAfter = "workload.reopened_after",
        /// In which support said something to the customer.
        WorkloadPublicComments = "workload.public_comments",
        OnHoldDepartment = "waits.on_hold.department",
        OnHoldRepair = "waits.on_hold.repair",
        OnHoldDelivery = "waits.on_hold.delivery",
        OnHoldOther = "waits.on_hold.other",
        ReviewsOverdue = "waits.reviews_overdue",
        /// Open, and without a public word of support for a while.
        Silent = "waits.silent",
        /// Waits for a release that nobody has named.
        AwaitingUnnamed = "waits.unnamed_release",
        /// Filed outside support's working hours.
        ArrivalsOutside = "arrivals.outside_working_hours",
        Open = "open.count",
        OpenOverdue = "open.overdue",
        OpenDueSoon = "open.due_within_the_hour",
        OpenUnassigned = "open.unassigned",
        OpenAssigned = "open.assigned",
        OpenAssignedOverdue = "open.assigned_overdue",
        OpenOfCustomer = "open.waiting_for_customer",
    }
}

/// What has to be true of a ticket to be one of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// One of these happened to it in the span.
    ReportFacts(&'static [FactKind]),
    /// One of these happened in the span to a ticket that somebody had.
    Worked(&'static [FactKind]),
    /// Support said something to the customer in the span.
    PublicComment,
    /// It was filed in the span, and asks what others ask: which do, is found by comparing them.
    Asked,
    /// It happened in the span, and the time was measured.
    Measured(FactKind),
    /// It was closed by time-out in the span.
    TimedOut,
    /// It was rated in the span, with this or with anything.
    Rated(Option<i16>),
    /// It was open when the span began.
    OpenAtStart,
    /// It was open when the span ended.
    OpenAtEnd,
    /// It was open when the span ended, and of an age: one of those that `AGES` divides, from the youngest.
    Aged(usize),
    /// One of its deadlines had one of these outcomes in the span.
    Outcome(ClockKind, &'static [&'static str]),
    /// It is on hold now, and waits for this.
    OnHold(WaitingOn),
    /// It waits, and should have been looked at again.
    ReviewOverdue,
    Silent,
    /// It waits for a release, and nobody has named which.
    AwaitingUnnamed,
    /// It was filed in the span, outside support's working hours.
    FiledOutsideHours,
    /// It is open now, and this holds of it.
    Open(OpenKind),
}

/// What may hold of an open ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenKind {
    Any,
    Overdue,
    DueWithinTheHour,
    Unassigned,
    Assigned,
    AssignedOverdue,
    WaitingForCustomer,
}

const ENDED: &[&str] = &["met", "breached"];
const MET: &[&str] = &["met"];
const BREACHED: &[&str] = &["breached"];
const CANCELLED: &[&str] = &["cancelled"];
const WAIVED: &[&str] = &["waived"];

impl Figure {
    /// Whether it counts the work of engineers, and can be limited to the work of one.
    pub const fn is_of_engineers(self) -> bool {
        matches!(self.counted(), Counted::Worked(_) | Counted::PublicComment)
    }

    pub const fn counted(self) -> Counted {
        use Counted::{
            Aged, Measured, OnHold, Open, OpenAtEnd, OpenAtStart, Outcome, Rated, ReportFacts,
            Worked,
        };
        match self {
            Self::FlowOpenAtStart => OpenAtStart,
            Self::FlowFiled => ReportFacts(&[FactKind::Filed]),
            Self::FlowAccepted => ReportFacts(&[FactKind::Accepted]),
            Self::WorkloadTaken => Worked(&[FactKind::Accepted]),
            Self::FlowSolved => ReportFacts(&[FactKind::Solved]),
            Self::WorkloadSolved => Worked(&[FactKind::Solved]),
            Self::FlowReturned => ReportFacts(&[FactKind::Returned]),
            Self::FlowClosed => ReportFacts(&[FactKind::Closed]),
            Self::FlowRejected => ReportFacts(&[FactKind::Rejected]),
            Self::FlowReopened | Self::QualityReopened => ReportFacts(&[FactKind::Reopened]),
            Self::FlowOpenAtEnd => OpenAtEnd,
            Self::FlowUpTo1Day => Aged(0),
            Self::FlowUpTo5Days => Aged(1),
            Self::FlowUpTo20Days => Aged(2),
            Self::FlowOver20Days => Aged(3),
            Self::AcceptanceEnded => Outcome(ClockKind::Acceptance, ENDED),
            Self::AcceptanceMet => Outcome(ClockKind::Acceptance, MET),
            Self::AcceptanceBreached => Outcome(ClockKind::Acceptance, BREACHED),
            Self::AcceptanceCancelled => Outcome(ClockKind::Acceptance, CANCELLED),
            Self::ResponseEnded => Outcome(ClockKind::Response, ENDED),
            Self::ResponseMet => Outcome(ClockKind::Response, MET),
            Self::ResponseBreached => Outcome(ClockKind::Response, BREACHED),
            Self::ResponseCancelled => Outcome(ClockKind::Response, CANCELLED),
            Self::ResponseWaived => Outcome(ClockKind::Response, WAIVED),
            Self::TimesToAccept => Measured(FactKind::Accepted),
            Self::TimesToFirstAnswer => Measured(FactKind::FirstAnswered),
            Self::TimesToSolve => Measured(FactKind::Closed),
            Self::QualityRatings => Rated(None),
            Self::QualityRatings1 => Rated(Some(1)),
            Self::QualityRatings2 => Rated(Some(2)),
            Self::QualityRatings3 => Rated(Some(3)),
            Self::QualityRatings4 => Rated(Some(4)),
            Self::QualityRatings5 => Rated(Some(5)),
            Self::QualityTimeouts => Counted::TimedOut,
            Self::Questions => Counted::Asked,
            Self::WorkloadHandedOver => Worked(&[FactKind::HandedOver]),
            Self::WorkloadReopenedAfter => Worked(&[FactKind::Returned, FactKind::Reopened]),
            Self::WorkloadPublicComments => Counted::PublicComment,
            Self::OnHoldDepartment => OnHold(WaitingOn::Department),
            Self::OnHoldRepair => OnHold(WaitingOn::Repair),
            Self::OnHoldDelivery => OnHold(WaitingOn::Delivery),
            Self::OnHoldOther => OnHold(WaitingOn::Other),
            Self::ReviewsOverdue => Counted::ReviewOverdue,
            Self::Silent => Counted::Silent,
            Self::AwaitingUnnamed => Counted::AwaitingUnnamed,
            Self::ArrivalsOutside => Counted::FiledOutsideHours,
            Self::Open => Open(OpenKind::Any),
            Self::OpenOverdue => Open(OpenKind::Overdue),
            Self::OpenDueSoon => Open(OpenKind::DueWithinTheHour),
            Self::OpenAssigned => Open(OpenKind::Assigned),
            Self::OpenAssignedOverdue => Open(OpenKind::AssignedOverdue),
            Self::OpenUnassigned => Open(OpenKind::Unassigned),
            Self::OpenOfCustomer => Open(OpenKind::WaitingForCustomer),
        }
    }
}
