//! 3.1-3.4: what a request needs to be registered, and when it may be refused.

use crate::impolite::is_impolite;
use crate::language::Text;
use crate::priority::{Impact, Priority, Urgency, derived};
use crate::reasons::RefusalReason;
use crate::role::Role;
use crate::similarity::{Fingerprint, says_nothing};
use crate::string_enum;
use crate::ticket::Details;
use crate::violation::{FieldCode, FieldError};

string_enum! {
    /// Whether a field of a new ticket is required.
    Obligation {
        /// Without it the ticket is not registered (3.2).
        Required = "required" ("Обязательное", "Міндетті", "Required"),
        /// May be given (3.3).
        Optional = "optional" ("Дополнительное", "Қосымша", "Optional"),
        /// Speeds up the work; if it is missing, the response has a hint (3.1, 3.2).
        Recommended = "recommended" ("Желательное", "Қалаулы", "Recommended"),
    }
}

/// A field of a new ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name of the field in the API.
    pub name: &'static str,
    /// Whether the field is required.
    pub obligation: Obligation,
    /// The clause that requires it.
    pub clause: &'static str,
    /// The name to show, in the caller's language.
    pub label: Text,
    /// What to enter in the field.
    pub meaning: Text,
}

/// The fields of a new ticket, in the order of the regulation.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    field("project_id", Obligation::Required, "Прил. 1", Text::new("Проект", "Жоба", "Project"),
        Text::new("Ветка «Компания - Направление».", "«Компания - Бағыт» тармағы.", "The branch «company - direction».")),
    field("tracker", Obligation::Required, "3.2", Text::new("Трекер", "Трекер", "Tracker"),
        Text::new("Ошибка, улучшение или поддержка.", "Қате, жақсарту немесе қолдау.", "Bug, feature or support.")),
    field("subject", Obligation::Required, "3.2", Text::new("Тема", "Тақырып", "Subject"),
        Text::new("Краткое описание проблемы.", "Мәселенің қысқаша сипаттамасы.", "A short summary of the problem.")),
    field("description", Obligation::Required, "3.2", Text::new("Описание", "Сипаттама", "Description"),
        Text::new("Детальное описание проблемы.", "Мәселенің толық сипаттамасы.", "A detailed description of the problem.")),
    field("priority", Obligation::Required, "3.2", Text::new("Приоритет", "Басымдық", "Priority"),
        Text::new("Либо влияние и срочность, из которых он следует.", "Немесе оны анықтайтын әсері мен шұғылдығы.", "Or impact and urgency, from which it follows.")),
    field("product_id", Obligation::Required, "3.2", Text::new("Наименование продукта", "Өнім атауы", "Product"),
        Text::new("Оборудование или программный продукт; если его нет в каталоге, наименование своими словами.", "Жабдық немесе бағдарламалық өнім; каталогта жоқ болса, атауын өз сөзіңізбен жазыңыз.", "The equipment or software; product_name if it is not in the catalogue.")),
    field("assignee_id", Obligation::Optional, "3.3", Text::new("Назначена", "Орындаушы", "Assignee"),
        Text::new("Инженер технической поддержки, если известен.", "Техникалық қолдау инженері, егер белгілі болса.", "The support engineer, if known.")),
    field("parent_id", Obligation::Optional, "3.3", Text::new("Родительская задача", "Басты өтінім", "Parent ticket"),
        Text::new("Номер ранее созданной связанной заявки.", "Бұрын жасалған байланысты өтінім нөмірі.", "The number of an earlier, related ticket.")),
    field("watcher_ids", Obligation::Optional, "4", Text::new("Наблюдатели", "Бақылаушылар", "Watchers"),
        Text::new("Кого еще извещать об изменениях.", "Өзгерістер туралы тағы кімге хабарлау керек.", "The users who are notified of changes besides the author and the assignee.")),
    field("attachments", Obligation::Optional, "3.3", Text::new("Файлы", "Файлдар", "Files"),
        Text::new("Снимки экрана, журналы, дампы.", "Экран суреттері, журналдар, дамптар.", "Screenshots, logs, dumps.")),
    field("serial_number", Obligation::Optional, "3.1", Text::new("Серийный номер", "Сериялық нөмір", "Serial number"),
        Text::new("Серийный номер устройства.", "Құрылғының сериялық нөмірі.", "The serial number of the device.")),
    field("external_ref", Obligation::Optional, "3.1", Text::new("Номер у заказчика", "Тапсырыс берушідегі нөмір", "Customer reference"),
        Text::new("Собственный номер обращения, один на проект.", "Өтініштің өз нөмірі, жоба ішінде қайталанбайды.", "The customer's own reference, unique in the project.")),
    field("software_version", Obligation::Recommended, "3.2", Text::new("Версия ПО", "БЖ нұсқасы", "Software version"),
        Text::new("Укажите версию программного обеспечения.", "Бағдарламалық жасақтама нұсқасын көрсетіңіз.", "State the software version.")),
    field("connection_scheme", Obligation::Recommended, "3.1", Text::new("Схема подключения", "Қосылу сызбасы", "Connection diagram"),
        Text::new("Опишите схему подключения.", "Қосылу сызбасын сипаттаңыз.", "Describe the connection diagram.")),
    field("addresses", Obligation::Recommended, "3.2", Text::new("Адреса", "Мекенжайлар", "Addresses"),
        Text::new("Укажите адреса устройств.", "Құрылғы мекенжайларын көрсетіңіз.", "List the addresses of the devices.")),
    field("steps", Obligation::Recommended, "3.1", Text::new("Действия", "Әрекеттер", "Steps"),
        Text::new("Перечислите действия, которые привели к неисправности.", "Ақауға әкелген әрекеттерді атаңыз.", "List the actions that led to the fault.")),
    field("cause", Obligation::Recommended, "3.1", Text::new("Причина", "Себебі", "Cause"),
        Text::new("Укажите предполагаемую причину.", "Болжамды себебін көрсетіңіз.", "State the suspected cause.")),
    field("expected_result", Obligation::Recommended, "3.1", Text::new("Желаемый результат", "Күтілетін нәтиже", "Expected result"),
        Text::new("Опишите желаемый результат.", "Күтілетін нәтижені сипаттаңыз.", "Describe the expected result.")),
];

const fn field(
    name: &'static str,
    obligation: Obligation,
    clause: &'static str,
    label: Text,
    meaning: Text,
) -> Field {
    Field { name, obligation, clause, label, meaning }
}

/// The details that a request leaves out: its hints.
pub fn hints(details: &Details) -> impl Iterator<Item = &'static Field> {
    let is_missing = |name: &str| {
        details.each().iter().any(|(it, value)| it.as_str() == name && value.is_none())
    };
    FIELDS.iter().filter(move |it| is_missing(it.name))
}

/// How a request states its urgency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grade {
    pub priority: Option<Priority>,
    /// Or what the problem does to the service,
    pub impact: Option<Impact>,
    /// and how soon help is needed.
    pub urgency: Option<Urgency>,
}

impl Grade {
    /// The priority of the request: the one given, or the one that follows (advantage 3).
    /// Errors: a field error when neither `priority` nor `impact` is given, or both are, or
    /// `urgency` comes without `impact`.
    pub fn priority(self) -> Result<Priority, FieldError> {
        match (self.priority, self.impact) {
            (Some(_), Some(_)) => Err(FieldError::new("/impact", FieldCode::Conflicts("priority"))),
            (Some(_), None) if self.urgency.is_some() => {
                Err(FieldError::new("/urgency", FieldCode::Conflicts("priority")))
            }
            (Some(priority), None) => Ok(priority),
            (None, Some(impact)) => Ok(derived(impact, self.urgency.unwrap_or(Urgency::Normal))),
            (None, None) => Err(FieldError::new("/priority", FieldCode::Required).by_clause("3.2")),
        }
    }
}

/// The members of a request that depend on each other or on who sends it.
#[derive(Debug, Clone, Copy)]
pub struct Request {
    /// Priority, or impact and urgency.
    pub grade: Grade,
    /// Whether `product_id` is given.
    pub has_product_id: bool,
    /// Whether `product_name` is given.
    pub has_product_name: bool,
    /// Whether `author_id` is given.
    pub has_author_id: bool,
}

/// Everything about a request that is missing or contradictory (3.2).
///
/// Support files on behalf of a customer and names the author; a customer is the author.
pub fn field_errors(request: Request, role: Role) -> Vec<FieldError> {
    let product = match (request.has_product_id, request.has_product_name) {
        (true, true) => Some(FieldError::new("/product_name", FieldCode::Conflicts("product_id"))),
        (false, false) => {
            Some(FieldError::new("/product_id", FieldCode::Required).by_clause("3.2"))
        }
        (true, false) | (false, true) => None,
    };
    let author = match (role.is_support(), request.has_author_id) {
        (true, false) => Some(FieldError::new("/author_id", FieldCode::Required)),
        (false, true) => Some(FieldError::new("/author_id", FieldCode::NotPermitted)),
        (true, true) | (false, false) => None,
    };
    [request.grade.priority().err(), product, author].into_iter().flatten().collect()
}

/// A field that is missing, with the clause that asks for it.
pub fn with_clause(error: FieldError) -> FieldError {
    let field = FIELDS.iter().find(|it| error.pointer.strip_prefix('/') == Some(it.name));
    match field {
        Some(field) if error.code == FieldCode::Required => error.by_clause(field.clause),
        Some(_) | None => error,
    }
}

/// What the rules of text find in a request (3.4.1). This is more work than all other rules together and
/// depends on nothing else, so it is done before anything is locked.
#[derive(Debug, Clone)]
pub struct TextFindings {
    /// 3.4.1.1, 3.4.1.3: why it may be refused.
    pub refusals: Vec<RefusalReason>,
    /// 3.4.1.4: the fingerprint by which near duplicates are found.
    pub fingerprint: Fingerprint,
}

impl TextFindings {
    /// Reads the text of a request, its details included.
    pub fn of<'a>(
        subject: &'a str,
        description: &'a str,
        details: impl Iterator<Item = &'a str>,
    ) -> Self {
        let empty = says_nothing(subject, description).then_some(RefusalReason::NoDescription);
        let is_rude = [subject, description].into_iter().chain(details).any(is_impolite);
        let rude = is_rude.then_some(RefusalReason::Impolite);
        Self {
            refusals: empty.into_iter().chain(rude).collect(),
            fingerprint: Fingerprint::of(subject, description),
        }
    }
}

/// What a ticket says: the texts to which 3.4.1 applies.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Wording<'a> {
    pub subject: &'a str,
    pub description: &'a str,
    /// The details, and the product in the customer's own words.
    pub others: Vec<&'a str>,
}

impl Wording<'_> {
    fn says(&self, text: &str) -> bool {
        let others = self.others.iter().copied();
        others.chain([self.subject, self.description]).any(|it| it.trim() == text)
    }
}

/// The rude ones among the texts of an edit (3.4.1.3); also found before anything is locked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RudeTexts(Vec<String>);

impl RudeTexts {
    pub fn among<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self(texts.filter(|it| is_impolite(it)).map(|it| it.trim().to_owned()).collect())
    }
}

/// 3.4.1.1 and 3.4.1.3 hold for an edited text as they do for a new one: why it may be refused.
/// A text that an engineer registered despite an objection does not stand in the way of editing other fields.
pub fn edit_refusals(
    before: &Wording<'_>,
    after: &Wording<'_>,
    rude: &RudeTexts,
) -> Vec<RefusalReason> {
    let is_empty = |it: &Wording<'_>| says_nothing(it.subject, it.description);
    let empty = (is_empty(after) && !is_empty(before)).then_some(RefusalReason::NoDescription);
    let adds_rudeness = rude.0.iter().any(|it| !before.says(it));
    empty.into_iter().chain(adds_rudeness.then_some(RefusalReason::Impolite)).collect()
}

/// 3.4.1.4: the first of the open tickets of the same company and product that says nearly the
/// same, unless the sender has declared it different.
pub fn duplicate_of(
    request: &Fingerprint,
    open_tickets: impl IntoIterator<Item = (i64, Fingerprint)>,
    distinct: &[i64],
) -> Option<i64> {
    open_tickets
        .into_iter()
        .filter(|(id, _)| !distinct.contains(id))
        .find(|(_, print)| request.is_nearly_same(print))
        .map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: Request = Request {
        grade: Grade { priority: Some(Priority::High), impact: None, urgency: None },
        has_product_id: true,
        has_product_name: false,
        has_author_id: false,
    };

    /// 3.2: what is missing or contradicts itself is reported at once.
    #[test]
    fn c3_2_contradictions_are_reported_together() {
        let request = Request {
            grade: Grade { impact: Some(Impact::Outage), ..COMPLETE.grade },
            has_product_name: true,
            has_author_id: true,
            ..COMPLETE
        };

        let errors = field_errors(request, Role::Customer);

        let pointers: Vec<&str> = errors.iter().map(|it| it.pointer.as_str()).collect();
        assert_eq!(pointers, ["/impact", "/product_name", "/author_id"]);
        assert!(field_errors(COMPLETE, Role::Customer).is_empty());
    }

    /// 3.2: a customer is the author; support names one.
    #[test]
    fn c3_2_support_names_the_author() {
        let errors = field_errors(COMPLETE, Role::Engineer);

        assert_eq!(errors, [FieldError::new("/author_id", FieldCode::Required)]);
    }

    /// 3.1: details that are left out become hints.
    #[test]
    fn c3_1_absent_details_are_hints() {
        let details = Details { steps: Some("нет".to_owned()), ..Details::default() };
        let names: Vec<&str> = hints(&details).map(|it| it.name).collect();

        let all =
            ["software_version", "connection_scheme", "addresses", "cause", "expected_result"];
        assert_eq!(names, all);
    }

    /// 3.4.1.1, 3.4.1.3: an edit is refused for what it makes worse, in whichever of the texts.
    #[test]
    fn c3_4_1_an_edit_is_refused_for_what_it_makes_worse() {
        let said = |subject, description| Wording { subject, description, others: Vec::new() };
        let rude_steps = || Wording {
            others: vec!["Идиоты"],
            ..said("Нет питания", "После грозы")
        };
        let (good, empty) =
            (said("Нет питания", "После грозы"), said("Нет питания", "Нет питания"));
        let rude = said("Нет питания", "Идиоты, после грозы");
        let refusals = |before: &Wording<'_>, after: &Wording<'_>| {
            let texts = after.others.iter().copied().chain([after.subject, after.description]);
            edit_refusals(before, after, &RudeTexts::among(texts))
        };

        assert_eq!(refusals(&good, &rude), [RefusalReason::Impolite]);
        assert_eq!(refusals(&good, &rude_steps()), [RefusalReason::Impolite]);
        assert_eq!(refusals(&good, &empty), [RefusalReason::NoDescription]);
        assert_eq!(refusals(&rude, &said("Питание", rude.description)), []);
        assert_eq!(refusals(&rude_steps(), &rude_steps()), []);
        assert_eq!(refusals(&empty, &said("Питание", empty.description)), []);
    }

    /// 3.4.1.4: a ticket that the sender has declared different is not a duplicate.
    #[test]
    fn c3_4_1_4_a_ticket_declared_different_is_no_duplicate() {
        let print = Fingerprint::of("Нет питания", "Коммутатор не включается после грозы");
        let open = || [(7, print.clone()), (9, print.clone())];

        assert_eq!(duplicate_of(&print, open(), &[]), Some(7));
        assert_eq!(duplicate_of(&print, open(), &[7]), Some(9));
        assert_eq!(duplicate_of(&print, open(), &[7, 9]), None);
    }
}
