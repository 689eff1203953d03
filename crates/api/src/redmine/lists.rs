//! Enumerations and other lists.

use actix_web::web::Path;
use serde_json::{Value, json};

use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::numbers::Numbers;
use crate::redmine::people::{categories as categories_of, find_project};

async fn numbers(reader: &Reader) -> Result<Numbers, RedmineError> {
    Ok(reader.db.run(|conn| Ok(Numbers::load(conn)?)).await?)
}

pub async fn statuses(reader: Reader) -> RedmineResult {
    let numbers = numbers(&reader).await?;
    let list: Vec<Value> = numbers
        .statuses
        .iter()
        .map(|it| json!({ "id": it.id, "name": it.name, "is_closed": it.is.is_final() }))
        .collect();
    respond(&json!({ "issue_statuses": list }))
}

pub async fn trackers(reader: Reader) -> RedmineResult {
    let numbers = numbers(&reader).await?;
    let first = numbers.statuses.first().map(|it| json!({ "id": it.id, "name": it.name }));
    let list: Vec<Value> = numbers
        .trackers
        .iter()
        .map(|it| {
            json!({
                "id": it.id, "name": it.name, "default_status": first, "description": null,
                "enabled_standard_fields": ["assigned_to_id", "parent_issue_id", "description"],
            })
        })
        .collect();
    respond(&json!({ "trackers": list }))
}

pub async fn priorities(reader: Reader) -> RedmineResult {
    let numbers = numbers(&reader).await?;
    let list: Vec<Value> = numbers.priorities.iter().map(|it| json!({
        "id": it.id, "name": it.name, "is_default": it.is == domain::Priority::Medium, "active": true,
    })).collect();
    respond(&json!({ "issue_priorities": list }))
}

pub async fn roles(reader: Reader) -> RedmineResult {
    respond(&json!({ "roles": role_list(&numbers(&reader).await?) }))
}

fn role_list(numbers: &Numbers) -> Value {
    let known = &numbers.lists["roles"];
    if known.is_array() {
        return known.clone();
    }
    json!([{ "id": 4, "name": "Инженер техподдержки" }, { "id": 5, "name": "Заказчик" }])
}

/// Activities of time entries, which do not exist here.
pub async fn activities(_: Reader) -> RedmineResult {
    respond(&json!({ "time_entry_activities": [] }))
}

pub async fn role(reader: Reader, id: Path<String>) -> RedmineResult {
    let all = role_list(&numbers(&reader).await?);
    let number: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let found = all.as_array().and_then(|all| all.iter().find(|it| it["id"] == number));
    respond(&json!({ "role": found.ok_or(RedmineError::Missing)? }))
}

/// For admins only, as in Redmine.
pub async fn custom_fields(reader: Reader) -> RedmineResult {
    if reader.caller.role != domain::Role::Admin {
        return Err(RedmineError::Forbidden);
    }
    let numbers = numbers(&reader).await?;
    let known = numbers.lists["custom_fields"].clone();
    let (id, name) = &numbers.product_field;
    let list = if known.is_array() {
        known
    } else {
        json!([{ "id": id, "name": name, "customized_type": "issue", "field_format": "string", "is_required": true }])
    };
    respond(&json!({ "custom_fields": list }))
}

pub async fn categories(reader: Reader, name: Path<String>) -> RedmineResult {
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        let numbers = Numbers::load(conn)?;
        Ok(find_project(&name, &caller, conn).map(|(_, shown)| categories_of(&shown, &numbers)))
    });
    let found = found.await??;
    respond(&json!({ "total_count": found.len(), "issue_categories": found }))
}
