//! The rows of a list of people, as bodies that would register each of them.

use domain::{FieldCode, FieldError};
use serde_json::{Map, Value, json};

use crate::http::csv_body::CsvBody;
use crate::http::json::member;
use crate::http::validation::{MAX_ERRORS, Schemas, typed};
use crate::problem::Problem;
use crate::users::create::UserCreate;

/// The most people in a list; each gets a mail.
pub const MAX_PEOPLE: usize = 1000;

/// The columns, each with the names that lists give it.
const COLUMNS: &[(&str, &[&str])] = &[
    ("first_name", &["имя", "есімі"]),
    ("last_name", &["фамилия", "тегі"]),
    ("email", &["e-mail", "почта", "эл. почта", "электронная почта", "пошта"]),
    ("role", &["роль", "рөлі"]),
    (COMPANY_ID, &[]),
    (COMPANY, &["компания", "заказчик", "тапсырыс беруші"]),
    ("sees", &[]),
    ("is_company_admin", &["администратор компании"]),
    ("language", &["язык", "тілі"]),
];

const REQUIRED: [&str; 3] = ["first_name", "last_name", "email"];

const COMPANY_ID: &str = "company_id";

/// The company by its name, in place of its number.
const COMPANY: &str = "company";

/// A row, before anything is looked up.
#[derive(Debug)]
pub struct Draft {
    /// The line of the file.
    pub line: u64,
    /// The address as it is written.
    pub email: Option<String>,
    /// The name of the company, where the list names companies.
    pub company: Option<String>,
    /// Where the company stands.
    pub company_column: &'static str,
    /// Whom the row registers; if it is wrong, with stand-ins, if there are any.
    pub person: Option<UserCreate>,
    /// The field errors of the row by itself.
    pub errors: Vec<FieldError>,
}

/// Reads the rows of a table as drafts.
/// Errors: field errors where the columns are wrong, or where there are no rows or too many.
pub fn drafts(table: &CsvBody, schemas: &Schemas) -> Result<Vec<Draft>, Problem> {
    let columns = columns(&table.header)?;
    let number = match table.rows.len() {
        0 => Err(FieldCode::TooFew(1)),
        it if it > MAX_PEOPLE => Err(FieldCode::TooMany(MAX_PEOPLE as u64)),
        it => Ok(it),
    };
    number.map_err(|it| Problem::invalid(vec![FieldError::new("/lines", it)]))?;
    table.rows.iter().map(|(line, cells)| draft(*line, cells, &columns, schemas)).collect()
}

/// The columns of a header.
/// Errors: field errors for unknown, repeated and missing ones.
fn columns(header: &[String]) -> Result<Vec<&'static str>, Problem> {
    let mut found: Vec<&'static str> = Vec::new();
    let mut errors = Vec::new();
    for title in header {
        match column(title) {
            None => errors.push(at_column(title, FieldCode::UnknownField)),
            Some(name) if found.contains(&name) => {
                errors.push(at_column(name, FieldCode::Repeated));
            }
            Some(name) => found.push(name),
        }
    }
    let missing = REQUIRED.iter().filter(|it| !found.contains(*it));
    errors.extend(missing.map(|it| at_column(it, FieldCode::Required)));
    if found.contains(&COMPANY_ID) && found.contains(&COMPANY) {
        errors.push(at_column(COMPANY, FieldCode::Conflicts(COMPANY_ID)));
    }
    errors.truncate(MAX_ERRORS);
    if errors.is_empty() { Ok(found) } else { Err(Problem::invalid(errors)) }
}

fn at_column(title: &str, code: FieldCode) -> FieldError {
    let shown: String = title.chars().take(100).collect();
    FieldError::new(member("/header", &shown), code)
}

fn column(title: &str) -> Option<&'static str> {
    let title = title.to_lowercase();
    let is_it = |(name, aliases): &&(&str, &[&str])| *name == title || aliases.contains(&&*title);
    COLUMNS.iter().find(is_it).map(|(name, _)| *name)
}

fn draft(
    line: u64,
    cells: &[String],
    columns: &[&'static str],
    schemas: &Schemas,
) -> Result<Draft, Problem> {
    let filled = || columns.iter().copied().zip(cells).filter(|(_, cell)| !cell.is_empty());
    let cell = |wanted: &str| filled().find(|(name, _)| *name == wanted).map(|(_, it)| it.clone());
    let mut body: Map<String, Value> =
        filled().filter(|(name, _)| *name != COMPANY).map(value).collect();
    body.entry("role").or_insert_with(|| json!("customer"));
    let body = Value::Object(body);
    let mut errors = schemas.check("UserCreate", &body)?.err().unwrap_or_default();
    errors.extend(
        filled()
            .filter(|(_, cell)| is_formula(cell))
            .map(|(name, _)| FieldError::new(member("", name), FieldCode::ForbiddenCharacter)),
    );
    if cells.iter().skip(columns.len()).any(|it| !it.is_empty()) {
        errors.push(FieldError::new("", FieldCode::TooMany(columns.len() as u64)));
    }
    let person = match errors.is_empty() {
        true => typed(&body).map_err(|it| errors = it).ok(),
        false => {
            let tried = schemas.with_stand_ins("UserCreate", body, &errors);
            tried.and_then(|(body, _)| typed(&body).ok())
        }
    };
    let company_column = if columns.contains(&COMPANY) { COMPANY } else { COMPANY_ID };
    Ok(Draft { line, email: cell("email"), company: cell(COMPANY), company_column, person, errors })
}

/// A cell as the member of a body.
fn value((name, cell): (&'static str, &String)) -> (String, Value) {
    let value = match name {
        COMPANY_ID => cell.parse().map_or_else(|_| json!(cell), |it: i64| json!(it)),
        "is_company_admin" => match cell.to_lowercase().as_str() {
            "true" | "1" | "да" | "иә" | "yes" => json!(true),
            "false" | "0" | "нет" | "жоқ" | "no" => json!(false),
            _ => json!(cell),
        },
        _ => json!(cell),
    };
    (name.to_owned(), value)
}

/// IN12: what a spreadsheet computes is nobody's name or address.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_names_that_lists_give_them() {
        let of = |titles: &[&str]| {
            let header: Vec<String> = titles.iter().map(|it| (*it).to_owned()).collect();
            columns(&header).map_err(|it| {
                let errors = it.errors.into_iter();
                errors.map(|it| format!("{} {}", it.pointer, it.code.as_str())).collect::<Vec<_>>()
            })
        };

        let known = of(&["Имя", "ФАМИЛИЯ", "E-mail", "Компания"]);
        assert_eq!(known, Ok(vec!["first_name", "last_name", "email", COMPANY]));
        assert_eq!(
            of(&["имя", "Почта", "email", "a/b", "", "company", "company_id"]),
            Err(vec![
                "/header/email repeated".to_owned(),
                "/header/a~1b unknown_field".to_owned(),
                "/header/ unknown_field".to_owned(),
                "/header/last_name required".to_owned(),
                "/header/company conflicts".to_owned(),
            ])
        );
    }
}
