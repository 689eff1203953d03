//! What the mails about tickets say, in every language.

use domain::registration::FIELDS;
use domain::{ClockKind, Language, Text};

use crate::events::event_type::EventType;
use domain::DisabledReason;

/// The line above which an answer is to be written.
pub const ANSWER_ABOVE: Text = Text::new(
    "##- Ответ пишите выше этой строки: он станет комментарием -##",
    "##- Жауапты осы жолдан жоғары жазыңыз: ол пікір ретінде қосылады -##",
    "##- Write your answer above this line: it becomes a comment -##",
);

/// What the link to a ticket is called.
pub const OPEN: Text = Text::new("Открыть заявку", "Өтінімді ашу", "Open the ticket");

/// Why a mail came.
pub const FOOTER: Text = Text::new(
    "Вы получили это письмо как участник заявки. Какие письма получать, можно выбрать в \
     настройках уведомлений.",
    "Бұл хатты өтінімге қатысушы ретінде алдыңыз. Қандай хаттар келетінін хабарлама \
     баптауларынан таңдауға болады.",
    "You received this mail because the ticket concerns you. Which mails you get can be chosen \
     in the notification settings.",
);

/// Why a mail about a webhook came.
pub const FOOTER_OF_WEBHOOKS: Text = Text::new(
    "Вы получили это письмо, потому что отвечаете за вебхук. Какие письма получать, можно выбрать \
     в настройках уведомлений.",
    "Бұл хатты вебхукқа жауапты болғаныңыз үшін алдыңыз. Қандай хаттар келетінін хабарлама \
     баптауларынан таңдауға болады.",
    "You received this mail because you answer for the webhook. Which mails you get can be chosen \
     in the notification settings.",
);

/// What to do about a webhook that was disabled.
pub const SWITCH_ON: Text = Text::new(
    "Его можно включить снова на портале; там же можно запросить повторную отправку того, что \
     произошло за это время (вебхук {id}).",
    "Оны порталда қайта қосуға және осы уақытта болғанды қайта жіберуді сұрауға болады (вебхук \
     {id}).",
    "You can enable it again in the portal, and have what happened meanwhile sent again there \
     (webhook {id}).",
);

/// Why a webhook was disabled.
pub const fn why_disabled(reason: DisabledReason) -> Text {
    match reason {
        DisabledReason::Gone => Text::new(
            "Приемник ответил 410: сообщения ему больше не нужны.",
            "Қабылдаушы 410 деп жауап берді: оған хабарлар енді керек емес.",
            "The receiver responded with 410: it wants no more messages.",
        ),
        DisabledReason::Failing => Text::new(
            "Пять дней подряд приемник не принимал ни одного сообщения.",
            "Қабылдаушы бес күн бойы бірде-бір хабарды қабылдамады.",
            "The receiver has not accepted a single message for five days.",
        ),
        DisabledReason::OwnerLeft => Text::new(
            "Его владелец ушел или больше не имеет на него прав.",
            "Оның иесі кетті немесе оған құқығы енді жоқ.",
            "Its owner has left or no longer has the right to it.",
        ),
    }
}

/// What a confirmed solution is called.
pub const CONFIRMED: Text =
    Text::new("Решение подтверждено", "Шешім расталды", "Solution confirmed");

/// What a comment is called that was written anew.
pub const COMMENT_EDITED: Text =
    Text::new("Комментарий исправлен", "Пікір түзетілді", "Comment corrected");

/// What else happened, where the kind of the notification does not say it.
pub const HEADINGS: &[(EventType, Text)] = &[
    (EventType::Confirmed, CONFIRMED),
    (
        EventType::DeadlineNear,
        Text::new("Срок скоро истечет", "Мерзім аяқталуға жақын", "A deadline is near"),
    ),
    (
        EventType::DeadlineMissed,
        Text::new("Срок пропущен", "Мерзім өтіп кетті", "A deadline was missed"),
    ),
    (
        EventType::ClosingNear,
        Text::new("Заявка будет закрыта", "Өтінім жабылады", "The ticket will be closed"),
    ),
    (
        EventType::ReviewDue,
        Text::new(
            "Пора вернуться к заявке",
            "Өтінімге қайта оралатын уақыт келді",
            "Time to look at it again",
        ),
    ),
];

/// What a note that only staff see is called.
pub const INTERNAL_NOTE: Text = Text::new("Внутренняя заметка", "Ішкі жазба", "Internal note");

/// What stands before the long texts that were edited.
pub const EDITED: Text = Text::new("Изменено", "Өзгертілді", "Edited");

/// What stands where nothing is.
pub const NOTHING: &str = "—";

const STATUS: Text = Text::new("Статус", "Мәртебе", "Status");
const CONTACT: Text = Text::new("Контактное лицо", "Байланыс тұлғасы", "Contact");
const COMPLEXITY: Text = Text::new("Сложность", "Күрделілігі", "Complexity");
const CLOSE_REASON: Text = Text::new("Причина закрытия", "Жабу себебі", "Close reason");
const REFUSAL_REASON: Text = Text::new("Причина отказа", "Бас тарту себебі", "Refusal reason");
const WAITING_ON: Text = Text::new("Ожидается", "Күтілуде", "Waiting on");
const REVIEW_ON: Text =
    Text::new("Вернемся к заявке", "Өтінімге ораламыз", "We come back to it on");
const DUPLICATE_OF: Text = Text::new("Повторяет заявку", "Қайталайтын өтінім", "Duplicate of");
const CLOCK: Text = Text::new("Что требуется", "Не қажет", "What is due");
const DUE_AT: Text = Text::new("Срок", "Мерзім", "Due");
const CLOSES_AT: Text =
    Text::new("Закроется без ответа", "Жауапсыз жабылатын уақыты", "Closes without a reply on");
const RATING: Text = Text::new("Оценка", "Баға", "Rating");

/// What support has to do before a deadline.
pub const fn clock_label(kind: ClockKind) -> Text {
    match kind {
        ClockKind::Acceptance => {
            Text::new("Принять в работу", "Жұмысқа қабылдау", "To be taken on")
        }
        ClockKind::Response => Text::new("Ответить", "Жауап беру", "To be answered"),
    }
}

/// The short fields whose changes are told, in this order.
pub const CHANGES: &[&str] = &[
    "status",
    "assignee_id",
    "contact_id",
    "priority",
    "complexity",
    "tracker",
    "product_id",
    "serial_number",
    "external_ref",
    "parent_id",
    "close_reason",
    "refusal_reason",
    "duplicate_of",
    "waiting_on",
    "review_on",
    "rating",
    "clock",
    "due_at",
    "closes_at",
];

/// What people call a field.
pub fn label(field: &str, language: Language) -> &'static str {
    let own = match field {
        "status" => Some(STATUS),
        "contact_id" => Some(CONTACT),
        "complexity" => Some(COMPLEXITY),
        "close_reason" => Some(CLOSE_REASON),
        "refusal_reason" => Some(REFUSAL_REASON),
        "waiting_on" => Some(WAITING_ON),
        "review_on" => Some(REVIEW_ON),
        "duplicate_of" => Some(DUPLICATE_OF),
        "rating" => Some(RATING),
        "clock" => Some(CLOCK),
        "due_at" => Some(DUE_AT),
        "closes_at" => Some(CLOSES_AT),
        _ => FIELDS.iter().find(|it| it.name == field).map(|it| it.label),
    };
    own.map_or("", |it| it.text_in(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_above_which_one_answers_is_known_again() {
        for language in Language::ALL {
            let answered = format!("Да.\n\n{}\nНет.", ANSWER_ABOVE.text_in(*language));
            assert_eq!(domain::answers::own_words(&answered), "Да.");
        }
    }

    #[test]
    fn every_field_has_a_label_in_every_language() {
        for field in CHANGES {
            for language in Language::ALL {
                assert!(!label(field, *language).is_empty(), "{field} in {language}");
            }
        }
    }
}
