//! Lists of words.

use actix_web::web::Path;
use serde_json::{Value, json};

use crate::redmine::answer::{Answer, Answered, json as answered};
use crate::redmine::caller::Reader;
use crate::redmine::numbers::Numbers;

async fn numbers(reader: &Reader) -> Result<Numbers, Answer> {
    Ok(reader.db.run(|conn| Ok(Numbers::load(conn)?)).await?)
}

pub async fn statuses(reader: Reader) -> Answered {
    let numbers = numbers(&reader).await?;
    let list: Vec<Value> = numbers
        .statuses
        .iter()
        .map(|it| json!({ "id": it.id, "name": it.name, "is_closed": it.is.is_final() }))
        .collect();
    answered(&json!({ "issue_statuses": list }))
}

pub async fn trackers(reader: Reader) -> Answered {
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
    answered(&json!({ "trackers": list }))
}

pub async fn priorities(reader: Reader) -> Answered {
    let numbers = numbers(&reader).await?;
    let list: Vec<Value> = numbers.priorities.iter().map(|it| json!({
        "id": it.id, "name": it.name, "is_default": it.is == domain::Priority::Medium, "active": true,
    })).collect();
    answered(&json!({ "issue_priorities": list }))
}

pub async fn roles(reader: Reader) -> Answered {
    let numbers = numbers(&reader).await?;
    let known = numbers.lists["roles"].clone();
    let list = if known.is_array() {
        known
    } else {
        json!([{ "id": 4, "name": "Инженер техподдержки" }, { "id": 5, "name": "Заказчик" }])
    };
    answered(&json!({ "roles": list }))
}

/// Saved queries are not offered; a list of none is what scripts can go on with.
pub async fn queries(_: Reader) -> Answered {
    answered(&json!({ "queries": [], "total_count": 0, "offset": 0, "limit": 25 }))
}

/// An admin's alone, as there.
pub async fn custom_fields(reader: Reader) -> Answered {
    if reader.caller.role != domain::Role::Admin {
        return Err(Answer::Forbidden);
    }
    let numbers = numbers(&reader).await?;
    let known = numbers.lists["custom_fields"].clone();
    let (id, name) = &numbers.product_field;
    let list = if known.is_array() {
        known
    } else {
        json!([{ "id": id, "name": name, "customized_type": "issue", "field_format": "string", "is_required": true }])
    };
    answered(&json!({ "custom_fields": list }))
}

pub async fn versions(reader: Reader, _: Path<String>) -> Answered {
    let numbers = numbers(&reader).await?;
    let list: Vec<Value> = numbers.lists["versions"].as_array().cloned().unwrap_or_default();
    answered(&json!({ "total_count": list.len(), "versions": list }))
}

pub async fn categories(_: Reader, _: Path<String>) -> Answered {
    answered(&json!({ "issue_categories": [], "total_count": 0 }))
}
