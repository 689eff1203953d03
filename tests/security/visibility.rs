//! The conditions of SQL say of every row what the rule of the domain says of it (AZ04).

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::viewer::Owner;
use domain::{Projects, Role, Row, Viewer, Visibility};
use helpdesk::db::schema::{attachments, comments, events, feed, projects, refusals, tickets};
use helpdesk::visibility;

use crate::support::TestApp;

/// The rows of a table, and what each of them is.
type Cells = BTreeMap<i64, Row>;

/// A ticket and a refusal in each project, and beside each of them what is public and what is
/// internal. An event is of a type that notifies nobody.
const FILL: &str = "
    insert into refusals (reason, state, company_id, project_id, direction_id, author_id, subject, request, created_at)
    select 'no_description', 'pending', company_id, project_id, direction_id, author_id, subject, '{}', now()
    from tickets;
    insert into comments (ticket_id, is_internal, body, created_at)
    select id, is_internal, 'Текст', now() from tickets, unnest(array[false, true]) as is_internal;
    insert into events (ticket_id, company_id, seq, hash, type, at, is_internal, body)
    select id, company_id, 1 + is_internal::int, '', 'ticket.redacted', now(), is_internal, '{\"changes\":{}}'
    from tickets, unnest(array[false, true]) as is_internal;
    insert into events (type, at, is_internal, body)
    select 'ticket.redacted', now(), is_internal, '{\"changes\":{}}' from unnest(array[false, true]) as is_internal;
    insert into feed (event_id, company_id) select id, company_id from events order by id;
    insert into releases (product_id, version, created_at)
    select min(product_id), 'in no comment', now() from tickets
    union all select product_id, 'in ' || comments.id, now()
    from comments join tickets on tickets.id = comments.ticket_id;
    update comments set release_id = releases.id from releases where releases.version = 'in ' || comments.id;
    insert into attachments (ticket_id, refusal_id, release_id, is_internal, filename, content_type, size, sha256, storage_key, created_at)
    select ticket_id, refusal_id, release_id, is_internal, 'a.log', 'text/plain', 1, '', '', now()
    from (
        select id as ticket_id, null::bigint as refusal_id, null::bigint as release_id, is_internal
        from tickets, unnest(array[false, true]) as is_internal
        union all select null, id, null, is_internal from refusals, unnest(array[false, true]) as is_internal
        union all select null, null, id, false from releases
    ) as it";

/// What each row is, by its table.
struct World {
    tickets: Cells,
    refusals: Cells,
    projects: Cells,
    comments: Cells,
    events: Cells,
    files_of_tickets: Cells,
    files_of_refusals: Cells,
    files_of_releases: Cells,
}

impl World {
    fn fill(app: &TestApp) -> Self {
        let (own, foreign) = (app.ids.company, app.ids.other_company);
        let of = |company_id: i64, project_id: i64| Owner { company_id, project_id };
        let owners = [
            of(own, app.ids.project),
            of(own, app.ids.wifi_project),
            of(foreign, app.ids.other_project),
        ];
        for owner in owners {
            let (project, company) = (owner.project_id.to_string(), owner.company_id.to_string());
            app.insert_tickets(1, &[("project_id", &project), ("company_id", &company)]);
        }
        app.sql(FILL);
        let owner_of = |project: i64| *owners.iter().find(|it| it.project_id == project).unwrap();
        let all = |query: &str, row: &dyn Fn(Option<Owner>, Visibility) -> Row| -> Cells {
            let select = format!(
                "select id, coalesce(project_id, 0), is_internal::int::bigint from ({query}) as it"
            );
            let rows = app.rows::<(i64, i64, i64)>(&select);
            let cell = |(id, project, internal): (i64, i64, i64)| {
                let owner = (project > 0).then(|| owner_of(project));
                (id, row(owner, Visibility::of(internal == 1)))
            };
            rows.into_iter().map(cell).collect()
        };
        let whole =
            |table: &str| format!("select id, project_id, false as is_internal from {table}");
        let of_ticket = |table: &str| {
            format!(
                "select it.id, project_id, it.is_internal from {table} as it
                 left join tickets on tickets.id = it.ticket_id"
            )
        };
        let file = |owner: Option<Owner>, visibility| {
            owner.map_or(Row::ReleaseFile, |it| Row::File(it, visibility))
        };
        Self {
            tickets: all(&whole("tickets"), &|owner, _| Row::Ticket(owner.unwrap())),
            refusals: all(&whole("refusals"), &|owner, _| Row::Ticket(owner.unwrap())),
            projects: owners.map(|it| (it.project_id, Row::Project(it))).into(),
            comments: all(&of_ticket("comments"), &|owner, it| Row::Comment(owner.unwrap(), it)),
            events: all(&of_ticket("events"), &Row::Event),
            files_of_tickets: all(
                &format!("{} where it.ticket_id is not null", of_ticket("attachments")),
                &file,
            ),
            files_of_refusals: all(
                "select it.id, project_id, it.is_internal
                 from attachments as it join refusals on refusals.id = it.refusal_id",
                &file,
            ),
            files_of_releases: all(
                "select it.id, project_id, coalesce(comment.is_internal, false) as is_internal
                 from attachments as it join releases on releases.id = it.release_id
                 left join comments as comment on comment.release_id = releases.id
                 left join tickets on tickets.id = comment.ticket_id",
                &file,
            ),
        }
    }
}

/// Every role, with and without a company, who sees all of its projects, one, none, or one of another.
fn viewers(app: &TestApp) -> Vec<Viewer> {
    let all = [
        Projects::All,
        Projects::Listed([app.ids.project].into()),
        Projects::Listed([].into()),
        Projects::Listed([app.ids.other_project].into()),
    ];
    let mut viewers = vec![Viewer::Nobody];
    for role in Role::ALL {
        for company_id in [None, Some(app.ids.company), Some(app.ids.other_company)] {
            viewers.extend(all.iter().map(|it| Viewer::new(*role, company_id, it.clone())));
        }
    }
    viewers
}

/// AZ04: for every viewer and every kind of row, what a statement finds is what may be read.
#[test]
fn sec_az04_statements_find_what_the_rule_permits() {
    let app = TestApp::spawn();
    let world = World::fill(&app);
    let conn = &mut app.connection();

    for viewer in &viewers(&app) {
        let check = |name: &str, mut found: Vec<i64>, cells: &[&Cells]| {
            found.sort_unstable();
            found.dedup();
            let cells = cells.iter().copied().flatten();
            let readable = cells.filter(|(_, row)| viewer.may_read(**row)).map(|(id, _)| *id);
            let mut readable: Vec<i64> = readable.collect();
            readable.sort_unstable();
            assert_eq!(found, readable, "{name}: {viewer:?}");
        };
        macro_rules! check {
            ($condition:ident, $table:ident.$column:ident, $($cells:ident)+) => {
                let readable = $table::table.filter(visibility::$condition(viewer));
                let found: Vec<i64> = readable.select($table::$column).load(conn).unwrap();
                check(stringify!($condition), found, &[$(&world.$cells),+]);
            };
        }
        check!(tickets, tickets.id, tickets);
        check!(refusals, refusals.id, refusals);
        check!(projects, projects.id, projects);
        check!(comments, comments.id, comments);
        check!(events, events.id, events);
        check!(files, attachments.id, files_of_tickets files_of_refusals files_of_releases);
        let files = attachments::table.select(attachments::id);
        let of_tickets = files.filter(attachments::ticket_id.is_not_null());
        let of_releases = files.filter(attachments::release_id.is_not_null());
        let found = of_tickets.filter(visibility::files_of_tickets(viewer)).load(conn).unwrap();
        check("files_of_tickets", found, &[&world.files_of_tickets]);
        let found = of_releases.filter(visibility::files_of_releases(viewer)).load(conn).unwrap();
        check("files_of_releases", found, &[&world.files_of_releases]);
        let fed = feed::table.select(feed::event_id);
        let mut found: Vec<i64> = fed.filter(visibility::own_feed(viewer)).load(conn).unwrap();
        let at_large: Vec<i64> = fed.filter(visibility::feed_at_large(viewer)).load(conn).unwrap();
        found.extend(at_large);
        check("feed", found, &[&world.events]);
    }
}
