//! A company that is closed: its people lose access, nothing is deleted, and nothing new begins.

use serde_json::{Value, json};

use crate::support::{Mail, PASSWORD, Person, Response, TestApp, mail_reply};

const KEY: &str = "0123456789abcdef0123456789abcdef01234567";

fn redmine(app: &TestApp) -> u16 {
    let headers = [("x-redmine-api-key", KEY)];
    app.server.client.send_unchecked("GET", "/redmine/users/current.json", &headers, None).status
}

/// Directory: whoever belongs to a closed company is out at once, by whatever way they came in, and back with it;
/// whoever had left before stays out.
#[test]
fn sec_az08_the_people_of_a_closed_company_lose_access_at_once() {
    let settings = [("HELPDESK_REDMINE_API", "true"), ("HELPDESK_REPLY_DOMAIN", "reply.example")];
    let app = TestApp::spawn_with(&settings);
    let (commercial, customer) = (app.commercial(), app.customer());
    let id = app.ticket("feedback");
    let address = app.mail_saying(&customer, "Пришлите журнал шлюза.").reply_address();
    let script = customer.script(&["tickets:read"]);
    customer.post("/me/legacy-key", json!({ "key": KEY })).expect(201);
    assert_eq!(redmine(&app), 200);
    let login = json!({ "email": customer.email, "password": PASSWORD });
    let session = app.anonymous().post("/auth/login", login).expect(200);
    let mut stream = customer.follow(&app.server, "", &[]);
    assert_eq!(stream.comment_line().as_deref(), Some("retry: 3000"));
    commercial.deactivates(&app.colleague());
    let mails = app.mails(0).len();

    let closed = commercial.closes_company(app.ids.company);
    app.engineer().says(id, json!({ "body": "Есть ли новости?" })).expect(201);
    app.wait_for_mail();

    let written_to = |it: &Mail| it.to == customer.email;
    assert_eq!(app.mails(0).iter().skip(mails).filter(|it| written_to(it)).count(), 0);
    assert!(closed.body["closed_at"].is_string(), "{}", closed.text);
    assert_eq!(stream.next(), None);
    for refused in [
        customer.get("/me"),
        script.get("/tickets"),
        app.sign_in(&customer.email, PASSWORD),
        app.refresh(&session.word("refresh_token")),
    ] {
        refused.expect(401);
    }
    assert_eq!(redmine(&app), 401);
    app.deliver(&mail_reply(&customer, &address, "a1", "Журнал прилагаю."));
    assert_eq!(app.inbound_mails(), ["not_permitted"]);
    let shown = app.engineer().get(&format!("/users/{}", customer.id)).expect(200);
    assert_eq!(shown.body["is_active"], false);
    app.stranger().get("/me").expect(200);

    let opened = commercial.reopens_company(app.ids.company);

    assert_eq!(opened.body["closed_at"], Value::Null);
    script.get("/tickets").expect(200);
    assert_eq!(redmine(&app), 200);
    customer.get("/me").expect(401);
    app.sign_in(&customer.email, PASSWORD).expect(200);
    app.sign_in(&app.colleague().email, PASSWORD).expect(401);
}

/// Directory: a closed company is closed once, and an open one is not reopened; a stale version changes nothing.
#[test]
fn a_company_is_closed_and_reopened_once() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let path = format!("/companies/{}", app.ids.other_company);
    let tag = commercial.get(&path).expect(200).header("etag").to_owned();
    let call =
        |person: &Person, action: &str| person.call("POST", &format!("{path}/{action}"), None);

    assert_eq!(call(&commercial, "reopen").expect(409).code(), "company_not_closed");
    commercial.closes_company(app.ids.other_company);
    assert_eq!(call(&app.admin(), "close").expect(409).code(), "company_closed");
    let stale = commercial.send("POST", &format!("{path}/reopen"), &[("if-match", &tag)], None);
    assert_eq!(stale.expect(412).code(), "precondition_failed");
    call(&app.engineer(), "reopen").expect(403);
    commercial.reopens_company(app.ids.other_company);

    let listed = |query: &str| app.engineer().get(&format!("/companies{query}")).ids();
    assert_eq!(listed("?is_closed=true"), [0; 0]);
    assert_eq!(listed("?is_closed=false"), [app.ids.company, app.ids.other_company]);
    let log = app.admin().get("/audit-log?action=companies_reopen").expect(200);
    assert_eq!(log.items()[0]["changes"]["closed_at"]["to"], Value::Null);
}

/// Directory: a closed company gets no people, projects or tickets; its open tickets go on.
#[test]
fn nothing_new_begins_in_a_closed_company() {
    let app = TestApp::spawn();
    let (admin, engineer) = (app.admin(), app.engineer());
    let (company, person) = (app.ids.company, format!("/users/{}", app.customer().id));
    let id = app.ticket("in_progress");
    let direction = admin.post("/directions", json!({ "name": "IPTV" })).expect(201).id();
    let request = app.request_with(&json!({ "author_id": app.customer().id }));
    admin.closes_company(company);

    let errors = |it: Response| it.expect(422).errors();
    let customer = json!({
        "role": "customer", "first_name": "Новый", "last_name": "Человек", "company_id": company,
        "email": "new@helpdesk.example",
    });
    let project = json!({ "company_id": company, "direction_id": direction });
    let closed = ["/company_id company_closed"];
    assert_eq!(errors(admin.post("/users", customer)), closed);
    assert_eq!(errors(admin.post("/projects", project)), closed);
    assert_eq!(errors(engineer.files(request)), ["/project_id company_closed"]);
    for refused in [
        admin.call("POST", &format!("{person}/invite"), None),
        admin.patch(&person, json!({ "email": "other@helpdesk.example" })),
    ] {
        assert_eq!(refused.expect(409).code(), "company_closed");
    }
    assert_eq!(engineer.get(&format!("/projects/{}", app.ids.project)).body["is_active"], false);

    engineer.says(id, json!({ "body": "Заменили плату." })).expect(201);
    engineer.resolves(id, "Плата заменена.").expect(200);
    let end = json!({ "to": "closed", "close_reason": "other", "comment": "Договор окончен." });
    admin.moves(id, end).expect(200);
    admin.patch(&person, json!({ "last_name": "Ахметова" })).expect(200);
    admin.deactivates(&app.customer());
    admin.reopens_company(company);
    assert_eq!(admin.get(&person).expect(200).body["is_active"], false);
}
