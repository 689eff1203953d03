//! How much PostgreSQL reads for a page of tickets: whatever is asked for, little compared with what there is.

use serde_json::Value;

use crate::support::{Plans, Server, TestApp, exclusive_plans, nodes};

/// How many tickets there are, in twenty projects, nine in ten of them closed.
const COUNT: i64 = 50_000;

/// The maximum number of rows read for a page: all of a company in two indexes, and no more.
const MAX_ROWS: f64 = 10_000.0;

const SORTS: [&str; 6] =
    ["-created_at", "created_at", "-updated_at", "updated_at", "priority", "due_at"];

/// Fills a system with what a list can tell apart, each by chance.
fn fill(app: &TestApp) {
    app.sql(
        "insert into companies (name, created_at) select 'Оператор ' || it, now() from generate_series(1, 10) as it;
         insert into projects (company_id, direction_id, created_at)
         select companies.id, directions.id, now() from companies, directions where companies.name like 'Оператор %';
         insert into products (direction_id, name, created_at)
         select id, 'Устройство ' || it, now() from directions, generate_series(1, 10) as it;
         insert into users (role, email, email_folded, first_name, last_name, language, must_change_password, created_at)
         select 'engineer', it || '@support.example', it || '@support.example', 'Инженер', it, 'ru', false, now()
         from (select it::text from generate_series(1, 20) as it) as it",
    );
    let place = |of: &str, salt: i64| {
        format!("({of})[1 + (hashint8extended(it, {salt}) & 2147483647) % cardinality({of})]")
    };
    let few = "array(select id from projects where company_id in (select id from companies where name like 'Оператор %') order by id)";
    let project = place(few, 1);
    let of_project = |column: &str| format!("(select {column} from projects where id = {project})");
    let products = format!(
        "array(select id from products where direction_id = {} order by id)",
        of_project("direction_id")
    );
    let engineers = "array(select id from users where role = 'engineer' order by id)";
    let luck = "(hashint8extended(it, 7) & 2147483647) % 100";
    let at = |salt: i64| {
        format!(
            "timestamptz '2026-01-01' + (hashint8extended(it, {salt}) & 1048575) * interval '10 s'"
        )
    };
    let columns = [
        ("project_id", project.clone()),
        ("company_id", of_project("company_id")),
        ("direction_id", of_project("direction_id")),
        ("product_id", place(&products, 2)),
        ("assignee_id", place(engineers, 3)),
        ("tracker", place("array['bug', 'support', 'feature']", 4)),
        ("priority", place("array['low', 'medium', 'high', 'critical']", 5)),
        ("status", format!("case when {luck} < 10 then 'in_progress' else 'closed' end")),
        ("created_at", at(8)),
        ("updated_at", at(9)),
        (
            "due_at",
            format!(
                "case when {luck} < 10 then {} else timestamptz '9999-12-31 00:00:00+00' end",
                at(10)
            ),
        ),
    ];
    let columns: Vec<(&str, &str)> =
        columns.iter().map(|(name, it)| (*name, it.as_str())).collect();
    app.insert_tickets(COUNT, &columns);
    app.sql("vacuum analyze");
}

/// How many rows a plan has read of tickets, in vain or not.
fn rows_read(plan: &Value) -> f64 {
    let number = |it: &Value, name: &str| it[name].as_f64().unwrap_or(0.0);
    let read = |it: &&Value| {
        let rows = ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"];
        rows.iter().map(|name| number(it, name)).sum::<f64>() * number(it, "Actual Loops")
    };
    let scans = nodes(plan).into_iter().filter(|it| {
        let kind = it["Node Type"].as_str().unwrap_or_default();
        kind.ends_with("Scan") && kind != "Bitmap Heap Scan" && kind != "CTE Scan"
    });
    scans
        .filter(|it| it["Index Name"].as_str().is_none_or(|it| it.starts_with("tickets")))
        .map(|it| read(&it))
        .sum()
}

/// Whatever one or two filters ask for, in whatever order: a page reads a bounded number of rows, and a
/// connection plans it once.
#[test]
fn every_list_reads_little_in_every_order() {
    let _turn = exclusive_plans();
    let app = TestApp::spawn();
    fill(&app);
    let most_frequent = |column: &str, of: &str| {
        let order = "group by 1 order by count(*) desc, 1 limit 1";
        app.value::<i64>(&format!("select {column} from tickets where {of} {order}"))
    };
    // One that is rarer than others may well have plans of its own.
    let project = most_frequent("project_id", "true");
    let of_project = |column: &str| most_frequent(column, &format!("project_id = {project}"));
    let filters = [
        "status=open".to_owned(),
        "tracker=bug".to_owned(),
        "priority=high".to_owned(),
        format!("project_id={project}"),
        format!("company_id={}", of_project("company_id")),
        format!("product_id={}", of_project("product_id")),
        format!("direction_id={}", of_project("direction_id")),
        format!("assignee_id={}", of_project("assignee_id")),
    ];
    let mut queries: Vec<String> = filters.to_vec();
    for (place, first) in filters.iter().enumerate() {
        queries.extend(filters[place + 1..].iter().map(|second| format!("{first}&{second}")));
    }
    app.analyze_plans();
    let plans = Plans::of(&app);
    let settings =
        [("HELPDESK_POOL", "1"), ("HELPDESK_RATE_PERSON", "off"), ("HELPDESK_RATE_ADDRESS", "off")];
    let server = Server::start(&app.database_url(), &settings);
    let engineer = app.engineer().at(&server);

    let lists: Vec<String> = SORTS
        .iter()
        .flat_map(|sort| queries.iter().map(move |query| format!("/tickets?{query}&sort={sort}")))
        .collect();
    // After five calls PostgreSQL may keep a plan that fits all values.
    let calls = 6;
    for path in &lists {
        (0..calls).for_each(|_| drop(engineer.get(path).expect(200)));
    }

    let words = [r#"\"tickets\".\"subject\""#, r#"\"companies\".\"name\""#, " LIMIT 26"];
    let plans = plans.exactly(&words, lists.len() * calls);
    let mut worst: Vec<(f64, &String)> = Vec::new();
    let mut planned_anew: Vec<&String> = Vec::new();
    for (path, plans) in lists.iter().zip(plans.chunks(calls)) {
        worst.extend(plans.iter().map(|it| (rows_read(it), path)));
        let has_values = ["_id=", "tracker=", "priority="].iter().any(|it| path.contains(it));
        // What is found first and put in order then may be cheaper with a plan of its own.
        let is_in_order = !path.contains("product_id=") && !path.contains("sort=due_at");
        let last = plans.last().unwrap().to_string();
        if has_values && is_in_order && !last.contains("$1") {
            planned_anew.push(path);
        }
    }
    assert!(planned_anew.len() <= lists.len() / 10, "{planned_anew:?}");
    worst.sort_by(|one, other| other.0.total_cmp(&one.0));
    assert!(worst[0].0 <= MAX_ROWS, "{:?}", &worst[..20]);
}
