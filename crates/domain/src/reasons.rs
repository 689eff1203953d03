//! The reasons that transitions have to name.

use crate::language::Text;
use crate::string_enum;

string_enum! {
    /// Why the service disabled a webhook.
    DisabledReason {
        /// The receiver responded with 410.
        Gone = "gone",
        /// Every attempt failed for five days.
        Failing = "failing",
        /// Its owner was deactivated, or has other rights now.
        OwnerLeft = "owner_left",
    }
}

string_enum! {
    /// Why a ticket was closed (2.5, «указав причину закрытия»).
    CloseReason {
        /// The customer said that the problem is solved.
        ConfirmedByCustomer = "confirmed_by_customer" ("Подтверждено заказчиком", "Тапсырыс беруші растады", "Confirmed by the customer"),
        /// The customer said that the request is no longer relevant.
        NoLongerRelevant = "no_longer_relevant" ("Неактуально", "Өзектілігін жоғалтты", "No longer relevant"),
        /// Two months of silence in feedback; only the system may give it.
        FeedbackTimeout = "feedback_timeout" ("Нет ответа два месяца", "Екі ай бойы жауап жоқ", "No reply for two months"),
        /// It was closed in another system before it was imported; nobody may give it.
        Imported = "imported" ("Перенесена закрытой", "Жабық күйінде көшірілген", "Closed before the import"),
        /// Anything else; only an admin may give it.
        Other = "other" ("Другое", "Басқа", "Other"),
    }
}

string_enum! {
    /// Why support refuses a request (3.4; the last one by 2.5).
    RefusalReason {
        /// 3.4.1.1: nothing is said about the nature of the request.
        NoDescription = "no_description" ("Нет описания", "Сипаттамасы жоқ", "No description"),
        /// 3.4.1.2: the customer's specialist lacks the knowledge that support needs.
        InsufficientKnowledge = "insufficient_knowledge" ("Недостаточный уровень знаний", "Білім деңгейі жеткіліксіз", "Insufficient knowledge"),
        /// 3.4.1.3: the request is impolite.
        Impolite = "impolite" ("Нарушены нормы вежливости", "Сыпайылық нормалары бұзылды", "Impolite"),
        /// 3.4.1.4: the problem was registered before.
        AlreadyRegistered = "already_registered" ("Уже зарегистрировано", "Бұрын тіркелген", "Already registered"),
        /// 2.5: not in the area of support's responsibility.
        OutOfScope = "out_of_scope" ("Вне зоны ответственности", "Жауапкершілік аймағынан тыс", "Out of scope"),
    }
}

string_enum! {
    /// The state of a refused request.
    RefusalState {
        /// Waits for an engineer's decision.
        Pending = "pending",
        /// Became a ticket after all.
        Registered = "registered",
        /// An engineer agreed with the refusal.
        Confirmed = "confirmed",
        /// Its author has filed a ticket instead.
        Superseded = "superseded",
    }
}

string_enum! {
    /// The root cause of a solved problem, as support found it.
    RootCause {
        /// The device was set up wrongly.
        Configuration = "configuration" ("Настройка", "Баптау", "Configuration"),
        /// A fault of the vendor's software.
        Defect = "defect" ("Ошибка ПО", "БЖ қатесі", "Defect"),
        /// Broken hardware.
        Hardware = "hardware" ("Оборудование", "Жабдық", "Hardware"),
        /// The documentation is wrong or says too little.
        Documentation = "documentation" ("Документация", "Құжаттама", "Documentation"),
        /// Equipment or services of somebody else.
        ThirdParty = "third_party" ("Стороннее оборудование", "Бөгде жабдық", "Third party"),
        /// Nothing was wrong: it was a question.
        Question = "question" ("Вопрос", "Сұрақ", "Question"),
        /// Something else.
        Other = "other" ("Другое", "Басқа", "Other"),
    }
}

string_enum! {
    /// What a ticket on hold waits for (2.5, «В ожидании»).
    WaitingOn {
        /// Another department.
        Department = "department" ("Другой отдел", "Басқа бөлім", "Another department"),
        /// A repair.
        Repair = "repair" ("Ремонт", "Жөндеу", "A repair"),
        /// A delivery.
        Delivery = "delivery" ("Доставка", "Жеткізу", "A delivery"),
        /// Something else, explained in the comment.
        Other = "other" ("Другое", "Басқа", "Something else"),
    }
}

impl RefusalReason {
    /// The clause that permits support to refuse for this reason.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::NoDescription => "3.4.1.1",
            Self::InsufficientKnowledge => "3.4.1.2",
            Self::Impolite => "3.4.1.3",
            Self::AlreadyRegistered => "3.4.1.4",
            Self::OutOfScope => "2.5",
        }
    }

    /// The explanation for the customer.
    #[rustfmt::skip]
    pub const fn explanation(self) -> Text {
        match self {
            Self::NoDescription => Text::new(
                "Описание не говорит о проблеме ничего сверх темы. Опишите, что происходит, на какой версии ПО и после каких действий.",
                "Сипаттама тақырыптан артық ештеңе айтпайды. Не болып жатқанын, БЖ нұсқасын және қандай әрекеттен кейін болғанын жазыңыз.",
                "The description says nothing beyond the subject. Describe what happens, with which software version and after which actions."),
            Self::InsufficientKnowledge => Text::new(
                "Для технической поддержки по этому вопросу нужен специалист с более высоким уровнем знаний.",
                "Бұл мәселе бойынша техникалық қолдау үшін білім деңгейі жоғарырақ маман қажет.",
                "Technical support on this matter requires a specialist with a higher level of knowledge."),
            Self::Impolite => Text::new(
                "В тексте есть грубые слова. Сформулируйте обращение вежливо; сохраненную заявку также просмотрит инженер.",
                "Мәтінде дөрекі сөздер бар. Өтінішті сыпайы түрде жазыңыз; сақталған өтінімді инженер де қарайды.",
                "The text contains rude words. Please rephrase it politely; an engineer will also review the stored request."),
            Self::AlreadyRegistered => Text::new(
                "Похожая заявка уже открыта. Дополните ее комментарием. Если проблема другая, отметьте это и отправьте снова.",
                "Ұқсас өтінім бұрыннан ашық. Оны пікірмен толықтырыңыз. Мәселе басқа болса, соны белгілеп, қайта жіберіңіз.",
                "A similar ticket is already open. Add a comment to it; if the problem is different, say so (not_duplicate_of) and send the request again."),
            Self::OutOfScope => Text::new(
                "Вопрос не относится к зоне ответственности технической поддержки.",
                "Мәселе техникалық қолдаудың жауапкершілік аймағына жатпайды.",
                "The matter is outside the responsibility of technical support."),
        }
    }
}
