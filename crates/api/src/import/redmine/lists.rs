//! The lists of a Redmine in the form that old scripts expect.

use serde_json::{Value, json};

use crate::import::redmine::directory::Directory;
use crate::import::redmine::map::{FieldTo, Map};

pub fn projects(directory: &Directory, map: &Map) -> Value {
    let mapped = directory
        .projects
        .iter()
        .filter(|it| map.projects.get(&it.identifier).is_some_and(|it| !it.skip));
    mapped
        .map(|it| {
            json!({
                "id": it.id, "name": it.name, "identifier": it.identifier, "status": it.status,
                "is_public": it.is_public, "description": it.description, "parent": it.parent.as_ref().map(|it| it.id),
            })
        })
        .collect()
}

pub fn versions(directory: &Directory) -> Value {
    directory
        .versions
        .iter()
        .map(|it| {
            json!({
                "id": it.id, "project": it.project.id, "name": it.name, "status": it.status,
                "sharing": it.sharing, "due_date": it.due_date, "description": it.description,
                "created_on": it.created_on, "updated_on": it.updated_on,
            })
        })
        .collect()
}

pub fn categories(directory: &Directory) -> Value {
    let categories = directory.categories.iter();
    categories.map(|it| json!({ "id": it.id, "name": it.name, "project": it.project })).collect()
}

/// The words here by their numbers in the Redmine.
pub fn words(directory: &Directory, map: &Map) -> Value {
    let statuses = directory
        .statuses
        .iter()
        .filter_map(|it| Some((it.id.to_string(), json!(map.statuses.get(&it.name)?))));
    let trackers = directory
        .trackers
        .iter()
        .filter_map(|it| Some((it.id.to_string(), json!(map.trackers.get(&it.name)?))));
    let priorities = directory
        .priorities
        .iter()
        .filter_map(|it| Some((it.id.to_string(), json!(map.priorities.get(&it.name)?))));
    let field =
        |to: FieldTo| directory.fields.iter().find(|it| map.field(it) == to).map(|it| it.id);
    json!({
        "statuses": statuses.collect::<serde_json::Map<_, _>>(),
        "trackers": trackers.collect::<serde_json::Map<_, _>>(),
        "priorities": priorities.collect::<serde_json::Map<_, _>>(),
        "product_field": field(FieldTo::Product),
        "serial_number_field": field(FieldTo::SerialNumber),
        "software_version_field": field(FieldTo::SoftwareVersion),
    })
}
