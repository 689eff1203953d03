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
    answered(&json!({ "roles": role_list(&numbers(&reader).await?) }))
}

fn role_list(numbers: &Numbers) -> Value {
    let known = &numbers.lists["roles"];
    if known.is_array() {
        return known.clone();
    }
    json!([{ "id": 4, "name": "Инженер техподдержки" }, { "id": 5, "name": "Заказчик" }])
}

/// What time was recorded for: nobody records it here.
pub async fn activities(_: Reader) -> Answered {
    answered(&json!({ "time_entry_activities": [] }))
}

pub async fn role(reader: Reader, id: Path<String>) -> Answered {
    let all = role_list(&numbers(&reader).await?);
    let number: i64 = id.parse().map_err(|_| Answer::Missing)?;
    let found = all.as_array().and_then(|all| all.iter().find(|it| it["id"] == number));
    answered(&json!({ "role": found.ok_or(Answer::Missing)? }))
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

pub async fn categories(_: Reader, _: Path<String>) -> Answered {
    answered(&json!({ "issue_categories": [], "total_count": 0 }))
}
