//! RS01: lists in addresses and bodies without a schema have a limit, too: each item may be a condition, a statement
//! or a level of recursion.

use serde_json::{Value, json};

use crate::support::{Response, TestApp};

/// What an old script of the engineer's asks for.
struct Script(TestApp);

impl Script {
    fn new() -> Self {
        let app = TestApp::spawn_with(&[("HELPDESK_REDMINE_API", "true")]);
        app.ticket("new");
        app.sql(&format!(
            "insert into api_tokens (user_id, name, hash, scopes, created_at, expires_at)
             values ({}, 'x', sha256('old'), '{{tickets:read,tickets:write}}', now(), now() + interval '1 day')",
            app.engineer().id,
        ));
        Self(app)
    }

    fn ask(&self, path: &str) -> Response {
        self.send("GET", path, None)
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let headers = [("x-redmine-api-key", "old"), ("content-type", "application/json")];
        let body = body.map(Value::to_string);
        let path = format!("/redmine/{path}");
        let client = &self.0.server.client;
        client.send_unchecked(method, &path, &headers, body.as_deref().map(str::as_bytes))
    }
}

/// RS01: thousands of filters, values or words of a search stop neither the process nor anybody else.
#[test]
fn sec_rs01_long_lists_of_old_scripts_are_refused_or_cut() {
    let script = Script::new();
    let different: String = (0..4_000).map(|it| format!("&cf_{it}=~a")).collect();
    for (name, path, status) in [
        ("filters", format!("issues.json?limit=1{different}"), 422),
        ("one filter", format!("issues.json?limit=1{}", "&subject=~a".repeat(5_000)), 200),
        ("fields", format!("issues.json?limit=1{}", "&f[]=subject".repeat(5_000)), 422),
        ("values", format!("issues.json?assigned_to_id={}", "1,".repeat(6_000)), 422),
        ("texts", format!("issues.json?subject=~{}", "a|".repeat(6_000)), 422),
        ("words", format!("search.json?q={}", "a+".repeat(20_000)), 200),
        ("order", format!("issues.json?sort={}", "id,subject,status,".repeat(2_000)), 200),
    ] {
        let response = script.ask(&path);
        assert_eq!(response.status, status, "{name}: {}", response.text);
    }
    assert_eq!(script.ask("issues.json?sort=subject:desc,id,subject,status,tracker").status, 200);
    assert_eq!(script.ask("issues.json?subject=~a&status_id=*").status, 200);
}

/// RS01: of the mistakes of a body at most a hundred are told, and people are not looked up one by one.
#[test]
fn sec_rs01_long_bodies_of_old_scripts_are_refused_at_once() {
    let script = Script::new();
    let fields: Vec<Value> = (100..20_000).map(|id| json!({ "id": id, "value": "a" })).collect();
    let people: Vec<i64> = (1..80_000).collect();
    let files = vec![json!({ "token": "a" }); 20_000];
    for members in [
        json!({ "custom_fields": fields }),
        json!({ "watcher_user_ids": people }),
        json!({ "uploads": files }),
    ] {
        let response = script.send("POST", "issues.json", Some(&json!({ "issue": members })));
        assert_eq!(response.status, 422, "{}", response.text);
        assert!(response.body["errors"].as_array().unwrap().len() <= 100);
    }
}
