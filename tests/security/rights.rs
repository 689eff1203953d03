//! Who may call what on whose things: the whole table, as data (AZ01).

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Reply, TestApp, document};

/// What an operation is tried on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Thing {
    /// It has no id in its path.
    Nothing,
    /// A fresh ticket; of the own company in this status.
    Ticket(&'static str),
    /// A fresh comment of the caller's, where they may comment; else of the ticket's author.
    Comment,
    Refusal,
    /// A file of a fresh ticket.
    File,
    Company,
    /// A fresh customer.
    Customer,
    /// A fresh engineer, who is nobody's self.
    Engineer,
    Project,
    Direction,
    Product,
    /// A session of the caller, or of somebody else.
    Session,
    /// A token of the caller, or of somebody else.
    ApiToken,
    /// A fresh day off; its id is its digits.
    Day,
    /// A fresh release.
    Release,
    /// A file of a fresh release.
    ReleaseFile,
    AnswerTemplate,
    /// A fresh webhook of the company, and a delivery of it.
    Webhook,
}

use Thing::*;

/// What one role is answered on an own, a foreign and a missing thing.
pub type Answers = [u16; 3];

/// The role may not, whatever the thing is.
const NO: Answers = [403, 403, 403];

/// Both companies' things are there.
const fn all(status: u16) -> Answers {
    [status, status, 404]
}

/// Another company's thing is as good as none.
const fn own(status: u16) -> Answers {
    [status, 404, 404]
}

/// For operations without an id: customer, engineer, commercial, admin.
const fn each(customer: u16, engineer: u16, commercial: u16, admin: u16) -> [Answers; 4] {
    [[customer; 3], [engineer; 3], [commercial; 3], [admin; 3]]
}

/// The operations; what customer, engineer, commercial and admin are answered.
#[rustfmt::skip]
pub const TABLE: &[(&str, Thing, [Answers; 4])] = &[
    ("auth_login",                      Nothing,              each(422, 422, 422, 422)),
    ("auth_refresh",                    Nothing,              each(422, 422, 422, 422)),
    ("auth_password_change",            Nothing,              each(422, 422, 422, 422)),
    ("auth_password_reset_request",     Nothing,              each(422, 422, 422, 422)),
    ("auth_password_reset_confirm",     Nothing,              each(422, 422, 422, 422)),
    ("reference_get",                   Nothing,              each(200, 200, 200, 200)),
    ("me_get",                          Nothing,              each(200, 200, 200, 200)),
    ("me_update",                       Nothing,              each(200, 200, 200, 200)),
    ("me_tickets_list",                 Nothing,              each(200, 200, 403, 200)),
    ("me_sessions_list",                Nothing,              each(200, 200, 200, 200)),
    ("me_sessions_delete",              Session,              [own(204), own(204), own(204), own(204)]),
    ("me_api_tokens_list",              Nothing,              each(200, 200, 200, 200)),
    ("me_api_tokens_create",            Nothing,              each(201, 201, 201, 201)),
    ("me_api_tokens_delete",            ApiToken,             [own(204), own(204), own(204), own(204)]),
    ("me_notification_settings_get",    Nothing,              each(200, 200, 200, 200)),
    ("me_notification_settings_update", Nothing,              each(200, 200, 200, 200)),
    ("me_notifications_list",           Nothing,              each(200, 200, 200, 200)),
    ("me_notifications_mark_read",      Nothing,              each(200, 200, 200, 200)),
    ("audit_log_list",                  Nothing,              each(403, 403, 403, 200)),
    ("jobs_list",                       Nothing,              each(403, 403, 403, 200)),
    ("companies_list",                  Nothing,              each(403, 200, 200, 200)),
    ("companies_create",                Nothing,              each(403, 403, 201, 201)),
    ("companies_get",                   Company,              [NO, all(200), all(200), all(200)]),
    ("companies_update",                Company,              [NO, NO, all(200), all(200)]),
    ("users_list",                      Nothing,              each(200, 200, 200, 200)),
    ("users_create",                    Nothing,              each(403, 403, 201, 201)),
    ("users_get",                       Customer,             [own(200), all(200), all(200), all(200)]),
    ("users_update",                    Customer,             [NO, NO, all(200), all(200)]),
    ("users_deactivate",                Customer,             [NO, NO, all(204), all(204)]),
    ("users_invite",                    Customer,             [NO, NO, all(202), all(202)]),
    ("users_absence_update",            Engineer,             [NO, [403, 403, 404], NO, all(200)]),
    ("users_absence_delete",            Engineer,             [NO, [403, 403, 404], NO, all(204)]),
    ("directions_list",                 Nothing,              each(200, 200, 200, 200)),
    ("directions_create",               Nothing,              each(403, 403, 403, 201)),
    ("directions_update",               Direction,            [NO, NO, NO, all(200)]),
    ("directions_engineers_add",        Direction,            [NO, NO, NO, all(204)]),
    ("directions_engineers_delete",     Direction,            [NO, NO, NO, all(204)]),
    ("projects_list",                   Nothing,              each(200, 200, 200, 200)),
    ("projects_create",                 Nothing,              each(403, 403, 201, 201)),
    ("projects_get",                    Project,              [own(200), all(200), all(200), all(200)]),
    ("projects_update",                 Project,              [NO, NO, all(200), all(200)]),
    ("projects_engineers_list",         Project,              [own(200), all(200), NO, all(200)]),
    ("products_list",                   Nothing,              each(200, 200, 200, 200)),
    ("products_create",                 Nothing,              each(403, 403, 403, 201)),
    ("products_get",                    Product,              [all(200), all(200), all(200), all(200)]),
    ("products_update",                 Product,              [NO, NO, NO, all(200)]),
    ("settings_auto_close_preview",     Nothing,              each(403, 403, 403, 200)),
    ("settings_assignment_get",         Nothing,              each(403, 200, 403, 200)),
    ("settings_assignment_update",      Nothing,              each(403, 403, 403, 200)),
    ("settings_calendar_get",           Nothing,              each(403, 200, 403, 200)),
    ("settings_calendar_update",        Nothing,              each(403, 403, 403, 200)),
    ("settings_calendar_days_list",     Nothing,              each(403, 200, 403, 200)),
    ("settings_calendar_days_create",   Nothing,              each(403, 403, 403, 201)),
    ("settings_calendar_days_delete",   Day,                  [NO, NO, NO, all(204)]),
    ("settings_calendar_calculate",     Nothing,              each(403, 200, 403, 200)),
    ("settings_sla_get",                Nothing,              each(403, 200, 403, 200)),
    ("settings_sla_update",             Nothing,              each(403, 403, 403, 200)),
    ("answer_templates_list",           Nothing,              each(403, 200, 403, 200)),
    ("answer_templates_create",         Nothing,              each(403, 201, 403, 201)),
    ("answer_templates_get",            AnswerTemplate,       [NO, all(200), NO, all(200)]),
    ("answer_templates_update",         AnswerTemplate,       [NO, all(200), NO, all(200)]),
    ("answer_templates_delete",         AnswerTemplate,       [NO, all(204), NO, all(204)]),
    ("releases_list",                   Product,              [all(200), all(200), all(200), all(200)]),
    ("releases_create",                 Product,              [NO, all(201), NO, all(201)]),
    ("releases_get",                    Release,              [all(200), all(200), all(200), all(200)]),
    ("releases_update",                 Release,              [NO, all(200), NO, all(200)]),
    ("releases_publish",                Release,              [NO, all(200), NO, all(200)]),
    ("releases_attachments_delete",     ReleaseFile,          [NO, all(204), NO, all(204)]),
    ("tickets_create",                  Nothing,              each(201, 201, 403, 201)),
    ("tickets_check",                   Nothing,              each(200, 200, 403, 200)),
    ("tickets_list",                    Nothing,              each(200, 200, 403, 200)),
    ("tickets_get",                     Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_sla_get",                 Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("queue_list",                      Nothing,              each(403, 200, 403, 200)),
    ("queue_take_next",                 Nothing,              each(403, 200, 403, 204)),
    ("tickets_update",                  Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_transitions_list",        Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_transition",              Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_confirm",                 Ticket("resolved"),   [own(200), NO, NO, NO]),
    ("tickets_history_list",            Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_history_verify",          Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("tickets_redact",                  Ticket("new"),        [NO, NO, NO, all(200)]),
    ("tickets_assign",                  Ticket("new"),        [NO, all(200), NO, all(200)]),
    ("tickets_assign_auto",             Ticket("new"),        [NO, all(200), NO, all(200)]),
    ("tickets_watchers_add",            Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("tickets_watchers_delete",         Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("tickets_links_add",               Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("tickets_links_delete",            Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("uploads_create",                  Nothing,              each(415, 415, 403, 415)),
    ("attachments_list",                Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("attachments_redact",              File,                 [NO, NO, NO, all(200)]),
    ("attachments_get",                 File,                 [own(200), all(200), NO, all(200)]),
    ("attachments_download",            File,                 [own(200), all(200), NO, all(200)]),
    ("comments_list",                   Ticket("new"),        [own(200), all(200), NO, all(200)]),
    ("comments_create",                 Ticket("new"),        [own(201), all(201), NO, all(201)]),
    ("comments_mark_read",              Ticket("new"),        [own(204), all(204), NO, all(204)]),
    ("comments_update",                 Comment,              [own(200), all(200), NO, all(200)]),
    ("comments_versions_list",          Comment,              [NO, all(200), NO, all(200)]),
    ("comments_redact",                 Comment,              [NO, NO, NO, all(200)]),
    ("refusals_list",                   Nothing,              each(200, 200, 403, 200)),
    ("refusals_get",                    Refusal,              [own(200), all(200), NO, all(200)]),
    ("refusals_register",               Refusal,              [NO, all(201), NO, all(201)]),
    ("refusals_confirm",                Refusal,              [NO, all(200), NO, all(200)]),
    ("events_list",                     Nothing,              each(200, 200, 403, 200)),
    ("events_stream",                   Nothing,              each(200, 200, 403, 200)),
    ("webhooks_list",                   Nothing,              each(200, 403, 403, 200)),
    ("webhooks_create",                 Nothing,              each(201, 403, 403, 201)),
    ("webhooks_get",                    Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_update",                 Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_secret_rotate",          Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_test",                   Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_deliveries_list",        Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_deliveries_redeliver",   Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_redeliver",              Webhook,              [own(200), NO, NO, all(200)]),
    ("webhooks_delete",                 Webhook,              [own(204), NO, NO, all(204)]),
    // The last one: nothing can be asked after it.
    ("auth_logout",                     Nothing,              each(204, 204, 204, 204)),
];

/// The operations that need no sign-in.
const OPEN: &[&str] = &[
    "auth_login",
    "auth_refresh",
    "auth_password_reset_request",
    "auth_password_reset_confirm",
    "reference_get",
];

pub const ROLES: [&str; 4] = ["customer", "engineer", "commercial", "admin"];

/// An id that nothing has.
const MISSING: i64 = 4_000_000;

/// Every operation of the document: its id, method, path below `/api/v1`, itself.
pub fn operations() -> Vec<(&'static str, String, &'static str, &'static Value)> {
    let mut found = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let path = path.strip_prefix("/api/v1").unwrap();
            found.push((id, method.to_uppercase(), path, operation));
        }
    }
    found
}

pub fn row(operation: &str) -> (Thing, [Answers; 4]) {
    let row = TABLE.iter().find(|(id, ..)| *id == operation);
    let (_, thing, answers) = row.unwrap_or_else(|| panic!("{operation} has no row"));
    (*thing, *answers)
}

/// The number of the delivery that belongs to a webhook.
fn delivery_of(id: &str) -> String {
    format!("1{id:0>6}")
}

/// The path of a call on a thing.
pub fn filled(
    template: &str,
    id: impl ToString,
    user_id: impl ToString,
    other_id: impl ToString,
) -> String {
    let id = id.to_string();
    let path = template.replace("{id}", &id).replace("{comment_id}", &id);
    let path = path.replace("{attachment_id}", &id);
    let path = path.replace("{delivery_id}", &delivery_of(&id));
    let path = path.replace("{on}", &day_of(&id));
    path.replace("{user_id}", &user_id.to_string()).replace("{other_id}", &other_id.to_string())
}

/// The day that eight digits are; nothing else is one.
fn day_of(digits: &str) -> String {
    match (digits.get(..4), digits.get(4..6), digits.get(6..)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => digits.to_owned(),
    }
}

/// The path of a comment within its ticket, of a file within its release: there the comment and
/// the file are the thing.
pub fn within(app: &TestApp, template: &str, id: i64) -> String {
    let query = match template {
        it if it.contains("{comment_id}") => "select ticket_id from comments",
        it if it.contains("{attachment_id}") => "select release_id from attachments",
        _ => return template.to_owned(),
    };
    let found = app.read(&format!("{query} where id = {id}"));
    let whole = found.first().map_or("4000000", |it| it.trim_matches(['(', ')']));
    template.replace("{id}", whole)
}

/// A number that no other call gets.
fn number() -> usize {
    static NUMBERS: AtomicUsize = AtomicUsize::new(1);
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

/// The id of a thing of the customer's company, or of the other one; for what belongs to one
/// person alone, of the caller's or of somebody else's.
pub fn make(app: &TestApp, thing: Thing, is_own: bool, caller: &Person) -> i64 {
    let choose = |own: i64, foreign: i64| if is_own { own } else { foreign };
    let mut request = app.request();
    request["project_id"] = json!(choose(app.ids.project, app.ids.other_project));
    let author = if is_own { app.customer() } else { app.stranger() };
    match thing {
        Nothing => 0,
        Ticket(status) if is_own => app.ticket(status),
        Ticket(_) => author.post("/tickets", request).expect(201).id(),
        Comment => {
            let ticket = author.post("/tickets", request).expect(201).id();
            let said = json!({ "body": "Журнал прилагаю." });
            let is_support = [app.engineer().id, app.admin().id].contains(&caller.id);
            let speaker = if is_support { caller } else { &author };
            speaker.post(&format!("/tickets/{ticket}/comments"), said).expect(201).id()
        }
        File => {
            request["attachments"] = json!([{ "upload_id": author.uploaded("a.log", b"log") }]);
            let ticket = author.post("/tickets", request).expect(201).id();
            author.get(&format!("/tickets/{ticket}/attachments")).items()[0]["id"].as_i64().unwrap()
        }
        Refusal => {
            request["description"] = request["subject"].clone();
            let refused = author.post("/tickets", request).expect(422);
            refused.body["refusal_id"].as_i64().unwrap()
        }
        Company => choose(app.ids.company, app.ids.other_company),
        Customer => {
            let company = choose(app.ids.company, app.ids.other_company);
            app.admin().post("/users", person_of(company)).expect(201).id()
        }
        Engineer => {
            let mut person = person_of(0);
            (person["role"], person["company_id"]) = (json!("engineer"), Value::Null);
            app.admin().post("/users", person).expect(201).id()
        }
        Project => choose(app.ids.project, app.ids.other_project),
        Direction => choose(app.ids.telephony, app.ids.wifi),
        Product => choose(app.ids.product, app.ids.wifi_product),
        Session => {
            let owner = if is_own { caller.clone() } else { app.colleague() };
            app.sign_in(&owner.email, PASSWORD).expect(200);
            let query = format!("select max(id) from sessions where user_id = {}", owner.id);
            app.read(&query)[0].trim_matches(['(', ')']).parse().unwrap()
        }
        ApiToken => {
            let owner = if is_own { caller.clone() } else { app.colleague() };
            owner.post("/me/api-tokens", api_token()).expect(201).id()
        }
        Day => {
            let day = free_day();
            app.admin().post("/settings/calendar/days", day.clone()).expect(201);
            day["on"].as_str().unwrap().replace('-', "").parse().unwrap()
        }
        Release => {
            let path = format!("/products/{}/releases", app.ids.product);
            app.engineer().post(&path, release()).expect(201).id()
        }
        AnswerTemplate => {
            app.engineer().post("/answer-templates", answer_template()).expect(201).id()
        }
        ReleaseFile => {
            let path = format!("/products/{}/releases", app.ids.product);
            let mut new = release();
            new["attachments"] = json!([{ "upload_id": app.engineer().uploaded("a.bin", b"a") }]);
            let made = app.engineer().post(&path, new).expect(201);
            made.body["attachments"][0]["id"].as_i64().unwrap()
        }
        Webhook => {
            let id = author.post("/webhooks", webhook()).expect(201).id();
            // A delivery whose number follows from it, so that one number names both.
            app.sql(&format!(
                "insert into webhook_deliveries
                    (id, webhook_id, type, state, attempts, due_at, created_at)
                 overriding system value
                 values ({}, {id}, 'webhook.ping', 'failed', 10, now(), now())",
                delivery_of(&id.to_string()),
            ));
            id
        }
    }
}

fn free_day() -> Value {
    let number = number();
    let on =
        format!("2{:03}-{:02}-{:02}", number / 300 + 100, number / 25 % 12 + 1, number % 25 + 1);
    json!({ "on": on, "kind": "day_off", "reason": "Санитарный день" })
}

fn api_token() -> Value {
    json!({ "name": "Ночная выгрузка", "scopes": ["directory:read"] })
}

fn webhook() -> Value {
    json!({ "url": format!("https://hooks.example.kz/{}", number()) })
}

fn person_of(company: i64) -> Value {
    json!({
        "role": "customer", "first_name": "Новый", "last_name": "Человек",
        "email": format!("new-{}@helpdesk.example", number()), "company_id": company,
    })
}

fn answer_template() -> Value {
    json!({ "title": "Журнал", "text": "Пришлите журнал шлюза.", "language": "ru" })
}

fn release() -> Value {
    json!({ "version": format!("3.{}", number()) })
}

/// A body that the role could send; `None` where the operation takes none.
pub fn body(app: &TestApp, operation: &str, role: &str) -> Option<Value> {
    let name = json!({ "name": format!("Новое {}", number()) });
    let request = || {
        let mut request = app.request();
        if role != "customer" {
            request["author_id"] = json!(app.customer().id);
        }
        request
    };
    Some(match operation {
        "companies_create" | "directions_create" => name,
        "releases_create" => release(),
        "answer_templates_create" => answer_template(),
        "products_create" => json!({ "name": name["name"], "direction_id": app.ids.wifi }),
        "projects_create" => {
            let company = app.admin().post("/companies", name).expect(201).id();
            json!({ "company_id": company, "direction_id": app.ids.wifi })
        }
        "users_create" => person_of(app.ids.company),
        "tickets_create" | "tickets_check" => request(),
        "tickets_transition" if role == "customer" => {
            json!({ "to": "resolved", "comment": "Уже не нужно." })
        }
        "tickets_transition" => json!({ "to": "in_progress" }),
        "tickets_assign" => json!({ "assignee_id": app.engineer().id }),
        "me_api_tokens_create" => api_token(),
        "webhooks_create" => webhook(),
        "webhooks_redeliver" => {
            json!({ "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z" })
        }
        "settings_assignment_update" => json!({ "automatic": [] }),
        "settings_calendar_days_create" => free_day(),
        "settings_calendar_calculate" => {
            json!({ "start": "2026-11-20T17:30:00+06:00", "minutes": 60 })
        }
        "settings_calendar_update" => json!({
            "zone": "Asia/Almaty", "opens": "09:00", "closes": "18:00",
            "weekdays": ["monday"], "filled_until": "2027-12-31",
        }),
        "settings_sla_update" => app.admin().get("/settings/sla").expect(200).body,
        "tickets_redact" => json!({ "field": "steps", "reason": "Был пароль." }),
        "attachments_redact" => json!({ "reason": "Был пароль." }),
        "comments_redact" => json!({ "reason": "Был пароль." }),
        "comments_create" => json!({ "body": "Есть новости." }),
        "me_notifications_mark_read" => json!({ "all": true }),
        _ => {
            let all = operations();
            let (.., found) = all.iter().find(|(id, ..)| *id == operation)?;
            return found["requestBody"].is_object().then(|| json!({}));
        }
    })
}

pub fn call(person: &Person, method: &str, path: &str, body: Option<&Value>) -> Reply {
    let text = body.map(Value::to_string);
    let headers: &[_] = if body.is_some() { &[("content-type", "application/json")] } else { &[] };
    person.send(method, path, headers, text.as_ref().map(String::as_bytes))
}

/// CF07: what changes the directory or the settings has one entry in the audit log, and what was
/// not done has none that says so.
fn must_be_recorded(app: &TestApp, operation: &Value, method: &str, answer: &Reply) {
    let scope = operation["x-required-scope"].as_str().unwrap_or_default();
    let recorded = ["directory:write", "settings:write", "webhooks:write", "admin"];
    if method == "GET" || !recorded.contains(&scope) {
        return;
    }
    let request_id = answer.header("x-request-id");
    let entries = app.read(&format!(
        "select action from audit_log where request_id = '{request_id}' and outcome = 'done'"
    ));
    let id = operation["operationId"].as_str().unwrap();
    let is_done = answer.status < 300;
    let expected = if is_done { vec![format!("({id})")] } else { Vec::new() };
    // What changes nothing is not told.
    let is_idle = is_done && entries.is_empty() && id.ends_with("_update");
    assert!(entries == expected || is_idle, "{id} {}: {entries:?}", answer.text);
}

/// Walks the table as one role; every answer must be the one that is written there.
fn walk(column: usize, person: fn(&TestApp) -> Person) {
    let app = TestApp::spawn();
    let (role, person) = (ROLES[column], person(&app));
    let operations = operations();
    let watcher = app.other_engineer().id;
    let other = app.ticket("new");
    let mut wrong = Vec::new();
    for (operation, thing, answers) in TABLE {
        let found = operations.iter().find(|(id, ..)| id == operation);
        let (_, method, template, described) = found.unwrap_or_else(|| panic!("no {operation}"));
        let places = ["own", "foreign", "missing"].into_iter().zip(answers[column]);
        let mut hidden = Vec::new();
        for (place, expected) in places.take(if *thing == Nothing { 1 } else { 3 }) {
            let id = if place == "missing" {
                MISSING
            } else {
                make(&app, *thing, place == "own", &person)
            };
            let template = within(&app, template, id);
            let path = filled(&template, id, watcher, other);
            let body = body(&app, operation, role);
            let answer = call(&person, method, &path, body.as_ref());
            must_be_recorded(&app, described, method, &answer);
            if answer.status != expected {
                wrong.push(format!("{operation} {place}: {expected} {}", answer.text));
            }
            if answer.status == 404 {
                hidden.push(answer);
            }
        }
        for answer in &hidden {
            let names = |it: &Reply| {
                let mut names: Vec<String> = it.headers.keys().cloned().collect();
                names.sort();
                names
            };
            assert_eq!(answer.but_for_its_id(), hidden[0].but_for_its_id(), "{operation}");
            assert_eq!(names(answer), names(&hidden[0]), "{operation}");
        }
    }
    assert!(wrong.is_empty(), "as {role}:\n{}", wrong.join("\n"));
}

/// AZ01, AZ02: a customer, on own, foreign and missing things; the last two look the same.
#[test]
fn sec_az01_a_customer_gets_what_the_table_says() {
    walk(0, TestApp::customer);
}

/// AZ01: an engineer.
#[test]
fn sec_az01_an_engineer_gets_what_the_table_says() {
    walk(1, TestApp::engineer);
}

/// AZ01: the commercial department, which sees no ticket content.
#[test]
fn sec_az01_the_commercial_department_gets_what_the_table_says() {
    walk(2, TestApp::commercial);
}

/// AZ01: an admin.
#[test]
fn sec_az01_an_admin_gets_what_the_table_says() {
    walk(3, TestApp::admin);
}

/// AZ01, AZ11: an operation that nobody has thought about fails here, and what the document and
/// `GET /me` tell of each role is what the table says.
#[test]
fn sec_az01_every_operation_has_a_row() {
    let app = TestApp::spawn();
    let people = [app.customer(), app.engineer(), app.commercial(), app.admin()];
    let told = people.map(|it| it.get("/me").expect(200).body["operations"].clone());

    for (id, _, _, operation) in operations() {
        let (_, answers) = row(id);
        let permitted: Vec<&str> = ROLES
            .into_iter()
            .zip(answers)
            .filter(|(_, answers)| answers.iter().any(|it| *it != 403))
            .map(|(role, _)| role)
            .collect();

        let description = operation["description"].as_str().unwrap();
        let sentence = format!("Roles: {}.", permitted.join(", "));
        assert!(permitted.len() == 4 || description.contains(&sentence), "{id}: {description}");
        assert_eq!(operation["security"] == json!([]), OPEN.contains(&id), "{id}");
        for (role, told) in ROLES.iter().zip(&told) {
            let is_told = told.as_array().unwrap().contains(&json!(id));
            assert_eq!(is_told, permitted.contains(role), "{id} {role}");
        }
    }
    assert_eq!(operations().len(), TABLE.len());
}

/// AZ01: without a sign-in nothing answers but a short written list.
#[test]
fn sec_az01_everything_needs_a_sign_in_but_a_short_list() {
    let app = TestApp::spawn();
    let anonymous = app.anonymous();

    for (id, method, template, _) in operations() {
        for thing in ["1", "4000000", "x"] {
            let path = filled(template, thing, thing, thing);
            let answer = anonymous.send(&method, &path, &[], None);
            if OPEN.contains(&id) {
                assert!([200, 422].contains(&answer.status), "{id}: {}", answer.text);
            } else {
                assert_eq!(answer.status, 401, "{id}: {}", answer.text);
                assert_eq!(answer.code(), "unauthenticated");
            }
        }
    }
}

/// Commercial on a ticket operation: 403 before any look at the ticket or the body.
#[test]
fn sec_az01_the_commercial_department_sees_no_ticket_content() {
    let app = TestApp::spawn();
    let commercial = app.commercial();
    let own = app.ticket("new");

    let mut seen = 0;
    for (id, method, template, operation) in operations() {
        let tag = operation["tags"][0].as_str().unwrap();
        if !["tickets", "comments", "refusals"].contains(&tag) && id != "me_tickets_list" {
            continue;
        }
        for thing in [own, MISSING] {
            let path = filled(template, thing, thing, thing);
            let answer = commercial.send(&method, &path, &[], None).expect(403);
            assert_eq!(answer.code(), "forbidden", "{id}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}
