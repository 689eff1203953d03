//! RS05: readers of the feed that read nothing.

use crate::support::{TestApp, wait_until};

/// More events than the buffers of a connection hold, 100 KB each.
const COUNT: usize = 120;

fn fill(app: &TestApp) {
    app.sql(&format!(
        "with written as (insert into events (company_id, type, at, actor_id, is_internal, body)
         select {}, 'ticket.redacted', now(), {}, false,
            json_build_object('changes', json_build_object(), 'reason', repeat('x', 100000))::text
         from generate_series(1, {COUNT}) returning id, company_id)
         insert into feed (event_id, company_id) select id, company_id from written;
         update event_consumers set last_position = (select max(position) from feed)",
        app.ids.company,
        app.engineer().id,
    ));
}

/// RS05: a reader that reads nothing is cut off, and the service holds nothing for it; one that
/// reads goes on, however long nothing happens.
#[test]
fn sec_rs05_a_stalled_reader_is_cut_off() {
    let app = TestApp::spawn_with(&[("HELPDESK_STALL_TIMEOUT", "1")]);
    fill(&app);
    let customer = app.customer();

    let stalled = customer.follow(&app.server, "?after=0", &[]);
    let stalled_socket = app.server.socket_of(stalled.address());
    let mut reader = customer.follow(&app.server, "?after=0", &[]);
    let socket = app.server.socket_of(reader.address());
    assert_eq!(reader.by_ref().take(COUNT).count(), COUNT);
    wait_until("the connection is given up", || !app.server.holds(&stalled_socket));

    let id = app.ticket("new");
    assert_eq!(reader.next().unwrap().data["ticket_id"], id);
    assert!(app.server.holds(&socket));
    assert!(stalled.count() < COUNT);
}
