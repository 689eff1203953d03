//! The texts about a broken rule and a wrong field.

use super::{FieldCode, JsonType, RuleViolation, SpanLimit};
use crate::language::Language;
use crate::prepared::TemplateVariable;
use crate::status::Status;

impl RuleViolation {
    /// The details that this violation adds to the general text of its kind.
    pub fn explanation(&self, language: Language) -> Option<String> {
        match self {
            Self::NoSuchTransition { current, allowed } => {
                Some(no_such_transition(*current, allowed, language))
            }
            Self::OpenChildren(children) => Some(open_children(children, language)),
            Self::TargetFinished { merged_into } => {
                merged_into.map(|it| continues_in(it, language))
            }
            Self::Registration(reason) => Some(reason.explanation().text_in(language).to_owned()),
            Self::Invalid(_)
            | Self::ConfirmationMissing
            | Self::TicketClosed
            | Self::Merged
            | Self::NoAnswerDue
            | Self::NotResolved => None,
        }
    }
}

fn no_such_transition(current: Status, allowed: &[Status], language: Language) -> String {
    let quoted = |status: &Status| {
        let label = status.label().text_in(language);
        match language {
            Language::Ru | Language::Kk => format!("«{label}»"),
            Language::En => format!("“{label}”"),
        }
    };
    let from = quoted(&current);
    let to = allowed.iter().map(quoted).collect::<Vec<_>>().join(", ");
    match (language, allowed.is_empty()) {
        (Language::Ru, true) => format!("Из статуса {from} вам недоступен ни один переход."),
        (Language::Kk, true) => format!("{from} мәртебесінен сізге ешқандай ауысу қолжетімсіз."),
        (Language::En, true) => format!("You cannot move the ticket from {from}."),
        (Language::Ru, false) => format!("Из статуса {from} вам доступно: {to}."),
        (Language::Kk, false) => format!("{from} мәртебесінен сізге қолжетімдісі: {to}."),
        (Language::En, false) => format!("From {from} you can move the ticket to: {to}."),
    }
}

fn open_children(children: &[i64], language: Language) -> String {
    let numbers = children.iter().map(|it| format!("№{it}")).collect::<Vec<_>>().join(", ");
    match language {
        Language::Ru => format!("Сначала завершите дочерние заявки: {numbers}."),
        Language::Kk => format!("Алдымен еншілес өтінімдерді аяқтаңыз: {numbers}."),
        Language::En => format!("Finish the child tickets first: {}.", numbers.replace('№', "#")),
    }
}

fn continues_in(id: i64, language: Language) -> String {
    match language {
        Language::Ru => format!("Выбранная заявка сама объединена с №{id}. Укажите №{id}."),
        Language::Kk => {
            format!("Таңдалған өтінім №{id} өтініміне біріктірілген. №{id} өтінімін көрсетіңіз.")
        }
        Language::En => format!("That ticket was itself merged into #{id}. Choose #{id} instead."),
    }
}

impl FieldCode {
    #[rustfmt::skip]
    pub fn detail(&self, language: Language) -> String {
        let text = |ru: &str, kk: &str, en: &str| match language {
            Language::Ru => ru.to_owned(),
            Language::Kk => kk.to_owned(),
            Language::En => en.to_owned(),
        };
        match self {
            Self::Required => text("Обязательное поле.", "Міндетті өріс.", "This field is required."),
            Self::Blank => text("Поле не может быть пустым.", "Өріс бос болмауы керек.", "This field cannot be blank."),
            Self::TooLong(max) => {
                let (n, symbols) = (grouped(*max, language), symbols(*max));
                text(&format!("Не длиннее {n} {symbols}."), &format!("{n} таңбадан ұзын болмауы керек."), &format!("At most {n} characters."))
            }
            Self::TooShort(min) => {
                let (n, symbols) = (grouped(*min, language), symbols(*min));
                text(&format!("Не короче {n} {symbols}."), &format!("{n} таңбадан қысқа болмауы керек."), &format!("At least {n} characters."))
            }
            Self::TooMany(max) => {
                let n = grouped(*max, language);
                text(&format!("Не больше {n} в списке."), &format!("Тізімде {n} мәннен артық болмауы керек."), &format!("At most {n} in the list."))
            }
            Self::TooFew(min) => {
                let n = grouped(*min, language);
                text(&format!("Не меньше {n} в списке."), &format!("Тізімде {n} мәннен кем болмауы керек."), &format!("At least {n} in the list."))
            }
            Self::TooSmall(min) => text(&format!("Не меньше {min}."), &format!("{min} мәнінен кем болмауы керек."), &format!("At least {min}.")),
            Self::TooLarge(max) => text(&format!("Не больше {max}."), &format!("{max} мәнінен артық болмауы керек."), &format!("At most {max}.")),
            Self::WrongType(wanted) => {
                let wanted = listed(wanted, language);
                text(&format!("Нужно значение: {wanted}."), &format!("Қажетті мән: {wanted}."), &format!("Expected: {wanted}."))
            }
            Self::WrongFormat(format) => format.text_in(language).to_owned(),
            Self::NotOneOf(words) => {
                let words = words.join(", ");
                text(&format!("Одно из: {words}."), &format!("Мыналардың бірі: {words}."), &format!("One of: {words}."))
            }
            Self::UnknownField => text("Такого поля здесь нет.", "Мұнда ондай өріс жоқ.", "There is no such field."),
            Self::ReadOnlyField => text("Это поле здесь не меняется.", "Бұл өріс мұнда өзгертілмейді.", "This field cannot be changed here."),
            Self::Repeated => text("Повторяется.", "Қайталанады.", "Given more than once."),
            Self::ForbiddenCharacter => text("Недопустимый символ.", "Рұқсат етілмеген таңба.", "Contains a character that is not permitted."),
            Self::NotFound => text("Не найдено.", "Табылмады.", "Not found."),
            Self::Conflicts(other) => text(&format!("Нельзя указывать вместе с {other}."), &format!("{other} өрісімен бірге көрсетуге болмайды."), &format!("Cannot be combined with {other}.")),
            Self::NotPermitted => text("Ваша роль не может задать это поле.", "Сіздің рөліңіз бұл өрісті бере алмайды.", "Your role does not permit setting this field."),
            Self::Unsuitable => text("Это значение здесь не подходит.", "Бұл мән мұнда жарамайды.", "This value cannot be used here."),
            Self::NotApplicable => text("Поле не относится к этому действию.", "Өріс бұл әрекетке қатысты емес.", "This field does not apply to this action."),
            Self::Circular => text("Ссылка на самого себя.", "Өзіне сілтеме.", "Refers to itself."),
            Self::Inactive => text("Отключено.", "Өшірілген.", "Inactive."),
            Self::CompanyClosed => text("Компания закрыта.", "Компания жабылған.", "The company is closed."),
            Self::UnknownVariable(name) => {
                let known = variables();
                text(&format!("Переменной {{{name}}} нет. Есть: {known}."), &format!("{{{name}}} айнымалысы жоқ. Барлары: {known}."), &format!("There is no variable {{{name}}}. The variables are: {known}."))
            }
            Self::NoValue(name) => text(&format!("У переменной {{{name}}} нет значения в этой заявке."), &format!("Бұл өтінімде {{{name}}} айнымалысының мәні жоқ."), &format!("The ticket has no value for {{{name}}}.")),
            Self::Taken => text("Уже занято.", "Бос емес.", "Already taken."),
            Self::WeakPassword => text("Слишком простой пароль.", "Құпиясөз тым оңай.", "Too easy to guess."),
            Self::WrongPassword => text("Неверный пароль.", "Құпиясөз қате.", "Not the current password."),
            Self::TooEarly(first) => text(&format!("Не раньше {first}."), &format!("{first} мерзімінен ерте болмауы керек."), &format!("Not before {first}.")),
            Self::TooLate(last) => text(&format!("Не позже {last}."), &format!("{last} мерзімінен кеш болмауы керек."), &format!("Not after {last}.")),
            Self::SpanTooLong(SpanLimit::Days(n)) => text(&format!("Период не длиннее {n} дн."), &format!("Кезең {n} күннен ұзын болмауы керек."), &format!("The period can be at most {n} days long.")),
            Self::SpanTooLong(SpanLimit::Years(n)) => text(&format!("Период не длиннее {n} лет."), &format!("Кезең {n} жылдан ұзын болмауы керек."), &format!("The period can be at most {n} years long.")),
            Self::TooManyParts(n) => text(&format!("Не больше {n} частей: возьмите части крупнее или период короче."), &format!("{n} бөліктен артық болмауы керек: ірірек бөлік немесе қысқарақ кезең таңдаңыз."), &format!("At most {n} parts: choose longer parts or a shorter period.")),
            Self::CountDiffers(found) => {
                let n = grouped(*found, language);
                text(&format!("Найдено: {n}."), &format!("Табылғаны: {n}."), &format!("Found: {n}."))
            }
        }
    }
}

fn variables() -> String {
    let names = TemplateVariable::ALL.iter().map(|it| format!("{{{it}}}"));
    names.collect::<Vec<_>>().join(", ")
}

fn listed(wanted: &[JsonType], language: Language) -> String {
    let labels: Vec<_> = wanted.iter().map(|it| it.label().text_in(language)).collect();
    labels.join(", ")
}

/// `50 000` with non-breaking spaces, in English `50,000`.
fn grouped(number: u64, language: Language) -> String {
    let separator = match language {
        Language::Ru | Language::Kk => '\u{a0}',
        Language::En => ',',
    };
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// «символ» after «не длиннее»: 1 символа, 2 символов, 21 символа.
const fn symbols(number: u64) -> &'static str {
    if number % 10 == 1 && number % 100 != 11 { "символа" } else { "символов" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::Format;

    #[test]
    fn a_bound_is_written_as_people_write_it() {
        let too_long = FieldCode::TooLong(50_000);
        assert_eq!(too_long.detail(Language::Ru), "Не длиннее 50\u{a0}000 символов.");
        assert_eq!(too_long.detail(Language::En), "At most 50,000 characters.");
        assert_eq!(FieldCode::TooShort(1).detail(Language::Ru), "Не короче 1 символа.");
        assert_eq!(FieldCode::TooShort(11).detail(Language::Ru), "Не короче 11 символов.");
        assert_eq!(FieldCode::TooMany(20).detail(Language::Ru), "Не больше 20 в списке.");
    }

    #[test]
    fn a_refused_move_names_the_statuses_as_people_do() {
        let violation = RuleViolation::NoSuchTransition {
            current: Status::InProgress,
            allowed: vec![Status::Resolved],
        };
        assert_eq!(
            violation.explanation(Language::Ru).as_deref(),
            Some("Из статуса «В работе» вам доступно: «Решена».")
        );
    }

    #[test]
    fn a_format_is_described_in_words_and_not_as_a_pattern() {
        let url = FieldCode::WrongFormat(Format::of_pattern(r"^https?://\S+$"));
        assert!(url.detail(Language::Ru).contains("начинающийся с https://"));
        let kinds = FieldCode::WrongType(vec![JsonType::Integer, JsonType::Null]);
        assert_eq!(kinds.detail(Language::Ru), "Нужно значение: целое число, null.");
    }
}
