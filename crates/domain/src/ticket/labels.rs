//! The labels of the fields that the history records.

use crate::language::Text;
use crate::registration::FIELDS;

/// The label of a field; for a field of a request, the same as there.
pub fn label(field: &str) -> Option<Text> {
    let own = OWN.iter().find(|(name, _)| *name == field).map(|(_, label)| *label);
    own.or_else(|| FIELDS.iter().find(|it| it.name == field).map(|it| it.label))
}

/// The labels of fields that no request has, or that are called differently in a history.
#[rustfmt::skip]
const OWN: &[(&str, Text)] = &[
    ("status", Text::new("Статус", "Мәртебе", "Status")),
    ("impact", Text::new("Влияние", "Әсері", "Impact")),
    ("urgency", Text::new("Срочность", "Шұғылдығы", "Urgency")),
    ("complexity", Text::new("Сложность", "Күрделілігі", "Complexity")),
    ("product_name", Text::new("Продукт вне каталога", "Каталогтан тыс өнім", "Product outside the catalogue")),
    ("author_id", Text::new("Автор", "Автор", "Author")),
    ("contact_id", Text::new("Контактное лицо", "Байланыс тұлғасы", "Contact")),
    ("close_reason", Text::new("Причина закрытия", "Жабу себебі", "Close reason")),
    ("refusal_reason", Text::new("Причина отказа", "Бас тарту себебі", "Refusal reason")),
    ("duplicate_of", Text::new("Повторяет заявку", "Қайталайтын өтінім", "Duplicate of")),
    ("merged_into", Text::new("Объединена с заявкой", "Біріктірілген өтінім", "Merged into")),
    ("merged_id", Text::new("Присоединена заявка", "Қосылған өтінім", "Merged ticket")),
    ("waiting_on", Text::new("Ожидается", "Күтілуде", "Waiting on")),
    ("review_on", Text::new("Вернемся к заявке", "Өтінімге ораламыз", "Review on")),
    ("release_id", Text::new("Релиз", "Релиз", "Release")),
    ("release_planned_on", Text::new("Релиз запланирован на", "Релиз жоспарланған күн", "Release planned on")),
    ("topic_id", Text::new("Тема обращения", "Өтініш тақырыбы", "Topic")),
    ("root_cause", Text::new("Первопричина", "Түпкі себебі", "Root cause")),
    ("confirmed", Text::new("Решение подтверждено", "Шешім расталды", "Solution confirmed")),
    ("rating", Text::new("Оценка", "Баға", "Rating")),
    ("not_duplicate_of", Text::new("Не повторяет заявки", "Мына өтінімдерді қайталамайды", "Not a duplicate of")),
    ("watcher_id", Text::new("Наблюдатель", "Бақылаушы", "Watcher")),
    ("related_id", Text::new("Связанная заявка", "Байланысты өтінім", "Related ticket")),
    ("clock", Text::new("Что требуется", "Не қажет", "What is due")),
    ("due_at", Text::new("Срок", "Мерзім", "Due")),
    ("closes_at", Text::new("Закроется без ответа", "Жауапсыз жабылатын уақыты", "Closes without a reply on")),
    ("review_due", Text::new("Пора вернуться", "Қайта оралу керек", "Review due")),
    ("version", Text::new("Версия", "Нұсқа", "Version")),
    ("imported_fields", Text::new("Поля прежней системы", "Бұрынғы жүйенің өрістері", "Fields of the former system")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::{FIELD_TYPES, TicketText};

    #[test]
    fn every_field_of_a_history_has_a_label() {
        for (field, _) in FIELD_TYPES {
            assert!(label(field).is_some(), "{field}");
        }
        for text in TicketText::ALL {
            assert!(label(text.as_str()).is_some(), "{text}");
        }
    }
}
