//! An issue as requested by a script, in our terms.

use diesel::prelude::*;
use domain::Status;
use serde_json::{Map, Value, json};

use crate::attachments::attach::MAX_AT_ONCE;
use crate::http::caller::Caller;
use crate::http::maxima::MAX_IN_LIST;
use crate::redmine::body::{is_nothing, is_set, items, number, text};
use crate::redmine::dates;
use crate::redmine::error::RedmineError;
use crate::redmine::fields::Field;
use crate::redmine::issue::rows;
use crate::redmine::numbers::{Numbers, Word, local_id, ticket_id};
use crate::redmine::people::find_project;
use crate::redmine::product;

/// A request of a script, with Redmine numbers resolved to ours.
#[derive(Debug, Default)]
pub struct IssueRequest {
    /// Members of `TicketCreate` or `TicketPatch`.
    pub members: Map<String, Value>,
    pub status: Option<Status>,
    /// The new assignee; an inner none: nobody.
    pub assignee_id: Option<Option<i64>>,
    pub notes: Option<String>,
    pub is_private_note: bool,
    pub watcher_ids: Vec<i64>,
    pub files: Vec<RequestedFile>,
    /// Values of fields without a counterpart, as lines of the description.
    pub lines: Vec<String>,
    /// Members that are not stored here.
    pub left: Vec<&'static str>,
}

/// An upload to attach.
#[derive(Debug)]
pub struct RequestedFile {
    pub token: String,
    pub filename: Option<String>,
    pub description: Option<String>,
}

/// Reads a request member by member, collecting all errors.
pub struct Reading<'a> {
    pub numbers: &'a Numbers,
    pub caller: &'a Caller,
    /// The ticket to change; none for a new one.
    pub ticket: Option<&'a domain::ticket::Ticket>,
    pub request: IssueRequest,
    pub wrong: Vec<String>,
}

impl<'a> Reading<'a> {
    pub fn new(
        numbers: &'a Numbers,
        caller: &'a Caller,
        ticket: Option<&'a domain::ticket::Ticket>,
    ) -> Self {
        Self { numbers, caller, ticket, request: IssueRequest::default(), wrong: Vec::new() }
    }

    /// Errors: all mistakes, in sentences; an unknown project.
    pub fn read(
        mut self,
        sent: &Map<String, Value>,
        conn: &mut PgConnection,
    ) -> Result<IssueRequest, RedmineError> {
        for (name, value) in sent {
            self.member(name, value, conn)?;
        }
        self.wrong.extend(dates::wrong(sent));
        // A product belongs to a direction, which follows from the project.
        if let Some(name) = self.request.members.remove(product::NAMED) {
            let name = name.as_str().unwrap_or_default();
            let project = self.request.members.get("project_id").and_then(Value::as_i64);
            let project = project.or_else(|| self.ticket.map(|it| it.project_id));
            let (member, value) = product::member(name, project, self.caller, conn)?;
            self.request.members.insert(member.to_owned(), value);
        }
        if self.wrong.is_empty() {
            Ok(self.request)
        } else {
            Err(RedmineError::Refused(self.wrong))
        }
    }

    fn member(
        &mut self,
        name: &str,
        value: &Value,
        conn: &mut PgConnection,
    ) -> Result<(), RedmineError> {
        match name {
            // A field that nobody filled in.
            "project_id" | "tracker_id" | "status_id" if is_nothing(value) => {}
            "project_id" => {
                let id = self.project(value, conn)?;
                self.set(name, json!(id));
            }
            "tracker_id" => self.word(name, "tracker", value, &self.numbers.trackers.clone()),
            "priority_id" => self.word(name, "priority", value, &self.numbers.priorities.clone()),
            "status_id" => {
                let found = number(value).and_then(|it| self.numbers.status_of(it));
                match found {
                    Some(status) => self.request.status = Some(status),
                    None => self.no_value(name, value),
                }
            }
            "subject" | "description" => {
                let text = self.text(name, value);
                self.set(name, json!(text));
            }
            "assigned_to_id" if is_nothing(value) => self.request.assignee_id = Some(None),
            "assigned_to_id" => match self.person(value, conn)? {
                Some(id) => self.request.assignee_id = Some(Some(id)),
                None => self.no_value(name, value),
            },
            "parent_issue_id" if is_nothing(value) => self.set("parent_id", Value::Null),
            "parent_issue_id" => match ticket_number(value) {
                Some(id) => {
                    let id = ticket_id(&id.to_string(), conn)?;
                    self.set("parent_id", json!(id));
                }
                None => self.no_value(name, value),
            },
            "notes" => {
                let text = self.text(name, value);
                self.request.notes = Some(text).filter(|it| !it.trim().is_empty());
            }
            "private_notes" => self.request.is_private_note = is_set(value),
            "watcher_user_ids" => {
                let named = self.list(name, value).iter().filter(|it| !is_nothing(it));
                if named.clone().count() > MAX_IN_LIST {
                    self.wrong.push(format!("{name}: at most {MAX_IN_LIST} at once"));
                } else {
                    for it in named {
                        match self.person(it, conn)? {
                            Some(id) => self.request.watcher_ids.push(id),
                            None => self.no_value(name, it),
                        }
                    }
                }
            }
            "uploads" => self.list(name, value).iter().for_each(|it| self.upload(it)),
            "custom_fields" => {
                let fields = self.list(name, value).iter();
                fields.for_each(|it| self.field(number(&it["id"]), &it["value"]));
            }
            "custom_field_values" => match value.as_object() {
                Some(fields) => fields.iter().for_each(|it| self.field(it.0.parse().ok(), it.1)),
                None => self.no_value(name, value),
            },
            "author_id" if number(value).is_some_and(|it| self.is_caller(it, conn)) => {}
            "is_private" if !is_set(value) => {}
            other => match dates::UNSUPPORTED.iter().find(|it| **it == other) {
                Some(name) => self.request.left.push(name),
                None => self.wrong.push(format!("{other} cannot be set here")),
            },
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: Value) {
        self.request.members.insert(name.to_owned(), value);
    }

    fn no_value(&mut self, name: &str, value: &Value) {
        self.wrong.push(format!("{name}: {value} is not known here"));
    }

    /// A text; nothing clears it.
    fn text(&mut self, name: &str, value: &Value) -> String {
        if !value.is_null() && text(value).is_none() {
            self.wrong.push(format!("{name} is not a text"));
        }
        text(value).unwrap_or_default()
    }

    fn list<'v>(&mut self, name: &str, value: &'v Value) -> &'v [Value] {
        items(value).unwrap_or_else(|| {
            self.wrong.push(format!("{name} is not a list"));
            &[]
        })
    }

    /// The project here. A private ticket stays where it is as long as its project stays the same there.
    fn project(&self, value: &Value, conn: &mut PgConnection) -> Result<i64, RedmineError> {
        let named = text(value).unwrap_or_else(|| value.to_string());
        let (id, shown) = find_project(&named, self.caller, conn)?;
        let Some(ticket) = self.ticket else { return Ok(id) };
        let now = rows(&[ticket.id], conn)?;
        let is_same = now.iter().any(|it| shown["id"] == it.project_number());
        Ok(if is_same { ticket.project_id } else { id })
    }

    fn word<T: ToString>(&mut self, name: &str, ours: &str, value: &Value, words: &[Word<T>]) {
        let found = number(value).and_then(|id| words.iter().find(|it| it.id == id));
        match found {
            Some(word) => self.set(ours, json!(word.is.to_string())),
            None => self.no_value(name, value),
        }
    }

    /// The id of a person; none for an unknown one.
    fn person(&self, value: &Value, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
        match (value.as_str(), number(value)) {
            (Some("me"), _) => Ok(Some(self.caller.user_id)),
            (_, Some(id)) => Ok(Some(local_id("person", id, conn)?).filter(|it| *it > 0)),
            (_, None) => Ok(None),
        }
    }

    fn is_caller(&self, id: i64, conn: &mut PgConnection) -> bool {
        local_id("person", id, conn).is_ok_and(|it| it == self.caller.user_id)
    }

    fn upload(&mut self, value: &Value) {
        let text = |name: &str| text(&value[name]).filter(|it| !it.trim().is_empty());
        if self.request.files.len() >= MAX_AT_ONCE {
            return self.wrong.push(format!("uploads: at most {MAX_AT_ONCE} at once"));
        }
        match text("token") {
            Some(token) => self.request.files.push(RequestedFile {
                token,
                filename: text("filename"),
                description: text("description"),
            }),
            None => self.wrong.push("uploads: a token is missing".to_owned()),
        }
    }

    fn field(&mut self, id: Option<i64>, value: &Value) {
        let Some(id) = id else {
            return self.wrong.push("custom_fields: an id is missing".to_owned());
        };
        let field = self.numbers.field(id);
        let words = match value {
            Value::Array(all) => all.iter().map(text).collect(),
            Value::Null => Some(Vec::new()),
            Value::Bool(it) => Some(vec![it.to_string()]),
            Value::String(_) | Value::Number(_) | Value::Object(_) => {
                text(value).map(|it| vec![it])
            }
        };
        let Some(words) = words else {
            return self.wrong.push(format!("cf_{id}: {value} is not a value of a field"));
        };
        let text = words.join(", ");
        match field {
            Some(Field::Product) => self.set(product::NAMED, json!(text)),
            Some(Field::SerialNumber) => self.clearable("serial_number", text),
            Some(Field::SoftwareVersion) => self.clearable("software_version", text),
            Some(Field::Other(_)) if text.trim().is_empty() => {}
            Some(Field::Other(name)) if self.ticket.is_none() => {
                self.request.lines.push(format!("{name}: {text}"));
            }
            Some(Field::Other(name)) => {
                self.wrong.push(format!("cf_{id} ({name}) has no place here: say it in notes"));
            }
            None => self.wrong.push(format!("cf_{id} is not a field here")),
        }
    }

    fn clearable(&mut self, name: &str, text: String) {
        let value = if text.trim().is_empty() { Value::Null } else { json!(text) };
        self.set(name, value);
    }
}

/// The number of a ticket, `#5` as well as 5.
fn ticket_number(value: &Value) -> Option<i64> {
    match value.as_str() {
        Some(it) => it.trim().trim_start_matches('#').parse().ok(),
        None => value.as_i64(),
    }
}
