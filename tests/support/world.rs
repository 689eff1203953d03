//! The template of all databases, filled once by its people, over HTTP.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::accounts::PASSWORD;
use super::cluster::cluster;
use super::command::program;
use super::mail;
use super::response::Response;
use super::server::{JWT_KEYS, Server};

#[derive(Debug, Clone)]
pub struct Ids {
    /// «Сары-Арка Телеком».
    pub company: i64,
    /// «Жетысу Линк».
    pub other_company: i64,
    /// «Телефония».
    pub telephony: i64,
    /// «Wi-Fi».
    pub wifi: i64,
    /// The company and telephony.
    pub project: i64,
    /// The company and Wi-Fi.
    pub wifi_project: i64,
    /// The other company and telephony.
    pub other_project: i64,
    /// «SMG-1016M», of telephony.
    pub product: i64,
    /// «TAU-72.IP», of telephony.
    pub second_product: i64,
    /// «WEP-30L», of Wi-Fi.
    pub wifi_product: i64,
}

/// Somebody of the template.
pub struct Known {
    pub id: i64,
    pub token: String,
    pub email: String,
}

pub struct World {
    pub ids: Ids,
    pub people: HashMap<&'static str, Known>,
}

pub fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| {
        cluster().execute("create database template_of_tests");
        let url = cluster().url("template_of_tests");
        let server = Server::start(&url, &[]);
        // No event's position is its id: whoever takes one for the other is found out.
        let apart = "alter table feed alter column position restart with 100001";
        cluster().execute_on("template_of_tests", apart);
        // Tests run on days off, too.
        cluster().execute_on("template_of_tests", INVITED_AT_ONCE);
        let world = fill(&url, &server);
        // However long the tests take, everybody has just given their password.
        let fresh = "update sessions set authenticated_at = '2100-01-01'";
        cluster().execute_on("template_of_tests", fresh);
        // Each copy of it is a system of its own.
        cluster().execute_on("template_of_tests", "delete from installation");
        world
    });
    &WORLD
}

/// Invitations wait for no working day, unless a test drops this.
const INVITED_AT_ONCE: &str = "
    create function invited_at_once() returns trigger language plpgsql as
        $$ begin new.due_at := new.created_at; return new; end $$;
    create trigger invited_at_once before insert on mails for each row
        when (new.kind = 'invitation') execute function invited_at_once()";

const STAFF: [(&str, &str, &str, &str); 3] = [
    ("commercial", "commercial", "Дана", "Сагинтаева"),
    ("engineer", "engineer", "Ерлан", "Абдрахманов"),
    ("other_engineer", "engineer", "Олег", "Ким"),
];

const CUSTOMERS: [(&str, &str, &str); 3] = [
    ("customer", "Айгуль", "Омарова"),
    ("colleague", "Тимур", "Жаксыбеков"),
    ("stranger", "Марат", "Исаев"),
];

fn fill(url: &str, server: &Server) -> World {
    let admin = first_admin(url, server);
    let staff = STAFF.map(|(name, role, first_name, last_name)| {
        let body = json!({
            "role": role, "first_name": first_name, "last_name": last_name, "email": email(name),
        });
        (name, post(server, &admin.token, "/users", body).id())
    });
    let mut people = signed_in(server, &staff, 0);
    let commercial = &people["commercial"].token;
    let company = |name: &str| post(server, commercial, "/companies", json!({ "name": name })).id();
    let (company, other_company) = (company("Сары-Арка Телеком"), company("Жетысу Линк"));
    let direction =
        |name: &str| post(server, &admin.token, "/directions", json!({ "name": name })).id();
    let (telephony, wifi) = (direction("Телефония"), direction("Wi-Fi"));
    for (direction, engineer) in
        [(telephony, "engineer"), (wifi, "engineer"), (wifi, "other_engineer")]
    {
        let path = format!("/directions/{direction}/engineers/{}", people[engineer].id);
        call(server, &admin.token, "PUT", &path, &Value::Null, 204);
    }
    let product = |direction: i64, name: &str| {
        let body = json!({ "name": name, "direction_id": direction });
        post(server, &admin.token, "/products", body).id()
    };
    let project = |company: i64, direction: i64| {
        let body = json!({ "company_id": company, "direction_id": direction });
        post(server, commercial, "/projects", body).id()
    };
    let ids = Ids {
        company,
        other_company,
        telephony,
        wifi,
        project: project(company, telephony),
        wifi_project: project(company, wifi),
        other_project: project(other_company, telephony),
        product: product(telephony, "SMG-1016M"),
        second_product: product(telephony, "TAU-72.IP"),
        wifi_product: product(wifi, "WEP-30L"),
    };
    let customers = CUSTOMERS.map(|(name, first_name, last_name)| {
        let company = if name == "stranger" { other_company } else { company };
        let body = json!({
            "role": "customer", "first_name": first_name, "last_name": last_name,
            "email": email(name), "company_id": company,
        });
        (name, post(server, commercial, "/users", body).id())
    });
    people.extend(signed_in(server, &customers, STAFF.len()));
    people.insert("admin", admin);
    World { ids, people }
}

fn email(name: &str) -> String {
    format!("{}@helpdesk.example", name.replace('_', "-"))
}

/// The first admin of a server's database, signed in with a password of their own.
pub fn first_admin(url: &str, server: &Server) -> Known {
    let output = program()
        .args(["create-admin", "--first-name", "Алия", "--last-name", "Серикова"])
        .args(["--email", &email("admin")])
        .env_clear()
        .env("DATABASE_URL", url)
        .env("HELPDESK_JWT_KEYS", JWT_KEYS)
        .env("HELPDESK_DATA_DIR", &server.data_dir)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let password = String::from_utf8(output.stdout).unwrap();
    sign_in(server, "admin", password.trim())
}

/// Signs people in with the passwords from their mail, of which `earlier` ones are others'.
fn signed_in(
    server: &Server,
    people: &[(&'static str, i64)],
    earlier: usize,
) -> HashMap<&'static str, Known> {
    let mails = mail::read(&server.data_dir.join("mail"), earlier + people.len());
    let invited = |name: &str| mails.iter().find(|it| it.to == email(name)).unwrap().password();
    people.iter().map(|(name, _)| (*name, sign_in(server, name, &invited(name)))).collect()
}

fn sign_in(server: &Server, name: &str, one_time: &str) -> Known {
    let login = json!({ "email": email(name), "password": one_time });
    let tokens = call(server, "", "POST", "/auth/login", &login, 200).body;
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    let change = json!({ "current_password": one_time, "new_password": PASSWORD });
    call(server, &token, "POST", "/auth/password", &change, 204);
    let id = call(server, &token, "GET", "/me", &Value::Null, 200).id();
    Known { id, token, email: email(name) }
}

fn post(server: &Server, token: &str, path: &str, body: Value) -> Response {
    call(server, token, "POST", path, &body, 201)
}

fn call(
    server: &Server,
    token: &str,
    method: &str,
    path: &str,
    body: &Value,
    status: u16,
) -> Response {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", "application/json")];
    if !token.is_empty() {
        headers.push(("authorization", &bearer));
    }
    let body = (!body.is_null()).then(|| body.to_string());
    let body = body.as_ref().map(String::as_bytes);
    server.client.send(method, &format!("/api/v1{path}"), &headers, body).expect(status)
}
