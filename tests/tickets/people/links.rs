//! Related tickets (2.5): links in both directions, visible to those who may see both.

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp, at_once, ids_only};

fn unlink(person: &Person, id: i64, other: i64) -> Response {
    person.delete(&format!("/tickets/{id}/links/{other}"))
}

fn related(person: &Person, id: i64) -> Value {
    ids_only(&person.ticket(id)["related"])
}

/// A link shows on both tickets, and in both histories, once.
#[test]
fn a_link_shows_on_both_tickets() {
    let app = TestApp::spawn();
    let (customer, one, other) = (app.customer(), app.ticket("new"), app.ticket("closed"));
    let before = [customer.history(one).len(), customer.history(other).len()];

    customer.links(one, other).expect(204);
    app.engineer().links(other, one).expect(204);

    assert_eq!(related(&customer, one), json!([other]));
    assert_eq!(related(&app.colleague(), other), json!([one]));
    for (id, to, before) in [(one, other, before[0]), (other, one, before[1])] {
        let events = customer.history(id);
        assert_eq!(events.len(), before + 1);
        assert_eq!(events[before]["type"], "ticket.linked");
        assert_eq!(events[before]["actor"]["id"], customer.id);
        assert_eq!(
            ids_only(&events[before]["changes"]["related_id"]),
            json!({ "from": null, "to": to })
        );
    }
}

/// A link is removed from either side, and its history stays.
#[test]
fn a_link_is_removed_from_either_side() {
    let app = TestApp::spawn();
    let (customer, one, other) = (app.customer(), app.ticket("new"), app.ticket("new"));
    customer.links(one, other).expect(204);

    unlink(&customer, other, one).expect(204);
    unlink(&customer, one, other).expect(204);

    assert_eq!(related(&customer, one), json!([]));
    assert_eq!(related(&customer, other), json!([]));
    let events = customer.history(one);
    let kinds: Vec<&Value> = events.iter().map(|it| &it["type"]).collect();
    assert_eq!(kinds, ["ticket.created", "ticket.linked", "ticket.unlinked"]);
    assert_eq!(ids_only(&events[2]["changes"]["related_id"]), json!({ "from": other, "to": null }));
}

/// AZ03: nobody links to what they may not see, and no ticket is linked to itself.
#[test]
fn sec_az03_a_foreign_ticket_cannot_be_linked() {
    let app = TestApp::spawn();
    let (customer, own, foreign) = (app.customer(), app.ticket("new"), app.foreign_ticket());
    let missing = customer.links(own, 4_000_000).expect(404);

    for refused in [customer.links(own, foreign), customer.links(foreign, own)] {
        assert_eq!(refused.expect(404).without_request_id(), missing.without_request_id());
    }
    unlink(&customer, own, foreign).expect(404);
    assert_eq!(customer.links(own, own).expect(422).errors(), ["/other_id circular"]);

    assert_eq!(related(&app.engineer(), own), json!([]));
    assert_eq!(related(&app.engineer(), foreign), json!([]));
}

/// AZ04: support links tickets of two companies; the customers of both learn nothing of it.
#[test]
fn sec_az04_a_link_across_companies_is_supports_alone() {
    let app = TestApp::spawn();
    let (own, near, foreign) = (app.ticket("new"), app.ticket("new"), app.foreign_ticket());
    let (customer, engineer) = (app.customer(), app.engineer());
    let tag = |person: &Person| {
        let ticket = person.get(&format!("/tickets/{own}")).expect(200);
        (ticket.header("etag").to_owned(), ticket.body)
    };
    customer.links(own, near).expect(204);
    let (seen, history) = (tag(&customer), customer.history(own));

    engineer.links(own, foreign).expect(204);

    assert_eq!(related(&engineer, own), json!([near, foreign]));
    assert_eq!(related(&engineer, foreign), json!([own]));
    assert_eq!(tag(&customer), seen);
    assert_eq!(customer.history(own), history);
    assert_eq!(related(&app.stranger(), foreign), json!([]));
    assert_eq!(app.stranger().history(foreign).len(), 1);
    assert_eq!(engineer.history(own).len(), history.len() + 1);
}

/// RS01: a ticket has at most a hundred links, from whichever side they are made.
#[test]
fn sec_rs01_a_ticket_has_a_hundred_links() {
    let app = TestApp::spawn();
    let (customer, full, free) = (app.customer(), app.ticket("new"), app.ticket("new"));
    app.insert_tickets(100, &[]);
    app.sql(&format!(
        "insert into ticket_links (ticket_id, other_id)
         select {full}, id from tickets where id not in ({full}, {free})
         union all select id, {full} from tickets where id not in ({full}, {free})"
    ));

    for refused in [customer.links(full, free), customer.links(free, full)] {
        assert_eq!(refused.expect(422).errors(), ["/other_id too_long"]);
    }

    assert_eq!(related(&customer, free), json!([]));
}

/// RS01: and at most a hundred watchers.
#[test]
fn sec_rs01_a_ticket_has_a_hundred_watchers() {
    let app = TestApp::spawn();
    let (customer, ticket) = (app.customer(), app.ticket("new"));
    app.crowd(100);
    app.sql(&format!(
        "insert into ticket_watchers (ticket_id, user_id)
         select {ticket}, id from users where email like 'crowd-%'"
    ));
    let path = format!("/tickets/{ticket}/watchers/{}", app.colleague().id);

    let refused = customer.call("PUT", &path, None).expect(422);

    assert_eq!(refused.errors(), ["/user_id too_long"]);
    assert_eq!(customer.ticket(ticket)["watchers"].as_array().map(Vec::len), Some(100));
}

/// Links between the same tickets from both sides at once make one link, without a deadlock.
#[test]
fn links_from_both_sides_at_once_are_one() {
    let app = TestApp::spawn();
    let (one, other) = (app.ticket("new"), app.ticket("new"));
    let (customer, engineer) = (app.customer(), app.engineer());

    let statuses = at_once(8, |number| match number % 2 {
        0 => customer.links(one, other).status,
        _ => engineer.links(other, one).status,
    });

    assert_eq!(statuses, [204; 8]);
    assert_eq!(customer.history(one).len(), 2);
    assert_eq!(customer.history(other).len(), 2);
}
