//! The OpenAPI document: it is served as committed, and follows the conventions of the project.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Operation, TestApp, document, operations, resolved};

fn call(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// CF11: what is served is what is committed.
#[test]
fn sec_cf11_the_served_document_is_the_committed_one() {
    let app = TestApp::spawn();

    let served = app.server.client.send("GET", "/openapi.json", &[], None).expect(200);

    assert_eq!(served.media_type, "application/json");
    assert!(served.body == *document(), "openapi/openapi.json is stale: run `make openapi`");
}

/// The pages of Swagger UI are complete and come from the service itself.
#[test]
fn swagger_ui_loads_its_own_files() {
    let app = TestApp::spawn();
    let get = |path: &str| app.server.client.send("GET", path, &[], None).expect(200);

    let page = get("/docs/");

    assert_eq!(page.media_type, "text/html");
    let sources: Vec<&str> = page.text.split("src=\"").skip(1).collect();
    let sources: Vec<&str> = sources.iter().map(|it| it.split('"').next().unwrap()).collect();
    assert!(sources.len() >= 3, "{sources:?}");
    for source in sources {
        let script = get(&format!("/docs/{}", source.trim_start_matches("./")));
        assert!(script.media_type.ends_with("javascript"), "{source}: {}", script.media_type);
        assert!(script.header("content-security-policy").starts_with("default-src 'self'"));
    }
    let initializer = get("/docs/swagger-initializer.js");
    assert!(initializer.text.contains("\"/openapi.json\""), "{}", initializer.text);
    assert!(!page.text.contains("<script>"), "the policy forbids scripts in the page");
}

/// Whoever generates a client finds OpenAPI 3.1, a name and a licence.
#[test]
fn the_document_introduces_itself() {
    let document = document();

    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "helpdesk");
    assert_eq!(document["info"]["license"]["identifier"], "Apache-2.0");
    assert_eq!(document["security"], json!([{ "bearer": [] }]));
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    assert_eq!((schemes.len(), &schemes["bearer"]["scheme"]), (1, &json!("bearer")));
}

/// Every operation has one tag, a name of its own, a summary and a description: from these a
/// generator makes its functions.
#[test]
fn every_operation_is_named_once_and_explained() {
    let declared: Vec<&Value> =
        document()["tags"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    let mut names = BTreeSet::new();

    for operation in operations() {
        let call = call(&operation);
        assert!(names.insert(operation.id), "{call}: taken");
        assert_eq!(operation.described["tags"].as_array().unwrap().len(), 1, "{call}");
        assert!(declared.contains(&&operation.described["tags"][0]), "{call}: tag");
        let summary = operation.described["summary"].as_str().unwrap();
        assert!((5..60).contains(&summary.len()) && !summary.ends_with('.'), "{call}: {summary}");
        assert!(!operation.described["description"].as_str().unwrap().is_empty(), "{call}");
    }
}

/// The parameters in a path are declared, and no others.
#[test]
fn every_path_parameter_is_declared() {
    for operation in operations() {
        let call = call(&operation);
        let parameters = operation.parameters();
        let declared: BTreeSet<&str> = parameters
            .filter(|it| it["in"] == "path")
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        let written: BTreeSet<&str> =
            operation.path.split('{').skip(1).map(|it| it.split('}').next().unwrap()).collect();

        assert_eq!(declared, written, "{call}");
    }
}

/// What files are handed out as: the general type first, which every generator knows.
const DOWNLOADS: &[&str] = &[
    "application/octet-stream",
    "text/plain",
    "application/zip",
    "application/gzip",
    "image/*",
    "video/*",
    "audio/*",
];

/// A report is sent as a table, too.
fn is_table(operation: &Operation) -> bool {
    operation.path.starts_with("/reports/") && operation.id != "reports_dashboard"
}

/// Every response is described and has a schema if it has a body; failures are problems.
#[test]
fn every_answer_is_described() {
    for operation in operations() {
        let call = call(&operation);
        for (status, response) in operation.described["responses"].as_object().unwrap() {
            let response = resolved(response);
            assert!(response["description"].as_str().unwrap().len() > 5, "{call} {status}");
            let content = response["content"].as_object();
            let media: Vec<&String> = content.iter().flat_map(|it| it.keys()).collect();
            let expected: &[&str] = match status.as_str() {
                "200" if operation.path == "/events/stream" => &["text/event-stream"],
                "200" | "206" if operation.path == "/attachments/{id}/content" => DOWNLOADS,
                "200" if operation.path == "/attachments/{id}/preview" => {
                    &["image/jpeg", "image/png"]
                }
                "200" if operation.path == "/tickets/export" => {
                    &["text/csv", "application/x-ndjson"]
                }
                "200" if is_table(&operation) => &["application/json", "text/csv"],
                "200" | "201" => &["application/json"],
                "202" | "204" | "304" => &[],
                _ => &["application/problem+json"],
            };
            assert_eq!(media, expected, "{call} {status}");
        }
        assert!(
            operation.described["responses"]
                .as_object()
                .unwrap()
                .keys()
                .any(|it| it.starts_with('2'))
        );
    }
}
