//! Media types, content codings and languages: what each operation takes and gives.

use serde_json::Value;

use crate::support::{
    Operation, Person, Response, TestApp, filled, make, operations, payload, permissions, within,
};

/// An operation, called by a permitted caller on an existing thing.
pub struct Call {
    pub operation: Operation,
    person: Person,
    path: String,
    pub body: Option<Value>,
}

impl Call {
    pub fn of(app: &TestApp, operation: Operation) -> Self {
        let permissions = permissions(operation.id);
        // Whoever may call it, even if the table's body is not the right one.
        let role = permissions.first_role(|it| ![403, 404].contains(&it));
        let person = app.with_role(role);
        // An update before may have switched it off.
        app.sql("update projects set is_active = true");
        let id = make(app, permissions.thing, true, &person);
        let other = if operation.path.contains("{other_id}") { app.ticket("new") } else { 0 };
        let path = filled(&within(app, operation.path, id), id, app.other_engineer().id, other);
        let path = format!("{path}{}", operation.required_query());
        let body = payload(app, operation.id, role);
        Self { operation, person, path, body }
    }

    pub fn send(&self, headers: &[(&str, &str)], body: Option<&[u8]>) -> Response {
        self.person.send(&self.operation.method, &self.path, headers, body)
    }

    fn accepted(&self) -> Vec<&'static str> {
        let content = self.operation.described["requestBody"]["content"].as_object().unwrap();
        content.keys().map(String::as_str).collect()
    }
}

fn takes_json(operation: &&Operation) -> bool {
    operation.described["requestBody"]["content"]["application/json"].is_object()
}

/// RFC 9110, 15.5.16: a refused media type is answered with the accepted ones.
#[test]
fn a_refused_media_type_or_coding_names_the_accepted_ones() {
    let app = TestApp::without_rate_limits();
    let mut seen = 0;
    let has_body = |it: &Operation| it.described["requestBody"].is_object();
    for operation in operations().into_iter().filter(has_body) {
        let call = Call::of(&app, operation);
        let name = match call.operation.method.as_str() {
            "POST" => "accept-post",
            "PATCH" => "accept-patch",
            _ => "accept",
        };

        let typed = call.send(&[("content-type", "application/xml")], Some(b"<a/>")).expect(415);
        let own = call.accepted();
        let headers = [("content-type", own[0]), ("content-encoding", "gzip")];
        let coded = call.send(&headers, Some(b"{}")).expect(415);

        for response in [&typed, &coded] {
            assert!(response.header(name).starts_with(&own.join(", ")), "{}", call.operation.id);
            assert_eq!(response.header("accept-encoding"), "identity");
        }
        assert!(typed.word("detail").contains(&own.join(", ")), "{}", typed.text);
        assert!(coded.word("detail").contains("Content-Encoding"), "{}", coded.text);
        seen += 1;
    }
    assert!(seen >= 35, "{seen}");
}

/// RFC 9110, 12.4.2: a weight of 0 means «not acceptable».
#[test]
fn unacceptable_media_types_are_not_sent() {
    let app = TestApp::without_rate_limits();
    let admin = app.admin();
    let get =
        |path: &str, accept: &str| admin.send("GET", path, &[("accept", accept)], None).status;

    for operation in operations() {
        let (method, path) = (&operation.method, operation.path_of("1"));
        let refused = admin.send(method, &path, &[("accept", "*/*;q=0")], None).expect(406);
        assert_eq!(refused.code(), "not_acceptable", "{method} {path}");
        let content = operation.described["responses"]["200"]["content"].as_object();
        let given: Vec<&str> = content.into_iter().flatten().map(|(it, _)| it.as_str()).collect();
        assert!(refused.word("detail").contains(&given.join(", ")), "{}", refused.text);
    }
    for (accept, status) in [
        ("application/json;q=0", 406),
        ("application/json;q=0, application/problem+json;q=0, */*", 406),
        ("application/*;q=0, */*;q=0.1", 406),
        ("text/html, application/json;q=0.1", 200),
        ("*/*;q=0, application/json", 200),
        ("application/*", 200),
    ] {
        assert_eq!(get("/me", accept), status, "{accept}");
    }
}

/// A body that the document requires may not be left out: nothing is done.
#[test]
fn a_required_body_may_not_be_left_out() {
    let app = TestApp::without_rate_limits();
    let mut seen = 0;
    let needs_body =
        |it: &Operation| takes_json(&it) && it.described["requestBody"]["required"] == true;
    for operation in operations().into_iter().filter(needs_body) {
        let call = Call::of(&app, operation);
        let typed = [("content-type", "application/json")];

        for (headers, body) in [(&[][..], None), (&typed, None), (&typed, Some(&b" "[..]))] {
            let refused = call.send(headers, body);
            assert_eq!((refused.status, refused.code()), (400, "malformed_body"), "{}", call.path);
        }
        seen += 1;
    }
    assert!(seen >= 60, "{seen}");
}

/// A body that need not say anything may be left out.
#[test]
fn a_body_without_a_required_member_may_be_left_out() {
    let app = TestApp::spawn();
    let (id, user) = (app.ticket("resolved"), app.colleague().id);
    let json = [("content-type", "application/json")];
    let calls = [
        (app.customer(), "POST", format!("/tickets/{id}/confirmation"), 200),
        (app.customer(), "POST", format!("/tickets/{id}/read"), 204),
        (app.engineer(), "PUT", format!("/users/{}/absence", app.engineer().id), 200),
        (app.admin(), "POST", format!("/users/{user}/deactivate"), 204),
    ];

    for (person, method, path, status) in &calls {
        for headers in [&[][..], &json] {
            person.send(method, path, headers, None).expect(*status);
        }
    }
    let optional =
        |it: &Operation| takes_json(&it) && it.described["requestBody"]["required"] == false;
    assert_eq!(operations().into_iter().filter(optional).count(), calls.len());
    assert_ne!(app.engineer().ticket(id)["confirmed_at"], Value::Null);
}

/// RFC 9110, 8.5: every localized response names its language; what has no
/// texts of the service claims none.
#[test]
fn every_localized_response_says_its_language() {
    let app = TestApp::without_rate_limits();
    let (mut localized, mut silent) = (0, 0);
    // A stream has no end, and what signs somebody out would do so here.
    let others = ["events_stream", "uploads_create"];
    let is_tried = |it: &Operation| !it.path.starts_with("/auth/") && !others.contains(&it.id);
    for operation in operations().into_iter().filter(is_tried) {
        // One person has no more than twenty.
        app.sql("delete from webhooks");
        let in_language = |language: &str| {
            let call = Call::of(&app, operation.clone());
            let body = call.body.as_ref().map(Value::to_string);
            let headers = [("accept-language", language), ("content-type", "application/json")];
            call.send(&headers, body.as_deref().map(str::as_bytes))
        };
        let (russian, english) = (in_language("ru"), in_language("en"));
        let of_kazakh = Call::of(&app, operation.clone());
        let refused = of_kazakh.person.send(
            &operation.method,
            &format!("{}?nonsense=1", of_kazakh.path.split('?').next().unwrap()),
            &[("accept-language", "kk")],
            None,
        );

        if russian.text.is_empty() || russian.headers.contains_key("accept-ranges") {
            assert_eq!(russian.header("content-language"), "", "{}", operation.id);
            silent += 1;
        } else if words(&russian.text).any(|it| !english.text.contains(&it)) {
            assert_eq!(russian.header("content-language"), "ru", "{}", operation.id);
            assert_eq!(english.header("content-language"), "en", "{}", operation.id);
            localized += 1;
        }
        assert_eq!(refused.header("content-language"), "kk", "{}", operation.id);
    }
    assert!(localized >= 15 && silent >= 20, "{localized} {silent}");
}

/// Russian words of some length: in another language they are others, whatever the things are called.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let is_russian = |it: &str| it.chars().count() > 3 && it.chars().all(char::is_alphabetic);
    let pieces = text.split(|it: char| !it.is_alphabetic());
    pieces.filter(move |it| is_russian(it) && !it.is_ascii()).map(str::to_owned)
}

/// RFC 7396: what is patched is documented, and taken, in both media types.
#[test]
fn every_patch_takes_a_merge_patch() {
    let app = TestApp::without_rate_limits();
    for operation in operations().into_iter().filter(|it| it.method == "PATCH") {
        let call = Call::of(&app, operation);
        let body = call.body.as_ref().unwrap().to_string();

        assert_eq!(call.accepted(), ["application/json", "application/merge-patch+json"]);
        for media in call.accepted() {
            call.send(&[("content-type", media)], Some(body.as_bytes())).expect(200);
        }
    }
}

/// The lengths of headers that the document gives are enforced.
#[test]
fn every_header_is_as_long_as_the_document_permits() {
    let app = TestApp::without_rate_limits();
    let mut seen = 0;
    for operation in operations() {
        for it in operation.parameters().filter(|it| it["in"] == "header") {
            let name = it["name"].as_str().unwrap();
            let Some(most) = it["schema"]["maxLength"].as_u64() else {
                assert!(it["schema"]["type"] != "string", "{} {name}", operation.id);
                continue;
            };
            let value = "x".repeat(usize::try_from(most).unwrap() + 1);

            let response = app.admin().send(
                &operation.method,
                &operation.path_of("1"),
                &[(name, &value)],
                None,
            );

            assert_eq!((response.status, response.code()), (400, "malformed_header"), "{name}");
            assert_eq!(response.body["errors"][0]["header"], name, "{}", response.text);
            seen += 1;
        }
    }
    assert!(seen >= 150, "{seen}");
}
