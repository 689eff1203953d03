//! 2.5: what may still be written to a ticket that is closed or rejected.

use crate::support::{TestApp, Thing, operations, path_on, payload, permissions};

/// The operations that write to a ticket, and what customer, engineer and admin get on a finished one:
/// 403 where the role may not anyway.
const ON_FINISHED: [(&str, [u16; 3]); 18] = [
    ("tickets_update", [409, 409, 409]),
    ("tickets_confirm", [409, 403, 403]),
    ("tickets_redact", [403, 403, 200]),
    ("tickets_assign", [403, 409, 409]),
    ("tickets_assign_auto", [403, 409, 409]),
    ("tickets_classify", [403, 200, 200]),
    ("tickets_merge", [403, 409, 409]),
    ("tickets_macros_apply", [403, 200, 200]),
    ("tickets_presence_update", [403, 200, 200]),
    ("tickets_waive_answer", [403, 409, 409]),
    ("tickets_watchers_add", [204, 204, 204]),
    ("tickets_watchers_delete", [204, 204, 204]),
    ("tickets_links_add", [204, 204, 204]),
    ("tickets_links_delete", [204, 204, 204]),
    ("comments_create", [409, 201, 201]),
    ("comments_mark_read", [204, 204, 204]),
    ("tickets_article_create", [403, 201, 201]),
    // Engineers have no move from there; admins bring back what was finished by mistake.
    ("tickets_transition", [409, 409, 422]),
];

/// AZ10, 2.5: every operation that writes to tickets stands in the table, and a refused one changes
/// nothing.
#[test]
fn c2_5_sec_az10_little_is_written_to_a_finished_ticket() {
    let app = TestApp::spawn();
    let other = app.ticket("new");
    let writing = operations().into_iter().filter(|it| it.method != "GET");
    let writing = writing.filter(|it| matches!(permissions(it.id).thing, Thing::Ticket(_)));
    let mut seen = 0;

    for operation in writing {
        let row = ON_FINISHED.iter().find(|(id, _)| *id == operation.id);
        let (id, statuses) =
            row.unwrap_or_else(|| panic!("{}: on a finished ticket?", operation.id));
        for (role, expected) in ["customer", "engineer", "admin"].into_iter().zip(statuses) {
            for status in ["closed", "rejected"] {
                let ticket = app.ticket(status);
                let before = app.snapshot(ticket);
                let path = path_on(&app, &operation, ticket, other);
                let body = payload(&app, id, role);
                let response = app.with_role(role).call(&operation.method, &path, body.as_ref());
                let what = format!("{id} {role} {status}: {}", response.text);
                assert_eq!(response.status, *expected, "{what}");
                assert!(*expected < 300 || app.snapshot(ticket) == before, "{what}");
            }
        }
        seen += 1;
    }

    assert_eq!(seen, ON_FINISHED.len());
}
