//! The values of the variables of prepared texts, for a ticket and whoever uses the text.

use diesel::prelude::*;
use domain::prepared::{FilledText, TemplateVariable, fill};
use domain::{Language, Status};

use crate::db::schema::{companies, directions, products, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::visibility;

/// First and last name.
type PersonName = (String, String);

/// What the variables of a ticket stand for.
#[derive(Debug, Queryable)]
pub struct Values {
    id: i64,
    subject: String,
    status: DbEnum<Status>,
    company: String,
    direction: String,
    product: Option<String>,
    product_name: Option<String>,
    author: PersonName,
    contact: Option<PersonName>,
    assignee: Option<PersonName>,
    me: PersonName,
}

impl Values {
    /// Those of a ticket that `caller` may see.
    pub fn load(ticket_id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        let (authors, contacts, assignees, me) =
            diesel::alias!(users as authors, users as contacts, users as assignees, users as me);
        let names = (users::first_name, users::last_name);
        tickets::table
            .inner_join(companies::table)
            .inner_join(directions::table)
            .left_join(products::table)
            .inner_join(authors.on(authors.field(users::id).eq(tickets::author_id)))
            .left_join(contacts.on(contacts.field(users::id).nullable().eq(tickets::contact_id)))
            .left_join(assignees.on(assignees.field(users::id).nullable().eq(tickets::assignee_id)))
            .inner_join(me.on(me.field(users::id).eq(caller.user_id)))
            .filter(tickets::id.eq(ticket_id))
            .filter(visibility::tickets(&caller.viewer))
            .select((
                tickets::id,
                tickets::subject,
                tickets::status,
                companies::name,
                directions::name,
                products::name.nullable(),
                tickets::product_name,
                authors.fields(names),
                contacts.fields(names).nullable(),
                assignees.fields(names).nullable(),
                me.fields(names),
            ))
            .first(conn)
    }

    /// A text, filled in.
    pub fn fill(&self, text: &str, language: Language) -> FilledText {
        fill(text, |variable| self.value(variable, language))
    }

    fn value(&self, variable: TemplateVariable, language: Language) -> Option<String> {
        let whole = |(first, last): &PersonName| format!("{first} {last}");
        let first = |(first, _): &PersonName| first.clone();
        let contact = self.contact.as_ref().unwrap_or(&self.author);
        match variable {
            TemplateVariable::TicketId => Some(self.id.to_string()),
            TemplateVariable::TicketSubject => Some(self.subject.clone()),
            TemplateVariable::TicketStatus => {
                Some(self.status.0.label().text_in(language).to_owned())
            }
            TemplateVariable::CompanyName => Some(self.company.clone()),
            TemplateVariable::DirectionName => Some(self.direction.clone()),
            TemplateVariable::ProductName => self.product.clone().or(self.product_name.clone()),
            TemplateVariable::AuthorName => Some(whole(&self.author)),
            TemplateVariable::AuthorFirstName => Some(first(&self.author)),
            TemplateVariable::ContactName => Some(whole(contact)),
            TemplateVariable::ContactFirstName => Some(first(contact)),
            TemplateVariable::AssigneeName => self.assignee.as_ref().map(whole),
            TemplateVariable::MyName => Some(whole(&self.me)),
            TemplateVariable::MyFirstName => Some(first(&self.me)),
        }
    }
}
