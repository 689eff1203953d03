//! What the mails about tickets say, in every language.

use domain::{Language, Text};

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

/// What happened, where the kind of the notification does not say it.
pub const HEADINGS: &[EventType] = &[
    EventType::Confirmed,
    EventType::DeadlineNear,
    EventType::DeadlineMissed,
    EventType::ClosingNear,
    EventType::ReviewDue,
];

/// What a note that only staff see is called.
pub const INTERNAL_NOTE: Text = Text::new("Внутренняя заметка", "Ішкі жазба", "Internal note");

/// What stands before the long texts that were edited.
pub const EDITED: Text = Text::new("Изменено", "Өзгертілді", "Edited");

/// What stands where nothing is.
pub const NOTHING: &str = "—";

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
    domain::ticket::label(field).map_or("", |it| it.text_in(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_above_which_one_answers_is_known_again() {
        for language in Language::ALL {
            let answered = format!("Да.\n\n{}\nНет.", ANSWER_ABOVE.text_in(*language));
            let ours = domain::quotation::Ours { addresses: &[] };
            let lines = domain::quotation::Line::of(&answered);
            assert_eq!(domain::quotation::split(&lines, &ours, false).answer, "Да.");
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
