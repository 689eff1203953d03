//! Concurrent operations: no deadlock (RS07), and no limit is exceeded
//! (RS01, RS06).

use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Response, TestApp, at_once};

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Few things, so that everybody meets at them.
struct Place {
    app: TestApp,
    tickets: Vec<i64>,
    release: i64,
    article: i64,
    bystander: Person,
}

impl Place {
    fn new() -> Self {
        let app = TestApp::spawn();
        let statuses = ["new", "in_progress", "feedback", "resolved", "closed"];
        let tickets = statuses.map(|it| app.ticket(it)).to_vec();
        let release = app.planned_release("3.1.1", None);
        let article = app.article_for_customers(crate::support::article());
        let bystander = app.second_colleague();
        Self { app, tickets, release, article, bystander }
    }

    /// One of the things that lock more than one row.
    fn act(&self, random: &mut Random) -> Response {
        let app = &self.app;
        let people = [app.engineer(), app.other_engineer(), app.admin()];
        let staff = &people[random.below(people.len())];
        let customers = [app.customer(), app.colleague()];
        let customer = &customers[random.below(customers.len())];
        let mut ticket = || self.tickets[random.below(self.tickets.len())];
        let (one, other) = (ticket(), ticket());
        let comment = |internal: bool| json!({ "body": "Смотрим.", "internal": internal });
        let file = |person: &Person, name: &str| json!({ "upload_id": person.uploaded(name, name.as_bytes()), "description": "Журнал" });
        let bulk = |action: Value| json!({ "ids": self.tickets, "action": action });
        let ticket_path = |it: &str| format!("/tickets/{one}{it}");
        let member = format!("/projects/{}/members/{}", app.ids.project, self.bystander.id);
        let product = format!("/products/{}/releases", app.ids.product);
        match random.below(28) {
            0 => customer.links(one, other),
            1 => staff.links(other, one),
            2 => customer.delete(&ticket_path(&format!("/links/{other}"))),
            3 => customer.edits(one, json!({ "parent_id": other })),
            4 => customer.edits(other, json!({ "parent_id": null })),
            5 => staff.put(&ticket_path("/assignee"), json!({ "assignee_id": app.engineer().id })),
            6 => staff.call("POST", &ticket_path("/assignee/auto"), None),
            7 => staff.moves(one, json!({ "to": "in_progress", "comment": "Снова." })),
            8 => staff.moves(one, json!({ "to": "resolved", "comment": "Готово." })),
            9 => app.admin().moves(
                one,
                json!({
                    "to": "closed", "comment": "Закрываю.", "close_reason": "other",
                }),
            ),
            10 => {
                let files = json!([file(customer, "б.log"), file(customer, "а.log")]);
                customer.says(one, json!({ "body": "Журнал.", "attachments": files }))
            }
            11 => staff.says(one, comment(true)),
            12 => customer.files(app.request_with(&json!({
                "parent_id": other, "watcher_ids": [self.bystander.id],
            }))),
            13 => staff.post("/tickets/bulk", bulk(json!({ "type": "comment", "body": "Всем." }))),
            14 => staff.post(
                "/tickets/bulk",
                bulk(json!({
                    "type": "assign", "assignee_id": app.engineer().id,
                })),
            ),
            15 => customer.call(
                "PUT",
                &ticket_path(&format!("/watchers/{}", self.bystander.id)),
                None,
            ),
            16 => app.commercial().call("PUT", &member, None),
            17 => app.commercial().delete(&member),
            18 => app.admin().hands_over(&self.bystander, Some(app.customer().id)),
            19 => app.admin().call("POST", &format!("/users/{}/invite", self.bystander.id), None),
            20 => app
                .admin()
                .put(&format!("/users/{}/absence", app.engineer().id), json!({ "until": null })),
            21 => app.admin().delete(&format!("/users/{}/absence", app.engineer().id)),
            22 => staff.takes_next(),
            23 => staff.moves(
                one,
                json!({
                    "to": "awaiting_release", "comment": "Войдет.", "release_id": self.release,
                }),
            ),
            24 => staff.post(&product, json!({ "version": format!("4.{}", random.0 % 100_000) })),
            25 => customer
                .post(&format!("/articles/{}/feedback", self.article), json!({ "helped": true })),
            26 => app.sign_in(&self.bystander.email, PASSWORD),
            _ => customer.post(&ticket_path("/read"), json!({})),
        }
    }
}

/// RS07: whatever people do to the same few things at once, there is no deadlock, and all histories are
/// whole.
#[test]
fn sec_rs07_concurrent_actions_never_deadlock() {
    let mut place = Place::new();

    let failed: Vec<String> = at_once(8, |number| {
        let mut random = Random(number as u64);
        let does = |_| place.act(&mut random);
        let failed = (0..60).map(does).filter(|it| it.status == 500);
        failed.map(|it| it.text).collect::<Vec<String>>()
    })
    .concat();

    assert_eq!(failed, Vec::<String>::new());
    for ticket in &place.tickets {
        assert_eq!(place.app.admin().verifies(*ticket)["intact"], true);
    }
    assert_eq!(place.app.deadlocks(), 0, "deadlocks");
}

/// How many of eight that are tried at once are made, where there is room for one.
fn successes(call: impl Fn(usize) -> Response + Sync) -> usize {
    at_once(8, |number| call(number).status).iter().filter(|it| **it == 201).count()
}

/// RS01, RS06: no maximum is exceeded when several requests come at the same moment:
/// tokens, webhooks, views, files of a day and of a ticket, filings.
#[test]
fn sec_rs01_rs06_concurrent_requests_do_not_exceed_limits() {
    let app =
        TestApp::spawn_with(&[("HELPDESK_QUOTA_UPLOADS", "20"), ("HELPDESK_QUOTA_TICKETS", "3")]);
    let (customer, stranger) = (app.customer(), app.stranger());
    let id = customer.id;
    let (ticket, file) = app.ticket_with_file("a.log", b"a");
    app.sql(&format!(
        "insert into api_tokens (user_id, name, hash, scopes, created_at, expires_at)
         select {id}, 'x', sha256(it::text::bytea), '{{}}', now(), now() + interval '1 day'
         from generate_series(1, 49) it;
         insert into views (owner_id, name, filters, sort, shown, created_at)
         select {id}, 'x' || it, '{{}}', '-created_at', '{{}}', now() from generate_series(1, 99) it;
         insert into attachments (ticket_id, is_internal, filename, content_type, size, sha256, storage_key, created_at)
         select {ticket}, false, 'a', 'text/plain', 1, '', 'k' || it, now() from generate_series(1, 998) it;
         insert into uploads (id, user_id, storage_key, is_complete, filename, content_type, size,
             sha256, created_at, expires_at)
         select 'x' || it, {}, 'k' || it, true, 'a', 'text/plain', 1, '', now(), now() + interval '1 day'
         from generate_series(1, 19) as it",
        stranger.id,
    ));
    for number in 0..19 {
        let webhook = json!({ "url": format!("https://hooks.example.kz/{number}") });
        customer.post("/webhooks", webhook).expect(201);
    }
    let uploads: Vec<String> =
        (0..8).map(|it| customer.uploaded(&format!("{it}.log"), b"x")).collect();
    customer.files(app.request()).expect(201);

    let webhook = |it: usize| json!({ "url": format!("https://hooks.example.kz/at-once-{it}") });
    let view =
        |it: usize| json!({ "name": format!("Вид {it}"), "filters": { "status": ["open"] } });
    let comment = |it: usize| {
        let files = json!([{ "upload_id": uploads[it], "description": "Журнал" }]);
        json!({ "body": "Журнал.", "attachments": files })
    };

    assert!(file > 0);
    assert_eq!(successes(|_| customer.makes_api_token(&["tickets:read"])), 1, "tokens");
    assert_eq!(successes(|it| customer.post("/webhooks", webhook(it))), 1, "webhooks");
    assert_eq!(successes(|it| customer.post("/views", view(it))), 1, "views");
    assert_eq!(successes(|it| customer.says(ticket, comment(it))), 1, "files of a ticket");
    assert_eq!(successes(|it| stranger.uploads(&format!("{it}.log"), b"x")), 1, "files of a day");
    assert_eq!(successes(|_| customer.files(app.request())), 1, "filings");
}
