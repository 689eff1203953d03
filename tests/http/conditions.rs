//! `ETag`, `If-Match` and `If-None-Match` (RFC 9110, 13).

use serde_json::json;

use crate::support::{
    Operation, Person, Response, TestApp, at_once, filled, make, operations, payload, permissions,
    within,
};

fn edit_if(person: &Person, id: i64, if_match: &str, steps: &str) -> Response {
    let (path, body) = (format!("/tickets/{id}"), json!({ "steps": steps }));
    person.call_with("PATCH", &path, &[("if-match", if_match)], &body)
}

fn get_if(person: &Person, id: i64, none_match: &str, language: &str) -> Response {
    let headers = [("if-none-match", none_match), ("accept-language", language)];
    person.send("GET", &format!("/tickets/{id}"), &headers, None)
}

/// A writer who saw the present version may write, by its tag, a list, a weak tag, or `*`.
#[test]
fn if_match_accepts_the_present_version() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let id = app.ticket("new");
    let tag = || customer.get(&format!("/tickets/{id}")).header("etag").to_owned();
    let spellings: [fn(&str) -> String; 5] = [
        |it| it.to_owned(),
        |it| format!("\"7.x\", {it} ,\"0\""),
        |it| format!("W/{it}"),
        |it| format!("W/\"9.y\",W/{it}"),
        |_| "*".to_owned(),
    ];

    for (count, spelling) in (2..).zip(spellings) {
        let edited = edit_if(&customer, id, &spelling(&tag()), &format!("Попытка {count}"));

        assert_eq!(
            (edited.status, &edited.body["version"]),
            (200, &json!(count)),
            "{}",
            edited.text
        );
        assert_eq!(edited.header("etag"), tag());
    }
}

/// A writer who saw an older version is refused, gets the present tag, and changes nothing, even if
/// the tag is weak or the patch would change nothing.
#[test]
fn if_match_refuses_a_stale_version() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let id = app.ticket("new");
    let stale = customer.get(&format!("/tickets/{id}")).header("etag").to_owned();
    edit_if(&app.colleague(), id, &stale, "Включили").expect(200);
    let before = app.snapshot(id);

    for if_match in [stale.clone(), format!("W/{stale}"), format!("\"9\", {stale}"), "\"\"".into()]
    {
        let response = edit_if(&customer, id, &if_match, "Выключили");

        assert_eq!((response.status, response.code()), (412, "precondition_failed"));
        assert!(response.header("etag").starts_with("\"2"), "{:?}", response.headers);
    }
    assert_eq!(edit_if(&customer, id, &stale, "Включили").status, 412);
    assert_eq!(app.snapshot(id), before);
}

/// RFC 9110, 13.2.2: permissions are checked before the condition.
#[test]
fn a_condition_comes_after_rights() {
    let app = TestApp::spawn();
    let id = app.ticket("closed");

    assert_eq!(edit_if(&app.stranger(), id, "\"77\"", "x").status, 404);
    assert_eq!(edit_if(&app.commercial(), id, "\"77\"", "x").status, 403);
    assert_eq!(edit_if(&app.customer(), id, "\"77\"", "x").status, 412);
}

/// Of two edits of the same version at once, one succeeds.
#[test]
fn of_two_edits_of_one_version_one_succeeds() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let tag = app.customer().get(&format!("/tickets/{id}")).header("etag").to_owned();

    let people = [app.customer(), app.engineer()];
    let edit = |number: usize| edit_if(&people[number], id, &tag, &format!("Правка {number}"));
    let mut statuses = at_once(2, |it| edit(it).status);

    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(app.snapshot(id)["version"], 2);
}

/// A reader who has the representation already gets 304 without a body, until it changes.
#[test]
fn if_none_match_saves_the_body() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let id = app.ticket("in_progress");
    let first = get_if(&customer, id, "", "ru");
    let tag = first.header("etag");

    for none_match in [tag.to_owned(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let known = get_if(&customer, id, &none_match, "ru");

        assert_eq!((known.status, known.text.as_str()), (304, ""));
        assert_eq!(known.header("etag"), tag);
        assert_eq!(known.header("cache-control"), "private, no-cache");
        assert!(known.header("vary").contains("Accept-Language"));
    }
    assert_eq!(get_if(&customer, id, tag, "en").status, 200);
    assert_eq!(get_if(&app.engineer(), id, tag, "ru").status, 200);
    customer.replies(id, "Есть новости?");
    let changed = get_if(&customer, id, tag, "ru").expect(200);
    assert_eq!(changed.body["version"], first.body["version"]);
    assert_eq!(changed.body["comments_count"], 1);
}

/// All JSON that is read has a tag, a resource or a list, and whoever has it
/// already is spared the body.
#[test]
fn every_read_answers_if_none_match() {
    let app = TestApp::spawn();
    let (mut honoured, mut spared) = (0, 0);

    let has_tag = |it: &Operation| it.described["responses"]["304"].is_object();
    for operation in operations().into_iter().filter(|it| it.method == "GET" && has_tag(it)) {
        let permissions = permissions(operation.id);
        let reader = app.with_role(permissions.first_role(|it| it == 200));
        let id = make(&app, permissions.thing, true, &reader);
        let path = filled(&within(&app, operation.path, id), id, 1, 1);
        let path = format!("{path}{}", operation.required_query());
        let first = reader.get(&path).expect(200);
        let tag = first.header("etag");

        // A report says when it was made.
        if first.body["generated_at"].is_string() {
            continue;
        }
        let second = reader.send("GET", &path, &[("if-none-match", tag)], None);

        assert!(tag.starts_with('"') && tag.len() > 10, "{}: {tag}", operation.id);
        // What depends on the time may have changed in between.
        assert!(second.status == 304 || second.header("etag") != tag, "{}", operation.id);
        assert_eq!(reader.send("GET", &path, &[("if-none-match", "\"x\"")], None).status, 200);
        honoured += 1;
        spared += usize::from(second.status == 304 && second.text.is_empty());
    }

    assert!(spared >= 20 && spared + 5 >= honoured, "{spared} of {honoured}");
}

/// The document is fetched again only when it has changed.
#[test]
fn the_document_answers_if_none_match() {
    let app = TestApp::spawn();
    let get =
        |headers: &[(&str, &str)]| app.server.client.send("GET", "/openapi.json", headers, None);

    let first = get(&[]).expect(200);
    let known = get(&[("if-none-match", first.header("etag"))]);

    assert_eq!((known.status, known.text.as_str()), (304, ""));
    assert_eq!(known.header("cache-control"), "public, max-age=300");
}

/// What changes without a version that one could have seen.
const UNCONDITIONAL: &[&str] =
    &["me_sessions_delete", "me_api_tokens_delete", "tickets_presence_update"];

/// RFC 9110, 13.1.1: wherever 412 is documented, a stale version changes nothing and the present
/// one is good; whatever is replaced, updated or deleted can be conditional.
#[test]
fn if_match_is_honoured_wherever_412_is_documented() {
    let app = TestApp::spawn();
    let mut seen = 0;
    for operation in operations() {
        let takes = operation.parameters().any(|it| it["name"] == "If-Match");
        let fails = operation.described["responses"]["412"].is_object();
        assert_eq!(takes, fails, "{}", operation.id);
        let is_change = ["PUT", "PATCH", "DELETE"].contains(&operation.method.as_str());
        assert!(takes || !is_change || UNCONDITIONAL.contains(&operation.id), "{}", operation.id);
        if !takes {
            continue;
        }
        let permissions = permissions(operation.id);
        let role = permissions.first_role(|it| ![403, 404].contains(&it));
        let person = app.with_role(role);
        app.sql("update projects set is_active = true");
        let id = make(&app, permissions.thing, true, &person);
        let other = app.ticket("new");
        let path = filled(&within(&app, operation.path, id), id, app.other_engineer().id, other);
        let body = payload(&app, operation.id, role).map(|it| it.to_string());
        let call = |tag: &str| {
            let headers = [("if-match", tag), ("content-type", "application/json")];
            let headers = &headers[..if body.is_some() { 2 } else { 1 }];
            person.send(&operation.method, &path, headers, body.as_deref().map(str::as_bytes))
        };

        let stale = call("\"stale\"");

        assert_eq!((stale.status, stale.code()), (412, "precondition_failed"), "{}", operation.id);
        let present = call(stale.header("etag"));
        let is_done = present.status < 300 || present.pointers() == ["/user_id"];
        assert!(is_done, "{}: {}", operation.id, present.text);
        seen += 1;
    }
    assert!(seen >= 25, "{seen}");
}

/// What cannot be an id leads nowhere, whatever else the request says of versions.
#[test]
fn a_malformed_id_is_not_found_before_any_condition() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let (engineer, stale) = (app.engineer(), [("if-match", "\"77\"")]);

    for id in ["9007199254740992", "0", "-1"] {
        let path = format!("/tickets/{ticket}/watchers/{id}");
        engineer.send("DELETE", &path, &stale, None).expect(404);
        engineer.get(&format!("/tickets/{id}")).expect(404);
    }
    let nobody = format!("/tickets/{ticket}/watchers/9007199254740991");
    engineer.send("DELETE", &nobody, &stale, None).expect(412);
}
