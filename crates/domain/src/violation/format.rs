//! The formats that a value can be required to have, as people call them.

use crate::business_number::BIN;
use crate::language::{Language, Text};
use crate::string_enum;

string_enum! {
    /// A type of JSON, by the name that JSON Schema has for it.
    JsonType {
        Null = "null",
        Boolean = "boolean",
        Integer = "integer",
        Number = "number",
        String = "string",
        Array = "array",
        Object = "object",
    }
}

impl JsonType {
    pub const fn label(self) -> Text {
        match self {
            Self::Null => Text::new("null", "null", "null"),
            Self::Boolean => Text::new("true или false", "true немесе false", "true or false"),
            Self::Integer => Text::new("целое число", "бүтін сан", "an integer"),
            Self::Number => Text::new("число", "сан", "a number"),
            Self::String => Text::new("текст", "мәтін", "text"),
            Self::Array => Text::new("список", "тізім", "a list"),
            Self::Object => Text::new("объект", "объект", "an object"),
        }
    }
}

/// The format that a value should have had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Date,
    DateTime,
    Email,
    /// `http` or `https`.
    WebAddress,
    /// A webhook's address.
    HttpsAddress,
    TimeOfDay,
    Zone,
    /// The number of a Kazakh company.
    Bin,
    IdempotencyKey,
    /// A person by number, or by a word that the parameter explains.
    Person,
    /// The end of a span that begins later.
    LaterThanStart,
    /// A format that only its documentation describes.
    Other,
}

impl Format {
    /// The format with this name in JSON Schema.
    pub fn of_schema(name: &str) -> Self {
        match name {
            "date" => Self::Date,
            "date-time" => Self::DateTime,
            "email" => Self::Email,
            "uri" => Self::WebAddress,
            _ => Self::Other,
        }
    }

    /// The format that a pattern stands for.
    pub fn of_pattern(pattern: &str) -> Self {
        if pattern.starts_with("^http") {
            Self::WebAddress
        } else if pattern.starts_with("^(me|") {
            Self::Person
        } else if pattern == BIN {
            Self::Bin
        } else {
            Self::Other
        }
    }

    #[rustfmt::skip]
    const fn text(self) -> Text {
        match self {
            Self::Date => Text::new("Нужна дата вида 2026-12-31, годы с 1 по 9998.", "2026-12-31 түріндегі күн қажет, 1-9998 жылдар.", "A date such as 2026-12-31 is expected, in the years 1 to 9998."),
            Self::DateTime => Text::new("Нужны дата и время вида 2026-12-31T18:00:00Z, годы с 1 по 9998.", "2026-12-31T18:00:00Z түріндегі күн мен уақыт қажет, 1-9998 жылдар.", "A date and time such as 2026-12-31T18:00:00Z is expected, in the years 1 to 9998."),
            Self::Email => Text::new("Нужен адрес электронной почты.", "Электрондық пошта мекенжайы қажет.", "An e-mail address is expected."),
            Self::WebAddress => Text::new("Нужен адрес, начинающийся с https:// или http://.", "https:// немесе http:// деп басталатын мекенжай қажет.", "An address that begins with https:// or http:// is expected."),
            Self::HttpsAddress => Text::new("Нужен адрес, начинающийся с https://.", "https:// деп басталатын мекенжай қажет.", "An address that begins with https:// is expected."),
            Self::TimeOfDay => Text::new("Нужно время вида 09:00.", "09:00 түріндегі уақыт қажет.", "A time of day such as 09:00 is expected."),
            Self::Zone => Text::new("Нужен часовой пояс: +06:00 или Asia/Almaty.", "Уақыт белдеуі қажет: +06:00 немесе Asia/Almaty.", "A time zone such as +06:00 or Asia/Almaty is expected."),
            Self::Bin => Text::new("Нужен БИН: 12 цифр, последняя из них контрольная.", "БСН қажет: 12 цифр, соңғысы бақылау цифры.", "A BIN of 12 digits is expected, the last of which is its check digit."),
            Self::IdempotencyKey => Text::new("Нужно от 1 до 255 печатных символов ASCII.", "1-ден 255-ке дейін ASCII баспа таңбасы қажет.", "Between 1 and 255 visible ASCII characters are expected."),
            Self::Person => Text::new("Нужен номер человека или одно из слов, которые знает этот параметр.", "Адамның нөмірі немесе осы параметр білетін сөздердің бірі қажет.", "The id of a person or a word that this parameter knows is expected."),
            Self::LaterThanStart => Text::new("Конец должен быть позже начала.", "Соңы басынан кейін болуы керек.", "The end must be later than the start."),
            Self::Other => Text::new("Неверный вид значения.", "Мәннің түрі дұрыс емес.", "The value does not have the expected form."),
        }
    }

    pub const fn text_in(self, language: Language) -> &'static str {
        self.text().text_in(language)
    }
}
