//! What the ids in a history are ids of.

/// A kind of thing that a history names by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the nouns")]
pub enum Thing {
    File,
    Person,
    Product,
    Project,
    Release,
    Ticket,
    Topic,
}

impl Thing {
    /// The noun.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Person => "person",
            Self::Product => "product",
            Self::Project => "project",
            Self::Release => "release",
            Self::Ticket => "ticket",
            Self::Topic => "topic",
        }
    }
}

/// What the values of a field are ids of; none of one that holds no ids.
pub fn named(field: &str) -> Option<Thing> {
    match field {
        "assignee_id" | "author_id" | "contact_id" | "watcher_id" | "watcher_ids" => {
            Some(Thing::Person)
        }
        "duplicate_of" | "merged_id" | "merged_into" | "not_duplicate_of" | "parent_id"
        | "related_id" => Some(Thing::Ticket),
        "product_id" => Some(Thing::Product),
        "project_id" => Some(Thing::Project),
        "release_id" => Some(Thing::Release),
        "topic_id" => Some(Thing::Topic),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::FIELD_TYPES;

    #[test]
    fn every_field_of_ids_names_their_kind() {
        for (field, of) in FIELD_TYPES {
            let holds_ids = ["i64", "Vec<i64>"].contains(of);
            assert_eq!(named(field).is_some(), holds_ids, "{field}");
        }
    }
}
