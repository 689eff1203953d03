//! Related tickets (2.5): linked both ways, told to those who may know of both.

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};

fn link(person: &Person, id: i64, other: i64) -> Reply {
    person.send("PUT", &format!("/tickets/{id}/links/{other}"), &[], None)
}

fn unlink(person: &Person, id: i64, other: i64) -> Reply {
    person.delete(&format!("/tickets/{id}/links/{other}"))
}

fn related(person: &Person, id: i64) -> Value {
    person.get(&format!("/tickets/{id}")).expect(200).body["related_ids"].clone()
}

fn history(person: &Person, id: i64) -> Vec<Value> {
    person.get(&format!("/tickets/{id}/history?limit=100")).expect(200).items().to_vec()
}

fn foreign_ticket(app: &TestApp) -> i64 {
    let mut request = app.request();
    request["project_id"] = json!(app.ids.other_project);
    app.stranger().post("/tickets", request).expect(201).id()
}

/// A link shows on both tickets, and in both histories, once.
#[test]
fn a_link_shows_on_both_tickets() {
    let app = TestApp::spawn();
    let (customer, one, other) = (app.customer(), app.ticket("new"), app.ticket("closed"));
    let before = [history(&customer, one).len(), history(&customer, other).len()];

    link(&customer, one, other).expect(204);
    link(&app.engineer(), other, one).expect(204);

    assert_eq!(related(&customer, one), json!([other]));
    assert_eq!(related(&app.colleague(), other), json!([one]));
    for (id, to, before) in [(one, other, before[0]), (other, one, before[1])] {
        let events = history(&customer, id);
        assert_eq!(events.len(), before + 1);
        assert_eq!(events[before]["type"], "ticket.linked");
        assert_eq!(events[before]["actor"]["id"], customer.id);
        assert_eq!(events[before]["changes"]["related_id"], json!({ "from": null, "to": to }));
    }
}

/// A link is undone from either side, and its history stays.
#[test]
fn a_link_is_undone_from_either_side() {
    let app = TestApp::spawn();
    let (customer, one, other) = (app.customer(), app.ticket("new"), app.ticket("new"));
    link(&customer, one, other).expect(204);

    unlink(&customer, other, one).expect(204);
    unlink(&customer, one, other).expect(204);

    assert_eq!(related(&customer, one), json!([]));
    assert_eq!(related(&customer, other), json!([]));
    let events = history(&customer, one);
    let kinds: Vec<&Value> = events.iter().map(|it| &it["type"]).collect();
    assert_eq!(kinds, ["ticket.created", "ticket.linked", "ticket.unlinked"]);
    assert_eq!(events[2]["changes"]["related_id"], json!({ "from": other, "to": null }));
}

/// AZ03: nobody links to what is not theirs to see, and nothing is linked to itself.
#[test]
fn sec_az03_a_foreign_ticket_cannot_be_linked() {
    let app = TestApp::spawn();
    let (customer, own, foreign) = (app.customer(), app.ticket("new"), foreign_ticket(&app));
    let missing = link(&customer, own, 4_000_000).expect(404);

    for refused in [link(&customer, own, foreign), link(&customer, foreign, own)] {
        assert_eq!(refused.expect(404).but_for_its_id(), missing.but_for_its_id());
    }
    unlink(&customer, own, foreign).expect(404);
    assert_eq!(link(&customer, own, own).expect(422).errors(), ["/other_id circular"]);

    assert_eq!(related(&app.engineer(), own), json!([]));
    assert_eq!(related(&app.engineer(), foreign), json!([]));
}

/// AZ04: support links across companies; the customers of both learn nothing of it.
#[test]
fn sec_az04_a_link_across_companies_is_supports_alone() {
    let app = TestApp::spawn();
    let (own, near, foreign) = (app.ticket("new"), app.ticket("new"), foreign_ticket(&app));
    let (customer, engineer) = (app.customer(), app.engineer());
    let tag = |person: &Person| {
        let ticket = person.get(&format!("/tickets/{own}")).expect(200);
        (ticket.header("etag").to_owned(), ticket.body)
    };
    link(&customer, own, near).expect(204);
    let (seen, told) = (tag(&customer), history(&customer, own));

    link(&engineer, own, foreign).expect(204);

    assert_eq!(related(&engineer, own), json!([near, foreign]));
    assert_eq!(related(&engineer, foreign), json!([own]));
    assert_eq!(tag(&customer), seen);
    assert_eq!(history(&customer, own), told);
    assert_eq!(related(&app.stranger(), foreign), json!([]));
    assert_eq!(history(&app.stranger(), foreign).len(), 1);
    assert_eq!(history(&engineer, own).len(), told.len() + 1);
}

/// Two who link the same tickets from both sides at once do not wait for each other.
#[test]
fn links_from_both_sides_at_once_are_one() {
    let app = TestApp::spawn();
    let (one, other) = (app.ticket("new"), app.ticket("new"));
    let (customer, engineer) = (app.customer(), app.engineer());

    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let links: Vec<_> = (0..8)
            .map(|it| {
                let (person, pair) = if it % 2 == 0 {
                    (customer.clone(), (one, other))
                } else {
                    (engineer.clone(), (other, one))
                };
                scope.spawn(move || link(&person, pair.0, pair.1).status)
            })
            .collect();
        links.into_iter().map(|it| it.join().unwrap()).collect()
    });

    assert_eq!(statuses, [204; 8]);
    assert_eq!(history(&customer, one).len(), 2);
    assert_eq!(history(&customer, other).len(), 2);
}
