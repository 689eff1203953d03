//! The conditions themselves. `:company` and `:projects` stand for the viewer's company and for the
//! projects that are listed for them.

use domain::{Projects, Viewer};

/// The rows that a condition is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Tickets,
    Comments,
    Events,
    OwnFeed,
    FeedAtLarge,
    Files,
    FilesOfTickets,
    FilesOfReleases,
    Refusals,
    Projects,
    People,
    Accounts,
    Webhooks,
    Articles,
    FilesOfArticles,
}

/// Those that a handwritten statement may have a condition on.
pub const ALL: &[Rows] = &[
    Rows::Tickets,
    Rows::Comments,
    Rows::Events,
    Rows::FilesOfTickets,
    Rows::Refusals,
    Rows::Projects,
    Rows::People,
    Rows::Webhooks,
    Rows::Articles,
];

impl Rows {
    pub const fn table(self) -> &'static str {
        match self {
            Self::Tickets => "tickets",
            Self::Comments => "comments",
            Self::Events => "events",
            Self::OwnFeed | Self::FeedAtLarge => "feed",
            Self::Files | Self::FilesOfTickets | Self::FilesOfReleases | Self::FilesOfArticles => {
                "attachments"
            }
            Self::Articles => "articles",
            Self::Refusals => "refusals",
            Self::Projects => "projects",
            Self::People | Self::Accounts => "users",
            Self::Webhooks => "webhooks",
        }
    }
}

/// The condition for a viewer to read a `row`.
pub fn condition(rows: Rows, row: &str, viewer: &Viewer) -> String {
    match viewer {
        Viewer::Support => "true".to_owned(),
        Viewer::Company { projects, .. } => of_company(rows, row, projects),
        Viewer::Nobody => of_commercial(rows, row),
    }
}

/// The condition for a `person` to see a `project` and everything in it.
pub fn seeing(person: &str, project: &str) -> String {
    format!(
        "{person}.role in ('engineer', 'admin') or {person}.company_id = {project}.company_id
         and ({person}.sees = 'all' or exists (
             select from project_members as member
             where member.user_id = {person}.id and member.project_id = {project}.id))"
    )
}

/// The commercial department keeps the directory of customers, and sees no ticket.
fn of_commercial(rows: Rows, row: &str) -> String {
    match rows {
        Rows::Projects => "true".to_owned(),
        Rows::People | Rows::Accounts => format!("{row}.role = 'customer'"),
        Rows::Tickets
        | Rows::Comments
        | Rows::Events
        | Rows::OwnFeed
        | Rows::FeedAtLarge
        | Rows::Files
        | Rows::FilesOfTickets
        | Rows::FilesOfReleases
        | Rows::FilesOfArticles
        | Rows::Articles
        | Rows::Refusals
        | Rows::Webhooks => "false".to_owned(),
    }
}

fn of_company(rows: Rows, row: &str, projects: &Projects) -> String {
    let in_own = |row: &str| match projects {
        Projects::All => format!("{row}.company_id = :company"),
        Projects::Listed(_) => {
            format!("{row}.company_id = :company and {row}.project_id = any(:projects)")
        }
    };
    let of_own = |table: &str, key: &str| {
        format!("exists (select from {table} as its where its.id = {key} and {})", in_own("its"))
    };
    let is_public = format!("not {row}.is_internal");
    let all_of = |parts: &[String]| parts.join(" and ");
    let any_of = |parts: &[String]| parts.join(" or ");
    match rows {
        Rows::Tickets | Rows::Refusals => in_own(row),
        Rows::Comments | Rows::FilesOfTickets => {
            all_of(&[is_public, of_own("tickets", &format!("{row}.ticket_id"))])
        }
        Rows::Events => {
            let in_own = match projects {
                Projects::All => format!("{row}.company_id = :company"),
                // An event does not store its project, because a ticket may move to another.
                Projects::Listed(_) => of_own("tickets", &format!("{row}.ticket_id")),
            };
            format!("{is_public} and ({in_own} or {row}.company_id is null)")
        }
        Rows::OwnFeed => {
            let in_listed = match projects {
                Projects::All => String::new(),
                Projects::Listed(_) => format!(" and {}", of_own("tickets", "event.ticket_id")),
            };
            format!(
                "{row}.company_id = :company and exists (
                     select from events as event
                     where event.id = {row}.event_id and not event.is_internal{in_listed})"
            )
        }
        Rows::FeedAtLarge => format!(
            "{row}.company_id is null and exists (
                 select from events as event
                 where event.id = {row}.event_id and not event.is_internal)"
        ),
        // Only published releases are provided (2.2), which a public comment shows.
        Rows::FilesOfReleases => format!(
            "exists (select from comments as comment where comment.release_id = {row}.release_id and {})",
            of_company(Rows::Comments, "comment", projects)
        ),
        Rows::Files => {
            let of_refusal = [is_public, of_own("refusals", &format!("{row}.refusal_id"))];
            any_of(&[
                of_company(Rows::FilesOfTickets, row, projects),
                all_of(&of_refusal),
                of_company(Rows::FilesOfReleases, row, projects),
                of_company(Rows::FilesOfArticles, row, projects),
            ])
        }
        // Articles cross companies: what is published for customers is for the customers of all companies.
        Rows::Articles => format!("{row}.status = 'published' and {row}.visibility = 'customers'"),
        // A file is published with the version that it came with.
        Rows::FilesOfArticles => format!(
            "exists (select from articles as article where article.id = {row}.article_id
                 and article.published_version >= {row}.article_version and {})",
            of_company(Rows::Articles, "article", projects)
        ),
        Rows::Projects => match projects {
            Projects::All => format!("{row}.company_id = :company"),
            Projects::Listed(_) => {
                format!("{row}.company_id = :company and {row}.id = any(:projects)")
            }
        },
        Rows::People => format!("{row}.company_id = :company and {row}.is_active"),
        Rows::Accounts => format!("{row}.company_id = :company"),
        Rows::Webhooks => match projects {
            Projects::All => format!("{row}.company_id = :company"),
            // A webhook sees what its owner sees: somebody who sees less must not redirect it to themselves.
            Projects::Listed(_) => format!(
                "{row}.company_id = :company and exists (
                     select from users as owner
                     where owner.id = {row}.owner_id and owner.sees = 'listed' and not exists (
                         select from project_members as member
                         where member.user_id = owner.id and member.project_id <> all(:projects)))"
            ),
        },
    }
}
