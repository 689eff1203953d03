//! What old scripts of a Redmine write, after a move: in its form, under our rules.

use serde_json::{Value, json};

use super::old_scripts::{CUSTOMER, ENGINEER, Scripts};
use super::redmine::person;
use crate::support::Redmine;

/// The statuses of the Redmine that was recorded.
const IN_PROGRESS: i64 = 2;
const FEEDBACK: i64 = 4;
const CLOSED: i64 = 5;

fn issue(members: Value) -> Value {
    let mut issue = json!({
        "project_id": "r1-a", "subject": "Скрипт: порт не поднимается", "tracker_id": 1, "priority_id": 3,
        "description": "После грозы порт 3 не поднимается.", "custom_fields": [{ "id": 1, "value": "TAU-8" }],
    });
    issue.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json!({ "issue": issue })
}

impl Scripts {
    /// Files an issue; returns its number.
    #[track_caller]
    fn filed(&self, key: &str, members: Value) -> i64 {
        let (status, body) = self.send(key, "POST", "/redmine/issues.json", &issue(members));
        assert_eq!(status, 201, "{body}");
        body["issue"]["id"].as_i64().unwrap()
    }

    fn update(&self, key: &str, id: i64, members: Value) -> (u16, Value) {
        self.send(key, "PUT", &format!("/redmine/issues/{id}.json"), &json!({ "issue": members }))
    }

    #[track_caller]
    fn updated(&self, key: &str, id: i64, members: Value) {
        let (status, body) = self.update(key, id, members);
        assert_eq!(status, 204, "{body}");
    }

    #[track_caller]
    fn whole(&self, id: i64) -> Value {
        let include = "journals,attachments,watchers,relations";
        self.read(ENGINEER, &format!("/redmine/issues/{id}.json?include={include}"))["issue"]
            .clone()
    }

    fn upload(&self, bytes: &[u8]) -> Value {
        let headers =
            [("x-redmine-api-key", ENGINEER), ("content-type", "application/octet-stream")];
        let path = "/redmine/uploads.json?filename=f.log";
        let client = &self.app.server.client;
        let response = client.send_unchecked("POST", path, &headers, Some(bytes));
        assert_eq!(response.status, 201, "{}", response.text);
        serde_json::from_str::<Value>(&response.text).unwrap()["upload"].clone()
    }
}

/// An issue is a ticket of ours: its author is whoever has the key, and what a Redmine keeps of dates
/// is reported as not kept.
#[test]
fn c3_2_a_script_files_an_issue() {
    let scripts = Scripts::moved();
    let upload = scripts.upload(b"log 1\n");
    let file = json!({ "token": upload["token"], "filename": "журнал.log", "description": "лог" });

    let (status, created) = scripts.send(
        ENGINEER,
        "POST",
        "/redmine/issues.json",
        &issue(json!({
            "assigned_to_id": 33, "watcher_user_ids": [33, 38], "uploads": [file],
            "due_date": "2026-12-31", "done_ratio": 30,
        })),
    );
    assert_eq!(status, 201, "{created}");
    let id = created["issue"]["id"].as_i64().unwrap();
    let whole = scripts.whole(id);
    let of_customer = scripts.filed(CUSTOMER, json!({ "priority_id": 2 }));

    assert_eq!((&whole["author"]["id"], &whole["assigned_to"]["id"]), (&json!(33), &json!(33)));
    assert_eq!(whole["custom_fields"][0]["value"], "TAU-8");
    assert_eq!(whole["attachments"][0]["filename"], "журнал.log");
    let watchers = whole["watchers"].as_array().unwrap().iter();
    let mut watchers: Vec<i64> = watchers.map(|it| it["id"].as_i64().unwrap()).collect();
    watchers.sort_unstable();
    assert_eq!(watchers, [33, 38]);
    assert_eq!(whole["due_date"], Value::Null);
    assert_eq!(scripts.whole(of_customer)["author"]["id"], 38);
    let url = whole["attachments"][0]["content_url"].as_str().unwrap();
    let (_, path) = url.split_once("/redmine").unwrap();
    let headers = [("x-redmine-api-key", ENGINEER)];
    let client = &scripts.app.server.client;
    let bytes = client.send_unchecked("GET", &format!("/redmine{path}"), &headers, None);
    assert_eq!(bytes.text, "log 1\n");
}

/// Notes that come with a new issue are its first comment, private ones internal.
#[test]
fn c4_2_notes_of_a_new_issue_are_its_first_comment() {
    let scripts = Scripts::moved();
    let public = scripts.filed(CUSTOMER, json!({ "notes": "Срочно." }));
    let private = scripts.filed(ENGINEER, json!({ "notes": "Секрет.", "private_notes": true }));
    let (refused, body) = scripts.send(
        CUSTOMER,
        "POST",
        "/redmine/issues.json",
        &issue(json!({ "subject": "Секрет заказчика", "notes": "n", "private_notes": true })),
    );

    let journal = |id: i64| scripts.whole(id)["journals"][0].clone();
    assert_eq!(
        (&journal(public)["notes"], &journal(public)["user"]["id"]),
        (&json!("Срочно."), &json!(38))
    );
    assert_eq!(journal(private)["private_notes"], true);
    let seen = scripts.read(CUSTOMER, &format!("/redmine/issues/{private}.json?include=journals"));
    assert!(!seen.to_string().contains("Секрет"), "{seen}");
    assert_eq!(refused, 422, "{body}");
    let filed = scripts.app.count("select from tickets where subject = 'Секрет заказчика'");
    assert_eq!(filed, 0, "all of it, or nothing");
    let admin = scripts.app.admin();
    let verified = admin.get(&format!("/tickets/{public}/history/verify")).expect(200).body;
    assert_eq!(verified["intact"], true);
}

/// What is changed at once is one journal; a second sending of what is so already changes nothing.
#[test]
fn c4_2_a_script_moves_and_comments_at_once() {
    let scripts = Scripts::moved();
    let id = scripts.filed(CUSTOMER, json!({}));

    scripts.updated(
        ENGINEER,
        id,
        json!({ "status_id": IN_PROGRESS, "notes": "Беру.", "assigned_to_id": 33, "priority_id": 4 }),
    );
    scripts.updated(ENGINEER, id, json!({ "status_id": IN_PROGRESS, "priority_id": 4 }));
    scripts.updated(ENGINEER, id, json!({ "notes": "Для своих.", "private_notes": true }));
    scripts.updated(ENGINEER, id, json!({ "custom_fields": [{ "id": 1, "value": "MES2324" }] }));
    scripts.updated(ENGINEER, id, json!({ "status_id": FEEDBACK, "notes": "Проверьте." }));

    let whole = scripts.whole(id);
    let journals = whole["journals"].as_array().unwrap();
    let notes: Vec<&Value> = journals.iter().map(|it| &it["notes"]).collect();
    assert_eq!(notes, ["Беру.", "Для своих.", "", "Проверьте."]);
    let names = |it: &Value| -> Vec<String> {
        let all = it["details"].as_array().unwrap().iter();
        let mut names: Vec<String> =
            all.map(|it| it["name"].as_str().unwrap().to_owned()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(&journals[0]), ["assigned_to_id", "priority_id", "status_id"]);
    assert_eq!(journals[1]["private_notes"], true);
    assert_eq!(
        journals[2]["details"][0],
        json!({ "property": "cf", "name": "1", "old_value": "TAU-8", "new_value": "MES2324" })
    );
    let seen = scripts.read(CUSTOMER, &format!("/redmine/issues/{id}.json?include=journals"));
    assert!(!seen.to_string().contains("Для своих."));
    let verified = scripts.app.admin().get(&format!("/tickets/{id}/history/verify"));
    assert_eq!(verified.expect(200).body["intact"], true);
}

/// A private note is nobody's but support's, whatever is changed with it: it is no reason that all read.
#[test]
fn sec_az01_a_private_note_is_told_to_nobody() {
    let scripts = Scripts::moved();
    let id = scripts.filed(CUSTOMER, json!({}));

    for (flag, priority) in [(json!(true), 4), (json!("True"), 2), (json!("t"), 3)] {
        let members = json!({ "notes": "Секрет.", "private_notes": flag, "priority_id": priority });
        scripts.updated(ENGINEER, id, members);
    }
    let moved = json!({ "notes": "Секрет.", "private_notes": 1, "status_id": IN_PROGRESS, "assigned_to_id": 33 });
    scripts.updated(ENGINEER, id, moved);

    let customer = person(&scripts.app, "r1.cust1");
    let seen = [
        customer.get(&format!("/tickets/{id}/history")).expect(200).text,
        customer.get(&format!("/tickets/{id}/comments")).expect(200).text,
        scripts.read(CUSTOMER, &format!("/redmine/issues/{id}.json?include=journals")).to_string(),
    ];
    assert!(!seen.concat().contains("Секрет"), "{seen:?}");
    let journals = scripts.whole(id)["journals"].clone();
    let private = journals.as_array().unwrap().iter().filter(|it| it["private_notes"] == true);
    assert_eq!(private.filter(|it| it["notes"] == "Секрет.").count(), 4, "{journals}");
}

/// What is answered with 204 is there afterwards.
#[test]
fn c1_what_a_script_writes_can_be_read() {
    let scripts = Scripts::moved();
    let id = scripts.filed(CUSTOMER, json!({}));
    let serial = json!([{ "id": 4, "value": "SN-77" }]);

    scripts.updated(ENGINEER, id, json!({ "notes": 12345, "custom_fields": serial }));

    let whole = scripts.whole(id);
    let fields = whole["custom_fields"].as_array().unwrap();
    assert!(fields.iter().any(|it| it["id"] == 4 && it["value"] == "SN-77"), "{whole}");
    let found = scripts.read(ENGINEER, "/redmine/issues.json?status_id=*&cf_4=SN-77");
    assert_eq!((&found["total_count"], &found["issues"][0]["id"]), (&json!(1), &json!(id)));
    let notes = whole["journals"].as_array().unwrap().iter().any(|it| it["notes"] == "12345");
    assert!(notes, "{whole}");
    for members in [
        json!({ "watcher_user_ids": 33 }),
        json!({ "uploads": {} }),
        json!({ "custom_fields": {} }),
        json!({ "custom_fields": [{ "id": 4, "value": {} }] }),
        json!({ "custom_fields": [{ "id": 1, "value": "a\0b" }] }),
        json!({ "notes": ["n"] }),
    ] {
        let (status, body) = scripts.update(ENGINEER, id, members.clone());
        assert_eq!(status, 422, "{members}: {body}");
    }
    // A private issue is sent back with the project that it has.
    let private = Redmine::tagged("private");
    scripts.updated(ENGINEER, private, json!({ "project_id": 21, "notes": "n" }));
    assert_eq!(scripts.get(CUSTOMER, &format!("/redmine/issues/{private}.json")).0, 404);
}

/// What a Redmine ignores in silence is refused in the words of the rule, and nothing of it is done.
#[test]
fn c2_5_a_script_gets_the_reason_of_a_refusal() {
    let scripts = Scripts::moved();
    let id = scripts.filed(CUSTOMER, json!({}));
    let refused = |key: &str, members: Value| {
        let (status, body) = scripts.update(key, id, members.clone());
        assert_eq!(status, 422, "{members}: {body}");
        body["errors"].as_array().unwrap().iter().map(Value::to_string).collect::<String>()
    };

    let forbidden = refused(ENGINEER, json!({ "status_id": CLOSED, "notes": "Закрыто." }));
    let flag = refused(CUSTOMER, json!({ "notes": "n", "private_notes": true }));
    let unknown = refused(ENGINEER, json!({ "status": "Закрыта", "notes": "n" }));
    let field = refused(ENGINEER, json!({ "custom_fields": [{ "id": 9999, "value": "x" }] }));
    let author = refused(ENGINEER, json!({ "author_id": 38 }));
    let assignee = refused(ENGINEER, json!({ "assigned_to_id": 38, "notes": "n" }));
    let both = refused(ENGINEER, json!({ "subject": "", "status_id": IN_PROGRESS }));

    assert!(forbidden.contains("2.5"), "{forbidden}");
    assert!(flag.contains("private_notes"), "{flag}");
    assert!(unknown.contains("status cannot be set"), "{unknown}");
    assert!(field.contains("cf_9999"), "{field}");
    assert!(author.contains("author_id"), "{author}");
    assert!(assignee.contains("assigned_to_id"), "{assignee}");
    assert!(both.contains("subject"), "{both}");
    let whole = scripts.whole(id);
    assert_eq!(whole["journals"], json!([]));
    assert_eq!(whole["status"]["id"], 1);
    let (status, body) =
        scripts.send(ENGINEER, "POST", "/redmine/issues.json", &json!({ "issue": {} }));
    assert_eq!(status, 422, "{body}");
    assert_eq!(
        scripts.update(CUSTOMER, Redmine::tagged("resolved"), json!({ "notes": "x" })).0,
        404
    );
    assert_eq!(scripts.update(ENGINEER, 99_999_999, json!({ "notes": "x" })).0, 404);
    assert_eq!(scripts.update("wrong", id, json!({ "notes": "x" })).0, 401);
}

/// Watchers and relations.
#[test]
fn c4_scripts_watch_and_relate() {
    let scripts = Scripts::moved();
    let (one, other) = (scripts.filed(CUSTOMER, json!({})), Redmine::tagged("new"));
    let watchers = format!("/redmine/issues/{one}/watchers.json");
    let relations = format!("/redmine/issues/{one}/relations.json");
    let relation =
        |kind: &str| json!({ "relation": { "issue_to_id": other, "relation_type": kind } });

    assert_eq!(scripts.send(ENGINEER, "POST", &watchers, &json!({ "user_id": 34 })).0, 204);
    assert_eq!(scripts.send(CUSTOMER, "POST", &watchers, &json!({ "user_id": 38 })).0, 403);
    assert_eq!(scripts.whole(one)["watchers"][0]["id"], 34);
    let (status, created) = scripts.send(ENGINEER, "POST", &relations, &relation("relates"));
    let again = scripts.send(ENGINEER, "POST", &relations, &relation("relates"));
    let bogus = scripts.send(ENGINEER, "POST", &relations, &relation("blocks"));
    let address = format!("/redmine/relations/{}.json", created["relation"]["id"]);

    assert_eq!((status, again.0, bogus.0), (201, 422, 422), "{created}");
    assert_eq!(scripts.read(ENGINEER, &address)["relation"], created["relation"]);
    assert_eq!(scripts.whole(one)["relations"].as_array().unwrap().len(), 1);
    assert_eq!(scripts.send(ENGINEER, "DELETE", &address, &json!({})).0, 204);
    assert_eq!(scripts.send(ENGINEER, "DELETE", &address, &json!({})).0, 404);
    let (_, created) = scripts.send(ENGINEER, "POST", &relations, &relation("duplicates"));
    let created = &created["relation"];
    assert_eq!((&created["issue_id"], &created["issue_to_id"]), (&json!(one), &json!(other)));
    assert_eq!(created["relation_type"], "duplicates");
    for (id, to, kind) in [(one, other, "duplicates"), (other, one, "duplicated")] {
        let issue = scripts.whole(id);
        assert!(issue["relations"].as_array().unwrap().contains(created), "{issue}");
        let details = &issue["journals"].as_array().unwrap().last().unwrap()["details"];
        assert_eq!(
            details[0],
            json!({ "property": "relation", "name": kind, "old_value": null, "new_value": to.to_string() })
        );
    }
    let removed = format!("/redmine/issues/{one}/watchers/34.json");
    assert_eq!(scripts.send(ENGINEER, "DELETE", &removed, &json!({})).0, 204);
    assert_eq!(scripts.whole(one)["watchers"], json!([]));
}

/// Whoever comes over later sets the key of their scripts by themselves, once, and nobody else's.
#[test]
fn sec_az01_a_person_sets_their_old_key() {
    let scripts = Scripts::moved();
    let (engineer, admin) = (scripts.app.engineer(), scripts.app.admin());
    let key = "dddddddddddddddddddddddddddddddddddddddd";

    let set = engineer.post("/me/legacy-key", json!({ "key": key })).expect(201);
    let taken = admin.post("/me/legacy-key", json!({ "key": key })).expect(422);
    let known = admin.post("/me/legacy-key", json!({ "key": ENGINEER })).expect(422);
    admin.post("/me/legacy-key", json!({ "key": "short" })).expect(422);

    assert!(!set.text.contains(key));
    assert_eq!(
        (taken.errors(), known.errors()),
        (vec!["/key taken".to_owned()], vec!["/key taken".to_owned()])
    );
    let id = engineer.id;
    let (status, me) = scripts.get(key, "/redmine/users/current.json");
    assert_eq!((status, &me["user"]["id"]), (200, &json!(id + 1_000_000_000)));
    scripts.app.with_token(key).get("/tickets").expect(401);
    engineer.delete(&format!("/me/api-tokens/{}", set.id())).expect(204);
    assert_eq!(scripts.get(key, "/redmine/users/current.json").0, 401);
    let stored =
        scripts.app.rows::<String>("select request from audit_log where request is not null");
    assert!(!stored.concat().contains(key));
}
