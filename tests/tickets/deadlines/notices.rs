//! Who is told of deadlines (2.4): whoever can act, and of a miss the admins, too.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::notifications::inbox::all_is_told;
use crate::sandbox::{clock, sandbox, set_clock};
use crate::support::{MailServer, Person, Server, TestApp, wait_until};
use crate::tickets::deadlines::auto_close_survival::both_at;
use crate::tickets::deadlines::clocks::friday;
use crate::tickets::filing::request::with;

/// Of how many deadlines of a ticket a person was told.
fn told(person: &Person, ticket: i64) -> usize {
    let page = person.get("/me/notifications?limit=100").expect(200);
    let is_it = |it: &&Value| it["kind"] == "deadline" && it["ticket"]["id"] == ticket;
    page.items().iter().filter(is_it).count()
}

/// Files a ticket about Wi-Fi, where two engineers work, and lets its first deadline come near
/// and pass; answers it.
fn miss(app: &TestApp, members: &Value) -> i64 {
    let wifi = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    let request = with(with(app.request(), &wifi), members);
    let ticket = app.customer().post("/tickets", request).expect(201);
    let due = ticket.body["sla"]["acceptance"]["due_at"].as_str().unwrap();
    let due: DateTime<Utc> = due.parse().unwrap();
    set_clock(app, due - TimeDelta::minutes(10));
    assert_eq!(told(&app.admin(), ticket.id()), 0);
    set_clock(app, due + TimeDelta::minutes(1));
    ticket.id()
}

/// 2.4: what nobody has is told to all present engineers of the direction, twice; a miss to the
/// admins as well; to nobody else.
#[test]
fn c2_4_a_ticket_that_nobody_has_concerns_the_direction() {
    let app = sandbox();
    let (engineer, other, admin) = (app.engineer(), app.other_engineer(), app.admin());
    set_clock(&app, friday(&app, 10, 0));

    let id = miss(&app, &json!({}));

    assert_eq!([&engineer, &other, &admin].map(|it| told(it, id)), [2, 2, 1]);
    assert_eq!([app.customer(), app.colleague()].map(|it| told(&it, id)), [0, 0]);
    app.admin().put(&format!("/users/{}/absence", other.id), json!({ "until": null })).expect(200);
    let later = miss(&app, &json!({}));
    assert_eq!([&engineer, &other, &admin].map(|it| told(it, later)), [2, 0, 1]);
    let back = clock(&app) + TimeDelta::hours(3);
    app.admin()
        .put(&format!("/users/{}/absence", engineer.id), json!({ "until": back }))
        .expect(200);
    let alone = miss(&app, &json!({}));
    assert_eq!([&engineer, &other, &admin].map(|it| told(it, alone)), [0, 0, 1]);
}

/// 2.4: what somebody has is theirs alone, until it is missed; an admin who has it is told once.
#[test]
fn c2_4_a_ticket_that_somebody_has_is_theirs() {
    let app = sandbox();
    let (engineer, other, admin) = (app.engineer(), app.other_engineer(), app.admin());
    set_clock(&app, friday(&app, 10, 0));
    let path = format!("/directions/{}/engineers/{}", app.ids.wifi, admin.id);
    admin.send("PUT", &path, &[], None).expect(204);

    let id = miss(&app, &json!({ "assignee_id": other.id }));
    assert_eq!([&engineer, &other, &admin].map(|it| told(it, id)), [0, 2, 1]);

    let file = json!({
        "assignee_id": admin.id, "author_id": app.customer().id, "project_id": app.ids.wifi_project,
        "product_id": app.ids.wifi_product,
    });
    let filed = engineer.post("/tickets", with(app.request(), &file)).expect(201);
    set_clock(&app, clock(&app) + TimeDelta::days(1));
    assert_eq!([&engineer, &other, &admin].map(|it| told(it, filed.id())), [0, 0, 2]);
}

/// 2.4.1: an hour passes while two processes are at it: the miss is one event, one mail to each
/// whom it concerns, and one mark.
#[test]
fn c2_4_1_with_two_processes_a_miss_is_told_once() {
    let post = MailServer::running();
    let url = post.url();
    let settings = [("HELPDESK_SANDBOX", "true"), ("HELPDESK_SMTP_URL", url.as_str())];
    let app = TestApp::spawn_with(&settings);
    let other = Server::start(&app.database_url(), &settings);
    set_clock(&app, friday(&app, 10, 0));
    let assigned = json!({ "assignee_id": app.engineer().id });
    let id = app.customer().post("/tickets", with(app.request(), &assigned)).expect(201).id();

    both_at(&app, &other, clock(&app) + TimeDelta::minutes(61));
    all_is_told(&app);
    let waiting = "select id from mails where sent_at is null and dead_at is null";
    wait_until("no mail waits", || app.read(waiting).is_empty());

    let events =
        |type_: &str| app.read(&format!("select id from events where type = '{type_}'")).len();
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
