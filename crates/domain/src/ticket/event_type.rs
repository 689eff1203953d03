//! The types of events: one name everywhere.

use crate::string_enum;

string_enum! {
    /// The type of an event.
    EventType {
        /// A ticket was filed.
        Created = "ticket.created" ("Заявка создана", "Өтінім жасалды", "Ticket created"),
        /// It moved to another status.
        StatusChanged = "ticket.status_changed" ("Изменен статус", "Мәртебесі өзгертілді", "Status changed"),
        /// Something was said in it.
        Commented = "ticket.commented" ("Новый комментарий", "Жаңа пікір", "New comment"),
        /// A comment was corrected.
        CommentEdited = "ticket.comment_edited" ("Комментарий исправлен", "Пікір түзетілді", "Comment corrected"),
        /// It was given to somebody, or taken away.
        Assigned = "ticket.assigned" ("Назначение изменено", "Тағайындау өзгертілді", "Assignment changed"),
        /// Its fields were edited.
        Edited = "ticket.edited" ("Заявка изменена", "Өтінім өзгертілді", "Ticket edited"),
        /// The customer confirmed the solution.
        Confirmed = "ticket.confirmed" ("Решение подтверждено", "Шешім расталды", "Solution confirmed"),
        /// Somebody began to watch it.
        Watched = "ticket.watched" ("Добавлен наблюдатель", "Бақылаушы қосылды", "Watcher added"),
        /// Somebody does not watch it any more.
        Unwatched = "ticket.unwatched" ("Наблюдатель исключен", "Бақылаушы алынды", "Watcher removed"),
        /// It has to do with another ticket.
        Linked = "ticket.linked" ("Связана с заявкой", "Өтініммен байланыстырылды", "Linked to a ticket"),
        /// It has nothing to do with another ticket any more.
        Unlinked = "ticket.unlinked" ("Связь с заявкой удалена", "Өтініммен байланыс жойылды", "Link to a ticket removed"),
        /// A text in it was taken out for good.
        Redacted = "ticket.redacted" ("Содержимое изъято", "Мазмұны алынып тасталды", "Content removed"),
        /// It is closed soon, unless the customer answers.
        ClosingNear = "ticket.closing_near" ("Заявка будет закрыта", "Өтінім жабылады", "The ticket will be closed"),
        /// It waits, and the day has come to look at it again.
        ReviewDue = "ticket.review_due" ("Пора вернуться к заявке", "Өтінімге қайта оралатын уақыт келді", "Time to look at it again"),
        /// A deadline of support is near.
        DeadlineNear = "ticket.deadline_near" ("Срок скоро истечет", "Мерзім аяқталуға жақын", "A deadline is near"),
        /// Support missed a deadline.
        DeadlineMissed = "ticket.deadline_missed" ("Срок пропущен", "Мерзім өтіп кетті", "A deadline was missed"),
        /// Calendar or targets have changed, and a deadline with them. It shows in the history, in the
        /// feed and to webhooks; nobody gets a mail or a notification of it: one change of the settings
        /// moves the deadlines of many tickets.
        DeadlineRecalculated = "ticket.deadline_recalculated" ("Срок пересчитан", "Мерзім қайта есептелді", "Deadline recalculated"),
        /// It came from another system, or something of it did; its older events happened there.
        Imported = "ticket.imported" ("Перенесена из другой системы", "Басқа жүйеден көшірілді", "Imported"),
        /// An import has come to its end; it happened to no ticket.
        ImportFinished = "import.finished" ("Перенос завершен", "Көшіру аяқталды", "Import finished"),
        /// A release is out; it happened to no ticket.
        ReleasePublished = "release.published" ("Вышел релиз", "Релиз шықты", "Release published"),
    }
}

impl EventType {
    /// Whether it tells support of a deadline of its own.
    pub const fn is_deadline(self) -> bool {
        matches!(self, Self::DeadlineNear | Self::DeadlineMissed)
    }
}
