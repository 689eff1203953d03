//! What counts as blank.

use serde_json::Value;

/// The pattern in schemas that requires a visible character: one that every generator of clients can read.
const NOT_BLANK: &str = r"\S";

/// What is checked in its place: white space, joiners, marks of direction and fillers are not visible.
pub const VISIBLE: &str = "[^\\s\u{ad}\u{34f}\u{115f}\u{1160}\u{180e}\u{200b}-\u{200f}\u{202a}-\u{202e}\
    \u{2060}-\u{206f}\u{2800}\u{3164}\u{feff}\u{ffa0}]";

/// Lets a schema refuse a text of characters that nobody sees as blank, too.
pub fn require_visible(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(pattern) = members.get_mut("pattern").filter(|it| **it == NOT_BLANK) {
                *pattern = VISIBLE.into();
            }
            members.values_mut().for_each(require_visible);
        }
        Value::Array(items) => items.iter_mut().for_each(require_visible),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
