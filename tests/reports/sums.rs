//! Groups add up to totals, days and weeks to the whole; what is left follows from what changed.

use serde_json::Value;

use super::fortnight::Fortnight;

const CHANGES: [&str; 7] =
    ["filed", "accepted", "solved", "returned", "closed", "rejected", "reopened"];
const GROUPS: [&str; 9] = [
    "company_id",
    "project_id",
    "direction_id",
    "product_id",
    "tracker",
    "priority",
    "assignee_id",
    "status",
    "engineer",
];
const BUCKETS: [&str; 3] = ["day", "week", "month"];

/// Figures that add up, by report.
const SUMMANDS: [(&str, &[&str]); 3] = [
    (
        "deadlines",
        &[
            "/acceptance/met",
            "/acceptance/breached",
            "/acceptance/cancelled",
            "/acceptance/ended",
            "/response/met",
            "/response/breached",
            "/response/cancelled",
            "/response/waived",
            "/response/ended",
        ],
    ),
    ("times", &["/to_accept/count", "/to_first_answer/count", "/to_solve/count"]),
    (
        "quality",
        &[
            "/ratings/count",
            "/ratings/by_value/2",
            "/ratings/by_value/4",
            "/ratings/by_value/5",
            "/reopened",
            "/timeouts",
            "/refusals/no_description/automatic",
            "/refusals/no_description/confirmed",
            "/refusals/no_description/registered",
        ],
    ),
];

pub fn agree(fortnight: &Fortnight) {
    groups_and_buckets(fortnight);
    flow(fortnight);
    with_the_span_before(fortnight);
}

fn number(of: &Value, path: &str) -> i64 {
    of.pointer(path).and_then(Value::as_i64).unwrap_or_else(|| panic!("{path} of {of}"))
}

fn sum(rows: &Value, path: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|it| number(it, path)).sum()
}

fn groups_and_buckets(fortnight: &Fortnight) {
    let ways = GROUPS.map(|it| format!("&group_by={it}")).into_iter();
    for way in ways.chain(BUCKETS.map(|it| format!("&bucket={it}"))) {
        for (report, figures) in SUMMANDS {
            let report = fortnight.report(report, &way);
            // What was refused never had a status.
            let is_of_refusals = |it: &&&str| it.starts_with("/refusals") && way.contains("status");
            for path in figures.iter().filter(|it| !is_of_refusals(it)) {
                assert_eq!(
                    sum(&report["rows"], path),
                    number(&report["totals"], path),
                    "{way} {path}"
                );
            }
        }
        let flow = fortnight.report("flow", &way);
        for name in CHANGES {
            let path = format!("/{name}");
            assert_eq!(sum(&flow["rows"], &path), number(&flow["totals"], &path), "{way} {name}");
        }
    }
}

fn flow(fortnight: &Fortnight) {
    for group in GROUPS {
        let flow = fortnight.report("flow", &format!("&group_by={group}"));
        for name in
            ["open_at_start", "open_at_end", "backlog_age/up_to_5_days", "backlog_age/over_20_days"]
        {
            let path = format!("/{name}");
            assert_eq!(sum(&flow["rows"], &path), number(&flow["totals"], &path), "{group} {name}");
        }
        flow["rows"].as_array().unwrap().iter().for_each(balances);
    }
    for bucket in BUCKETS {
        let flow = fortnight.report("flow", &format!("&bucket={bucket}"));
        let rows = flow["rows"].as_array().unwrap();
        for pair in rows.windows(2) {
            assert_eq!(pair[0]["open_at_end"], pair[1]["open_at_start"], "{bucket}");
        }
        rows.iter().for_each(balances);
        assert_eq!(rows[0]["open_at_start"], flow["totals"]["open_at_start"]);
        assert_eq!(rows.last().unwrap()["backlog_age"], flow["totals"]["backlog_age"]);
    }
}

/// Start + filed − closed − rejected + reopened = end, of all ages together.
fn balances(row: &Value) {
    let of = |name: &str| row[name].as_i64().unwrap();
    let left = of("open_at_start") + of("filed") - of("closed") - of("rejected") + of("reopened");
    assert_eq!(left, of("open_at_end"), "{row}");
    let ages = row["backlog_age"].as_object().unwrap().values();
    assert_eq!(ages.map(|it| it.as_i64().unwrap()).sum::<i64>(), left, "{row}");
}

/// The span before, with which a report compares, has the figures of its own report.
fn with_the_span_before(fortnight: &Fortnight) {
    let before = format!("from={}&to={}", fortnight.day(-14), fortnight.day(0));
    let of_company = format!("&company_id={}", fortnight.app.ids.company);
    for (name, further) in [
        ("flow", ""),
        ("deadlines", ""),
        ("times", ""),
        ("quality", ""),
        ("arrivals", ""),
        ("company", of_company.as_str()),
    ] {
        let compared =
            fortnight.report(name, &format!("&compare=previous{further}"))["previous"].clone();
        let itself =
            fortnight.app.admin().get(&format!("/reports/{name}?{before}{further}")).expect(200);
        assert_eq!(compared, itself.body["totals"], "{name}");
    }
    let both =
        format!("/reports/flow?from={}&to={}&bucket=month", fortnight.day(-75), fortnight.day(14));
    let months = fortnight.app.admin().get(&both).expect(200).body;
    let whole: i64 = sum(&months["rows"], "/filed");
    assert_eq!((whole, number(&months["totals"], "/open_at_start")), (41, 0));
    assert_eq!(number(&months["totals"], "/open_at_end"), 17);
}
