//! What is wrong with the rows of a list of people, once it is known what they refer to.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::PgConnection;
use domain::violation::merged;
use domain::{FieldCode, FieldError, Language};

use crate::credentials::email::fold_email;
use crate::http::caller::Caller;
use crate::http::refs::Ref;
use crate::http::tried::with_others;
use crate::problem::Problem;
use crate::problem::check_error::CheckError;
use crate::users::create::{UserCreate, errors};
use crate::users::import_rows::Draft;
use crate::users::import_store::{Companies, accounts_of, companies_of};
use crate::users::import_view::{ImportOutcome, ImportedRow};
use crate::users::scripts;

/// A row about which everything is known.
pub struct CheckedRow {
    line: u64,
    email: Option<String>,
    /// The address as it is compared.
    folded: String,
    /// Whom it registers, or what is wrong, by pointers into the file.
    pub person: Result<UserCreate, Vec<FieldError>>,
    /// The account that the address has: named, if the caller may know of it.
    pub account: Option<Option<Ref>>,
}

/// Looks up what the rows refer to, and whom they name.
/// Errors: `insufficient_scope` where a script names staff.
pub fn checked(
    drafts: Vec<Draft>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<CheckedRow>, Problem> {
    let people = || drafts.iter().filter_map(|it| it.person.as_ref());
    people().try_for_each(|it| scripts::check(it.role, caller))?;
    let ids: BTreeSet<i64> = people().filter_map(|it| it.company_id).collect();
    let names = drafts.iter().filter_map(|it| it.company.as_deref()).map(str::to_lowercase);
    let companies = companies_of(ids, names.collect(), conn)?;
    let emails: Vec<String> = people().map(|it| fold_email(&it.email)).collect();
    let mut accounts = accounts_of(emails, caller, conn)?;
    let mut seen = HashSet::new();
    let check = |draft: Draft| {
        let (line, email) = (draft.line, draft.email.clone());
        let folded = email.as_deref().map(fold_email).unwrap_or_default();
        let is_repeated = !seen.insert(folded.clone());
        let repeated = is_repeated.then(|| FieldError::new("/email", FieldCode::Repeated));
        let person = draft.person(repeated, &companies, caller);
        let person = person.map_err(|it| moved(it, &format!("/lines/{line}")));
        CheckedRow { line, email, account: accounts.remove(&folded), folded, person }
    };
    Ok(drafts.into_iter().map(check).collect())
}

/// The same errors below another place.
fn moved(errors: Vec<FieldError>, below: &str) -> Vec<FieldError> {
    let moved = |it: FieldError| FieldError { pointer: format!("{below}{}", it.pointer), ..it };
    errors.into_iter().map(moved).collect()
}

impl Draft {
    /// The person in their company, if the caller may create them.
    fn person(
        self,
        repeated: Option<FieldError>,
        companies: &Companies,
        caller: &Caller,
    ) -> Result<UserCreate, Vec<FieldError>> {
        let Some(mut person) = self.person else { return Err(self.errors) };
        let column = format!("/{}", self.company_column);
        let at_company = |code| FieldError::new(&*column, code);
        let is_named = self.company.is_some();
        let id = self.company.and_then(|it| companies.by_name.get(&it.to_lowercase()).copied());
        person.company_id = id.or(person.company_id);
        let unknown = (is_named && id.is_none()).then(|| at_company(FieldCode::NotFound));
        let of_rules = errors(&person, caller).into_iter().map(|it| match it.pointer.as_str() {
            "/company_id" => FieldError { pointer: column.clone(), ..it },
            _ => it,
        });
        let of_company = match person.company_id.map(|it| companies.is_open.get(&it)) {
            Some(None) => Some(at_company(FieldCode::NotFound)),
            Some(Some(false)) => Some(at_company(FieldCode::CompanyClosed)),
            Some(Some(true)) | None => None,
        };
        let others = unknown.into_iter().chain(repeated).collect();
        let others = merged(others, of_rules.collect());
        let others = merged(others, of_company.into_iter().collect());
        let errors = with_others(self.errors, others);
        if errors.is_empty() { Ok(person) } else { Err(errors) }
    }
}

impl CheckedRow {
    pub fn shown(self, created: &HashMap<String, i64>, language: Language) -> ImportedRow {
        let errors = self.person.as_ref().err().into_iter().flatten();
        let errors: Vec<CheckError> = errors.map(|it| CheckError::new(it, language)).collect();
        let new = self.person.ok().and_then(|it| {
            let id = created.get(&self.folded)?;
            Some(Ref::person(*id, it.first_name.trim(), it.last_name.trim()))
        });
        let (outcome, user) = match (errors.is_empty(), self.account) {
            (false, _) => (ImportOutcome::Invalid, None),
            (true, Some(account)) => (ImportOutcome::Known, account),
            (true, None) => (ImportOutcome::Created, new),
        };
        let address = self.email;
        ImportedRow { line: self.line.cast_signed(), address, outcome, user, errors }
    }
}
