//! The columns of a list of tickets, for views and exports.

domain::string_enum! {
    /// A column of a list of tickets.
    TicketColumn {
        Id = "id" ("№", "№", "No."),
        Subject = "subject" ("Тема", "Тақырып", "Subject"),
        Status = "status" ("Статус", "Күй", "Status"),
        Priority = "priority" ("Приоритет", "Басымдық", "Priority"),
        Tracker = "tracker" ("Трекер", "Трекер", "Tracker"),
        Company = "company" ("Компания", "Компания", "Company"),
        Project = "project" ("Проект", "Жоба", "Project"),
        Product = "product" ("Продукт", "Өнім", "Product"),
        Author = "author" ("Автор", "Автор", "Author"),
        Assignee = "assignee" ("Назначена", "Орындаушы", "Assignee"),
        ExternalRef = "external_ref" ("Номер заказчика", "Тапсырыс берушінің нөмірі", "Customer's reference"),
        NeedsActionFrom = "needs_action_from" ("Ход за", "Кезек кімде", "Needs action from"),
        WaitingOn = "waiting_on" ("Ожидает", "Күтеді", "Waiting on"),
        ReviewOn = "review_on" ("Пересмотр", "Қайта қарау", "Review on"),
        Release = "release" ("Релиз", "Релиз", "Release"),
        AcceptanceDue = "acceptance_due_at" ("Принять до", "Қабылдау мерзімі", "Acceptance due"),
        ResponseDue = "response_due_at" ("Ответить до", "Жауап мерзімі", "Response due"),
        CreatedAt = "created_at" ("Создана", "Құрылған", "Created"),
        UpdatedAt = "updated_at" ("Изменена", "Өзгертілген", "Updated"),
        AcceptedAt = "accepted_at" ("Принята", "Қабылданған", "Accepted"),
        FirstAnsweredAt = "first_answered_at" ("Первый ответ", "Алғашқы жауап", "First answered"),
        ResolvedAt = "resolved_at" ("Решена", "Шешілген", "Resolved"),
        ClosedAt = "closed_at" ("Закрыта", "Жабылған", "Closed"),
        SolvedIn = "solved_in_working_minutes" ("Решена за, рабочих минут", "Шешу уақыты, жұмыс минуты", "Solved in, working minutes"),
        Rating = "rating" ("Оценка", "Баға", "Rating"),
        Comments = "comments_count" ("Комментариев", "Пікірлер", "Comments"),
        Unread = "unread_comments" ("Не прочитано", "Оқылмаған", "Unread"),
    }
}
