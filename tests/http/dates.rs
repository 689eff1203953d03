//! Dates at the edges of the calendar, wherever one can be sent (IN01).

use serde_json::{Value, json};

use crate::support::{Operation, TestApp, document, operations, payload};

const OUT_OF_RANGE: [&str; 4] = ["0000-01-01", "9999-12-31", "+10000-01-01", "-0001-01-01"];

/// IN01: a date or an instant beyond the years of four digits is refused, and named, in every body
/// and every query.
#[test]
fn sec_in01_dates_beyond_the_calendar_are_refused() {
    let app = TestApp::spawn();
    let mut count = 0;
    for operation in operations() {
        for (name, format) in dates_of_body(&operation) {
            for edge in OUT_OF_RANGE.map(|it| spelled(it, &format)) {
                let mut body = payload(&app, operation.id, "admin").unwrap_or_else(|| json!({}));
                body[&name] = json!(edge);
                let path = operation.path_of("1");
                let refused = app.admin().call(&operation.method, &path, Some(&body));
                assert_eq!(refused.status, 422, "{} {name} {edge}: {}", operation.id, refused.text);
                assert!(refused.text.contains(&format!("\"/{name}\"")), "{}", refused.text);
                count += 1;
            }
        }
        for (name, format) in dates_of_query(&operation) {
            for edge in OUT_OF_RANGE.map(|it| spelled(it, &format)) {
                let beginning = operation.path_of("1") + &operation.query();
                let path = format!("{beginning}{name}={}", edge.replace('+', "%2B"));
                let refused = app.admin().call(&operation.method, &path, None).expect(422);
                assert_eq!(refused.errors(), [format!("{name} wrong_format")], "{path}");
                count += 1;
            }
        }
    }
    for day in OUT_OF_RANGE {
        app.admin().delete(&format!("/settings/calendar/days/{day}")).expect(404);
    }
    assert!(count > 40, "{count}");
}

/// 2.3: the last years are answered, and what would be due after them is not.
#[test]
fn c2_3_working_time_ends_with_the_calendar() {
    let app = TestApp::spawn();
    let ask = |start: &str, minutes: i64| {
        let body = json!({ "start": start, "minutes": minutes });
        app.admin().post("/settings/calendar/working-time", body)
    };

    ask("9998-12-31T23:59:59Z", 0).expect(200);
    ask("9998-12-31T23:59:59Z", 60).expect(200);
    ask("0001-01-01T00:00:00Z", 1_000_000).expect(200);
    let beyond = ask("9998-12-31T23:59:59Z", 1_000_000).expect(422);

    assert_eq!(beyond.errors(), ["/minutes too_large"]);
}

fn spelled(day: &str, format: &str) -> String {
    if format == "date" { day.to_owned() } else { format!("{day}T23:59:59Z") }
}

fn dates_of_body(operation: &Operation) -> Vec<(String, String)> {
    let schema = &operation.described["requestBody"]["content"]["application/json"]["schema"];
    let Some(reference) = schema["$ref"].as_str() else { return Vec::new() };
    let schema = document().pointer(reference.trim_start_matches('#')).unwrap();
    let members = schema["properties"].as_object().into_iter().flatten();
    members.filter_map(|(name, it)| Some((name.clone(), format_of(it)?))).collect()
}

fn dates_of_query(operation: &Operation) -> Vec<(String, String)> {
    let of_query = operation.parameters().filter(|it| it["in"] == "query");
    let name = |it: &Value| it["name"].as_str().unwrap().to_owned();
    of_query.filter_map(|it| Some((name(it), format_of(&it["schema"])?))).collect()
}

fn format_of(schema: &Value) -> Option<String> {
    let format = schema["format"].as_str().filter(|it| it.starts_with("date"))?;
    Some(format.to_owned())
}
