//! The paths of operations on things.

use super::app::TestApp;
use super::operations::Operation;
use super::things::{Thing, make};

/// The path of a call on a thing, whose id stands for all that belongs to it.
pub fn filled(
    template: &str,
    id: impl ToString,
    user_id: impl ToString,
    other_id: impl ToString,
) -> String {
    let id = id.to_string();
    let template = template.replace("/uploads/{id}", &format!("/uploads/up_{id}"));
    let path = template.replace("{id}", &id).replace("{comment_id}", &id);
    let path = path.replace("{attachment_id}", &id).replace("{kind}", "commented");
    let path = path.replace("{delivery_id}", &delivery_of(&id));
    let path = path.replace("{on}", &day_of(&id));
    let path = path.replace("{macro_id}", &id).replace("{template_id}", &id);
    path.replace("{user_id}", &user_id.to_string()).replace("{other_id}", &other_id.to_string())
}

/// The id of the delivery that belongs to a webhook.
pub fn delivery_of(id: &str) -> String {
    format!("1{id:0>6}")
}

/// The day that eight digits are.
fn day_of(digits: &str) -> String {
    match (digits.get(..4), digits.get(4..6), digits.get(6..)) {
        (Some(year), Some(month), Some(day)) => format!("{year}-{month}-{day}"),
        _ => digits.to_owned(),
    }
}

/// The path with the ticket of a comment, the release of a file, or a customer of the company of a
/// project or ticket, where these are the thing.
pub fn within(app: &TestApp, template: &str, id: i64) -> String {
    let customers = match template {
        it if it.contains("/members/") => Some("projects"),
        it if it.contains("/watchers/") => Some("tickets"),
        _ => None,
    };
    if let Some(table) = customers {
        let found = app.rows::<Option<i64>>(&format!(
            "select min(users.id) from users join {table} as it using (company_id) where it.id = {id}"
        ));
        let customer = found.first().copied().flatten().unwrap_or(4_000_000);
        return template.replace("{user_id}", &customer.to_string());
    }
    for (parameter, thing) in
        [("{macro_id}", Thing::Macro), ("{template_id}", Thing::AnswerTemplate)]
    {
        if template.contains(parameter) {
            let prepared = make(app, thing, true, &app.engineer());
            return template.replace(parameter, &prepared.to_string());
        }
    }
    let query = match template {
        it if it.contains("{comment_id}") => "select ticket_id from comments",
        it if it.contains("{attachment_id}") => "select release_id from attachments",
        _ => return template.to_owned(),
    };
    let found = app.rows::<i64>(&format!("{query} where id = {id}"));
    let whole = found.first().unwrap_or(&4_000_000);
    template.replace("{id}", &whole.to_string())
}

/// Where an operation is called on a thing, with what its query cannot do without; `other` is a ticket.
pub fn path_on(app: &TestApp, operation: &Operation, id: i64, other: i64) -> String {
    let template = within(app, operation.path, id);
    let path = filled(&template, id, app.other_engineer().id, other);
    format!("{path}{}", operation.required_query())
}
