//! Who is notified of what, and by which channel (advantages 1, 6 and 7).

use crate::string_enum;

string_enum! {
    /// What a notification is about; users choose for each kind how they receive it.
    NotificationKind {
        /// A ticket was created of which you are the author, the assignee or a watcher.
        TicketCreated = "ticket_created" ("Новая заявка", "Жаңа өтінім", "New ticket"),
        /// An unassigned ticket was filed in one of your directions.
        NewInDirection = "new_in_direction" ("Новая заявка направления", "Бағыттың жаңа өтінімі", "New ticket in your direction"),
        /// A request in one of your directions was refused and waits for a decision (3.4).
        RequestRefused = "request_refused" ("Отказ в регистрации ждет решения", "Тіркеуден бас тарту шешімді күтуде", "A refused request awaits a decision"),
        /// An engineer confirmed the refusal of one of your requests, and said why (3.4).
        RefusalDecided = "refusal_decided" ("Отказ в регистрации подтвержден", "Тіркеуден бас тарту расталды", "The refusal of a request was confirmed"),
        /// The status of one of your tickets changed, its solution was confirmed, or another one was merged into it.
        StatusChanged = "status_changed" ("Изменен статус", "Мәртебесі өзгертілді", "Status changed"),
        /// Somebody commented on one of your tickets.
        Commented = "commented" ("Новый комментарий", "Жаңа пікір", "New comment"),
        /// One of your tickets was assigned or unassigned.
        Assigned = "assigned" ("Назначен инженер", "Инженер тағайындалды", "Engineer assigned"),
        /// The fields of one of your tickets were edited.
        Edited = "edited" ("Заявка изменена", "Өтінім өзгертілді", "Ticket edited"),
        /// You became a watcher of a ticket.
        Watched = "watched" ("Вы наблюдатель заявки", "Сіз өтінімді бақылаушысыз", "You are watching a ticket"),
        /// A deadline of one of your tickets is near, or was missed.
        Deadline = "deadline" ("Срок", "Мерзім", "Deadline"),
        /// One of your tickets waits for you, or for a review.
        Reminder = "reminder" ("Напоминание", "Еске салу", "Reminder"),
        /// A release that one of your tickets waits for was rescheduled or published.
        Release = "release" ("Вышел релиз", "Релиз шықты", "Release published"),
        /// A webhook that you are responsible for was disabled.
        WebhookDisabled = "webhook_disabled" ("Вебхук отключен", "Вебхук өшірілді", "A webhook was disabled"),
    }
}

/// The channels by which a notification is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels {
    pub email: bool,
    pub inbox: bool,
    /// By e-mail, but what does not name the person is collected into a daily digest.
    pub digest: bool,
}

impl Channels {
    /// Whether a notice waits for the digest.
    pub const fn is_digested(self, is_by_name: bool) -> bool {
        self.email && self.digest && !is_by_name
    }

    /// Whether a notice is a mail of its own.
    pub const fn is_mailed(self, is_by_name: bool) -> bool {
        self.email && !self.is_digested(is_by_name)
    }
}

impl NotificationKind {
    /// The channels for somebody who has not chosen any.
    pub const fn default_channels(self) -> Channels {
        match self {
            // Every engineer of a direction would get a mail for every ticket of it.
            Self::NewInDirection => Channels { email: false, inbox: true, digest: false },
            Self::TicketCreated
            | Self::RequestRefused
            | Self::RefusalDecided
            | Self::StatusChanged
            | Self::Commented
            | Self::Assigned
            | Self::Edited
            | Self::Watched
            | Self::Deadline
            | Self::Reminder
            | Self::Release
            | Self::WebhookDisabled => Channels { email: true, inbox: true, digest: false },
        }
    }
}

/// Who is in charge of a ticket: the assignee, or, if there is none, the present engineers of the direction.
pub fn in_charge(assignee_id: Option<i64>, present: &[i64]) -> Vec<i64> {
    assignee_id.map_or_else(|| present.to_vec(), |it| vec![it])
}

/// Who is notified of a deadline (2.4): whoever is in charge; of a missed one the admins, too. Nobody is listed
/// twice.
pub fn deadline_recipients(
    assignee_id: Option<i64>,
    present: &[i64],
    admins: &[i64],
    is_missed: bool,
) -> Vec<i64> {
    let mut recipients = in_charge(assignee_id, present);
    for admin in admins.iter().filter(|_| is_missed) {
        if !recipients.contains(admin) {
            recipients.push(*admin);
        }
    }
    recipients
}

#[cfg(test)]
mod tests;
