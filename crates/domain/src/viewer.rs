//! Who reads tickets, and everything that belongs to them.

use std::collections::BTreeSet;

use crate::needs::Visibility;
use crate::role::Role;
use crate::string_enum;

/// What somebody may see of tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Support sees everything.
    Support,
    /// An employee of a customer sees what belongs to their own company, and nothing internal.
    Company {
        /// Their company.
        id: i64,
        /// Which of its projects.
        projects: Projects,
    },
    /// The commercial department sees no ticket.
    Nobody,
}

/// The projects of a company that somebody sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Projects {
    /// All of them, including future ones.
    #[default]
    All,
    /// These.
    Listed(BTreeSet<i64>),
}

string_enum! {
    /// Which projects of their company a customer sees.
    Sees {
        /// All of them, including future ones.
        All = "all",
        /// Those that they are a member of.
        Listed = "listed",
    }
}

impl Sees {
    /// The projects that a member of some projects sees.
    pub fn projects(self, member_of: impl IntoIterator<Item = i64>) -> Projects {
        match self {
            Self::All => Projects::All,
            Self::Listed => Projects::Listed(member_of.into_iter().collect()),
        }
    }
}

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Owner {
    pub company_id: i64,
    pub project_id: i64,
}

/// A row to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A ticket, or a request that was refused.
    Ticket(Owner),
    /// A project, which those who register customers see, too.
    Project(Owner),
    /// A comment of a ticket.
    Comment(Owner, Visibility),
    /// An event of a ticket; none: it belongs to no ticket and concerns everybody.
    Event(Option<Owner>, Visibility),
    /// A file of a ticket, of a refused request, or of a release that was provided in a ticket.
    File(Owner, Visibility),
    /// A file of a release that was not provided in any ticket.
    ReleaseFile,
    /// The notes of a release that is published, or is still being written.
    ReleaseNotes { is_published: bool },
    /// An article, or a file of one.
    Article {
        /// Whether it is published, and for customers.
        is_for_customers: bool,
    },
}

impl Viewer {
    /// The viewer of this role and company; a customer without a company sees nothing.
    pub fn new(role: Role, company_id: Option<i64>, projects: Projects) -> Self {
        match (role, company_id) {
            (Role::Engineer | Role::Admin, _) => Self::Support,
            (Role::Customer, Some(id)) => Self::Company { id, projects },
            (Role::Customer, None) | (Role::Commercial, _) => Self::Nobody,
        }
    }

    /// Whether notes among staff and all else that is internal may be read.
    pub const fn reads_internal(&self) -> bool {
        match self {
            Self::Support => true,
            Self::Company { .. } | Self::Nobody => false,
        }
    }

    /// Whether a row may be read; a row that may not be read is treated as missing.
    pub fn may_read(&self, row: Row) -> bool {
        match self {
            Self::Support => true,
            Self::Company { id, projects } => {
                let is_own = |it: Owner| it.company_id == *id && projects.contains(it.project_id);
                match row {
                    Row::Ticket(owner) | Row::Project(owner) => is_own(owner),
                    Row::Comment(owner, visibility) | Row::File(owner, visibility) => {
                        visibility.is_public() && is_own(owner)
                    }
                    Row::Event(owner, visibility) => {
                        visibility.is_public() && owner.is_none_or(is_own)
                    }
                    Row::ReleaseFile => false,
                    Row::ReleaseNotes { is_published } => is_published,
                    Row::Article { is_for_customers } => is_for_customers,
                }
            }
            Self::Nobody => match row {
                Row::Project(_) => true,
                Row::ReleaseNotes { is_published } => is_published,
                Row::Ticket(_)
                | Row::Comment(..)
                | Row::Event(..)
                | Row::File(..)
                | Row::Article { .. }
                | Row::ReleaseFile => false,
            },
        }
    }
}

impl Projects {
    /// Whether a project is one of them.
    pub fn contains(&self, project_id: i64) -> bool {
        match self {
            Self::All => true,
            Self::Listed(ids) => ids.contains(&project_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Visibility::{Internal, Public};

    const OWN: Owner = Owner { company_id: 1, project_id: 10 };
    const OTHER_PROJECT: Owner = Owner { company_id: 1, project_id: 11 };
    const FOREIGN: Owner = Owner { company_id: 2, project_id: 20 };

    /// Section 6 of the contract: every kind of row, whoever looks.
    #[test]
    #[rustfmt::skip]
    fn s6_each_row_is_read_by_those_whom_it_concerns() {
        let listed = Projects::Listed(BTreeSet::from([10]));
        let viewers = [
            Viewer::new(Role::Engineer, None, Projects::All),
            Viewer::new(Role::Customer, Some(1), Projects::All),
            Viewer::new(Role::Customer, Some(1), listed),
            Viewer::new(Role::Commercial, None, Projects::All),
        ];
        for (row, may_read) in [
            //                                       support  company  listed  nobody
            (Row::Ticket(OWN),                       [true,   true,    true,   false]),
            (Row::Ticket(OTHER_PROJECT),             [true,   true,    false,  false]),
            (Row::Ticket(FOREIGN),                   [true,   false,   false,  false]),
            (Row::Project(OWN),                      [true,   true,    true,   true]),
            (Row::Project(OTHER_PROJECT),            [true,   true,    false,  true]),
            (Row::Project(FOREIGN),                  [true,   false,   false,  true]),
            (Row::Comment(OWN, Public),              [true,   true,    true,   false]),
            (Row::Comment(OWN, Internal),            [true,   false,   false,  false]),
            (Row::Comment(OTHER_PROJECT, Public),    [true,   true,    false,  false]),
            (Row::Comment(OTHER_PROJECT, Internal),  [true,   false,   false,  false]),
            (Row::Comment(FOREIGN, Public),          [true,   false,   false,  false]),
            (Row::Comment(FOREIGN, Internal),        [true,   false,   false,  false]),
            (Row::Event(Some(OWN), Public),          [true,   true,    true,   false]),
            (Row::Event(Some(OWN), Internal),        [true,   false,   false,  false]),
            (Row::Event(Some(OTHER_PROJECT), Public),   [true, true,   false,  false]),
            (Row::Event(Some(OTHER_PROJECT), Internal), [true, false,  false,  false]),
            (Row::Event(Some(FOREIGN), Public),      [true,   false,   false,  false]),
            (Row::Event(Some(FOREIGN), Internal),    [true,   false,   false,  false]),
            (Row::Event(None, Public),               [true,   true,    true,   false]),
            (Row::Event(None, Internal),             [true,   false,   false,  false]),
            (Row::File(OWN, Public),                 [true,   true,    true,   false]),
            (Row::File(OWN, Internal),               [true,   false,   false,  false]),
            (Row::File(OTHER_PROJECT, Public),       [true,   true,    false,  false]),
            (Row::File(OTHER_PROJECT, Internal),     [true,   false,   false,  false]),
            (Row::File(FOREIGN, Public),             [true,   false,   false,  false]),
            (Row::File(FOREIGN, Internal),           [true,   false,   false,  false]),
            (Row::ReleaseFile,                       [true,   false,   false,  false]),
            (Row::ReleaseNotes { is_published: true },  [true, true,   true,   true]),
            (Row::ReleaseNotes { is_published: false }, [true, false,  false,  false]),
            (Row::Article { is_for_customers: true },   [true, true,   true,   false]),
            (Row::Article { is_for_customers: false },  [true, false,  false,  false]),
        ] {
            assert_eq!(viewers.each_ref().map(|it| it.may_read(row)), may_read, "{row:?}");
        }
    }

    /// Section 6 of the contract: members see their projects where a list is what they see.
    #[test]
    fn s6_a_list_is_what_its_members_see() {
        assert_eq!(Sees::All.projects([10]), Projects::All);
        assert_eq!(Sees::Listed.projects([10]), Projects::Listed([10].into()));
        assert_eq!(Sees::Listed.projects([]), Projects::Listed([].into()));
        assert!(!Sees::Listed.projects([]).contains(10));
    }

    /// Section 1 of the contract: what each role is to tickets, with a company and without.
    #[test]
    fn s6_the_commercial_department_sees_no_ticket() {
        for company_id in [None, Some(1)] {
            let viewer = |role| Viewer::new(role, company_id, Projects::All);
            assert_eq!(viewer(Role::Engineer), Viewer::Support);
            assert_eq!(viewer(Role::Admin), Viewer::Support);
            assert_eq!(viewer(Role::Commercial), Viewer::Nobody);
        }
        let customer = |company_id| Viewer::new(Role::Customer, company_id, Projects::All);
        assert_eq!(customer(Some(1)), Viewer::Company { id: 1, projects: Projects::All });
        assert_eq!(customer(None), Viewer::Nobody);
    }
}
