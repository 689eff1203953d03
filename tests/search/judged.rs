//! The judged collection, over HTTP: what must be found, in which place, and what must not.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::support::{Person, TestApp, at_once, with};

const TICKETS: &str = include_str!("collection/tickets.json");
const SIMILAR: &str = include_str!("collection/similar.json");
const QUERIES: &str = include_str!("collection/queries.json");

fn read(file: &str) -> Vec<Value> {
    serde_json::from_str(file).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
}

/// Files all tickets of the collection; returns their numbers.
fn load(app: &TestApp, tickets: &[Value]) -> HashMap<String, i64> {
    let mut products: HashMap<&str, i64> = HashMap::new();
    for ticket in tickets {
        let name = ticket["product"].as_str().unwrap();
        products.entry(name).or_insert_with(|| {
            let known = app.admin().all("/products?limit=100");
            let known = known
                .iter()
                .find(|it| it["name"] == name && it["direction"]["id"] == app.ids.telephony);
            known.map_or_else(
                || {
                    let product = json!({ "name": name, "direction_id": app.ids.telephony });
                    app.admin().post("/products", product).expect(201).id()
                },
                |it| it["id"].as_i64().unwrap(),
            )
        });
    }
    let (customer, engineer) = (app.customer(), app.engineer());
    let chunks: Vec<&[Value]> = tickets.chunks(tickets.len().div_ceil(4)).collect();
    let filed = at_once(chunks.len(), |number| -> Vec<(String, i64)> {
        chunks[number]
            .iter()
            .map(|it| {
                let product = products[it["product"].as_str().unwrap()];
                (
                    it["key"].as_str().unwrap().to_owned(),
                    file(app, it, product, &customer, &engineer),
                )
            })
            .collect()
    });
    filed.into_iter().flatten().collect()
}

fn file(app: &TestApp, it: &Value, product: i64, customer: &Person, engineer: &Person) -> i64 {
    let mut request = app.request_with(&json!({
        "product_id": product, "subject": it["subject"], "description": it["description"],
        "author_id": customer.id,
    }));
    for member in ["software_version", "serial_number", "external_ref"] {
        if it[member].is_string() {
            request[member] = it[member].clone();
        }
    }
    let id = engineer.has_filed(request);
    let mut comments = it["comments"].as_array().unwrap().clone();
    let solves = |it: &Value| it["by"] == "engineer" && it["internal"] == false;
    let last = comments.iter().rposition(solves).filter(|_| it["solved"] == true);
    let solution = last.map(|it| comments.remove(it));
    for comment in comments {
        let person = if comment["by"] == "engineer" { engineer } else { customer };
        let internal = comment["internal"] == true;
        let mut body = json!({ "body": comment["body"] });
        if internal {
            body["internal"] = json!(true);
        }
        person.says(id, body).expect(201);
    }
    if let Some(solution) = solution {
        engineer.takes(id);
        engineer.resolves(id, solution["body"].as_str().unwrap());
    }
    id
}

/// How many queries of a kind passed.
#[derive(Default)]
struct Row {
    all: usize,
    must: usize,
    first: usize,
    never: usize,
}

/// Advantage 4: every «must» within the first ten for 95 of 100 queries and 90 of each kind, «first» within three
/// for 95, «never» not once.
#[test]
#[expect(clippy::print_stdout, reason = "whoever works on the grammar reads the table")]
fn a4_the_judged_queries_find_what_they_must() {
    let app = TestApp::spawn();
    let numbers = load(&app, &read(TICKETS));
    app.wait_for_index();

    let mut kinds: BTreeMap<String, Row> = BTreeMap::new();
    let mut failed = Vec::new();
    for query in read(QUERIES) {
        let mut q = query["q"].as_str().unwrap().to_owned();
        for (key, number) in &numbers {
            q = q.replace(&format!("{{{key}}}"), &number.to_string());
        }
        let found = app.with_role(query["as"].as_str().unwrap()).finds(&q);
        let rank = |key: &&str| found.iter().position(|it| *it == numbers[*key]);
        let within = |key: &&str, most: usize| rank(key).is_some_and(|it| it < most);
        let (must, first) = (texts(&query["must"]), texts(&query["first"]));
        let has_must = must.iter().all(|it| within(it, 10));
        let has_first = first.is_empty() || first.iter().any(|it| within(it, 3));
        let has_never = texts(&query["never"]).iter().any(|it| rank(it).is_some());
        let row = kinds.entry(query["kind"].as_str().unwrap().to_owned()).or_default();
        row.all += 1;
        row.must += usize::from(has_must);
        row.first += usize::from(has_first);
        row.never += usize::from(has_never);
        if !has_must || !has_first || has_never {
            let ranks: Vec<_> = must.iter().map(|it| (it, rank(it))).collect();
            failed.push(format!("{} {q:?}: {ranks:?} of {}", query["id"], found.len()));
        }
    }

    let line = |(kind, it): (&String, &Row)| {
        format!(
            "{kind:16} {:3} must {:3} first {:3} never {:3}",
            it.all, it.must, it.first, it.never
        )
    };
    let table: Vec<String> = kinds.iter().map(line).collect();
    let table = format!("{}\n{}", table.join("\n"), failed.join("\n"));
    println!("{table}");
    let sum = |of: fn(&Row) -> usize| kinds.values().map(of).sum::<usize>();
    assert!(sum(|it| it.must) * 100 >= sum(|it| it.all) * 95, "{table}");
    assert!(sum(|it| it.first) * 100 >= sum(|it| it.all) * 95, "{table}");
    assert!(kinds.values().all(|it| it.must * 100 >= it.all * 90), "{table}");
    assert_eq!(sum(|it| it.never), 0, "{table}");
    judge_similar(&app, &numbers);
}

/// Nine in ten requests are shown a solved ticket about the same problem among the first three, before
/// they are filed and after.
fn judge_similar(app: &TestApp, numbers: &HashMap<String, i64>) {
    let (customer, samples) = (app.customer(), read(SIMILAR));
    let products = app.admin().all("/products?limit=100");
    let mut failed = Vec::new();
    let mut judge = |sample: &Value, how: &str, similar: &Value| {
        let similar = similar.as_array().unwrap();
        let found: Vec<i64> =
            similar.iter().map(|it| it["ticket"]["id"].as_i64().unwrap()).collect();
        let is_among = |list: &Value, most: usize| {
            texts(list).iter().any(|it| found.iter().take(most).any(|id| *id == numbers[*it]))
        };
        if !is_among(&sample["must"], 3) || is_among(&sample["never"], 3) {
            failed.push(format!("{how} {}: {found:?}", sample["id"]));
        }
    };
    for sample in &samples {
        let product = products.iter().rev().find(|it| it["name"] == sample["product"]).unwrap();
        let request = app.request_with(&json!({
            "subject": sample["subject"], "description": sample["description"], "product_id": product["id"],
        }));
        let checked = customer.post("/tickets/check", request.clone()).expect(200);
        judge(sample, "check", &checked.body["similar"]);
        let engineer = app.engineer();
        let filed = with(request, &json!({ "author_id": customer.id }));
        let id = engineer.has_filed(filed);
        app.wait_for_index();
        let similar = customer.get(&format!("/tickets/{id}/similar")).expect(200);
        judge(sample, "similar", &similar.body["items"]);
    }
    assert!(failed.len() * 10 <= samples.len() * 2, "{failed:#?}");
}
