//! Every operation, whatever it answers, has the security headers (CF01).

use serde_json::json;

use crate::support::{Response, TestApp, operations};

fn assert_guarded(what: &str, response: &Response) {
    assert_eq!(response.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(response.header("referrer-policy"), "no-referrer", "{what}");
    let policy = response.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(!response.header("cache-control").is_empty(), "{what}");
    assert!(!response.header("x-request-id").is_empty(), "{what}");
    assert!(response.header("vary").contains("Authorization"), "{what}");
    assert!(!response.headers.contains_key("server"), "{what}");
}

/// CF01: to somebody who is known, to nobody, and by a method that does not exist; what is not for everybody
/// is kept by no shared cache.
#[test]
fn sec_cf01_every_operation_answers_with_the_security_headers() {
    let app = TestApp::spawn();

    for operation in operations() {
        let (method, path) = (operation.method.as_str(), operation.path_of("1"));
        for person in [app.admin(), app.customer(), app.anonymous()] {
            // Whoever signs out is nobody for what comes after.
            if operation.id == "auth_logout" && !person.token.is_empty() {
                continue;
            }
            let response = person.call(method, &path, None);
            assert_guarded(&format!("{method} {path} {}", response.status), &response);
            let cache_control = response.header("cache-control");
            let is_private = ["private", "no-store"].iter().any(|it| cache_control.contains(it));
            let is_open = operation.described["security"] == json!([]);
            assert!(is_private || is_open, "{method} {path}: {cache_control}");
        }
        let path = format!("/api/v1{path}");
        let refused = app.server.client.send_unchecked("TRACE", &path, &[], None);
        assert_guarded(&format!("TRACE {path} {}", refused.status), &refused);
    }
}
