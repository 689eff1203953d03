//! Everything that is wrong is reported at once, whether the schema, a rule or the database finds it.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// Sends bodies, and compares the field errors of each response.
fn are_named(person: &Person, cases: &[(&str, Value, &[&str])]) {
    for (path, body, expected) in cases {
        let mut errors = person.post(path, body.clone()).expect(422).errors();
        errors.sort_unstable();
        assert_eq!(errors, *expected, "{path}");
    }
}

#[test]
fn every_mistake_about_companies_and_people_is_named() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let person = |role: &str| {
        json!({
            "first_name": "", "last_name": "Ким", "email": &customer.email, "role": role,
            "company_id": 9999,
        })
    };
    let company = json!({ "name": "", "bin": "941240000194" });
    let project = json!({ "company_id": 9999, "direction_id": 9999 });
    let patch = json!({ "first_name": "", "role": "engineer" });

    are_named(
        &app.commercial(),
        &[
            (
                "/users",
                person("engineer"),
                &[
                    "/company_id not_applicable",
                    "/email taken",
                    "/first_name blank",
                    "/role not_permitted",
                ],
            ),
            (
                "/users",
                person("customer"),
                &["/company_id not_found", "/email taken", "/first_name blank"],
            ),
        ],
    );
    are_named(
        &app.admin(),
        &[
            ("/companies", company, &["/bin wrong_format", "/name blank"]),
            ("/projects", project, &["/company_id not_found", "/direction_id not_found"]),
        ],
    );
    let patched = app.admin().patch(&format!("/users/{}", customer.id), patch).expect(422);
    assert_eq!(patched.errors(), ["/first_name blank", "/role not_permitted"]);
}

#[test]
fn every_mistake_about_the_catalogue_and_prepared_texts_is_named() {
    let app = TestApp::spawn();
    let named = || json!({ "name": "", "direction_id": 9999 });
    let text = json!({ "title": "", "text": "{ticket.foo}", "language": "ru", "product_id": 9999 });
    let article = json!({
        "title": " ", "problem": "x", "solution": "x", "language": "ru", "product_ids": [9999],
    });
    let releases = format!("/products/{}/releases", app.ids.product);
    let release = json!({ "version": "", "attachments": missing_file() });
    let webhook = json!({ "url": "ftp://x", "description": "" });

    are_named(
        &app.admin(),
        &[
            ("/products", named(), &["/direction_id not_found", "/name blank"]),
            ("/topics", named(), &["/direction_id not_found", "/name blank"]),
            (
                "/answer-templates",
                text,
                &["/product_id not_found", "/text unknown_variable", "/title blank"],
            ),
            ("/articles", article, &["/product_ids/0 not_found", "/title blank"]),
            (&releases, release, &["/attachments/0/upload_id not_found", "/version blank"]),
            ("/webhooks", webhook, &["/description blank", "/url wrong_format"]),
        ],
    );
}

#[test]
fn every_mistake_about_a_comment_is_named() {
    let app = TestApp::spawn();
    let comments = format!("/tickets/{}/comments", app.ticket("in_progress"));
    let comment = json!({ "body": "", "internal": true, "attachments": missing_file() });

    are_named(
        &app.customer(),
        &[(
            &comments,
            comment,
            &["/attachments/0/upload_id not_found", "/body blank", "/internal not_permitted"],
        )],
    );
}

/// What is missing stands in for nothing that another rule would complain about.
#[test]
fn what_is_missing_is_named_once() {
    let app = TestApp::spawn();
    let admin = app.admin();

    let project = admin.post("/projects", json!({ "direction_id": app.ids.telephony })).expect(422);
    let person = admin.post("/users", json!({ "role": "king" })).expect(422);

    assert_eq!(project.errors(), ["/company_id required"]);
    assert_eq!(person.errors().len(), 4);
}

fn missing_file() -> Value {
    json!([{ "upload_id": "up_nonsense", "description": "Журнал" }])
}

/// What is done to a ticket or to a person is checked by its rules, too, where the schema is broken, and nothing
/// comes of it.
#[test]
fn every_mistake_about_a_step_is_named_and_nothing_is_done() {
    let app = TestApp::spawn();
    let (admin, ticket) = (app.admin(), app.ticket("in_progress"));
    let before = app.snapshot(ticket);
    let engineer = app.engineer().id;
    let yesterday = app.value::<String>(
        "select to_char(now() - interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
    );

    for (method, path, body, expected) in [
        (
            "PUT",
            format!("/tickets/{ticket}/assignee"),
            json!({ "assignee_id": 4_000_000, "reason": " " }),
            vec!["/assignee_id not_found", "/reason blank"],
        ),
        (
            "PUT",
            format!("/tickets/{ticket}/topic"),
            json!({ "topic_id": 4_000_000, "root_cause": "gremlins" }),
            vec!["/root_cause not_one_of", "/topic_id not_found"],
        ),
        (
            "POST",
            format!("/tickets/{ticket}/merge"),
            json!({ "into": ticket, "comment": "" }),
            vec!["/comment blank", "/into circular"],
        ),
        (
            "PUT",
            format!("/users/{engineer}/absence"),
            json!({ "from": yesterday, "colour": 1 }),
            vec!["/colour unknown_field", "/from not_applicable"],
        ),
        (
            "POST",
            format!("/users/{engineer}/deactivate"),
            json!({ "hand_over_to": 4_000_000, "colour": 1 }),
            vec!["/colour unknown_field", "/hand_over_to not_found"],
        ),
    ] {
        let refused = admin.call(method, &path, Some(&body));
        assert_eq!(refused.validation_errors(), expected, "{path}");
    }

    assert_eq!(app.snapshot(ticket), before);
    let person = admin.get(&format!("/users/{engineer}")).expect(200).body;
    assert_eq!((&person["is_active"], &person["is_absent"]), (&json!(true), &json!(false)));
}

/// A wrong member is not taken for one that is missing: what goes with it is no mistake.
#[test]
fn what_goes_with_a_wrong_member_is_no_mistake() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let comment = json!({ "body": "Ждем.", "status": "gone", "waiting_on": "repair" });

    let refused = app.engineer().post(&format!("/tickets/{ticket}/comments"), comment);

    assert_eq!(refused.validation_errors(), ["/status not_one_of"]);
}
