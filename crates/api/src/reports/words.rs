//! What the figures of reports are called in tables.

use domain::calendar::Weekday;
use domain::{EventType, Language, Text};

/// The name of a member, in a language; its code where it has none.
pub fn word(code: &str, language: Language) -> String {
    found(code).map_or(code, |text| text.text_in(language)).to_owned()
}

fn found(code: &str) -> Option<&'static Text> {
    WORDS.iter().find(|(it, _)| *it == code).map(|(_, text)| text)
}

/// What a code in a cell of this column is called, in a language; none for a text that is not a code.
pub fn code_word(column: &str, code: &str, language: Language) -> Option<&'static str> {
    let label = match column {
        "line" => found(code).copied(),
        "weekday" => code.parse().map(Weekday::label).ok(),
        "type" => code.parse().map(EventType::label).ok(),
        _ => None,
    };
    label.map(|it| it.text_in(language))
}

/// «Да» or «нет», in a language.
pub const fn yes_or_no(is_so: bool, language: Language) -> &'static str {
    let (yes, no) = (text("да", "иә", "yes"), text("нет", "жоқ", "no"));
    if is_so { yes.text_in(language) } else { no.text_in(language) }
}

const fn text(ru: &'static str, kk: &'static str, en: &'static str) -> Text {
    Text::new(ru, kk, en)
}

#[rustfmt::skip]
const WORDS: &[(&str, Text)] = &[
    ("line", text("Итог", "Қорытынды", "Summary")),
    ("totals", text("Всего", "Барлығы", "Total")),
    ("flow", text("Движение заявок", "Өтінімдер қозғалысы", "Flow")),
    ("deadlines", text("Сроки", "Мерзімдер", "Deadlines")),
    ("times", text("Время", "Уақыт", "Times")),
    ("quality", text("Качество", "Сапа", "Quality")),
    ("bucket", text("Период", "Кезең", "Period")),
    ("from", text("с", "бастап", "from")),
    ("to", text("по (не включая)", "дейін (қоспағанда)", "to (exclusive)")),
    ("group", text("Группа", "Топ", "Group")),
    ("product", text("Продукт", "Өнім", "Product")),
    ("engineer", text("Инженер", "Инженер", "Engineer")),
    ("open_at_start", text("Открыто на начало", "Басында ашық", "Open at start")),
    ("filed", text("Подано", "Берілді", "Filed")),
    ("accepted", text("Принято", "Қабылданды", "Accepted")),
    ("solved", text("Решено", "Шешілді", "Solved")),
    ("returned", text("Возвращено", "Қайтарылды", "Returned")),
    ("closed", text("Закрыто", "Жабылды", "Closed")),
    ("rejected", text("Отклонено", "Қабылданбады", "Rejected")),
    ("reopened", text("Переоткрыто", "Қайта ашылды", "Reopened")),
    ("open_at_end", text("Открыто на конец", "Соңында ашық", "Open at end")),
    ("backlog_age", text("Возраст открытых", "Ашықтардың жасы", "Age of open ones")),
    ("up_to_1_day", text("до 1 рабочего дня", "1 жұмыс күніне дейін", "up to 1 working day")),
    ("up_to_5_days", text("до 5 рабочих дней", "5 жұмыс күніне дейін", "up to 5 working days")),
    ("up_to_20_days", text("до 20 рабочих дней", "20 жұмыс күніне дейін", "up to 20 working days")),
    ("over_20_days", text("больше 20 рабочих дней", "20 жұмыс күнінен көп", "over 20 working days")),
    ("acceptance", text("Принятие", "Қабылдау", "Acceptance")),
    ("response", text("Ответ", "Жауап", "Response")),
    ("ended", text("завершено", "аяқталды", "ended")),
    ("met", text("выполнено", "орындалды", "met")),
    ("breached", text("нарушено", "бұзылды", "breached")),
    ("cancelled", text("снято", "алынды", "cancelled")),
    ("waived", text("ответ не требовался", "жауап қажет болмады", "no answer needed")),
    ("share_met", text("доля выполненных", "орындалғандар үлесі", "share met")),
    ("median_over", text("медиана просрочки, мин", "кешігу медианасы, мин", "median overrun, min")),
    ("worst_over", text("наибольшая просрочка, мин", "ең үлкен кешігу, мин", "worst overrun, min")),
    ("to_accept", text("До принятия", "Қабылдауға дейін", "To accept")),
    ("to_first_answer", text("До первого ответа", "Бірінші жауапқа дейін", "To first answer")),
    ("to_solve", text("До решения", "Шешуге дейін", "To solve")),
    ("by_turn", text("из них", "оның ішінде", "of these")),
    ("support", text("поддержка", "қолдау", "support")),
    ("customer", text("заказчик", "тапсырыс беруші", "customer")),
    ("on_hold", text("В ожидании", "Күтуде", "On hold")),
    ("awaiting_release", text("ждем релиза", "релиз күтілуде", "awaiting a release")),
    ("count", text("количество", "саны", "count")),
    ("median", text("медиана, раб. мин", "медиана, жұм. мин", "median, working min")),
    ("p90", text("90-й процентиль, раб. мин", "90-процентиль, жұм. мин", "90th percentile, working min")),
    ("max", text("наибольшее, раб. мин", "ең үлкені, жұм. мин", "longest, working min")),
    ("ratings", text("Оценки", "Бағалар", "Ratings")),
    ("average", text("средняя", "орташа", "average")),
    ("by_value", text("по значению", "мәні бойынша", "by value")),
    ("reopened_share", text("Доля переоткрытых", "Қайта ашылғандар үлесі", "Share reopened")),
    ("timeout_share", text("Доля закрытых по молчанию", "Үнсіздікпен жабылғандар үлесі", "Share closed by time-out")),
    ("timeouts", text("Закрыто по молчанию", "Үнсіздікпен жабылды", "Closed by time-out")),
    ("refusals", text("Отказы", "Бас тартулар", "Refusals")),
    ("automatic", text("автоматически", "автоматты", "automatic")),
    ("confirmed", text("подтверждено", "расталды", "confirmed")),
    ("registered", text("все же зарегистрировано", "бәрібір тіркелді", "registered after all")),
    ("no_description", text("нет описания", "сипаттамасы жоқ", "no description")),
    ("insufficient_knowledge", text("недостаточно знаний", "білім жеткіліксіз", "insufficient knowledge")),
    ("impolite", text("грубость", "дөрекілік", "impolite")),
    ("already_registered", text("уже зарегистрировано", "бұрын тіркелген", "already registered")),
    ("out_of_scope", text("вне зоны ответственности", "аймақтан тыс", "out of scope")),
    ("open", text("Открыто", "Ашық", "Open")),
    ("by_status", text("по статусу", "мәртебесі бойынша", "by status")),
    ("by_priority", text("по приоритету", "басымдығы бойынша", "by priority")),
    ("new", text("новая", "жаңа", "new")),
    ("in_progress", text("в работе", "жұмыста", "in progress")),
    ("feedback", text("обратная связь", "кері байланыс", "feedback")),
    ("resolved", text("решена", "шешілді", "resolved")),
    ("low", text("минимальный", "ең төмен", "low")),
    ("medium", text("средний", "орташа", "medium")),
    ("high", text("высокий", "жоғары", "high")),
    ("critical", text("критический", "сындарлы", "critical")),
    ("weight", text("Нагрузка", "Жүктеме", "Load")),
    ("overdue", text("Просрочено", "Мерзімі өткен", "Overdue")),
    ("taken", text("Принято в работу", "Жұмысқа алынды", "Taken on")),
    ("public_comments", text("Публичные комментарии", "Ашық пікірлер", "Public comments")),
    ("handed_over", text("Передано", "Берілді", "Handed over")),
    ("reopened_after", text("Вернулось после решения", "Шешімнен кейін қайтты", "Reopened after solving")),
    ("median_to_answer", text("Медиана до ответа, раб. мин", "Жауапқа дейін медиана, жұм. мин", "Median to answer, working min")),
    ("days_absent", text("Рабочих дней отсутствия", "Болмаған жұмыс күндері", "Working days absent")),
    ("is_present", text("Присутствует", "Орнында", "Present")),
    ("label", text("Вопрос", "Сұрақ", "Question")),
    ("topic_id", text("Тема №", "Тақырып №", "Topic no.")),
    ("questions", text("Вопросов", "Сұрақтар", "Questions")),
    ("tickets", text("Заявок", "Өтінімдер", "Tickets")),
    ("companies", text("Компаний", "Компаниялар", "Companies")),
    ("previous", text("Период до этого", "Алдыңғы кезең", "Previous period")),
    ("solved_share", text("Доля решенных", "Шешілгендер үлесі", "Share solved")),
    ("median_to_solve", text("Медиана до решения, раб. мин", "Шешуге дейін медиана, жұм. мин", "Median to solve, working min")),
    ("article", text("Статья", "Мақала", "Article")),
    ("department", text("другой отдел", "басқа бөлім", "another department")),
    ("repair", text("ремонт", "жөндеу", "repair")),
    ("delivery", text("доставка", "жеткізу", "delivery")),
    ("other", text("другое", "басқа", "other")),
    ("now", text("сейчас", "қазір", "now")),
    ("median_working_days", text("медиана, рабочих дней", "медиана, жұмыс күні", "median, working days")),
    ("reviews_overdue", text("Просрочен пересмотр", "Қарау мерзімі өткен", "Reviews overdue")),
    ("silent", text("Без ответа поддержки", "Қолдау жауабынсыз", "No public comment by support")),
    ("release_id", text("Релиз №", "Релиз №", "Release no.")),
    ("version", text("Версия", "Нұсқа", "Version")),
    ("planned_on", text("План", "Жоспар", "Planned")),
    ("is_overdue", text("Просрочен", "Мерзімі өткен", "Overdue")),
    ("actions", text("Действий", "Әрекеттер", "Actions")),
    ("type", text("Действие", "Әрекет", "Action")),
    ("weekday", text("День недели", "Апта күні", "Weekday")),
    ("hour", text("Час", "Сағат", "Hour")),
    ("outside_working_hours", text("Вне рабочего времени", "Жұмыс уақытынан тыс", "Outside working hours")),
];
