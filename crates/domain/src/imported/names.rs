//! Guesses at what names in another system mean: proposals for a person to confirm.

use crate::priority::Priority;
use crate::role::Role;
use crate::status::Status;
use crate::tracker::Tracker;

/// «Компания - Направление» (Appendix 1), taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct NamedPlace {
    pub company: String,
    pub direction: String,
}

/// Splits a project's name at its last free-standing dash; none if there is none.
pub fn named_place(name: &str) -> Option<NamedPlace> {
    let dashes = [" - ", " — ", " – "];
    let cuts = dashes.iter().filter_map(|it| name.rsplit_once(it));
    let (company, direction) = cuts.max_by_key(|it| it.0.len())?;
    let (company, direction) = (company.trim(), direction.trim());
    if company.is_empty() || direction.is_empty() {
        return None;
    }
    Some(NamedPlace { company: company.to_owned(), direction: direction.to_owned() })
}

/// A name as it is compared: lower case, «ё» as «е», nothing but letters and digits.
fn folded(name: &str) -> String {
    let lower = name.to_lowercase().replace('ё', "е");
    let words: Vec<&str> =
        lower.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    words.join(" ")
}

fn proposed<T: Copy>(name: &str, table: &[(T, &[&str])]) -> Option<T> {
    let name = folded(name);
    table.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(it, _)| *it)
}

/// The status that a name probably means.
#[rustfmt::skip]
pub fn proposed_status(name: &str) -> Option<Status> {
    proposed(name, &[
        (Status::New, &["новая", "новый", "открыта", "new", "open"]),
        (Status::InProgress, &["в работе", "в процессе", "назначена", "принята", "in progress", "assigned", "accepted"]),
        (Status::Feedback, &["обратная связь", "нужен отклик", "запрос информации", "ожидание клиента", "feedback", "need info", "waiting for customer"]),
        (Status::Resolved, &["решена", "решен", "выполнена", "resolved", "fixed", "done"]),
        (Status::Closed, &["закрыта", "закрыт", "closed"]),
        (Status::AwaitingRelease, &["ждем релиза", "ожидает релиза", "ожидание релиза", "awaiting release", "waiting for release"]),
        (Status::OnHold, &["в ожидании", "отложена", "приостановлена", "on hold", "waiting", "postponed"]),
        (Status::Rejected, &["отклонена", "отказ", "отказана", "отменена", "rejected", "declined", "cancelled", "canceled"]),
    ])
}

/// The tracker that a name probably means.
#[rustfmt::skip]
pub fn proposed_tracker(name: &str) -> Option<Tracker> {
    proposed(name, &[
        (Tracker::Bug, &["ошибка", "дефект", "баг", "неисправность", "инцидент", "bug", "defect", "error", "incident"]),
        (Tracker::Feature, &["улучшение", "доработка", "новая функция", "feature", "improvement", "enhancement"]),
        (Tracker::Support, &["поддержка", "консультация", "вопрос", "задача", "support", "question", "task"]),
    ])
}

/// The priority that a name probably means.
#[rustfmt::skip]
pub fn proposed_priority(name: &str) -> Option<Priority> {
    proposed(name, &[
        (Priority::Low, &["минимальный", "низкий", "low", "minor"]),
        (Priority::Medium, &["средний", "нормальный", "обычный", "normal", "medium"]),
        (Priority::High, &["высокий", "срочный", "high", "urgent", "major"]),
        (Priority::Critical, &["критический", "немедленный", "блокирующий", "critical", "immediate", "blocker"]),
    ])
}

/// The role that the name of a role probably means. Nobody becomes an admin by a name.
#[rustfmt::skip]
pub fn proposed_role(name: &str) -> Option<Role> {
    let name = folded(name);
    let has = |parts: &[&str]| parts.iter().any(|it| name.contains(it));
    if has(&["заказчик", "клиент", "customer", "client", "reporter", "репортер"]) {
        Some(Role::Customer)
    } else if has(&["инженер", "менеджер", "поддержк", "разработчик", "engineer", "manager", "support", "developer"]) {
        Some(Role::Engineer)
    } else {
        None
    }
}

/// The field of ours that a custom field probably corresponds to; none: it is kept as it is.
pub fn proposed_field(name: &str) -> Option<&'static str> {
    let name = folded(name);
    let has = |parts: &[&str]| parts.iter().any(|it| name.contains(it));
    if has(&["наименование продукта", "продукт", "product", "модель"])
    {
        Some("product")
    } else if has(&["серийный номер", "serial"]) {
        Some("serial_number")
    } else if has(&["версия по", "software version", "версия прошивки"]) {
        Some("software_version")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(company: &str, direction: &str) -> Option<NamedPlace> {
        Some(NamedPlace { company: company.to_owned(), direction: direction.to_owned() })
    }

    /// App. 1: «Компания - Направление», whatever dash was typed.
    #[test]
    fn app1_a_project_is_named_after_company_and_direction() {
        assert_eq!(named_place("ПАО «Волна» - SDN"), place("ПАО «Волна»", "SDN"));
        assert_eq!(named_place("ООО «Узел» — Коммутаторы"), place("ООО «Узел»", "Коммутаторы"));
        assert_eq!(named_place("АО «Степь-Телеком» - Wi-Fi"), place("АО «Степь-Телеком»", "Wi-Fi"));
        assert_eq!(named_place("А - Б - Доступ"), place("А - Б", "Доступ"));
        assert_eq!(named_place("Внутренние задачи техподдержки"), None);
        assert_eq!(named_place(" - SDN"), None);
    }

    /// 2.5, 3.2: words are known in Russian and English, in any spelling.
    #[test]
    fn c2_5_words_of_lists_are_known_by_their_names() {
        assert_eq!(proposed_status("Ждём релиза"), Some(Status::AwaitingRelease));
        assert_eq!(proposed_status("IN PROGRESS"), Some(Status::InProgress));
        assert_eq!(proposed_status("На согласовании"), None);
        assert_eq!(proposed_tracker("Ошибка"), Some(Tracker::Bug));
        assert_eq!(proposed_priority("Immediate"), Some(Priority::Critical));
        assert_eq!(proposed_role("Инженер техподдержки"), Some(Role::Engineer));
        assert_eq!(proposed_role("Заказчик"), Some(Role::Customer));
        assert_eq!(proposed_role("Наблюдатель"), None);
        assert_eq!(proposed_field("Наименование продукта"), Some("product"));
        assert_eq!(proposed_field("Регион"), None);
    }
}
