//! Access per project: what is not listed for somebody does not exist for them (AZ02, AZ04).

use serde_json::{Value, json};

use crate::support::{Behaviour, Person, Receiver, TestApp, with};

/// A request in the project that the colleague is to see.
fn in_shown(app: &TestApp, members: &Value) -> Value {
    let place = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    with(app.request_with(&place), members)
}

/// Two tickets, of which the first is of a project that the colleague does not see. Its number is found
/// in no other text.
fn hidden_and_shown(app: &TestApp) -> (i64, i64) {
    app.sql("alter table tickets alter column id restart with 770077");
    let hidden = app.ticket("new");
    app.sql("alter table tickets alter column id restart with 1001");
    let shown = app.colleague().has_filed(in_shown(app, &json!({})));
    app.commercial().narrows(&app.colleague(), app.ids.wifi_project);
    (hidden, shown)
}

/// Every page that could name a ticket.
fn pages(reader: &Person, ticket: i64) -> Vec<String> {
    let ticket = format!("/tickets/{ticket}");
    let pages = [
        &ticket,
        &format!("{ticket}?expand=comments,history"),
        &format!("{ticket}/history"),
        "/tickets",
        "/me/tickets",
        "/events?limit=100",
        "/refusals",
        "/me/notifications",
    ];
    pages.map(|it| reader.get(it).expect(200).text).to_vec()
}

/// AZ04: every way of reading is closed to a ticket of an unlisted project, as to a missing one.
#[test]
fn sec_az04_an_unlisted_project_does_not_exist() {
    let app = TestApp::spawn();
    let (colleague, customer) = (app.colleague(), app.customer());
    let (hidden, file) = app.ticket_with_file("a.log", b"log");
    customer.adds_watcher(hidden, &colleague);
    customer.replies(hidden, "Журнал прилагаю.");
    app.wait_for_notifications();
    app.commercial().narrows(&colleague, app.ids.wifi_project);
    let shown = colleague.has_filed(in_shown(&app, &json!({})));

    let ticket = format!("/tickets/{hidden}");
    for path in
        ["", "/comments", "/history", "/history/verify", "/sla", "/transitions", "/attachments"]
    {
        colleague.get(&format!("{ticket}{path}")).expect(404);
    }
    colleague.get(&format!("/attachments/{file}")).expect(404);
    colleague.get(&format!("/attachments/{file}/content")).expect(404);
    colleague.get(&format!("/projects/{}", app.ids.project)).expect(404);
    assert_eq!(colleague.get("/projects").ids(), [app.ids.wifi_project]);
    for query in ["", "?status=open", &format!("?project_id={}", app.ids.project)] {
        let found = colleague.get(&format!("/tickets{query}")).expect(200).ids();
        assert!(!found.contains(&hidden), "{query}: {found:?}");
    }
    assert_eq!(colleague.get("/me/tickets").ids(), [shown]);
    let of_hidden = |path: &str| {
        let items = colleague.all(path);
        items.iter().filter(|it| it["ticket_id"] == hidden || it["ticket"]["id"] == hidden).count()
    };
    assert_eq!((of_hidden("/me/notifications"), of_hidden("/events?limit=100")), (0, 0));
    assert_eq!(colleague.get("/me/notifications").expect(200).body["unread_count"], 0);
    assert_eq!(customer.get("/tickets").ids().len(), 2);
}

/// AZ08: access that is taken away is gone with the next request, access that is given is there.
#[test]
fn sec_az08_access_to_a_project_changes_at_once() {
    let app = TestApp::spawn();
    let colleague = app.colleague();
    let path = format!("/tickets/{}", app.ticket("new"));
    let member = format!("/projects/{}/members/{}", app.ids.project, colleague.id);

    app.commercial().narrows(&colleague, app.ids.project);
    colleague.get(&path).expect(200);
    app.commercial().delete(&member).expect(204);
    colleague.get(&path).expect(404);
    app.commercial().edits_account(&colleague, json!({ "sees": "all" }));

    colleague.get(&path).expect(200);
}

/// AZ02: what is named in a request is looked up with the same eyes.
#[test]
fn sec_az02_nobody_names_what_is_not_listed() {
    let app = TestApp::spawn();
    let colleague = app.colleague();
    let hidden = app.ticket("new");
    app.commercial().narrows(&colleague, app.ids.wifi_project);
    let own = colleague.has_filed(in_shown(&app, &json!({})));

    let project = colleague.files(app.request()).expect(422);
    let parent = colleague.edits(own, json!({ "parent_id": hidden })).expect(422);
    let watcher = format!("/tickets/{hidden}/watchers/{}", colleague.id);
    let watcher = app.customer().call("PUT", &watcher, None).expect(422);

    assert_eq!(project.errors(), ["/project_id not_found"]);
    assert_eq!(parent.errors(), ["/parent_id not_found"]);
    assert_eq!(watcher.errors(), ["/user_id not_found"]);
    colleague.links(own, hidden).expect(404);
}

/// AZ04: where a ticket, its history, a refused request or a mail names a ticket of an unlisted project,
/// its number is left out.
#[test]
fn sec_az04_the_number_of_an_unlisted_ticket_is_shown_nowhere() {
    let app = TestApp::spawn();
    let (colleague, customer) = (app.colleague(), app.customer());
    let (hidden, shown) = hidden_and_shown(&app);
    let number = hidden.to_string();

    customer.edits(shown, json!({ "parent_id": hidden })).expect(200);
    customer.links(shown, hidden).expect(204);
    let apart = json!({ "not_duplicate_of": [hidden], "parent_id": hidden });
    let request = in_shown(&app, &apart);
    let refused = with(request.clone(), &json!({ "description": request["subject"] }));
    customer.files(refused).refusal(422, "no_description", "3.4.1.1");
    let other = customer.has_filed(request);
    app.engineer().moves(other, json!({ "to": "in_progress" })).expect(200);
    app.sql(&format!("update tickets set duplicate_of = {hidden} where id = {other}"));
    let rejected = json!({
        "to": "rejected", "refusal_reason": "already_registered", "duplicate_of": hidden,
        "comment": "Ваша заявка уже в работе.",
    });
    app.engineer().moves(shown, rejected).expect(200);

    for ticket in [shown, other] {
        assert!(pages(&customer, ticket)[1].contains(&number));
        for page in pages(&colleague, ticket) {
            assert!(!page.contains(&number), "{page}");
        }
    }
    app.wait_for_mail();
    let mails = app.mails_to(&colleague.email, 1);
    assert!(mails.iter().any(|it| it.body.contains("уже в работе")));
    for mail in mails {
        assert!(!mail.body.contains(&number) && !mail.html.contains(&number), "{}", mail.body);
    }
}

/// AZ04: a request is not held against tickets of unlisted projects, whose numbers the refusal would
/// give away.
#[test]
fn sec_az04_an_unlisted_ticket_is_no_duplicate() {
    let app = TestApp::spawn();
    let (colleague, customer) = (app.colleague(), app.customer());
    let request = app.request_without("product_id");
    let named = |project: i64| {
        with(request.clone(), &json!({ "project_id": project, "product_name": "ТАУ-1" }))
    };
    customer.has_filed(named(app.ids.project));
    app.commercial().narrows(&colleague, app.ids.wifi_project);

    let seen = customer.files(named(app.ids.wifi_project));
    let unseen = colleague.post("/tickets/check", named(app.ids.wifi_project)).expect(200);

    assert_eq!((seen.status, seen.code()), (409, "already_registered"));
    assert_eq!(unseen.body["would_register"], true);
    assert_eq!((&unseen.body["refusals"], &unseen.body["similar"]), (&json!([]), &json!([])));
}

/// AZ08: a stored response is not repeated to whoever sees other projects by now.
#[test]
fn sec_az08_a_replay_requires_the_same_visibility() {
    let app = TestApp::spawn();
    let colleague = app.colleague();
    app.commercial().narrows(&colleague, app.ids.wifi_project);
    let request = in_shown(&app, &json!({}));
    let file = || colleague.post_once("k-1", "/tickets", Some(&request));

    let first = file().expect(201);
    let again = file().expect(201);
    app.commercial().adds_member(app.ids.project, &colleague);
    let widened = file().expect(404);

    assert_eq!(first.body, again.body);
    assert_eq!(widened.code(), "not_found");
}

/// AZ08: a stream ends when its reader sees more projects or fewer.
#[test]
fn sec_az08_a_stream_ends_with_the_projects_of_its_reader() {
    let app = TestApp::spawn();
    let colleague = app.colleague();
    app.commercial().narrows(&colleague, app.ids.wifi_project);
    let mut stream = colleague.follow(&app.server, "", &[]);
    assert_eq!(stream.head.status, 200);
    assert_eq!(stream.comment_line().as_deref(), Some("retry: 3000"));

    app.ticket("new");
    let shown = app.customer().has_filed(in_shown(&app, &json!({})));
    assert_eq!(stream.next().unwrap().data["ticket_id"], shown);
    app.commercial().adds_member(app.ids.project, &colleague);
    app.ticket("new");

    assert_eq!(stream.next(), None);
}

/// AZ04: a webhook sees no more than its owner, and nobody takes over one that sees more than they do.
#[test]
fn sec_az04_a_webhook_covers_the_projects_of_its_owner() {
    let app = TestApp::with_local_receivers();
    let (narrow, wide) =
        (Receiver::with(Behaviour::Answers(200, "")), Receiver::with(Behaviour::Answers(200, "")));
    let colleague = app.colleague();
    app.commercial().narrows(&colleague, app.ids.wifi_project);
    let own = colleague.webhook_for(&narrow);
    let wider = app.customer().webhook_for(&wide);

    let hidden = app.ticket("new");
    let shown = app.customer().has_filed(in_shown(&app, &json!({})));

    assert_eq!(narrow.messages(1)[0].body["data"]["ticket_id"], shown);
    let received = wide.messages(2);
    assert!(received.iter().any(|it| it.body["data"]["ticket_id"] == hidden));
    colleague.get(&own).expect(200);
    colleague.get(&wider).expect(404);
    colleague.patch(&wider, json!({ "description": "x" })).expect(404);
    assert_eq!(colleague.get("/webhooks").ids().len(), 1);
    assert_eq!(narrow.messages(1).len(), 1);
}

/// AZ03: who does not see a ticket neither watches it, nor is it filed or taken over for them.
#[test]
fn sec_az03_nobody_watches_or_inherits_an_unlisted_ticket() {
    let app = TestApp::spawn();
    let (colleague, customer) = (app.colleague(), app.customer());
    let ticket = app.ticket("new");
    app.commercial().narrows(&colleague, app.ids.wifi_project);

    let watched = app.request_with(&json!({ "watcher_ids": [colleague.id] }));
    let watched = customer.files(watched).expect(422);
    let filed = app.request_with(&json!({ "author_id": colleague.id }));
    let filed = app.engineer().files(filed).expect(422);
    let left = app.commercial().hands_over(&customer, Some(colleague.id)).expect(422);

    assert_eq!(watched.errors(), ["/watcher_ids/0 not_found"]);
    assert_eq!(filed.errors(), ["/author_id not_found"]);
    assert_eq!(left.errors(), ["/hand_over_to not_permitted"]);
    assert_eq!(app.admin().ticket(ticket)["author"]["id"], customer.id);
    customer.get("/me").expect(200);
}

/// AZ02: nobody learns whether one of the company's own numbers is taken in a project that they do not see.
#[test]
fn sec_az02_references_taken_in_unlisted_projects_are_not_revealed() {
    let app = TestApp::spawn();
    let colleague = app.colleague();
    let number = json!({ "external_ref": "СА-2026/17" });
    app.customer().has_filed(app.request_with(&number));
    app.commercial().narrows(&colleague, app.ids.wifi_project);

    let check = colleague.post("/tickets/check", in_shown(&app, &number)).expect(200);
    let filed = colleague.files(in_shown(&app, &number)).expect(201);
    let edited = colleague.has_filed(in_shown(&app, &json!({ "subject": "Роуминг рвётся" })));

    assert_eq!(check.body["would_register"], true, "{}", check.text);
    assert_eq!(filed.body["external_ref"], "СА-2026/17");
    let taken = colleague.edits(edited, number);
    assert_eq!((taken.status, taken.code()), (409, "external_ref_taken"), "they know this one");
}
