//! Who is notified of deadlines: whoever can act, and of a missed one the admins, too (2.4).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{MailServer, Person, Server, TestApp, due, friday, set_both_clocks, with};

/// How many notifications a person has about the deadlines of a ticket.
fn notified(person: &Person, ticket: i64) -> usize {
    let is_it = |it: &&Value| it["kind"] == "deadline" && it["ticket"]["id"] == ticket;
    person.notifications().iter().filter(is_it).count()
}

/// A ticket about Wi-Fi, where two engineers work, whose first deadline has passed.
fn miss(app: &TestApp, members: &Value) -> i64 {
    let wifi = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    let request = with(app.request_with(&wifi), members);
    let ticket = app.customer().files(request).expect(201);
    let due = due(&ticket.body["sla"]["acceptance"]);
    app.set_clock(due - TimeDelta::minutes(10));
    assert_eq!(notified(&app.admin(), ticket.id()), 0);
    app.set_clock(due + TimeDelta::minutes(1));
    ticket.id()
}

/// 2.4: of an unassigned ticket all present engineers of the direction are notified twice, of a
/// missed deadline also the admins, and nobody else is.
#[test]
fn c2_4_a_ticket_that_nobody_has_concerns_the_direction() {
    let app = TestApp::sandbox();
    let (engineer, other, admin) = (app.engineer(), app.other_engineer(), app.admin());
    app.set_clock(friday(&app, 10, 0));

    let id = miss(&app, &json!({}));

    assert_eq!([&engineer, &other, &admin].map(|it| notified(it, id)), [2, 2, 1]);
    assert_eq!([app.customer(), app.colleague()].map(|it| notified(&it, id)), [0, 0]);
    admin.marks_absent(&other, Value::Null);
    let later = miss(&app, &json!({}));
    assert_eq!([&engineer, &other, &admin].map(|it| notified(it, later)), [2, 0, 1]);
    let back = app.clock() + TimeDelta::hours(3);
    admin.marks_absent(&engineer, json!(back));
    let alone = miss(&app, &json!({}));
    assert_eq!([&engineer, &other, &admin].map(|it| notified(it, alone)), [0, 0, 1]);
}

/// 2.4: of an assigned ticket the assignee alone is notified until the deadline is missed; an admin
/// who is the assignee gets each notice once.
#[test]
fn c2_4_a_ticket_that_somebody_has_is_theirs() {
    let app = TestApp::sandbox();
    let (engineer, other, admin) = (app.engineer(), app.other_engineer(), app.admin());
    app.set_clock(friday(&app, 10, 0));
    admin.adds_engineer(app.ids.wifi, &admin);

    let id = miss(&app, &json!({ "assignee_id": other.id }));
    assert_eq!([&engineer, &other, &admin].map(|it| notified(it, id)), [0, 2, 1]);

    let file = json!({
        "assignee_id": admin.id, "author_id": app.customer().id, "project_id": app.ids.wifi_project,
        "product_id": app.ids.wifi_product,
    });
    let filed = engineer.files(app.request_with(&file)).expect(201);
    app.set_clock(app.clock() + TimeDelta::days(1));
    assert_eq!([&engineer, &other, &admin].map(|it| notified(it, filed.id())), [0, 0, 2]);
}

/// 2.4.1: with two processes a missed deadline is one event, and one mail to each whom it concerns.
#[test]
fn c2_4_1_with_two_processes_a_miss_is_announced_once() {
    let post = MailServer::running();
    let settings = [("HELPDESK_SANDBOX", "true"), ("HELPDESK_SMTP_URL", &*post.url())];
    let app = TestApp::spawn_with(&settings);
    let other = Server::start(&app.database_url(), &settings);
    app.set_clock(friday(&app, 10, 0));
    let assigned = json!({ "assignee_id": app.engineer().id });
    let id = app.customer().has_filed(app.request_with(&assigned));

    set_both_clocks(&app, &other, app.clock() + TimeDelta::minutes(61));
    app.wait_for_mail();

    let events = |event: &str| app.admin().events_of(id, event);
    assert_eq!((events("ticket.deadline_near"), events("ticket.deadline_missed")), (1, 1));
    let mails = |person: &Person, heading: &str| {
        let all = post.received().into_iter().filter(|it| it.to == person.email);
        all.filter(|it| it.body.starts_with(heading)).count()
    };
    let (engineer, admin) = (app.engineer(), app.admin());
    assert_eq!([&engineer, &admin].map(|it| mails(it, "Срок пропущен")), [1, 1]);
    assert_eq!([&engineer, &admin].map(|it| mails(it, "Срок скоро истечет")), [1, 0]);
    let overdue = app.engineer().get("/tickets?overdue=true").expect(200);
    assert_eq!(overdue.items().len(), 1);
    let ticket = &overdue.items()[0];
    assert_eq!(
        (ticket["id"].as_i64(), &ticket["sla"]["acceptance"]["state"]),
        (Some(id), &json!("breached"))
    );
}
