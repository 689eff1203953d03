//! Absurd bodies, and patterns that no text can make slow (IN04, IN09).

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{TestApp, document};

/// IN04: whatever is nested, long or beyond all numbers is refused at once and costs no memory.
#[test]
fn sec_in04_an_absurd_body_costs_neither_time_nor_memory() {
    let app = TestApp::spawn();
    let head = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\nconnection: close\r\n",
        app.customer().token,
    );
    let send = |body: &[u8]| -> u16 {
        let head = format!("{head}content-length: {}\r\n\r\n", body.len());
        let response = app.server.client.raw(&[head.as_bytes(), body].concat());
        response.get(9..12).and_then(|it| it.parse().ok()).unwrap_or_default()
    };
    let nested = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let lists = format!("{{\"subject\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let members: String = (0..120_000).map(|it| format!("\"m{it}\":0,")).collect();
    let bodies = [
        ("objects in objects", nested, [400, 400]),
        ("lists in lists", lists, [400, 400]),
        ("more members than fit", format!("{{{members}\"z\":0}}"), [413, 413]),
        ("a million digits", format!("{{\"project_id\":{}}}", "9".repeat(1_000_000)), [400, 422]),
        ("an exponent", "{\"project_id\":1e999}".to_owned(), [400, 422]),
        ("minus nothing", "{\"project_id\":-0}".to_owned(), [422, 422]),
        ("2^63", "{\"project_id\":9223372036854775808}".to_owned(), [422, 422]),
        ("not a number", "{\"project_id\":NaN}".to_owned(), [400, 400]),
    ];
    send(&vec![b' '; 1 << 20]);
    let before = app.server.peak_memory();

    for (what, body, expected) in &bodies {
        let took = (0..5).map(|_| {
            let started = Instant::now();
            let status = send(body.as_bytes());
            assert!(expected.contains(&status), "{what}: {status}");
            started.elapsed()
        });
        // The quickest, as other tests run beside it.
        assert!(took.min().unwrap() < Duration::from_millis(500), "{what}");
    }

    let grown = app.server.peak_memory() - before;
    assert!(grown < 10 << 20, "{grown} bytes more");
}

/// IN09: a name as long as a body is neither copied for each item below it nor told again for each mistake, whoever
/// sends it.
#[test]
fn sec_in09_a_long_name_costs_nobody_anything() {
    let app = TestApp::spawn();
    let items = vec!["\u{202e}"; 60_000];

    for length in [20_000, 400_000] {
        let started = Instant::now();
        let body = json!({ "email": "a@b.kz", "a".repeat(length): items });
        let response = app.anonymous().post("/auth/login", body).expect(422);

        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        assert!(response.text.len() < 100_000, "{}", response.text.len());
    }
}

/// IN09: no pattern applied to texts has look-around or back-references, so each is matched in
/// time that grows with the text alone.
#[test]
fn sec_in09_patterns_never_look_around_or_back() {
    let mut patterns = Vec::new();
    collect(document(), &mut patterns);

    assert!(patterns.len() > 5, "{patterns:?}");
    for pattern in patterns {
        for costly in ["(?=", "(?!", "(?<", "\\1", "\\2", "(?>", "++", "*+"] {
            assert!(!pattern.contains(costly), "{pattern}");
        }
    }
}

fn collect<'a>(value: &'a serde_json::Value, patterns: &mut Vec<&'a str>) {
    if let Some(pattern) = value["pattern"].as_str() {
        patterns.push(pattern);
    }
    let members = value.as_object().into_iter().flatten().map(|(_, it)| it);
    for item in members.chain(value.as_array().into_iter().flatten()) {
        collect(item, patterns);
    }
}
