//! The types of events: one name everywhere.

use crate::string_enum;

string_enum! {
    /// The type of an event.
    EventType {
        /// A ticket was filed.
        Created = "ticket.created" ("Заявка создана", "Өтінім жасалды", "Ticket created"),
        /// It moved to another status.
        StatusChanged = "ticket.status_changed" ("Изменен статус", "Мәртебесі өзгертілді", "Status changed"),
        /// It was commented on.
        Commented = "ticket.commented" ("Новый комментарий", "Жаңа пікір", "New comment"),
        /// A comment was corrected.
        CommentEdited = "ticket.comment_edited" ("Комментарий исправлен", "Пікір түзетілді", "Comment edited"),
        /// It was assigned or unassigned.
        Assigned = "ticket.assigned" ("Назначение изменено", "Тағайындау өзгертілді", "Assignment changed"),
        /// Its fields were edited.
        Edited = "ticket.edited" ("Заявка изменена", "Өтінім өзгертілді", "Ticket edited"),
        /// The customer confirmed the solution.
        Confirmed = "ticket.confirmed" ("Решение подтверждено", "Шешім расталды", "Solution confirmed"),
        /// Somebody began to watch it.
        Watched = "ticket.watched" ("Добавлен наблюдатель", "Бақылаушы қосылды", "Watcher added"),
        /// Somebody stopped watching it.
        Unwatched = "ticket.unwatched" ("Наблюдатель исключен", "Бақылаушы алынды", "Watcher removed"),
        /// It was linked to another ticket.
        Linked = "ticket.linked" ("Связана с заявкой", "Өтініммен байланыстырылды", "Linked to a ticket"),
        /// A link to another ticket was removed.
        Unlinked = "ticket.unlinked" ("Связь с заявкой удалена", "Өтініммен байланыс жойылды", "Link to a ticket removed"),
        /// Another ticket was merged into it; of that one, the status changed.
        Merged = "ticket.merged" ("Присоединена другая заявка", "Басқа өтінім қосылды", "Another ticket was merged into it"),
        /// Support said why a customer's comment needs no answer.
        AnswerWaived = "ticket.answer_waived" ("Ответ не требуется", "Жауап қажет емес", "No answer is needed"),
        /// A text in it was permanently removed.
        Redacted = "ticket.redacted" ("Содержимое изъято", "Мазмұны алынып тасталды", "Content redacted"),
        /// It will be closed soon, unless the customer replies.
        ClosingNear = "ticket.closing_near" ("Заявка будет закрыта", "Өтінім жабылады", "The ticket will be closed"),
        /// It is waiting, and its review is due.
        ReviewDue = "ticket.review_due" ("Пора вернуться к заявке", "Өтінімге қайта оралатын уақыт келді", "Review due"),
        /// A deadline of support is near.
        DeadlineNear = "ticket.deadline_near" ("Срок скоро истечет", "Мерзім аяқталуға жақын", "A deadline is near"),
        /// Support missed a deadline.
        DeadlineMissed = "ticket.deadline_missed" ("Срок пропущен", "Мерзім өтіп кетті", "A deadline was missed"),
        /// Calendar or targets have changed, and a deadline with them. It appears in the history, in the feed
        /// and in webhooks, but causes no mail and no notification: one change of the settings moves the
        /// deadlines of many tickets.
        DeadlineRecalculated = "ticket.deadline_recalculated" ("Срок пересчитан", "Мерзім қайта есептелді", "Deadline recalculated"),
        /// It, or part of it, came from another system, where its older events happened.
        Imported = "ticket.imported" ("Перенесена из другой системы", "Басқа жүйеден көшірілді", "Imported"),
        /// An import has finished; it belongs to no ticket.
        ImportFinished = "import.finished" ("Перенос завершен", "Көшіру аяқталды", "Import finished"),
        /// A release was published; it belongs to no ticket.
        ReleasePublished = "release.published" ("Вышел релиз", "Релиз шықты", "Release published"),
    }
}

impl EventType {
    /// Whether it notifies support of one of support's own deadlines.
    pub const fn is_deadline(self) -> bool {
        matches!(self, Self::DeadlineNear | Self::DeadlineMissed)
    }
}
