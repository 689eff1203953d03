//! `Location` leads to what was created.

use crate::support::{
    Operation, Person, Response, TestApp, make, operations, payload, permissions,
};
use crate::support::{filled, within};

/// What was created is found under its `Location`.
#[test]
fn every_location_leads_to_what_was_created() {
    let app = TestApp::spawn();
    let mut seen = 0;
    for operation in operations().iter().filter(|it| !it.described["responses"]["201"].is_null()) {
        let (creator, created) = create(&app, operation);
        let location = created.header("location");
        let path = location.strip_prefix("/api/v1").unwrap_or_else(|| panic!("{}", operation.id));

        let found = creator.get(path);

        assert_eq!(found.status, 200, "{}: {location}: {}", operation.id, found.text);
        let member = if path.contains("/days/") { "on" } else { "id" };
        assert_eq!(found.body[member], created.body[member], "{}: {location}", operation.id);
        // Of what is shown once, the thing shows no more.
        if found.body.as_object().unwrap().keys().eq(created.body.as_object().unwrap().keys()) {
            assert_eq!(found.header("etag"), created.header("etag"), "{}", operation.id);
        }
        seen += 1;
    }
    assert!(seen >= 13, "{seen}");
}

fn create(app: &TestApp, operation: &Operation) -> (Person, Response) {
    if operation.id == "uploads_create" {
        let customer = app.customer();
        let response = customer.uploads("a.log", b"log").expect(201);
        return (customer, response);
    }
    let permissions = permissions(operation.id);
    let role = permissions.first_role(|it| it == 201);
    let person = app.with_role(role);
    let id = make(app, permissions.thing, true, &person);
    let path = filled(&within(app, operation.path, id), id, 1, 1);
    let body = payload(app, operation.id, role);
    let response = person.call(&operation.method, &path, body.as_ref()).expect(201);
    (person, response)
}

/// The `ETag` of a filed ticket is current, so reading it gives 304.
#[test]
fn the_tag_of_a_filed_ticket_is_that_of_the_ticket() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let filed = customer
        .files(serde_json::json!({ "project_id": app.ids.project, "tracker": "bug",
        "priority": "high", "subject": "Нет звука", "product_name": "SMG-1016M",
        "description": "С утра абоненты не слышат собеседников." }))
        .expect(201);

    let read = customer.get(&format!("/tickets/{}", filed.id())).expect(200);
    assert_eq!(read.header("etag"), filed.header("etag"));
}

/// The tag of a created comment is its own: correcting it needs no read first.
#[test]
fn the_tag_of_a_created_comment_is_its_own() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = app.ticket("in_progress");
    let created = customer.replies(ticket, "Вывод прилагаю.");
    let path = format!("/tickets/{ticket}/comments/{}", created.id());
    let read = customer.get(&path).expect(200);

    assert!(created.header("etag").starts_with("\"1."), "{}", created.header("etag"));
    assert_eq!(read.header("etag"), created.header("etag"));
    let tag = [("if-match", created.header("etag"))];
    let correction = serde_json::json!({ "body": "Вывод прилагаю ниже." });
    customer.call_with("PATCH", &path, &tag, &correction).expect(200);
    customer.call_with("PATCH", &path, &tag, &correction).expect(412);
}
