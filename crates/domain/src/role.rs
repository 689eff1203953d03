//! Who people are, and in what capacity a transition is made.

use crate::string_enum;

string_enum! {
    /// The role of a user.
    Role {
        /// An employee of a customer company; acts on every ticket of that company.
        Customer = "customer" ("Сотрудник заказчика", "Тапсырыс берушінің қызметкері", "Customer"),
        /// A support engineer; reads, comments and moves any ticket.
        Engineer = "engineer" ("Сотрудник тех. поддержки", "Техникалық қолдау қызметкері", "Support engineer"),
        /// The commercial department; registers companies and their people, sees no ticket.
        Commercial = "commercial" ("Коммерческий блок", "Коммерциялық блок", "Commercial department"),
        /// The head of support; everything an engineer may do, and the settings.
        Admin = "admin" ("Руководитель поддержки", "Қолдау қызметінің басшысы", "Head of support"),
    }
}

impl Role {
    /// Whether this role belongs to technical support.
    pub const fn is_support(self) -> bool {
        match self {
            Self::Engineer | Self::Admin => true,
            Self::Customer | Self::Commercial => false,
        }
    }

    /// Whether a person of this role may make a transition meant for `actor` (2.5: an admin may
    /// take every engineer's step).
    pub const fn acts_as(self, actor: ActorRole) -> bool {
        match (self, actor) {
            (Self::Customer, ActorRole::Customer)
            | (Self::Engineer | Self::Admin, ActorRole::Engineer)
            | (Self::Admin, ActorRole::Admin) => true,
            (
                _,
                ActorRole::Customer | ActorRole::Engineer | ActorRole::Admin | ActorRole::System,
            ) => false,
        }
    }
}

string_enum! {
    /// On whose side somebody acts.
    Side {
        /// The customer's.
        Customer = "customer" ("Заказчик", "Тапсырыс беруші", "Customer"),
        /// The vendor's: technical support, and the commercial department.
        Support = "support" ("Техническая поддержка", "Техникалық қолдау", "Technical support"),
        /// Nobody's: the system does it by a rule.
        System = "system" ("Система", "Жүйе", "System"),
    }
}

impl From<Role> for Side {
    fn from(role: Role) -> Self {
        match role {
            Role::Customer => Self::Customer,
            Role::Engineer | Role::Commercial | Role::Admin => Self::Support,
        }
    }
}

/// Who makes a step: a person, or nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person of this role.
    Person(Role),
    /// The system, by a rule that no person starts.
    System,
}

impl From<Role> for Actor {
    fn from(role: Role) -> Self {
        Self::Person(role)
    }
}

impl Actor {
    /// Whether it belongs to technical support.
    pub const fn is_support(self) -> bool {
        match self {
            Self::Person(role) => role.is_support(),
            Self::System => false,
        }
    }

    /// Whether it is an employee of a customer company.
    pub const fn is_customer(self) -> bool {
        matches!(self, Self::Person(Role::Customer))
    }

    /// Whether it may make a transition meant for `actor`: the system makes only its own transitions.
    pub const fn acts_as(self, actor: ActorRole) -> bool {
        match self {
            Self::Person(role) => role.acts_as(actor),
            Self::System => matches!(actor, ActorRole::System),
        }
    }
}

string_enum! {
    /// Who performs a transition.
    #[schema(as = Actor)]
    ActorRole {
        /// An employee of the ticket's company.
        Customer = "customer",
        /// A support engineer, or an admin in the place of one.
        Engineer = "engineer",
        /// Nobody but an admin.
        Admin = "admin",
        /// The system, by a rule that no person starts.
        System = "system",
    }
}
