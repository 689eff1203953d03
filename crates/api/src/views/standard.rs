//! The standard views.

use domain::{Party, Role};

use crate::tickets::lists::filter::{StatusFilter, TicketFilter};
use crate::tickets::lists::list::Sort;

domain::string_enum! {
    /// A view that everybody has.
    StandardView {
        Mine = "mine" ("Мои", "Менікі", "Mine"),
        Overdue = "overdue" ("Просроченные", "Мерзімі өткен", "Overdue"),
        Unassigned = "unassigned" ("Без исполнителя", "Орындаушысыз", "Unassigned"),
        /// The customer has to act.
        WaitingForCustomer = "waiting_for_customer" ("Ждут заказчика", "Тапсырыс берушіні күтуде", "Waiting for the customer"),
        WaitingForRelease = "waiting_for_release" ("Ждут релиза", "Релизді күтуде", "Waiting for a release"),
        NewUnanswered = "new_unanswered" ("Новые без ответа", "Жауапсыз жаңалар", "New without an answer"),
    }
}

impl StandardView {
    /// The standard views of a role: customers assign nobody.
    pub fn of(role: Role) -> impl Iterator<Item = Self> {
        let is_for = move |it: &Self| *it != Self::Unassigned || role != Role::Customer;
        Self::ALL.iter().copied().filter(is_for)
    }

    /// The tickets in it.
    pub fn filters(self, role: Role) -> TicketFilter {
        let me = || "me".to_owned();
        let open =
            TicketFilter { status: Some(vec![StatusFilter::Open]), ..TicketFilter::default() };
        match self {
            Self::Mine if role == Role::Customer => TicketFilter { author_id: Some(me()), ..open },
            Self::Mine => TicketFilter { assignee_id: Some(vec![me()]), ..open },
            Self::Overdue => TicketFilter { overdue: Some(true), ..open },
            Self::Unassigned => TicketFilter { assignee_id: Some(vec!["none".to_owned()]), ..open },
            Self::WaitingForCustomer => {
                TicketFilter { needs_action_from: Some(Party::Customer), ..open }
            }
            Self::WaitingForRelease => {
                TicketFilter { status: Some(vec![StatusFilter::AwaitingRelease]), ..open }
            }
            Self::NewUnanswered => TicketFilter {
                status: Some(vec![StatusFilter::New]),
                answered: Some(false),
                ..open
            },
        }
    }

    /// The order: what is due first or most urgent; what waits, by age.
    pub const fn sort(self) -> Sort {
        match self {
            Self::Mine | Self::Overdue | Self::NewUnanswered => Sort::DueFirst,
            Self::Unassigned => Sort::MostUrgentFirst,
            Self::WaitingForCustomer | Self::WaitingForRelease => Sort::LastChangedLast,
        }
    }
}
