//! Who may read which rows, as SQL: what `domain::viewer` decides about one row, as conditions on whole tables.
//! This is the only place that says it.
//!
//! Each kind of viewer has conditions of its own, chosen here: one statement for all of them would use the
//! wrong index. Each condition is complete: the one on comments also checks their tickets.

pub(crate) mod known;
pub(crate) mod people;
pub(crate) mod readable;
mod rows;

use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable};
use domain::Viewer;

use crate::db::schema::{
    articles, attachments, comments, events, feed, projects, refusals, tickets, users, webhooks,
};
use crate::visibility::readable::{Bound, Readable};
use crate::visibility::rows::{ALL, Rows, condition, seeing};

pub fn tickets(viewer: &Viewer) -> Readable<tickets::id> {
    Readable::new(viewer, Rows::Tickets)
}

pub fn comments(viewer: &Viewer) -> Readable<comments::id> {
    Readable::new(viewer, Rows::Comments)
}

pub fn events(viewer: &Viewer) -> Readable<events::id> {
    Readable::new(viewer, Rows::Events)
}

/// The part of the feed about a company's tickets.
pub fn own_feed(viewer: &Viewer) -> Readable<feed::position> {
    Readable::new(viewer, Rows::OwnFeed)
}

/// The part of the feed that belongs to no ticket.
pub fn feed_at_large(viewer: &Viewer) -> Readable<feed::position> {
    Readable::new(viewer, Rows::FeedAtLarge)
}

/// Files of tickets, refused requests, releases and articles.
pub fn files(viewer: &Viewer) -> Readable<attachments::id> {
    Readable::new(viewer, Rows::Files)
}

pub fn files_of_tickets(viewer: &Viewer) -> Readable<attachments::id> {
    Readable::new(viewer, Rows::FilesOfTickets)
}

pub fn files_of_releases(viewer: &Viewer) -> Readable<attachments::id> {
    Readable::new(viewer, Rows::FilesOfReleases)
}

pub fn files_of_articles(viewer: &Viewer) -> Readable<attachments::id> {
    Readable::new(viewer, Rows::FilesOfArticles)
}

pub fn articles(viewer: &Viewer) -> Readable<articles::id> {
    Readable::new(viewer, Rows::Articles)
}

/// Requests that were refused.
pub fn refusals(viewer: &Viewer) -> Readable<refusals::id> {
    Readable::new(viewer, Rows::Refusals)
}

/// Projects, which the commercial department sees, too.
pub fn projects(viewer: &Viewer) -> Readable<projects::id> {
    Readable::new(viewer, Rows::Projects)
}

/// People: those of a company its active ones, the commercial department all customers.
pub fn people(viewer: &Viewer) -> Readable<users::id> {
    Readable::new(viewer, Rows::People)
}

/// The same with deactivated colleagues, for whoever administers the accounts of a company.
pub fn accounts(viewer: &Viewer) -> Readable<users::id> {
    Readable::new(viewer, Rows::Accounts)
}

pub fn webhooks(viewer: &Viewer) -> Readable<webhooks::id> {
    Readable::new(viewer, Rows::Webhooks)
}

/// A statement written by hand. `{tickets}`, or `{tickets as parent}` where the table has another name
/// there, becomes the condition; `$1` and `$2` are reserved for it, whether it needs them or not.
/// `{users seeing project}` is the condition on people that they see a project.
pub fn statement(sql: &str, viewer: &Viewer) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    let Bound { company_id, projects } = Bound::of(viewer);
    sql_query(with_conditions(sql, viewer))
        .into_boxed()
        .bind::<Nullable<BigInt>, _>(company_id)
        .bind::<Array<BigInt>, _>(projects)
}

/// A statement with the conditions in their places.
fn with_conditions(sql: &str, viewer: &Viewer) -> String {
    let mut pieces = sql.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let place = piece.split_once('}');
        match place.and_then(|(place, rest)| Some((in_place(place, viewer)?, rest))) {
            Some((condition, rest)) => filled += &format!("({condition}){rest}"),
            None => filled += &format!("{{{piece}"),
        }
    }
    filled.replace(":company", "$1").replace(":projects", "$2")
}

fn in_place(place: &str, viewer: &Viewer) -> Option<String> {
    if let Some((person, project)) = place.split_once(" seeing ") {
        return Some(seeing(person, project));
    }
    let (table, row) = place.split_once(" as ").unwrap_or((place, place));
    let rows = ALL.iter().find(|it| it.table() == table)?;
    Some(condition(*rows, row, viewer))
}

#[cfg(test)]
mod tests {
    use domain::Projects;

    use super::*;

    #[test]
    fn a_statement_gets_the_condition_of_its_viewer() {
        let sql = "select '{}' from tickets as parent where {tickets as parent} and id = $3";
        let filled = |viewer: Viewer| with_conditions(sql, &viewer);
        let company = |projects| Viewer::Company { id: 7, projects };
        let begins = "select '{}' from tickets as parent where ";

        assert_eq!(filled(Viewer::Support), format!("{begins}(true) and id = $3"));
        assert_eq!(filled(Viewer::Nobody), format!("{begins}(false) and id = $3"));
        assert_eq!(
            filled(company(Projects::All)),
            format!("{begins}(parent.company_id = $1) and id = $3")
        );
        assert_eq!(
            filled(company(Projects::Listed([3].into()))),
            format!("{begins}(parent.company_id = $1 and parent.project_id = any($2)) and id = $3")
        );
    }
}
