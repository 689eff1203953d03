//! Hostile values in every input of every operation: bodies, queries, paths and headers
//! (AZ07, IN01-IN03, IN05, IN06, RS01).

use serde_json::{Value, json};

use crate::support::{
    Member, Operation, Person, Response, TestApp, make, operations, path_on, payload, permissions,
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// An operation as it succeeds, and who calls it.
struct Call {
    operation: Operation,
    person: Person,
    path: String,
    body: Value,
}

impl Call {
    fn send(&self, body: &Value) -> Response {
        self.person.call(&self.operation.method, &self.path, Some(body))
    }

    fn send_bytes(&self, body: &[u8]) -> Response {
        self.person.send(&self.operation.method, &self.path, JSON, Some(body))
    }

    /// Says whether a body is refused, naming the place.
    fn refuses(&self, body: &Value, pointer: &str) -> Result<(), String> {
        let response = self.send(body);
        let names = |it: &String| it == pointer || it.starts_with(&format!("{pointer}/"));
        // A check reports mistakes in its response.
        let is_told = response.status == 422 || self.operation.id == "tickets_check";
        if is_told && response.pointers().iter().any(names) {
            return Ok(());
        }
        let reason: String = response.text.chars().take(300).collect();
        Err(format!("{} {pointer}: {} {reason}", self.operation.id, response.status))
    }
}

/// All operations that take JSON.
fn calls(app: &TestApp) -> Vec<Call> {
    let other = app.ticket("new");
    let taking = operations().into_iter().filter(|it| it.body().is_some());
    let call = |operation: Operation| {
        let rules = permissions(operation.id);
        let role = rules.first_role(|it| it != 403);
        let person = app.with_role(role);
        let id = make(app, rules.thing, true, &person);
        let path = path_on(app, &operation, id, other);
        let body = payload(app, operation.id, role).unwrap_or_else(|| json!({}));
        Call { operation, person, path, body }
    };
    taking.map(call).collect()
}

/// Values that no schema of this kind takes.
fn wrong_values(member: &Member) -> Vec<Value> {
    let schema = member.schema;
    let mut wrong = Vec::new();
    if member.has_type("string") {
        wrong.extend([json!(5), json!(true), json!(["x"]), json!({ "x": "x" })]);
        wrong.extend(["а\0б", "а\u{202e}б", "а\u{2066}б"].map(Value::from));
        if let Some(most) = schema["maxLength"].as_u64() {
            let most = usize::try_from(most).unwrap();
            wrong.push(json!("я".repeat(most + 1)));
            let is_line = most <= 1000 && !member.pointer.ends_with("password");
            wrong.extend(is_line.then(|| json!("а\u{200b}б")));
        }
        if schema["enum"].is_array() {
            wrong.push(json!("nonsense"));
        }
    }
    if member.has_type("integer") {
        wrong.extend([json!("1"), json!(1.5), json!(true), json!([1]), json!(1e300)]);
        wrong.extend(schema["minimum"].as_i64().map(|it| json!(it - 1)));
        wrong.extend(schema["maximum"].as_i64().map(|it| json!(it + 1)));
        wrong.push(json!(u64::MAX));
    }
    if member.has_type("boolean") {
        wrong.extend([json!("true"), json!(1), json!([])]);
    }
    if member.has_type("array") {
        wrong.extend([json!("x"), json!(1), json!({ "0": 1 })]);
        let most = schema["maxItems"].as_u64().filter(|it| *it <= 100);
        wrong.extend(most.map(|it| json!(vec![Value::Null; usize::try_from(it).unwrap() + 1])));
    }
    if member.has_type("object") && !member.pointer.is_empty() {
        wrong.extend([json!("x"), json!(1), json!([])]);
    }
    wrong
}

/// IN02, IN06, RS01: every value of a body is checked for type, length, bounds and
/// characters: a wrong value is refused, and its place named.
#[test]
fn sec_in02_in06_rs01_no_operation_takes_a_wrong_value_anywhere() {
    let app = TestApp::spawn();
    let (mut tried, mut wrong) = (0, Vec::new());

    for call in calls(&app) {
        for member in call.operation.members() {
            for value in wrong_values(&member) {
                let body = member.put(&call.body, value.clone());
                tried += 1;
                if let Err(reason) = call.refuses(&body, &member.pointer) {
                    let value: String = value.to_string().chars().take(40).collect();
                    wrong.push(format!("{value}: {reason}"));
                }
            }
        }
    }

    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 1500, "{tried}");
    assert!(!app.server.log().contains("panicked"), "{}", app.server.log());
}

/// AZ07: no operation takes a member that it does not have, however deep, though others have it.
#[test]
fn sec_az07_no_operation_takes_a_member_that_is_not_its_own() {
    const OTHERS: [&str; 6] =
        ["nonsense", "id", "author_id", "company_id", "created_at", "version"];
    let app = TestApp::spawn();
    let (mut tried, mut wrong) = (0, Vec::new());

    for call in calls(&app) {
        let objects = call.operation.members().into_iter().filter(|it| it.has_type("object"));
        for object in objects {
            let own = object.schema["properties"].as_object().unwrap();
            for name in OTHERS.into_iter().filter(|it| !own.contains_key(*it)) {
                let pointer = format!("{}/{name}", object.pointer);
                let place = Member { pointer: pointer.clone(), schema: object.schema };
                tried += 1;
                wrong.extend(call.refuses(&place.put(&call.body, json!(1)), &pointer).err());
            }
        }
    }

    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 200, "{tried}");
}

/// IN01, IN03, IN05: whichever operation it is sent to, what is no JSON in UTF-8, or JSON that readers
/// understand differently, is refused as that.
#[test]
fn sec_in01_in03_in05_no_operation_reads_invalid_json() {
    let app = TestApp::spawn();
    let deep = [b"[".repeat(10_000), b"]".repeat(10_000)].concat();

    for call in calls(&app) {
        for bytes in [
            &b""[..],
            b"{",
            b"{}{}",
            b"{\"x\":1,\"x\":2}",
            b"{\"x\":\"\xff\"}",
            b"{\"x\":\"\xc0\xaf\"}",
            b"{\"x\":\"\\ud800\"}",
            b"\xef\xbb\xbf{}",
            &deep,
        ] {
            if bytes.is_empty() && call.operation.described["requestBody"]["required"] == false {
                continue;
            }
            let refused = call.send_bytes(bytes);
            assert_eq!(refused.status, 400, "{}: {}", call.operation.id, refused.text);
            assert_eq!(refused.code(), "malformed_body", "{}", call.operation.id);
        }
    }
}

/// What is wrong for a parameter, encoded.
fn wrong_in_query(schema: &Value) -> Vec<String> {
    let mut wrong = vec!["%00".to_owned(), "%FF".to_owned()];
    let items = if schema["type"] == "array" { &schema["items"] } else { schema };
    if items["type"] == "string" {
        let most = items["maxLength"].as_u64().map(|it| usize::try_from(it).unwrap());
        wrong.extend(most.map(|it| "a".repeat(it + 1)));
        let pattern = items["pattern"].as_str().unwrap_or(r"\S");
        let is_bounded = items["enum"].is_array() || pattern != r"\S";
        wrong.extend(is_bounded.then(|| "no+such+word".to_owned()));
    } else if items["type"] == "integer" {
        wrong.extend(["x", "1.5", "1e3", "99999999999999999999"].map(str::to_owned));
        wrong.extend(items["minimum"].as_i64().map(|it| (it - 1).to_string()));
        wrong.extend(items["maximum"].as_i64().map(|it| (it + 1).to_string()));
    } else {
        wrong.push("2".to_owned());
    }
    wrong
}

/// IN01, RS01: query parameters are checked for type and bounds before anything is done.
#[test]
fn sec_in01_rs01_no_parameter_takes_a_wrong_value() {
    let app = TestApp::spawn();
    let (mut tried, mut wrong) = (0, Vec::new());

    for operation in operations() {
        let person = app.with_role(permissions(operation.id).first_role(|it| it != 403));
        let start = operation.path_of("1");
        let of_query = operation.parameters().filter(|it| it["in"] == "query");
        for parameter in of_query {
            let name = parameter["name"].as_str().unwrap();
            for value in wrong_in_query(&parameter["schema"]) {
                let path = format!("{start}?{name}={value}");
                let response = person.call(&operation.method, &path, None);
                tried += 1;
                if ![400, 422].contains(&response.status) {
                    let (value, path): (String, _) = (value.chars().take(40).collect(), &start);
                    wrong.push(format!("{path} {name}={value}: {}", response.status));
                }
            }
        }
    }

    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 500, "{tried}");
}

/// IN01, IN02: anything but a valid number or id in a path is not found.
#[test]
fn sec_in01_in02_any_path_parameter_is_answered() {
    let app = TestApp::spawn();
    let long = "x".repeat(3000);

    for operation in operations().iter().filter(|it| it.path.contains('{')) {
        let person = app.with_role(permissions(operation.id).first_role(|it| it != 403));
        for place in
            ["%00", "a%00b", "%FF", "%E2%80%AE", "-1", "9223372036854775808", "%2e%2e", &long]
        {
            let path = operation.path_of(place) + &operation.required_query();
            let response = person.call(&operation.method, &path, None);
            assert_eq!(response.status, 404, "{} {path}: {}", operation.id, response.text);
        }
    }
}

/// IN01: any value of a header that an operation reads is accepted, or refused as a header.
#[test]
fn sec_in01_any_header_value_is_answered() {
    let app = TestApp::spawn();
    let long = "x".repeat(4000);

    // Signing out would make the following requests anonymous.
    for operation in operations().into_iter().filter(|it| it.id != "auth_logout") {
        let person = app.with_role(permissions(operation.id).first_role(|it| it != 403));
        let path = operation.path_of("4000000") + &operation.required_query();
        for parameter in operation.parameters().filter(|it| it["in"] == "header") {
            let name = parameter["name"].as_str().unwrap().to_lowercase();
            for value in ["", "\"", "W/\"", "*", ";;;,,,=", "bytes=9-1,x", "-1", "1e9", &long] {
                let headers = [(name.as_str(), value)];
                let response = person.send(&operation.method, &path, &headers, None);
                assert!(
                    response.status < 500,
                    "{} {name}: {value}: {}",
                    operation.id,
                    response.text
                );
            }
        }
    }
    assert!(!app.server.log().contains("panicked"), "{}", app.server.log());
}
