//! Imports people. Only accounts that an import created follow the source, and only until they are changed here.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{Language, Role, Sees};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::api_tokens::legacy_key;
use crate::api_tokens::store::{ApiTokenRow, NewApiToken};
use crate::credentials::email::fold_email;
use crate::credentials::secret;
use crate::db::schema::{api_tokens, users};
use crate::import::format::Person;
use crate::import::writer::places::{company, is_closed};
use crate::import::writer::rows::ImportedRow;
use crate::problem::Problem;

/// What is recorded about an imported person.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    pub login: String,
    /// Whether an import created the account, and did not merely find it by its address.
    pub created: bool,
    /// The version of the account as the import left it; with any other version it was changed here.
    version: i32,
    /// The account is closed because the source says so; this is applied once, until the source opens it again.
    closed: bool,
    /// Whether an import stored the key of their old scripts.
    pub has_key: bool,
    /// The projects and directions to which an import added them.
    pub projects: Vec<i64>,
    pub directions: Vec<i64>,
}

impl About {
    pub fn of(row: &ImportedRow) -> Self {
        serde_json::from_value(row.about.clone()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        json!(self)
    }

    /// Whether it is an account of an import that nobody has changed here.
    pub fn follows(&self, version: i32) -> bool {
        self.created && self.version == version
    }
}

/// An account, as far as an import changes it.
#[derive(HasQuery)]
#[diesel(table_name = users)]
struct Account {
    id: i64,
    version: i32,
    role: String,
    company_id: Option<i64>,
    is_active: bool,
    is_suspended: bool,
}

impl Account {
    const fn is_open(&self) -> bool {
        self.is_active || self.is_suspended
    }

    /// Opens or closes it; an account of a closed company stays suspended until the company is reopened.
    fn set_open(
        &self,
        is_open: bool,
        about: &mut About,
        conn: &mut PgConnection,
    ) -> QueryResult<()> {
        let waits = self.company_id.map(|it| is_closed(it, conn)).transpose()?.unwrap_or(false);
        about.version = diesel::update(users::table.find(self.id))
            .set((
                users::is_active.eq(is_open && !waits),
                users::is_suspended.eq(is_open && waits),
                users::version.eq(users::version + 1),
            ))
            .returning(users::version)
            .get_result(conn)?;
        Ok(())
    }

    /// Closes it once. Whoever opens it again here keeps it open.
    fn close(&self, about: &mut About, conn: &mut PgConnection) -> QueryResult<()> {
        if self.is_open() && !about.closed {
            self.set_open(false, about, conn)?;
            about.closed = true;
        }
        Ok(())
    }
}

/// A placeholder for a missing address, in a reserved domain (RFC 2606).
fn placeholder(person: &Person) -> String {
    format!("redmine-{}@import.invalid", person.id)
}

/// The account of a person: the known one, which follows the source, else one with this address, else a new one.
pub fn account(
    person: &Person,
    known: Option<&ImportedRow>,
    now: DateTime<Utc>,
    remarks: &mut Vec<String>,
    conn: &mut PgConnection,
) -> Result<(i64, About), Problem> {
    let known_id = known.and_then(|it| it.id);
    let (id, mut about) = match (known_id, known) {
        (Some(id), Some(row)) => (id, About::of(row)),
        (_, None) | (None, _) => register(person, now, conn)?,
    };
    about.login.clone_from(&person.login);
    follow(id, person, &mut about, remarks, conn)?;
    Ok((id, about))
}

/// Creates an account without a password, or returns the one with this address.
fn register(
    person: &Person,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<(i64, About), Problem> {
    let email = person.email.clone().unwrap_or_else(|| placeholder(person));
    let folded = fold_email(&email);
    let known = users::table.filter(users::email_folded.eq(&folded)).select(users::id);
    if let Some(id) = known.first(conn).optional()? {
        return Ok((id, About::default()));
    }
    let company_id = match &person.company {
        Some(name) if person.role == Role::Customer => Some(company(name, now, conn)?),
        Some(_) | None => None,
    };
    let sees = if person.role == Role::Customer { Sees::Listed } else { Sees::All };
    let waits = company_id.map(|it| is_closed(it, conn)).transpose()?.unwrap_or(false);
    let (id, version) = diesel::insert_into(users::table)
        .values((
            users::role.eq(person.role.as_str()),
            users::company_id.eq(company_id),
            users::sees.eq(sees.as_str()),
            users::email.eq(&email),
            users::email_folded.eq(folded),
            users::first_name.eq(&person.first_name),
            users::last_name.eq(&person.last_name),
            users::language.eq(Language::Ru.as_str()),
            users::must_change_password.eq(true),
            users::is_active.eq(person.is_active && !waits),
            users::is_suspended.eq(person.is_active && waits),
            users::created_at.eq(person.created_at),
        ))
        .returning((users::id, users::version))
        .get_result(conn)?;
    let closed = !person.is_active;
    Ok((id, About { created: true, version, closed, ..About::default() }))
}

/// Follows the source: the account of a person who is locked there is closed, and is opened again if the import closed
/// it; the name changes unless the account was changed here. A different role is only reported.
fn follow(
    id: i64,
    person: &Person,
    about: &mut About,
    remarks: &mut Vec<String>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let account: Option<Account> = Account::query().find(id).first(conn).optional()?;
    let Some(account) = account else { return Ok(()) };
    let is_locked = !person.is_active && !person.is_unplaced;
    let has_other_role = account.role != person.role.as_str();
    let loses_projects =
        person.is_unplaced && account.company_id.is_some() && about.follows(account.version);
    if has_other_role && !is_locked && !loses_projects && account.is_open() {
        remarks.push(format!(
            "{} ({} {}): is {} by what the source says, and {} here: nothing was changed",
            person.login, person.first_name, person.last_name, person.role, account.role
        ));
    }
    if !about.created {
        return Ok(());
    }
    if about.follows(account.version) {
        diesel::update(users::table.find(id))
            .set((users::first_name.eq(&person.first_name), users::last_name.eq(&person.last_name)))
            .execute(conn)?;
    }
    if is_locked {
        return account.close(about, conn);
    }
    if person.is_active && about.closed {
        let is_ours = about.follows(account.version) && !account.is_open();
        if is_ours && has_other_role {
            remarks.push(format!(
                "{}: is open and {} by what the source says; here it stays closed, as {}",
                person.login, person.role, account.role
            ));
            return Ok(());
        }
        if is_ours {
            account.set_open(true, about, conn)?;
        }
        about.closed = false;
    }
    Ok(())
}

/// Closes the account of a person who is not there any more; none if it is closed, or was not created by an import.
pub fn close_gone(
    id: i64,
    mut about: About,
    remarks: &mut Vec<String>,
    conn: &mut PgConnection,
) -> QueryResult<Option<About>> {
    let account: Option<Account> = Account::query().find(id).first(conn).optional()?;
    let Some(account) = account.filter(|it| about.created && !about.closed && it.is_open()) else {
        return Ok(None);
    };
    account.close(&mut about, conn)?;
    remarks.push(format!("{}: was deleted there, and is closed here", about.login));
    Ok(Some(about))
}

/// Stores the key of old scripts, in place of an earlier one, as a token that is valid below `/redmine` only. It
/// lacks our prefix, so that nothing else accepts it. Returns whether it is new.
pub fn store_key(
    user_id: i64,
    person: &Person,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<bool, Problem> {
    let Some(key) = person.key.as_deref().filter(|it| !it.starts_with(secret::API_TOKEN)) else {
        return Ok(false);
    };
    let hash = secret::token_hash(key);
    let earlier = api_tokens::table
        .filter(api_tokens::user_id.eq(user_id))
        .filter(api_tokens::name.eq(legacy_key::NAME))
        .filter(api_tokens::hash.ne(&hash));
    diesel::delete(earlier).execute(conn)?;
    let known = api_tokens::table.filter(api_tokens::hash.eq(&hash));
    if known.count().get_result::<i64>(conn)? > 0 || !person.is_active {
        return Ok(false);
    }
    let new = NewApiToken {
        user_id,
        name: legacy_key::NAME,
        scopes: legacy_key::SCOPES,
        lifetime: legacy_key::LIFETIME,
        hash,
    };
    ApiTokenRow::create(new, now, conn)?;
    Ok(true)
}
