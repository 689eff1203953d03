//! Each link of each report leads to exactly the tickets of its figure.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fortnight::Fortnight;
use super::work;
use crate::support::Person;

/// The tickets behind each link of some figures, by its name.
pub fn follow(reader: &Person, figures: &Value) -> BTreeMap<String, Vec<i64>> {
    let links = figures["links"].as_object().unwrap();
    let followed = links.iter().map(|(name, link)| {
        let path = link.as_str().unwrap().split_once("/api/v1").unwrap().1;
        let mut ids = reader.get(&format!("{path}&limit=100")).expect(200).ids();
        ids.sort_unstable();
        (name.clone(), ids)
    });
    followed.collect()
}

pub fn are_exact(fortnight: &Fortnight) {
    for (report, expected) in expected(fortnight) {
        let followed = follow(&fortnight.app.admin(), &fortnight.report(report, "")["totals"]);
        let names: Vec<&str> = followed.keys().map(String::as_str).collect();
        let mut known: Vec<&str> = expected.iter().map(|it| it.0).collect();
        known.sort_unstable();
        assert_eq!(names, known, "{report}");
        for (name, ids) in expected {
            assert_eq!(followed[name], ids, "{report} {name}");
        }
    }
    of_people(fortnight);
    of_what_has_not_begun(fortnight);
    are_counted_and_exported(fortnight);
    of_the_dashboard(fortnight);
    of_rows(fortnight);
}

type Expected = Vec<(&'static str, Vec<i64>)>;

const ACCEPTED: &[&str] = &[
    "quick",
    "held",
    "returned",
    "awaiting",
    "paused",
    "weekend",
    "asked",
    "handed_over",
    "solved_by_customer",
];
const CLOSED: &[&str] = &[
    "quick",
    "returned",
    "paused",
    "weekend",
    "solved_by_customer",
    "never_accepted",
    "revived",
    "released",
    "timed_out",
];

/// The tickets of each figure of the whole, by hand.
fn expected(fortnight: &Fortnight) -> [(&'static str, Expected); 6] {
    [
        ("flow", of_flow(fortnight)),
        ("deadlines", of_deadlines(fortnight)),
        ("times", of_times(fortnight)),
        ("quality", of_quality(fortnight)),
        ("waits", of_waits(fortnight)),
        (
            "arrivals",
            vec![
                ("filed", fortnight.filed()),
                ("outside_working_hours", fortnight.of(&["asked", "saturday"])),
            ],
        ),
    ]
}

fn of_flow(fortnight: &Fortnight) -> Expected {
    let of = |names: &[&str]| fortnight.of(names);
    vec![
        ("open_at_start", of(&["timed_out", "forgotten", "delivery", "released"])),
        ("filed", fortnight.filed()),
        ("accepted", of(ACCEPTED)),
        ("solved", merged(&of(CLOSED), &of(&["handed_over"]))),
        ("returned", of(&["returned"])),
        ("closed", of(CLOSED)),
        ("rejected", of(&["rejected"])),
        ("reopened", of(&["reopened", "revived"])),
        ("open_at_end", fortnight.open()),
        ("backlog_age.up_to_1_day", of(&["saturday"])),
        ("backlog_age.up_to_5_days", of(&["registered", "handed_over"])),
        ("backlog_age.up_to_20_days", of(&["held", "awaiting", "asked", "delivery", "reopened"])),
        ("backlog_age.over_20_days", of(&["forgotten"])),
    ]
}

fn of_deadlines(fortnight: &Fortnight) -> Expected {
    let of = |names: &[&str]| fortnight.of(names);
    let met = of(&[
        "quick",
        "held",
        "awaiting",
        "paused",
        "weekend",
        "asked",
        "handed_over",
        "solved_by_customer",
    ]);
    let missed = of(&["returned", "rejected", "registered"]);
    let answered = of(&[
        "quick",
        "held",
        "returned",
        "awaiting",
        "paused",
        "weekend",
        "asked",
        "handed_over",
        "revived",
        "released",
    ]);
    vec![
        ("acceptance.ended", merged(&met, &missed)),
        ("acceptance.met", met),
        ("acceptance.breached", missed),
        ("acceptance.cancelled", of(&["never_accepted"])),
        ("response.ended", merged(&answered, &of(&["reopened"]))),
        ("response.met", answered),
        ("response.breached", of(&["returned", "weekend", "reopened"])),
        ("response.cancelled", of(&["solved_by_customer"])),
        ("response.waived", vec![]),
    ]
}

fn of_times(fortnight: &Fortnight) -> Expected {
    let answered = fortnight.of(&["rejected", "never_accepted", "released"]);
    vec![
        ("to_accept", fortnight.of(ACCEPTED)),
        ("to_first_answer", merged(&fortnight.of(ACCEPTED), &answered)),
        ("to_solve", fortnight.of(CLOSED)),
    ]
}

fn of_quality(fortnight: &Fortnight) -> Expected {
    let of = |names: &[&str]| fortnight.of(names);
    vec![
        ("ratings", of(&["quick", "returned", "paused"])),
        ("ratings.by_value.1", vec![]),
        ("ratings.by_value.2", of(&["returned"])),
        ("ratings.by_value.3", vec![]),
        ("ratings.by_value.4", of(&["paused"])),
        ("ratings.by_value.5", of(&["quick"])),
        ("reopened", of(&["reopened", "revived"])),
        ("timeouts", of(&["timed_out"])),
    ]
}

fn of_waits(fortnight: &Fortnight) -> Expected {
    let of = |names: &[&str]| fortnight.of(names);
    let silent = ["held", "awaiting", "asked", "delivery", "reopened", "handed_over", "forgotten"];
    vec![
        ("on_hold.department", vec![]),
        ("on_hold.repair", of(&["held"])),
        ("on_hold.delivery", of(&["delivery"])),
        ("on_hold.other", vec![]),
        ("reviews_overdue", of(&["held", "delivery", "awaiting"])),
        ("silent", of(&silent)),
    ]
}

fn merged(one: &[i64], other: &[i64]) -> Vec<i64> {
    let mut all = [one, other].concat();
    all.sort_unstable();
    all.dedup();
    all
}

fn of_people(fortnight: &Fortnight) {
    let report = fortnight.report("workload", "");
    let admin = fortnight.app.admin();
    let rows = report["rows"].as_array().unwrap();
    let of = |id: i64| follow(&admin, rows.iter().find(|it| it["engineer"]["id"] == id).unwrap());
    let engineer = of(fortnight.app.engineer().id);
    let by_hand = [
        ("open", vec![]),
        ("overdue", vec![]),
        (
            "taken",
            fortnight.of(&[
                "quick",
                "held",
                "returned",
                "awaiting",
                "paused",
                "weekend",
                "handed_over",
                "solved_by_customer",
            ]),
        ),
        (
            "solved",
            fortnight.of(&[
                "quick",
                "returned",
                "paused",
                "weekend",
                "solved_by_customer",
                "revived",
                "released",
                "timed_out",
            ]),
        ),
        (
            "public_comments",
            fortnight.of(&[
                "quick",
                "held",
                "returned",
                "rejected",
                "awaiting",
                "paused",
                "weekend",
                "solved_by_customer",
                "never_accepted",
                "revived",
                "released",
            ]),
        ),
        ("handed_over", fortnight.of(&["held", "awaiting", "delivery", "reopened", "handed_over"])),
        ("reopened_after", fortnight.of(&["returned", "reopened", "revived"])),
    ];
    for (name, ids) in by_hand {
        assert_eq!(engineer[name], ids, "{name}");
    }
    let other = of(fortnight.app.other_engineer().id);
    assert_eq!(other["open"], fortnight.of(&["asked", "handed_over"]));
    assert_eq!(
        (&other["taken"], &other["solved"]),
        (&fortnight.of(&["asked"]), &fortnight.of(&["handed_over"]))
    );
    let chief = of(admin.id);
    assert_eq!(chief["public_comments"], fortnight.of(&["reopened", "revived"]));
    let all = follow(&admin, &report["totals"]);
    assert_eq!(all["open"], fortnight.of(&["asked", "handed_over"]));
    for name in ["taken", "solved", "public_comments", "handed_over", "reopened_after"] {
        let theirs = merged(&merged(&engineer[name], &other[name]), &chief[name]);
        assert_eq!(all[name], theirs, "{name}");
    }
}

/// A week that lies in the future has its lists, too.
fn of_what_has_not_begun(fortnight: &Fortnight) {
    let admin = fortnight.app.admin();
    let (from, to) = (fortnight.day(7), fortnight.day(28));
    let report = admin.get(&format!("/reports/flow?from={from}&to={to}&bucket=week")).expect(200);
    let rows = report.body["rows"].as_array().unwrap().clone();
    let last = follow(&admin, &rows[2]);
    assert_eq!((&last["filed"], &last["open_at_end"]), (&vec![], &fortnight.open()));
}

/// The tickets of a figure can be counted and exported as a list of them.
fn are_counted_and_exported(fortnight: &Fortnight) {
    let admin = fortnight.app.admin();
    let figure = format!("figure=flow.closed&{}", fortnight.span());
    let closed = fortnight.of(CLOSED).len();
    let counts = admin.get(&format!("/tickets/counts?by=tracker&{figure}")).expect(200).body;
    let counts = counts["counts"]["tracker"].as_object().unwrap();
    assert_eq!(counts.values().map(|it| it.as_i64().unwrap()).sum::<i64>(), closed as i64);
    let lines = [("accept", "application/x-ndjson")];
    let exported = admin.send("GET", &format!("/tickets/export?{figure}"), &lines, None);
    assert_eq!(exported.expect(200).text.lines().count(), closed + 1);
}

fn of_the_dashboard(fortnight: &Fortnight) {
    let admin = fortnight.app.admin();
    let dashboard = admin.get("/reports/dashboard").expect(200).body;
    let open = follow(&admin, &dashboard["open"]);
    assert_eq!(open["count"], fortnight.open());
    assert_eq!(open["overdue"], fortnight.of(&["registered", "reopened", "forgotten"]));
    assert_eq!(open["due_within_the_hour"], Vec::<i64>::new());
    assert_eq!(open["waiting_for_customer"], fortnight.of(&["asked", "handed_over"]));
    assert_eq!(
        open["unassigned"],
        fortnight.of(&[
            "held",
            "awaiting",
            "registered",
            "saturday",
            "delivery",
            "reopened",
            "forgotten"
        ])
    );
    for (word, number) in ["by_status", "by_priority"].iter().flat_map(|of| {
        let of_word = dashboard["open"][of].as_object().unwrap().iter();
        of_word.map(move |(word, number)| (format!("{of}.{word}"), number.as_i64().unwrap()))
    }) {
        assert_eq!(open[&word].len() as i64, number, "{word}");
    }
}

/// The tickets behind the links of all rows are together those of the whole, each once.
fn of_rows(fortnight: &Fortnight) {
    let admin = fortnight.app.admin();
    for (report, way, figure) in [
        ("flow", "&group_by=priority", "filed"),
        ("flow", "&group_by=product_id", "open_at_end"),
        ("flow", "&group_by=assignee_id", "open_at_end"),
        ("flow", "&group_by=status", "filed"),
        ("flow", "&bucket=day", "closed"),
        ("deadlines", "&bucket=week", "acceptance.breached"),
        ("times", "&group_by=company_id", "to_solve"),
        ("times", "&bucket=day", "to_first_answer"),
        ("quality", "&group_by=direction_id", "ratings"),
    ] {
        let report = fortnight.report(report, way);
        let whole = follow(&admin, &report["totals"])[figure].clone();
        let rows = report["rows"].as_array().unwrap().iter();
        let mut parts: Vec<i64> = rows.flat_map(|it| follow(&admin, it)[figure].clone()).collect();
        parts.sort_unstable();
        assert_eq!(parts, whole, "{way} {figure}");
    }
    let arrivals = fortnight.report("arrivals", "");
    for row in arrivals["rows"].as_array().unwrap() {
        assert_eq!(follow(&admin, row)["filed"].len() as i64, row["filed"], "{row}");
    }
    let releases = fortnight.report("waits", "");
    for row in releases["rows"].as_array().unwrap() {
        assert_eq!(follow(&admin, row)["tickets"].len() as i64, row["tickets"], "{row}");
    }
    work::lists_of_questions(fortnight);
}
