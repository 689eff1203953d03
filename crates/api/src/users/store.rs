//! The rows of people.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::Error as DbError;
use domain::balancing::Absence;
use domain::{Language, Role, Sees};

use crate::companies::store::share_if_open;
use crate::db::cut::Cut;
use crate::db::schema::{companies, users};
use crate::db::string_enum::DbEnum;
use crate::http::by_name::{ByName, NamePlace, Names};
use crate::http::caller::Caller;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Links, OutgoingMail};
use crate::mail::page::Page;
use crate::mail::texts::{Texts, fill};
use crate::problem::{Code, Problem, map_constraint};
use crate::users::filter::UserFilter;
use crate::visibility;
use crate::visibility::readable::Readable;

/// A person as they are stored; the password is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = users)]
pub struct UserRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    /// The role of the user.
    pub role: DbEnum<Role>,
    /// The company of a customer.
    pub company_id: Option<i64>,
    /// Which of its projects.
    pub sees: DbEnum<Sees>,
    pub email: String,
    /// The form in which the address is unique.
    pub email_folded: String,
    pub first_name: String,
    pub last_name: String,
    /// The language of the user's mail.
    pub language: DbEnum<Language>,
    /// Whether the user can sign in.
    pub is_active: bool,
    /// Whether they cannot because their company is closed.
    pub is_suspended: bool,
    /// Whether an administrator of their company deactivated them.
    pub is_deactivated_by_company: bool,
    /// Whether a customer deactivates colleagues.
    pub is_company_admin: bool,
    /// Whether they have not replaced their one-time password yet.
    pub must_change_password: bool,
    /// When the last one-time password was sent.
    pub invited_at: Option<DateTime<Utc>>,
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// How many deliveries to the address failed for good.
    pub mail_failures: i32,
    /// When the user was created.
    pub created_at: DateTime<Utc>,
    /// Since when an engineer is away.
    pub absent_since: Option<DateTime<Utc>>,
    /// When an absent engineer is expected back, if known.
    pub absent_until: Option<DateTime<Utc>>,
    /// When their next absence begins, and when it ends, if known.
    pub planned_since: Option<DateTime<Utc>>,
    pub planned_until: Option<DateTime<Utc>>,
    /// Since when no mail can be delivered to the address.
    pub undeliverable_since: Option<DateTime<Utc>>,
    /// What the mail server said when it refused the address.
    pub undeliverable_reason: Option<String>,
}

const NAMES: Names = Names {
    searched: "lower(users.first_name || ' ' || users.last_name)",
    sorted: "lower(users.last_name || ' ' || users.first_name)",
    id: "users.id",
};

const NAMES_AND_ADDRESSES: Names = Names {
    searched: "lower(users.first_name || ' ' || users.last_name || ' ' || users.email)",
    ..NAMES
};

/// The people whom somebody may know of: an administrator of a company also of deactivated colleagues.
pub fn known_to(caller: &Caller) -> Readable<users::id> {
    match caller.is_company_admin {
        true => visibility::accounts(&caller.viewer),
        false => visibility::people(&caller.viewer),
    }
}

impl UserRow {
    /// A mail to the person, or to the address given in the queue: a text from the text files
    /// with values by their names.
    pub fn mail_from_texts(
        &self,
        mail: &MailRow,
        (subject, body): (&str, &str),
        values: &[(&str, &str)],
        links: &Links,
    ) -> Result<OutgoingMail, Problem> {
        let page = Page::of_text(self.language.0, (subject, body), self.greeting(), values);
        self.mail_from_page(mail, page, links)
    }

    /// A mail to the person that shows a page.
    pub fn mail_from_page(
        &self,
        mail: &MailRow,
        page: Page,
        links: &Links,
    ) -> Result<OutgoingMail, Problem> {
        let to = mail.address.as_deref().unwrap_or(&self.email);
        let subject = page.title.clone();
        Ok(OutgoingMail {
            to_name: self.name(),
            ..OutgoingMail::of(mail, to, subject, page, links)?
        })
    }

    /// How a mail to the person begins.
    pub fn greeting(&self) -> String {
        let texts = Texts::of(self.language.0);
        fill(&texts.frame.greeting, &[("first_name", &self.first_name)])
    }

    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// What lists are sorted by.
    pub fn sorted_name(&self) -> String {
        format!("{} {}", self.last_name, self.first_name)
    }

    /// When they are away.
    pub const fn absence(&self) -> Absence {
        Absence { since: self.absent_since, until: self.absent_until }
    }

    /// When they will be away next.
    pub const fn planned_absence(&self) -> Absence {
        Absence { since: self.planned_since, until: self.planned_until }
    }

    /// A page, each with the company's name. Customers do not see addresses, nor find anybody by one.
    pub fn page(
        query: &UserFilter,
        by: &ByName,
        caller: &Caller,
        after: Option<NamePlace>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, Option<String>)>> {
        let names = match caller.role {
            Role::Customer => NAMES,
            Role::Engineer | Role::Commercial | Role::Admin => NAMES_AND_ADDRESSES,
        };
        let mut people = users::table
            .filter(known_to(caller))
            .filter(by.condition(names, after))
            .order(by.order(names))
            .select(users::id)
            .into_boxed();
        if let Some(role) = query.role {
            people = people.filter(users::role.eq(role.as_str()));
        }
        if let Some(company_id) = query.company_id {
            people = people.filter(users::company_id.eq(company_id));
        }
        if let Some(is_active) = query.is_active {
            people = people.filter(users::is_active.eq(is_active));
        }
        users::table
            .left_join(companies::table)
            .filter(Cut::to(limit + 1, people).has(users::id))
            .order(by.order(names))
            .select((Self::as_select(), companies::name.nullable()))
            .load(conn)
    }

    /// One person with the company's name, if `caller` may see them.
    pub fn show(
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<(Self, Option<String>)> {
        users::table
            .left_join(companies::table)
            .filter(users::id.eq(id))
            .filter(known_to(caller))
            .select((Self::as_select(), companies::name.nullable()))
            .first(conn)
    }

    /// One person, whoever asks.
    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(users::id.eq(id)).first(conn)
    }

    /// One person, if `caller` may see them, locked until the transaction ends.
    pub fn lock(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query()
            .filter(users::id.eq(id))
            .filter(known_to(caller))
            .for_no_key_update()
            .first(conn)
    }

    /// The same for somebody who is about to get access, which people of a closed company do not get.
    /// Errors: `company_closed`, and those of the database.
    pub fn lock_for_access(
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let (known, _) = Self::show(id, caller, conn)?;
        let is_open = known.company_id.map(|it| share_if_open(it, conn)).transpose()?.flatten();
        match is_open {
            Some(false) => Err(Problem::new(Code::CompanyClosed)),
            Some(true) | None => Ok(Self::lock(id, caller, conn)?),
        }
    }

    /// One of some people.
    pub fn find_in(
        id: i64,
        known: &Readable<users::id>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        Self::query().filter(users::id.eq(id)).filter(known.clone()).first(conn)
    }

    /// Two of some people, locked in the order of their numbers.
    pub fn lock_two(
        id: i64,
        other_id: Option<i64>,
        known: &Readable<users::id>,
        conn: &mut PgConnection,
    ) -> QueryResult<(Self, Option<Self>)> {
        let rows = Self::query()
            .filter(users::id.eq_any([Some(id), other_id].into_iter().flatten()))
            .filter(known.clone())
            .order(users::id)
            .for_no_key_update()
            .load(conn)?;
        let find = |id: i64| rows.iter().find(|it: &&Self| it.id == id).cloned();
        Ok((find(id).ok_or(DbError::NotFound)?, other_id.and_then(find)))
    }

    /// Whether somebody is active; if so, locked against deactivation until the transaction ends.
    pub fn share_if_active(id: i64, conn: &mut PgConnection) -> QueryResult<bool> {
        let active = users::table.filter(users::id.eq(id)).filter(users::is_active);
        Ok(active.select(users::id).for_share().first::<i64>(conn).optional()?.is_some())
    }

    /// One's own row, locked until the transaction ends.
    pub fn lock_self(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(users::id.eq(id)).for_no_key_update().first(conn)
    }

    /// Writes the columns that differ from the row before, if any.
    /// Errors: a problem where the address is taken.
    pub fn save(&self, before: &Self, conn: &mut PgConnection) -> Result<(), Problem> {
        if self == before {
            return Ok(());
        }
        diesel::update(users::table.find(self.id))
            .set((
                users::version.eq(self.version + 1),
                users::role.eq(self.role),
                users::sees.eq(self.sees),
                users::is_company_admin.eq(self.is_company_admin),
                users::email.eq(&self.email),
                users::email_folded.eq(&self.email_folded),
                users::first_name.eq(&self.first_name),
                users::last_name.eq(&self.last_name),
                users::language.eq(self.language),
            ))
            .execute(conn)
            .map_err(map_constraint)?;
        Ok(())
    }

    /// Voids the current password; the next one is sent by e-mail.
    pub fn void_password(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::update(users::table.find(self.id))
            .set((users::password_hash.eq(None::<String>), users::must_change_password.eq(true)))
            .execute(conn)
    }

    pub fn activate(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        let closed = users::table.find(self.id).filter(users::is_active.eq(false));
        diesel::update(closed)
            .set((
                users::is_active.eq(true),
                users::is_deactivated_by_company.eq(false),
                users::version.eq(self.version + 1),
            ))
            .execute(conn)
    }

    /// Deactivates them; they stay so if their company is reopened. An administrator of the company changes nothing
    /// about somebody whom the vendor has deactivated already.
    pub fn deactivate(&self, by_company: bool, conn: &mut PgConnection) -> QueryResult<usize> {
        if by_company && !self.is_active {
            return Ok(0);
        }
        diesel::update(users::table.find(self.id))
            .set((
                users::is_active.eq(false),
                users::is_suspended.eq(false),
                users::is_deactivated_by_company.eq(by_company),
                users::version.eq(self.version + 1),
            ))
            .execute(conn)
    }

    /// Errors: `company_closed` for somebody whose company is closed: they get access with it.
    pub fn check_company_open(&self) -> Result<(), Problem> {
        match self.is_suspended {
            true => Err(Problem::new(Code::CompanyClosed)),
            false => Ok(()),
        }
    }
}
