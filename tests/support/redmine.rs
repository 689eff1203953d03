//! A Redmine that answers as a real one was recorded, and can be changed as people change things.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::free::{Address, free_address};

/// An admin's key.
pub const REDMINE_KEY: &str = "1111111111111111111111111111111111111111";

static RECORDED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../import/recorded.json")).unwrap());

/// What was sent to the Redmine that was recorded.
pub static TRUTH: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../import/truth.json")).unwrap());

/// What it has, and how it fares.
pub struct Things {
    pub issues: Vec<Value>,
    pub lists: serde_json::Map<String, Value>,
    pub files: HashMap<i64, Vec<u8>>,
    /// The paths of what nobody may read, since its project is archived.
    pub forbidden: HashSet<String>,
    /// How many requests are answered properly; later ones are not.
    pub answers: usize,
    /// What becomes of those.
    pub failing: Failing,
    /// How many there were.
    pub asked: usize,
}

/// How a Redmine fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    With500,
    HangingUp,
    Silent,
    /// In the middle of a body.
    BreakingOff,
}

pub struct Redmine {
    address: Address,
    things: Arc<Mutex<Things>>,
}

impl Redmine {
    pub fn start() -> Self {
        let recorded = RECORDED.clone();
        let files = recorded["files"].as_object().unwrap().iter();
        let files = files
            .map(|(id, it)| (id.parse().unwrap(), STANDARD.decode(it.as_str().unwrap()).unwrap()));
        let mut lists = recorded["lists"].as_object().unwrap().clone();
        let categories = json!([{ "id": 1, "name": "Линии" }, { "id": 2, "name": "Прошивка" }]);
        lists.insert(
            "/projects/21.json".to_owned(),
            json!({ "project": { "id": 21, "issue_categories": categories } }),
        );
        let things = Things {
            issues: recorded["issues"].as_array().unwrap().clone(),
            lists,
            files: files.collect(),
            forbidden: HashSet::from(["/projects/28.json".to_owned()]),
            answers: usize::MAX,
            failing: Failing::With500,
            asked: 0,
        };
        let redmine = Self { address: free_address(), things: Arc::new(Mutex::new(things)) };
        let listener = TcpListener::bind(&*redmine.address).unwrap();
        let things = Arc::clone(&redmine.things);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let things = Arc::clone(&things);
                std::thread::spawn(move || serve(connection.unwrap(), &things));
            }
        });
        redmine
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes what it has.
    pub fn change<T>(&self, change: impl FnOnce(&mut Things) -> T) -> T {
        change(&mut self.things.lock().unwrap())
    }

    /// The issue of a tag of the truth.
    pub fn tagged(tag: &str) -> i64 {
        TRUTH["issues"][tag]["id"].as_i64().unwrap_or_else(|| panic!("no issue {tag}"))
    }
}

impl Things {
    /// How the next request fails; none: it is answered.
    fn failing(&self) -> Option<Failing> {
        (self.asked >= self.answers).then_some(self.failing)
    }

    /// Archives a project: it is in no list, and not even an admin reads its issues.
    pub fn archive(&mut self, id: i64) {
        let projects = self.lists["/projects.json"]["projects"].as_array_mut().unwrap();
        projects.retain(|it| it["id"] != id);
        let (gone, here) = std::mem::take(&mut self.issues)
            .into_iter()
            .partition(|it: &Value| it["project"]["id"] == id);
        self.issues = here;
        let gone: Vec<Value> = gone;
        self.forbidden.extend(gone.iter().map(|it| format!("/issues/{}.json", it["id"])));
        self.forbidden.insert(format!("/projects/{id}.json"));
    }

    /// The roles of somebody in a project, by their numbers.
    pub fn set_roles(&mut self, project: i64, person: i64, roles: &[i64]) {
        let path = format!("/projects/{project}/memberships.json");
        let members = self.lists[&path]["memberships"].as_array_mut().unwrap();
        members.retain(|it| it["user"]["id"] != person);
        let roles: Vec<Value> = roles.iter().map(|it| json!({ "id": it })).collect();
        members.push(json!({ "id": 9000 + person, "user": { "id": person }, "roles": roles }));
        self.lists[&path]["total_count"] = json!(null);
    }

    /// Moves somebody to the list of people with a status, or to none.
    pub fn set_status(&mut self, person: i64, status: Option<i64>) {
        let mut found = None;
        for of in 1..=3 {
            let list = &mut self.lists[&format!("/users.json?status={of}")];
            let users = list["users"].as_array_mut().unwrap();
            let place = users.iter().position(|it| it["id"] == person);
            found = found.or(place.map(|it| users.remove(it)));
            list["total_count"] = json!(null);
        }
        if let Some(status) = status {
            let list = &mut self.lists[&format!("/users.json?status={status}")];
            list["users"].as_array_mut().unwrap().push(found.unwrap());
        }
    }

    pub fn issue(&mut self, id: i64) -> &mut Value {
        self.issues.iter_mut().find(|it| it["id"] == id).unwrap()
    }
}

fn serve(connection: TcpStream, things: &Mutex<Things>) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut to = connection;
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let failing = things.lock().unwrap().failing();
        match failing {
            Some(Failing::HangingUp) => return,
            // It is never woken: whoever waits gives up first.
            Some(Failing::Silent) => std::thread::park(),
            Some(Failing::BreakingOff) => {
                drop(to.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"issue\""));
                return;
            }
            Some(Failing::With500) | None => {}
        }
        let (status, tag, body) = answer(&head, &mut things.lock().unwrap());
        let head = format!(
            "HTTP/1.1 {status} OK\r\nContent-Length: {}\r\nETag: {tag}\r\nContent-Type: application/json\r\n\r\n",
            body.len()
        );
        if to.write_all(head.as_bytes()).and_then(|()| to.write_all(&body)).is_err() {
            return;
        }
    }
}

type Answer = (u16, String, Vec<u8>);

fn answer(head: &[String], things: &mut Things) -> Answer {
    let header = |name: &str| {
        let found = head
            .iter()
            .filter_map(|it| it.split_once(": "))
            .find(|it| it.0.eq_ignore_ascii_case(name));
        found.map(|it| it.1.to_owned())
    };
    let empty = |status| (status, String::new(), Vec::new());
    things.asked += 1;
    if header("x-redmine-api-key").as_deref() != Some(REDMINE_KEY) {
        return empty(401);
    }
    if things.asked > things.answers {
        return empty(500);
    }
    let target = head[0].split(' ').nth(1).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query: HashMap<String, String> = query
        .split('&')
        .filter_map(|it| it.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect();
    if let Some(id) = path.strip_prefix("/attachments/download/") {
        return content(id.parse().unwrap(), header("if-none-match"), things);
    }
    let found = match path {
        "/issues.json" => Some(list(&query, things)),
        _ => issue(path, things).or_else(|| listed(&decoded(path), &query, things)),
    };
    match found {
        Some(body) => (200, String::new(), body.to_string().into_bytes()),
        None if things.forbidden.contains(path) => empty(403),
        None => empty(404),
    }
}

fn decoded(value: &str) -> String {
    percent_encoding::percent_decode_str(&value.replace('+', " "))
        .decode_utf8()
        .unwrap()
        .into_owned()
}

/// The tag of bytes: the MD5 of the SHA-256 in hexadecimal digits.
fn content(id: i64, known: Option<String>, things: &Things) -> Answer {
    let Some(bytes) = things.files.get(&id) else { return (404, String::new(), Vec::new()) };
    let hex = |bytes: &[u8]| bytes.iter().map(|it| format!("{it:02x}")).collect::<String>();
    let sha256 = hex(&Sha256::digest(bytes));
    let tag = format!("W/\"{}\"", hex(md5::Md5::digest(sha256).as_ref()));
    if known.as_ref() == Some(&tag) { (304, tag, Vec::new()) } else { (200, tag, bytes.clone()) }
}

fn issue(path: &str, things: &Things) -> Option<Value> {
    let id: i64 = path.strip_prefix("/issues/")?.strip_suffix(".json")?.parse().ok()?;
    let found = things.issues.iter().find(|it| it["id"] == id)?;
    Some(json!({ "issue": found }))
}

fn list(query: &HashMap<String, String>, things: &Things) -> Value {
    let from: i64 =
        query.get("issue_id").map_or(0, |it| it.trim_start_matches(">=").parse().unwrap());
    let is_private = query.get("is_private").is_some_and(|it| it == "1");
    let since = query.get("updated_on").map(|it| it.trim_start_matches(">=").to_owned());
    let is_listed = |it: &&Value| {
        it["id"].as_i64().unwrap() >= from
            && (!is_private || it["is_private"] == true)
            && since
                .as_ref()
                .is_none_or(|since| it["updated_on"].as_str().unwrap() >= since.as_str())
    };
    let mut found: Vec<Value> = things.issues.iter().filter(is_listed).cloned().collect();
    found.sort_by_key(|it| it["id"].as_i64().unwrap());
    if query.get("sort").is_some_and(|it| it == "id:desc") {
        found.reverse();
    }
    let total = found.len();
    let limit = query.get("limit").map_or(25, |it| it.parse().unwrap());
    found.truncate(limit);
    for issue in &mut found {
        let issue = issue.as_object_mut().unwrap();
        issue.remove("journals");
        issue.remove("watchers");
        issue.entry("relations").or_insert_with(|| json!([]));
    }
    json!({ "issues": found, "total_count": total, "offset": 0, "limit": limit })
}

fn listed(path: &str, query: &HashMap<String, String>, things: &Things) -> Option<Value> {
    let status = query.get("status").map(|it| format!("{path}?status={it}"));
    let found = status.and_then(|it| things.lists.get(&it)).or_else(|| things.lists.get(path))?;
    let mut found = found.clone();
    // What was recorded is the first page, and the only one.
    if query.get("offset").is_some_and(|it| it != "0") {
        for (_, rows) in found.as_object_mut().unwrap().iter_mut().filter(|it| it.1.is_array()) {
            *rows = json!([]);
        }
    }
    Some(found)
}
