//! The eight statuses of 2.5, with the regulation's table of what each means.

use crate::language::Text;
use crate::string_enum;

string_enum! {
    /// The status of a ticket (2.5).
    Status {
        /// «Новая»: filed, not yet taken.
        New = "new",
        /// «В работе»: an engineer works on it.
        InProgress = "in_progress",
        /// «Обратная связь»: the customer applies advice or owes information.
        Feedback = "feedback",
        /// «Решена»: support has been provided, the customer's confirmation is due.
        Resolved = "resolved",
        /// «Закрыта»: finished, with a reason.
        Closed = "closed",
        /// «Ждем релиза»: needs software that is not released yet.
        AwaitingRelease = "awaiting_release",
        /// «В ожидании»: waits for another department, a repair or a delivery.
        OnHold = "on_hold",
        /// «Отклонена»: refused, with a reason.
        Rejected = "rejected",
    }
}

string_enum! {
    /// Who has to act.
    Party {
        /// The vendor's support.
        Support = "support" ("Техническая поддержка", "Техникалық қолдау", "Technical support"),
        /// The customer's employee.
        Customer = "customer" ("Заказчик", "Тапсырыс беруші", "Customer"),
        /// Nobody: the ticket is finished.
        Nobody = "nobody" ("Никто", "Ешкім", "Nobody"),
    }
}

/// One row of the table of 2.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusMeaning {
    /// What people call the status.
    pub label: Text,
    /// What the status says about the ticket.
    pub meaning: Text,
    /// What has to be done now.
    pub required_action: Text,
    /// Who has to act while a ticket has this status.
    pub responsible: Party,
}

impl Status {
    /// Whether the ticket is finished: only an admin reopens it.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Closed | Self::Rejected => true,
            Self::New
            | Self::InProgress
            | Self::Feedback
            | Self::Resolved
            | Self::AwaitingRelease
            | Self::OnHold => false,
        }
    }

    /// What people call the status.
    pub const fn label(self) -> Text {
        self.meaning().label
    }

    /// The row of 2.5 for this status.
    #[rustfmt::skip]
    pub const fn meaning(self) -> StatusMeaning {
        match self {
            Self::New => StatusMeaning {
                label: Text::new("Новая", "Жаңа", "New"),
                meaning: Text::new(
                    "Создана заявка на оказание технической поддержки.",
                    "Техникалық қолдау көрсетуге өтінім жасалды.",
                    "A request for technical support has been created."),
                required_action: Text::new(
                    "Принятие в работу, изучение описанной проблемы.",
                    "Жұмысқа қабылдау, сипатталған мәселені зерделеу.",
                    "Accept the ticket and study the described problem."),
                responsible: Party::Support,
            },
            Self::InProgress => StatusMeaning {
                label: Text::new("В работе", "Жұмыста", "In progress"),
                meaning: Text::new(
                    "Запрос принят инженерами технической поддержки.",
                    "Сұрауды техникалық қолдау инженерлері қабылдады.",
                    "Support engineers have accepted the request."),
                required_action: Text::new(
                    "Оценка предоставленных данных, запрос дополнительной информации или предоставление инструкций, файлов.",
                    "Берілген деректерді бағалау, қосымша ақпарат сұрау немесе нұсқаулық, файл беру.",
                    "Assess the data provided; request more information, or provide instructions and files."),
                responsible: Party::Support,
            },
            Self::Feedback => StatusMeaning {
                label: Text::new("Обратная связь", "Кері байланыс", "Feedback"),
                meaning: Text::new(
                    "Применение рекомендаций.",
                    "Ұсынымдарды қолдану.",
                    "Recommendations are being applied."),
                required_action: Text::new(
                    "Провести действия на оборудовании или предоставить дополнительную информацию.",
                    "Жабдықта әрекеттер жасау немесе қосымша ақпарат беру.",
                    "Carry out the actions on the equipment, or provide additional information."),
                responsible: Party::Customer,
            },
            Self::Resolved => StatusMeaning {
                label: Text::new("Решена", "Шешілді", "Resolved"),
                meaning: Text::new(
                    "Техническая поддержка оказана в полном объеме.",
                    "Техникалық қолдау толық көлемде көрсетілді.",
                    "Technical support has been provided in full."),
                required_action: Text::new(
                    "После подтверждения о решении проблемы закрыть задачу.",
                    "Мәселенің шешілгені расталғаннан кейін өтінімді жабу.",
                    "Close the ticket once the solution has been confirmed."),
                responsible: Party::Support,
            },
            Self::Closed => StatusMeaning {
                label: Text::new("Закрыта", "Жабылды", "Closed"),
                meaning: Text::new(
                    "Сотрудник заказчика указал, что вопрос решен, или обратная связь длилась больше двух месяцев.",
                    "Тапсырыс берушінің қызметкері мәселе шешілді деп көрсетті немесе кері байланыс екі айдан асты.",
                    "The customer stated that the problem is solved, or feedback lasted for more than two months."),
                required_action: Text::new(
                    "Закрыть задачу, указав причину закрытия.",
                    "Жабу себебін көрсетіп, өтінімді жабу.",
                    "Close the ticket and give the reason."),
                responsible: Party::Support,
            },
            Self::AwaitingRelease => StatusMeaning {
                label: Text::new("Ждем релиза", "Релизді күтудеміз", "Awaiting release"),
                meaning: Text::new(
                    "Запрошенный функционал в настоящий момент не поддерживается.",
                    "Сұралған функцияға қазір қолдау көрсетілмейді.",
                    "The requested function is not supported at present."),
                required_action: Text::new(
                    "Отслеживать даты выхода обновления программного обеспечения, в котором функционал будет реализован.",
                    "Функционал іске асырылатын бағдарламалық жасақтама жаңартуының шығу күнін қадағалау.",
                    "Track the release dates of the software update that will provide the function."),
                responsible: Party::Support,
            },
            Self::OnHold => StatusMeaning {
                label: Text::new("В ожидании", "Күтуде", "On hold"),
                meaning: Text::new(
                    "Ожидание работы других отделов.",
                    "Басқа бөлімдердің жұмысын күту.",
                    "Waiting for the work of other departments."),
                required_action: Text::new(
                    "Отслеживать статус перемещения, ремонта для продолжения оказания тех. поддержки.",
                    "Қолдауды жалғастыру үшін тасымалдау, жөндеу күйін қадағалау.",
                    "Track the transport or the repair, then continue the support."),
                responsible: Party::Support,
            },
            Self::Rejected => StatusMeaning {
                label: Text::new("Отклонена", "Қабылданбады", "Rejected"),
                meaning: Text::new(
                    "Заявка не соответствует зоне ответственности технической поддержки или дублируется.",
                    "Өтінім техникалық қолдаудың жауапкершілік аймағына кірмейді немесе қайталанады.",
                    "The request is outside the responsibility of technical support, or a duplicate."),
                required_action: Text::new(
                    "Указать причину отклонения.",
                    "Қабылдамау себебін көрсету.",
                    "Give the reason for the rejection."),
                responsible: Party::Support,
            },
        }
    }
}
