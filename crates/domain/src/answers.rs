//! What of an e-mail is its writer's answer, and why one cannot be taken.

use crate::language::Text;
use crate::string_enum;

string_enum! {
    /// Why an e-mail that came in did not become a comment.
    InboundReason {
        /// A machine wrote it: an absence notice, a delivery report, a list, this service.
        Automatic = "automatic",
        /// It has no form that one can read.
        Unreadable = "unreadable",
        /// It is larger than what is taken.
        TooLarge = "too_large",
        /// It did not come to an address that this service gave out.
        UnknownAddress = "unknown_address",
        /// It is not from the person to whom the address was given.
        ForeignSender = "foreign_sender",
        /// The person may not comment: the account is closed, or its password is to be changed.
        NotPermitted = "not_permitted",
        /// The ticket is finished, and the person is a customer.
        TicketClosed = "ticket_closed",
        /// Nothing is left of it without what it quotes.
        Empty = "empty",
        /// Its text is longer than a comment may be.
        TooLong = "too_long",
        /// Another rule is against it.
        Refused = "refused",
    }
}

impl InboundReason {
    /// What the writer is told; a machine is told nothing.
    pub const fn explanation(self) -> Option<Text> {
        Some(match self {
            Self::Automatic => return None,
            Self::Unreadable => Text::new(
                "Письмо не удалось прочитать.",
                "Хатты оқу мүмкін болмады.",
                "The mail could not be read.",
            ),
            Self::TooLarge => Text::new(
                "Письмо слишком большое. Приложите файлы к заявке на портале.",
                "Хат тым үлкен. Файлдарды порталдағы өтінімге тіркеңіз.",
                "The mail is too large. Attach files to the ticket on the portal.",
            ),
            Self::UnknownAddress => Text::new(
                "Адрес, на который отправлено письмо, не принадлежит ни одной заявке. Ответьте на \
                 уведомление о заявке, не меняя адреса.",
                "Хат жіберілген мекенжай ешбір өтінімге тиесілі емес. Мекенжайды өзгертпей, өтінім \
                 туралы хабарламаға жауап беріңіз.",
                "The address to which the mail was sent belongs to no ticket. Answer the \
                 notification about a ticket without changing the address.",
            ),
            Self::ForeignSender => Text::new(
                "Уведомление получал другой адрес. Отвечайте с того адреса, на который зарегистрирована \
                 ваша учетная запись.",
                "Хабарламаны басқа мекенжай алған. Тіркелгіңіз тіркелген мекенжайдан жауап беріңіз.",
                "The notification was sent to a different address. Reply from the address of your account.",
            ),
            Self::NotPermitted => Text::new(
                "Ваша учетная запись не может комментировать заявки. Войдите на портал и проверьте \
                 ее.",
                "Тіркелгіңіз өтінімдерге пікір жаза алмайды. Порталға кіріп, оны тексеріңіз.",
                "Your account is not permitted to comment on tickets. Sign in to the portal and check it.",
            ),
            Self::TicketClosed => Text::new(
                "Заявка закрыта. Создайте новую и укажите эту как родительскую.",
                "Өтінім жабылған. Жаңасын ашып, осыны басты өтінім ретінде көрсетіңіз.",
                "The ticket is closed. Create a new one and name this one as its parent.",
            ),
            Self::Empty => Text::new(
                "В письме нет текста, кроме цитат и подписи.",
                "Хатта дәйексөз бен қолтаңбадан басқа мәтін жоқ.",
                "The mail has no text apart from quotations and a signature.",
            ),
            Self::TooLong => Text::new(
                "Текст письма длиннее, чем может быть комментарий.",
                "Хат мәтіні пікірге рұқсат етілгеннен ұзын.",
                "The text of the mail is longer than a comment may be.",
            ),
            Self::Refused => Text::new(
                "Комментарий не принят. Откройте заявку на портале.",
                "Пікір қабылданбады. Өтінімді порталда ашыңыз.",
                "The comment was not accepted. Open the ticket on the portal.",
            ),
        })
    }
}

/// What stands at the two ends of the line above which an answer is written.
pub const MARK: (&str, &str) = ("##-", "-##");

/// The ends of the line with which mail programs introduce what they quote.
const INTRODUCTIONS: &[&str] = &[
    "wrote:",
    "writes:",
    "пишет:",
    "написал:",
    "написала:",
    "написал(а):",
    "жазды:",
    "жазған:",
    ">:",
];

/// How the heads of quoted mails begin, where nothing else marks them.
const HEADS: [&[&str]; 2] = [
    &["From:", "От:", "Кімнен:", "*From:*", "*От:*"],
    &["Sent:", "Date:", "Отправлено:", "Дата:", "Жіберілген:", "Жіберілді:", "Күні:", "*Sent:*"],
];

/// What telephones write under a mail.
const SIGNATURES: &[&str] =
    &["Отправлено с ", "Отправлено из ", "Sent from ", "Get Outlook for ", "Жіберілген құрылғы"];

/// How many lines an introduction is at most broken into.
const INTRODUCTION_LINES: usize = 3;

/// The writer's own words: without what is quoted, without signatures.
pub fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut rest = lines.as_slice();
    while let [line, below @ ..] = rest {
        if is_end(line) || is_head(rest) {
            break;
        }
        if let Some(length) = introduction(rest) {
            rest = rest.get(length..).unwrap_or_default();
            if rest.iter().find(|it| !it.is_empty()).is_some_and(|it| is_quoted(it)) {
                continue;
            }
            break;
        }
        if !is_quoted(line) {
            kept.push(line);
        }
        rest = below;
    }
    let is_silent = |line: &&str| {
        line.trim().is_empty() || SIGNATURES.iter().any(|it| line.trim().starts_with(it))
    };
    while kept.last().is_some_and(is_silent) {
        kept.pop();
    }
    kept.join("\n").trim().to_owned()
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether nothing of the writer's follows: a signature, a divider, the line of the mails of
/// this service.
fn is_end(line: &str) -> bool {
    let line = line.trim();
    let is_divided = line.starts_with("-----") && line.ends_with("-----") && line.len() > 10;
    let is_ruled = line.len() >= 20 && line.chars().all(|it| it == '_');
    line == "--" || is_divided || is_ruled || line.contains(MARK.0) && line.contains(MARK.1)
}

/// Whether the head of a quoted mail begins here.
fn is_head(lines: &[&str]) -> bool {
    let begins = |line: &str, words: &[&str]| words.iter().any(|it| line.trim().starts_with(it));
    let [from, sent] = HEADS;
    let next = lines.iter().skip(1).take(3);
    lines.first().is_some_and(|it| begins(it, from)) && next.into_iter().any(|it| begins(it, sent))
}

/// The number of lines of the introduction that begins here, if one does: it tells who wrote
/// when, or from where.
fn introduction(lines: &[&str]) -> Option<usize> {
    let mut whole = String::new();
    for (index, line) in lines.iter().take(INTRODUCTION_LINES).enumerate() {
        let line = line.trim();
        if line.is_empty() || is_quoted(line) {
            return None;
        }
        whole.push_str(line);
        whole.push(' ');
        if INTRODUCTIONS.iter().any(|it| line.ends_with(it)) {
            return tells_who_and_when(&whole).then_some(index + 1);
        }
    }
    None
}

fn tells_who_and_when(introduction: &str) -> bool {
    let has_time = introduction
        .as_bytes()
        .windows(4)
        .any(|it| matches!(it, [b'0'..=b'9', b':', b'0'..=b'9', b'0'..=b'9']));
    let has_digit = introduction.contains(|it: char| it.is_ascii_digit());
    has_digit && (has_time || introduction.contains('@'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_quoted_and_signed_is_cut_off() {
        for mail in [
            "Помогло, спасибо.",
            "Помогло, спасибо.\n\n-- \nАйгуль Омарова\n+7 700 000 00 00",
            "Помогло, спасибо.\r\n\r\n24 нояб. 2026 г., в 15:04, Поддержка <a@b.kz> написал(а):\r\n\r\n> Пришлите журнал.\r\n> -- \r\n",
            "Помогло, спасибо.\n\nвт, 24 нояб. 2026 г. в 15:04, Поддержка\n<reply+1@b.kz>:\n> Пришлите",
            "Помогло, спасибо.\n\nOn Tue, Nov 24, 2026 at 3:04 PM Support <\nreply+1042.17.ab@b.kz>\nwrote:\n\n> Send",
            "Помогло, спасибо.\n\n24.11.2026 15:04, Қолдау <a@b.kz> жазды:\n\nЖурналды жіберіңіз.",
            "Помогло, спасибо.\n\n-----Original Message-----\nFrom: Support\nПришлите",
            "Помогло, спасибо.\n-----Исходное сообщение-----\nПришлите",
            "Помогло, спасибо.\n\n________________________________\nОт: Поддержка",
            "Помогло, спасибо.\n\nОт: Поддержка <a@b.kz>\nОтправлено: 24 ноября 2026 г. 15:04\nКому: Айгуль\nТема: Re\n\nПришлите",
            "Помогло, спасибо.\n\nFrom: Support\nSent: Tuesday\nTo: me\n\nSend",
            "Помогло, спасибо.\n\n##- Ответ пишите выше этой строки: он станет комментарием -##\nПришлите",
            "> Пришлите журнал.\n> Спасибо.\n\nПомогло, спасибо.",
            "24.11.2026 15:04, Поддержка <a@b.kz> пишет:\n> Пришлите журнал.\n\nПомогло, спасибо.",
            "Помогло, спасибо.\n\nОтправлено с iPhone",
            "Помогло, спасибо.\n\nSent from my Galaxy\n\n",
        ] {
            assert_eq!(own_words(mail), "Помогло, спасибо.", "{mail}");
        }
    }

    #[test]
    fn what_is_said_stays() {
        for said in [
            "Клиент пишет:\nне работает.",
            "От: 3.18\nДо: 3.19 стало хуже.",
            "Шаги:\n- первый\n- второй\n\n--- вывод ---\n1:0:3 ok",
            "interface ge 0/1\n no shutdown\n!",
            "Порт 5060 > 5061: нет ответа.",
        ] {
            assert_eq!(own_words(said), said);
        }
        assert_eq!(own_words("> одна цитата\n-- \nподпись"), "");
    }

    proptest! {
        /// Nothing is invented, and nothing more is found when it is read again.
        #[test]
        fn words_are_the_writers(text in r"([-> a-zа-я0-9:@#_<.]{0,12}\n){0,12}") {
            let own = own_words(&text);
            prop_assert!(own.lines().all(|it| !is_quoted(it)));
            prop_assert!(own.lines().all(|it| text.lines().any(|line| line.contains(it.trim()))));
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _ = own_words(&text);
        }
    }
}
