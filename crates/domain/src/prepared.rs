//! What support prepares for many tickets: texts with variables, and steps (section 9 of the contract).

mod steps;

use crate::string_enum;
use crate::violation::FieldCode;

pub use steps::MacroSteps;

string_enum! {
    /// A variable of a prepared text, which is written in braces: `{ticket.id}`.
    TemplateVariable {
        TicketId = "ticket.id" ("Номер заявки", "Өтінім нөмірі", "Ticket number"),
        TicketSubject = "ticket.subject" ("Тема заявки", "Өтінім тақырыбы", "Ticket subject"),
        TicketStatus = "ticket.status" ("Статус заявки", "Өтінім мәртебесі", "Ticket status"),
        CompanyName = "company.name" ("Компания", "Компания", "Company"),
        DirectionName = "direction.name" ("Направление", "Бағыт", "Direction"),
        ProductName = "product.name" ("Продукт", "Өнім", "Product"),
        AuthorName = "author.name" ("Автор", "Автор", "Author"),
        AuthorFirstName = "author.first_name" ("Имя автора", "Автордың аты", "Author's first name"),
        /// Whoever took over from an author who has left, else the author.
        ContactName = "contact.name" ("Контактное лицо", "Байланыс тұлғасы", "Contact"),
        ContactFirstName = "contact.first_name" ("Имя контактного лица", "Байланыс тұлғасының аты", "Contact's first name"),
        AssigneeName = "assignee.name" ("Исполнитель", "Орындаушы", "Assignee"),
        /// Whoever uses the text.
        MyName = "me.name" ("Кто отвечает", "Жауап беруші", "Whoever answers"),
        MyFirstName = "me.first_name" ("Имя того, кто отвечает", "Жауап берушінің аты", "First name of whoever answers"),
    }
}

/// The maximum number of variables of a text, so that it stays within the bounds of a comment when it is filled in.
const MAX_VARIABLES: u64 = 100;

/// A part of a prepared text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Plain(&'a str),
    /// The name between the braces.
    Variable(&'a str),
}

/// A prepared text, filled in for a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledText {
    pub text: String,
    /// The variables that the ticket has no value for, each once; they are left out of the text.
    pub missing: Vec<TemplateVariable>,
}

/// Checks the variables of a prepared text.
/// Errors: a variable that does not exist, or too many.
pub fn check(text: &str) -> Result<(), FieldCode> {
    let variables = parts(text).filter_map(|it| match it {
        Part::Variable(name) => Some(name),
        Part::Plain(_) => None,
    });
    for (index, name) in (0..).zip(variables) {
        if name.parse::<TemplateVariable>().is_err() {
            return Err(FieldCode::UnknownVariable(name.to_owned()));
        }
        if index >= MAX_VARIABLES {
            return Err(FieldCode::TooMany(MAX_VARIABLES));
        }
    }
    Ok(())
}

/// Fills in a prepared text. What a value holds is text, whatever it looks like.
pub fn fill(text: &str, value: impl Fn(TemplateVariable) -> Option<String>) -> FilledText {
    let mut filled = FilledText { text: String::new(), missing: Vec::new() };
    for part in parts(text) {
        let variable = match part {
            Part::Plain(plain) => {
                filled.text.push_str(plain);
                continue;
            }
            Part::Variable(name) => name.parse::<TemplateVariable>().ok(),
        };
        match variable.and_then(&value) {
            Some(value) => filled.text.push_str(&value),
            None => filled.missing.extend(variable.filter(|it| !filled.missing.contains(it))),
        }
    }
    filled
}

/// A text in its parts. A variable is two or more words with dots between them in braces; any other brace is text.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let next = rest.match_indices('{').find_map(|(at, _)| Some((at, name(rest.get(at..)?)?)));
        let (part, end) = match next {
            Some((0, name)) => (Part::Variable(name), name.len() + "{}".len()),
            Some((at, _)) => (Part::Plain(rest.get(..at)?), at),
            None => (Part::Plain(rest), rest.len()),
        };
        rest = rest.get(end..)?;
        Some(part)
    })
}

/// The name of the variable at the beginning of a text that begins with a brace.
fn name(text: &str) -> Option<&str> {
    let text = text.strip_prefix('{')?;
    let end = text.find(|it: char| !it.is_ascii_alphanumeric() && it != '_' && it != '.')?;
    let (name, rest) = text.split_at_checked(end)?;
    let is_name = name.contains('.') && !name.split('.').any(str::is_empty);
    (is_name && rest.starts_with('}')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> (String, Vec<TemplateVariable>) {
        let values = [
            (TemplateVariable::TicketId, "1042"),
            (TemplateVariable::TicketSubject, "Ключ {author.name} {"),
        ];
        let value = |variable: TemplateVariable| values.into_iter().find(|(it, _)| *it == variable);
        let filled = fill(text, |it| value(it).map(|(_, value)| value.to_owned()));
        (filled.text, filled.missing)
    }

    /// Section 9: variables are filled in once, whatever their values look like; other braces are text.
    #[test]
    fn s9_variables_are_filled_in_and_values_are_text() {
        let plain = "{ \"a\": {b} } {} {a b.c} {x.} } { №";
        assert_eq!(filled(plain), (plain.to_owned(), vec![]));
        assert_eq!(filled("№{ticket.id}{ticket.id}").0, "№10421042");
        assert_eq!(filled("«{ticket.subject}»").0, "«Ключ {author.name} {»");
        assert_eq!(
            filled("{assignee.name}: {{ticket.id}, {assignee.name}!"),
            (": {1042, !".to_owned(), vec![TemplateVariable::AssigneeName])
        );
        assert_eq!(check(plain), Ok(()));
    }

    /// Section 9: a text names only variables that there are, and not too many.
    #[test]
    fn s9_unknown_variables_are_refused() {
        for name in ["ticket.nr", "Ticket.ID", "author.name.first", "x.y"] {
            let unknown = FieldCode::UnknownVariable(name.to_owned());
            assert_eq!(check(&format!("№{{{name}}}")), Err(unknown), "{name}");
        }
        assert_eq!(check(&"{ticket.id}".repeat(100)), Ok(()));
        assert_eq!(check(&"{ticket.id}".repeat(101)), Err(FieldCode::TooMany(100)));
        for it in TemplateVariable::ALL {
            assert_eq!(check(&format!("{{{it}}}")), Ok(()), "{it}");
        }
    }

    /// IN09: a long text is read once, whatever it is made of.
    #[test]
    fn sec_in09_a_long_text_is_filled_in_in_time() {
        crate::long_texts::are_read(|text| drop(fill(text, |_| None)));
    }
}
