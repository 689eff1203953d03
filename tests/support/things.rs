//! The things that operations are tried on, each made afresh where a call may change it.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::accounts::PASSWORD;
use super::app::TestApp;
use super::paths::delivery_of;
use super::person::Person;
use super::requests::with;
use super::response::ids;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Thing {
    /// The operation has no id in its path.
    Nothing,
    /// A ticket, in this status if it is the own company's.
    Ticket(&'static str),
    /// A comment of the caller if they may comment, else of the ticket's author.
    Comment,
    /// A comment that came by mail.
    MailedComment,
    /// A ticket that came by mail.
    MailedTicket,
    /// A mail that was not used.
    UnusedMail,
    Refusal,
    /// The filing of a ticket.
    Event,
    /// A file of a ticket.
    File,
    /// A file of a ticket that is a picture.
    Picture,
    Company,
    /// One that nobody belongs to.
    NewCompany,
    ClosedCompany,
    Customer,
    /// An engineer, never the caller.
    Engineer,
    Project,
    Direction,
    Product,
    Topic,
    /// A session of the caller or of somebody else.
    Session,
    /// A token of the caller or of somebody else.
    ApiToken,
    /// A day off; its id is its digits.
    Day,
    Release,
    /// A file of a release.
    ReleaseFile,
    /// A file of the caller or of somebody else that is in no ticket yet.
    Upload,
    AnswerTemplate,
    Macro,
    /// A view of the caller or of somebody else that is not shared.
    View,
    /// An article that customers read.
    Article,
    /// A bulk operation of the caller or of another engineer.
    Bulk,
    /// A webhook of the company, with a delivery.
    Webhook,
}

use Thing::*;

/// A GIF of one pixel.
const PICTURE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// The id of a thing of the customer's company or of the other one; if it belongs to one person
/// alone, of the caller's or of somebody else's.
pub fn make(app: &TestApp, thing: Thing, is_own: bool, caller: &Person) -> i64 {
    let choose = |own: i64, foreign: i64| if is_own { own } else { foreign };
    let project = choose(app.ids.project, app.ids.other_project);
    let request = app.request_with(&json!({ "project_id": project }));
    let author = if is_own { app.customer() } else { app.stranger() };
    let owner = || if is_own { caller.clone() } else { app.colleague() };
    match thing {
        Nothing => 0,
        Ticket(status) if is_own => app.ticket(status),
        Ticket(_) => author.has_filed(request),
        Comment => {
            let ticket = author.has_filed(request);
            let is_support = [app.engineer().id, app.admin().id].contains(&caller.id);
            let speaker = if is_support { caller } else { &author };
            speaker.replies(ticket, "Журнал прилагаю.").id()
        }
        MailedComment => {
            let id = make(app, Comment, is_own, caller);
            app.sql(&format!(
                "insert into inbound_mails (message_id, content, subject, ticket_id, comment_id, is_cut, received_at)
                 select '{id}', '', '', ticket_id, {id}, false, now() from comments where id = {id}"
            ));
            id
        }
        MailedTicket => {
            let id = make(app, Ticket("new"), is_own, caller);
            app.sql(&format!(
                "insert into inbound_mails (message_id, content, subject, ticket_id, is_request, is_cut, received_at)
                 values ('ticket {id}', '', '', {id}, true, false, now())"
            ));
            id
        }
        UnusedMail => app.value(&format!(
            "insert into inbound_mails (message_id, content, subject, sender, reason, text, is_cut, received_at)
             values ('unused {}', '', 'Нет звука', '{}', 'foreign_sender', 'Нет звука на транке.', false, now())
             returning id",
            number(),
            author.email
        )),
        Event => {
            let ticket = author.has_filed(request);
            app.value(&format!("select id from events where ticket_id = {ticket}"))
        }
        File | Picture => {
            let bytes = if thing == Picture { PICTURE } else { b"log" };
            let files = json!([{ "upload_id": author.uploaded("a.log", bytes) }]);
            let ticket = author.has_filed(with(request, &json!({ "attachments": files })));
            ids(&author.attachments(ticket))[0]
        }
        Refusal => {
            let request = with(request.clone(), &json!({ "description": request["subject"] }));
            author.files(request).refusal(422, "no_description", "3.4.1.1")
        }
        Company => choose(app.ids.company, app.ids.other_company),
        NewCompany => new_company(app),
        ClosedCompany => {
            let id = new_company(app);
            app.admin().closes_company(id);
            id
        }
        Customer => registered(app, customer_of(choose(app.ids.company, app.ids.other_company))),
        Engineer => {
            let staff = json!({ "role": "engineer", "company_id": null });
            registered(app, with(customer_of(app.ids.company), &staff))
        }
        Project => {
            // An update before may have switched it off.
            app.sql("update projects set is_active = true");
            choose(app.ids.project, app.ids.other_project)
        }
        Direction => choose(app.ids.telephony, app.ids.wifi),
        Product => choose(app.ids.product, app.ids.wifi_product),
        Topic => {
            let direction = choose(app.ids.telephony, app.ids.wifi);
            let body = json!({ "name": format!("Тема {}", number()), "direction_id": direction });
            app.admin().post("/topics", body).expect(201).id()
        }
        Session => {
            let owner = owner();
            app.sign_in(&owner.email, PASSWORD).expect(200);
            app.value(&format!("select max(id) from sessions where user_id = {}", owner.id))
        }
        ApiToken => owner().makes_api_token(&["directory:read"]).expect(201).id(),
        Day => {
            let day = free_day();
            app.admin().post("/settings/calendar/days", day.clone()).expect(201);
            day["on"].as_str().unwrap().replace('-', "").parse().unwrap()
        }
        Release => app.release(release()).id(),
        ReleaseFile => {
            let files = json!([{ "upload_id": app.engineer().uploaded("a.bin", b"a") }]);
            let created = app.release(with(release(), &json!({ "attachments": files })));
            created.body["attachments"][0]["id"].as_i64().unwrap()
        }
        // Whoever may send no files asks for one that is not theirs.
        Upload if caller.id == app.commercial().id => 0,
        Upload => {
            let number = number() as i64;
            let id = owner().uploaded("a.log", b"log");
            app.sql(&format!("update uploads set id = 'up_{number}' where id = '{id}'"));
            number
        }
        AnswerTemplate => {
            app.engineer().post("/answer-templates", answer_template()).expect(201).id()
        }
        Macro => app.engineer().post("/macros", prepared_macro()).expect(201).id(),
        // Whoever sees no tickets asks for one that is not theirs.
        View if caller.id == app.commercial().id => 1,
        View => owner().post("/views", view()).expect(201).id(),
        Article => app.article_for_customers(article()),
        Bulk => {
            let is_theirs = is_own && [app.engineer().id, app.admin().id].contains(&caller.id);
            let person = if is_theirs { caller.clone() } else { app.other_engineer() };
            person.post("/tickets/bulk", bulk(app)).expect(200).id()
        }
        Webhook => webhook_with_delivery(app, &author),
    }
}

fn new_company(app: &TestApp) -> i64 {
    let name = format!("Новая компания {}", number());
    app.admin().post("/companies", json!({ "name": name })).expect(201).id()
}

fn registered(app: &TestApp, person: Value) -> i64 {
    app.admin().post("/users", person).expect(201).id()
}

/// A webhook with a delivery whose id follows from its own, so that one id names both.
fn webhook_with_delivery(app: &TestApp, owner: &Person) -> i64 {
    let id = owner.post("/webhooks", webhook()).expect(201).id();
    app.sql(&format!(
        "insert into webhook_deliveries (id, webhook_id, type, state, attempts, due_at, created_at)
         overriding system value
         values ({}, {id}, 'webhook.ping', 'failed', 10, now(), now())",
        delivery_of(&id.to_string()),
    ));
    id
}

/// A number that no other call returns.
pub fn number() -> usize {
    static NUMBERS: AtomicUsize = AtomicUsize::new(1);
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

pub fn free_day() -> Value {
    let number = number();
    let on =
        format!("2{:03}-{:02}-{:02}", number / 300 + 100, number / 25 % 12 + 1, number % 25 + 1);
    json!({ "on": on, "kind": "day_off", "reason": "Санитарный день" })
}

pub fn api_token() -> Value {
    json!({ "name": "Ночная выгрузка", "scopes": ["directory:read"] })
}

/// A key of a Redmine that nobody has yet.
pub fn legacy_key() -> Value {
    json!({ "key": format!("{:040x}", number()) })
}

pub fn webhook() -> Value {
    json!({ "url": format!("https://hooks.example.kz/{}", number()) })
}

pub fn customer_of(company: i64) -> Value {
    json!({
        "role": "customer", "first_name": "Новый", "last_name": "Человек",
        "email": format!("new-{}@helpdesk.example", number()), "company_id": company,
    })
}

pub fn answer_template() -> Value {
    json!({ "title": "Журнал", "text": "Пришлите журнал шлюза.", "language": "ru" })
}

pub fn prepared_macro() -> Value {
    json!({ "title": "Смотрим", "language": "ru", "comment": "{contact.first_name}, смотрим." })
}

pub fn bulk(app: &TestApp) -> Value {
    let ticket = app.customer().has_filed(app.request());
    json!({ "ids": [ticket], "action": { "type": "comment", "body": "Смотрим." } })
}

pub fn view() -> Value {
    json!({ "name": format!("Мои {}", number()), "filters": { "status": ["open"] } })
}

pub fn release() -> Value {
    json!({ "version": format!("3.{}", number()) })
}

pub fn article() -> Value {
    json!({
        "title": format!("Шлюз теряет регистрацию {}", number()), "language": "ru",
        "problem": "Абоненты пропадают раз в час.", "solution": "Увеличьте время регистрации.",
    })
}
