//! Fields of a Redmine and their counterparts here.

/// Attributes of an issue without a counterpart here, and the names under which an import keeps what changed in them.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("status_id", "Статус"),
    ("tracker_id", "Трекер"),
    ("priority_id", "Приоритет"),
    ("assigned_to_id", "Назначена"),
    ("category_id", "Категория"),
    ("fixed_version_id", "Версия"),
    ("child_id", "Подзадача"),
    ("start_date", "Дата начала"),
    ("due_date", "Срок завершения"),
    ("done_ratio", "Готовность, %"),
    ("estimated_hours", "Оценка, ч"),
    ("is_private", "Частная"),
];

/// Kinds of relations, and their names as seen from a ticket.
const RELATIONS: &[(&str, &str)] = &[
    ("relates", "связана с"),
    ("duplicates", "дублирует"),
    ("duplicated", "дублируется"),
    ("blocks", "блокирует"),
    ("blocked", "блокируется"),
    ("precedes", "предшествует"),
    ("follows", "следует за"),
    ("copied_to", "скопирована в"),
    ("copied_from", "скопирована из"),
];

/// Under which name an import keeps that a relation was made or removed.
pub const RELATION: &str = "Связь";

/// The name of a kind of relation for people; itself, if it is not known.
pub fn relation_in_words(kind: &str) -> &str {
    RELATIONS.iter().find(|it| it.0 == kind).map_or(kind, |it| it.1)
}

/// The kind of relation that has a name; itself, if it is not known.
pub fn relation_kind(words: &str) -> &str {
    RELATIONS.iter().find(|it| it.1 == words).map_or(words, |it| it.0)
}

/// The name of an attribute for people; itself, if it is not known.
pub fn label_of(attribute: &str) -> &str {
    ATTRIBUTES.iter().find(|it| it.0 == attribute).map_or(attribute, |it| it.1)
}

/// The attribute that has a name.
pub fn attribute_of(label: &str) -> Option<&'static str> {
    ATTRIBUTES.iter().find(|it| it.1 == label).map(|it| it.0)
}

/// The counterpart of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    Product,
    SerialNumber,
    SoftwareVersion,
    Other(String),
}
