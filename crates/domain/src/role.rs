//! Who people are, and in what capacity a move is made.

use crate::language::Text;
use crate::words::words;

words! {
    /// What a person is to the portal.
    Role {
        /// An employee of a customer company; acts on every ticket of that company.
        Customer = "customer",
        /// A support engineer; reads, comments and moves any ticket.
        Engineer = "engineer",
        /// The commercial department; registers companies and their people, sees no ticket.
        Commercial = "commercial",
        /// The head of support; everything an engineer may do, and the settings.
        Admin = "admin",
    }
}

impl Role {
    /// What people call the role.
    pub const fn label(self) -> Text {
        match self {
            Self::Customer => {
                Text::new("Сотрудник Заказчика", "Тапсырыс берушінің қызметкері", "Customer")
            }
            Self::Engineer => Text::new(
                "Сотрудник тех. поддержки",
                "Техникалық қолдау қызметкері",
                "Support engineer",
            ),
            Self::Commercial => {
                Text::new("Коммерческий блок", "Коммерциялық блок", "Commercial department")
            }
            Self::Admin => {
                Text::new("Руководитель поддержки", "Қолдау қызметінің басшысы", "Head of support")
            }
        }
    }

    /// Whether this role belongs to technical support.
    pub const fn is_support(self) -> bool {
        match self {
            Self::Engineer | Self::Admin => true,
            Self::Customer | Self::Commercial => false,
        }
    }

    /// Whether a person of this role may make a move meant for `actor` (2.5: an admin may take
    /// every engineer's step).
    pub const fn acts_as(self, actor: Actor) -> bool {
        match (self, actor) {
            (Self::Customer, Actor::Customer)
            | (Self::Engineer | Self::Admin, Actor::Engineer)
            | (Self::Admin, Actor::Admin) => true,
            (_, Actor::Customer | Actor::Engineer | Actor::Admin | Actor::System) => false,
        }
    }
}

words! {
    /// Whose step a transition is.
    Actor {
        /// An employee of the ticket's company.
        Customer = "customer",
        /// A support engineer, or an admin in the place of one.
        Engineer = "engineer",
        /// An admin alone.
        Admin = "admin",
        /// The system, by a rule that no person starts.
        System = "system",
    }
}
