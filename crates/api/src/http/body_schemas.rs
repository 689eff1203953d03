//! Which schemas of the document are those of bodies.

use serde_json::Value;

/// Where the document keeps schemas with a name.
pub const COMPONENTS: &str = "#/components/schemas/";

/// The names of the schemas that bodies of requests have.
pub fn body_names(document: &Value) -> impl Iterator<Item = &str> {
    bodies(document).map(|it| it.name)
}

/// What the document says of the body of an operation.
pub struct BodyOf<'a> {
    /// The name of its schema.
    pub name: &'a str,
    /// That of the thing that it changes, if it is a patch.
    pub changed: Option<&'a str>,
    pub is_optional: bool,
}

/// What the document says of each body.
pub fn bodies(document: &Value) -> impl Iterator<Item = BodyOf<'_>> {
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    operations.filter_map(|(method, operation)| {
        let body = operation.get("requestBody")?;
        // What a patch changes is in the response.
        let changed = (method == "patch").then(|| operation.pointer("/responses/200")).flatten();
        Some(BodyOf {
            name: schema_name(body)?,
            changed: changed.and_then(schema_name),
            is_optional: body["required"] == false,
        })
    })
}

/// The name of the schema of a body.
fn schema_name(of: &Value) -> Option<&str> {
    let schema = of.pointer("/content/application~1json/schema/$ref")?;
    schema.as_str()?.strip_prefix(COMPONENTS)
}
