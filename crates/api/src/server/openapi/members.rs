//! The names of vocabulary members in generated code.

use serde_json::Value;

/// Vocabularies that share words with others, or whose words are not valid names. Some languages have all
/// members of all vocabularies in one namespace: theirs begin with the name of the vocabulary. A new vocabulary
/// that shares words has to be added here, so that existing names in clients stay.
const NAMED: &[&str] = &[
    "CloseReason",
    "CountBy",
    "DeliveryState",
    "Expansion",
    "Inclusion",
    "KnownBulkActionType",
    "KnownParty",
    "KnownScope",
    "KnownTicketColumn",
    "NameSort",
    "PlaceFilter",
    "PreviewSize",
    "RootCause",
    "SearchSort",
    "SharedWith",
    "Side",
    "Sort",
    "StatusFilter",
    "TicketText",
    "TimeSort",
    "Urgency",
];

pub(super) fn name(schemas: &mut Value) {
    for vocabulary in NAMED {
        let words = schemas[vocabulary]["enum"].as_array().into_iter().flatten();
        let words = words.filter_map(Value::as_str);
        let names: Value = words.map(|it| member(vocabulary, it)).collect();
        schemas[vocabulary]["x-enum-varnames"] = names;
    }
}

/// `StatusFilter` and `in_progress` make `STATUS_FILTER_IN_PROGRESS`.
fn member(vocabulary: &str, word: &str) -> String {
    let mut name = String::new();
    for it in vocabulary.chars() {
        if it.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(it.to_ascii_uppercase());
    }
    let (word, order) = match word.strip_prefix('-') {
        Some(word) => (word, "_DESCENDING"),
        None => (word, ""),
    };
    format!("{name}_{}{order}", word.to_ascii_uppercase().replace([':', '.', '-'], "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_begins_with_its_vocabulary_and_names_the_order() {
        assert_eq!(member("StatusFilter", "in_progress"), "STATUS_FILTER_IN_PROGRESS");
        assert_eq!(member("Sort", "-created_at"), "SORT_CREATED_AT_DESCENDING");
        assert_eq!(member("KnownScope", "tickets:read"), "KNOWN_SCOPE_TICKETS_READ");
    }
}
