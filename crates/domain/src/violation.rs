//! Every way the rules say no.

use crate::language::Language;
use crate::reasons::RefusalReason;
use crate::status::Status;

/// Why a rule refuses; it carries what the caller needs in order to act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleViolation {
    /// 2.5: there is no such move from this status for this person.
    NoSuchTransition {
        /// The current status of the ticket.
        current: Status,
        /// Where this person may take it.
        allowed: Vec<Status>,
    },
    /// Fields are missing or wrong, all of them at once.
    Invalid(Vec<FieldError>),
    /// 2.5: a ticket is closed only after the customer confirmed the solution.
    ConfirmationMissing,
    /// 2.5: a finished ticket takes no comments of customers and no edits.
    TicketClosed,
    /// A parent with open children cannot be closed.
    OpenChildren(Vec<i64>),
    /// 2.5: only a resolved ticket can be confirmed.
    NotResolved,
    /// 3.4: support may refuse to register this request.
    Registration(RefusalReason),
}

impl RuleViolation {
    pub fn field(pointer: &str, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code)])
    }
}

/// Field errors of two sources in one list; of two about one field the first.
pub fn merged(mut errors: Vec<FieldError>, others: Vec<FieldError>) -> Vec<FieldError> {
    for error in others {
        if errors.iter().all(|it| it.pointer != error.pointer) {
            errors.push(error);
        }
    }
    errors
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field as a JSON pointer (RFC 6901).
    pub pointer: String,
    pub code: FieldCode,
    /// The clause behind it, where there is one.
    pub clause: Option<&'static str>,
}

impl FieldError {
    /// An error without a clause.
    pub fn new(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self { pointer: pointer.into(), code, clause: None }
    }

    /// The same error, with the clause it comes from.
    pub fn by_clause(self, clause: &'static str) -> Self {
        Self { clause: Some(clause), ..self }
    }
}

/// The ways a field can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldCode {
    /// The field is not there.
    Required,
    /// The field has no visible character.
    Blank,
    /// More characters or elements than this.
    TooLong(u64),
    /// Fewer characters or elements than this.
    TooShort(u64),
    TooSmall(i64),
    TooLarge(i64),
    /// Not the JSON type that the field has.
    WrongType(String),
    /// Not a form that the field has: a date, an address.
    WrongFormat(String),
    /// Not one of these words.
    NotOneOf(Vec<String>),
    /// A member that the operation does not know.
    UnknownField,
    /// The same element twice.
    Repeated,
    /// A character that no text here may hold, U+0000 before all.
    ForbiddenCharacter,
    /// No such thing, or not one that the caller may know of.
    NotFound,
    /// Two fields of which only one may be given; the other one is named.
    Conflicts(&'static str),
    /// The caller's role may not set it.
    NotPermitted,
    /// The field means nothing for what is being done.
    NotApplicable,
    /// A thing cannot refer to itself, directly or through others.
    Circular,
    /// The thing is switched off.
    Inactive,
    Taken,
    /// Too easy to guess.
    WeakPassword,
    /// Not the current password.
    WrongPassword,
}

impl FieldCode {
    /// The stable code that clients branch on.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Blank => "blank",
            Self::TooLong(_) => "too_long",
            Self::TooShort(_) => "too_short",
            Self::TooSmall(_) => "too_small",
            Self::TooLarge(_) => "too_large",
            Self::WrongType(_) => "wrong_type",
            Self::WrongFormat(_) => "wrong_format",
            Self::NotOneOf(_) => "not_one_of",
            Self::UnknownField => "unknown_field",
            Self::Repeated => "repeated",
            Self::ForbiddenCharacter => "forbidden_character",
            Self::NotFound => "not_found",
            Self::Conflicts(_) => "conflicts",
            Self::NotPermitted => "not_permitted",
            Self::NotApplicable => "not_applicable",
            Self::Circular => "circular",
            Self::Inactive => "inactive",
            Self::Taken => "taken",
            Self::WeakPassword => "weak_password",
            Self::WrongPassword => "wrong_password",
        }
    }

    /// What a person is told.
    #[rustfmt::skip]
    pub fn detail(&self, language: Language) -> String {
        let say = |ru: &str, kk: &str, en: &str| match language {
            Language::Ru => ru.to_owned(),
            Language::Kk => kk.to_owned(),
            Language::En => en.to_owned(),
        };
        match self {
            Self::Required => say("Обязательное поле.", "Міндетті өріс.", "This field is required."),
            Self::Blank => say("Поле не может быть пустым.", "Өріс бос болмауы керек.", "This field cannot be blank."),
            Self::TooLong(max) => say(&format!("Не длиннее {max}."), &format!("{max} мәнінен ұзын болмауы керек."), &format!("At most {max} long.")),
            Self::TooShort(min) => say(&format!("Не короче {min}."), &format!("{min} мәнінен қысқа болмауы керек."), &format!("At least {min} long.")),
            Self::TooSmall(min) => say(&format!("Не меньше {min}."), &format!("{min} мәнінен кем болмауы керек."), &format!("At least {min}.")),
            Self::TooLarge(max) => say(&format!("Не больше {max}."), &format!("{max} мәнінен артық болмауы керек."), &format!("At most {max}.")),
            Self::WrongType(wanted) => say(&format!("Нужен тип {wanted}."), &format!("{wanted} түрі қажет."), &format!("The type must be {wanted}.")),
            Self::WrongFormat(wanted) => say(&format!("Нужен вид {wanted}."), &format!("{wanted} пішімі қажет."), &format!("The format must be {wanted}.")),
            Self::NotOneOf(words) => {
                let words = words.join(", ");
                say(&format!("Одно из: {words}."), &format!("Мыналардың бірі: {words}."), &format!("One of: {words}."))
            }
            Self::UnknownField => say("Такого поля здесь нет.", "Мұнда ондай өріс жоқ.", "There is no such field."),
            Self::Repeated => say("Повторяется.", "Қайталанады.", "Given more than once."),
            Self::ForbiddenCharacter => say("Недопустимый символ.", "Рұқсат етілмеген таңба.", "Contains a character that is not permitted."),
            Self::NotFound => say("Не найдено.", "Табылмады.", "Not found."),
            Self::Conflicts(other) => say(&format!("Не вместе с {other}."), &format!("{other} өрісімен бірге емес."), &format!("Cannot be combined with {other}.")),
            Self::NotPermitted => say("Ваша роль не может задать это поле.", "Сіздің рөліңіз бұл өрісті бере алмайды.", "Your role does not permit setting this field."),
            Self::NotApplicable => say("Поле не относится к этому действию.", "Өріс бұл әрекетке қатысты емес.", "This field does not apply to this action."),
            Self::Circular => say("Ссылка на самого себя.", "Өзіне сілтеме.", "Refers to itself."),
            Self::Inactive => say("Отключено.", "Өшірілген.", "Inactive."),
            Self::Taken => say("Уже занято.", "Бос емес.", "Already taken."),
            Self::WeakPassword => say("Слишком простой пароль.", "Құпиясөз тым оңай.", "Too easy to guess."),
            Self::WrongPassword => say("Неверный пароль.", "Құпиясөз қате.", "Not the current password."),
        }
    }
}
