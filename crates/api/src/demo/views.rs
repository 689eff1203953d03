//! Views that the demo's people keep: one's own, one of a company, one of all staff.

#![expect(
    clippy::indexing_slicing,
    reason = "the story is our own data, and a test plays it whole"
)]

use diesel::prelude::*;
use domain::{Priority, Viewer, WaitingOn};

use crate::db::string_enum::DbEnum;
use crate::demo::directory::Directory;
use crate::problem::Problem;
use crate::tickets::lists::filter::{StatusFilter, TicketFilter};
use crate::tickets::lists::list::Sort;
use crate::tickets::lists::words::TicketList;
use crate::tickets::view::column::TicketColumn;
use crate::views::store::{NewView, SharedWith};
use crate::views::view::{stored, word};

/// Keeps a view for some of the demo's people.
pub fn create(directory: &Directory, conn: &mut PgConnection) -> Result<(), Problem> {
    let open =
        || TicketFilter { status: Some(vec![StatusFilter::Open]), ..TicketFilter::default() };
    let critical = TicketFilter { priority: Some(vec![Priority::Critical]), ..open() };
    let outages =
        TicketList { filter: open(), q: Some("авария OR недоступен".to_owned()) };
    let repairs = TicketFilter {
        waiting_on: Some(WaitingOn::Repair),
        assignee_id: Some(vec!["me".to_owned()]),
        ..open()
    };
    let views = [
        ("admin", "Критические", Some(SharedWith::Staff), critical.into(), Sort::DueFirst),
        ("customer", "Наши аварии", Some(SharedWith::Company), outages, Sort::NewestFirst),
        ("engineer", "Мои в ремонте", None, repairs.into(), Sort::LastChangedLast),
    ];
    for (owner, name, shared_with, filters, sort) in views {
        let owner = &directory.people[format!("{owner}@helpdesk.example").as_str()];
        let company_id = match (shared_with, &owner.viewer) {
            (Some(SharedWith::Company), Viewer::Company { id, .. }) => Some(*id),
            (None | Some(_), _) => None,
        };
        let view = NewView {
            owner_id: owner.user_id,
            name: name.to_owned(),
            shared_with: shared_with.map(DbEnum),
            company_id,
            filters: stored(&filters).map_err(Problem::unexpected)?,
            sort: word(sort)?,
            shown: SHOWN.iter().map(|it| it.as_str().to_owned()).collect(),
            created_at: owner.now,
        };
        view.create(conn)?;
    }
    Ok(())
}

/// What each shows of its tickets.
const SHOWN: [TicketColumn; 5] = [
    TicketColumn::Id,
    TicketColumn::Subject,
    TicketColumn::Status,
    TicketColumn::Priority,
    TicketColumn::CreatedAt,
];
