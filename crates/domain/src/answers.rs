//! Why an e-mail that came in became no comment.

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
