//! How urgent a ticket is (3.2), and how priority follows from impact and urgency (advantage 3).

use crate::language::Text;
use crate::string_enum;

string_enum! {
    /// How urgent a ticket is (3.2, «Приоритет»), lowest first.
    Priority {
        /// «Минимальный».
        Low = "low" ("Минимальный", "Ең төмен", "Low"),
        /// «Средний».
        Medium = "medium" ("Средний", "Орташа", "Medium"),
        /// «Высокий».
        High = "high" ("Высокий", "Жоғары", "High"),
        /// «Критический».
        Critical = "critical" ("Критический", "Сыни", "Critical"),
    }
}

string_enum! {
    /// The impact of the problem on the customer's service; each value is a sentence of 3.2.
    Impact {
        /// Advice, an update, planned work.
        Consultation = "consultation" ("Консультация", "Кеңес", "Consultation"),
        /// A function is down, the service as a whole is not affected.
        FunctionDown = "function_down" ("Не работает функция", "Функция жұмыс істемейді", "Function down"),
        /// The quality of the service is affected, or performance has dropped substantially.
        ServiceAffected = "service_affected" ("Страдает услуга", "Қызмет нашарлады", "Service affected"),
        /// Everything is down, or it cannot wait.
        Outage = "outage" ("Полный отказ", "Толық істен шығу", "Outage"),
    }
}

string_enum! {
    /// How soon the customer needs help.
    Urgency {
        /// Agreed for later.
        Planned = "planned" ("Планово", "Жоспарлы", "Planned"),
        /// In its turn.
        #[doc = "The default."]
        Normal = "normal" ("Обычная", "Қалыпты", "Normal"),
        /// Cannot wait; lifts the priority by one step.
        Urgent = "urgent" ("Срочно", "Шұғыл", "Urgent"),
    }
}

string_enum! {
    /// How complex the answer is; this sets the response deadline (2.4.2).
    Complexity {
        /// Two hours.
        Simple = "simple" ("Простая", "Қарапайым", "Simple"),
        /// Four hours; the default.
        Normal = "normal" ("Обычная", "Қалыпты", "Normal"),
        /// One working day.
        Complex = "complex" ("Сложная", "Күрделі", "Complex"),
    }
}

/// The priority that follows from impact and urgency (advantage 3).
///
/// Urgent work rises one step and never above critical; planned work never rises.
pub const fn derived(impact: Impact, urgency: Urgency) -> Priority {
    match (impact, urgency) {
        (Impact::Consultation, Urgency::Planned | Urgency::Normal) => Priority::Low,
        (Impact::Consultation, Urgency::Urgent)
        | (Impact::FunctionDown, Urgency::Planned | Urgency::Normal) => Priority::Medium,
        (Impact::FunctionDown, Urgency::Urgent)
        | (Impact::ServiceAffected, Urgency::Planned | Urgency::Normal) => Priority::High,
        (Impact::ServiceAffected, Urgency::Urgent) | (Impact::Outage, _) => Priority::Critical,
    }
}

impl Priority {
    /// When to choose it, in the regulation's words: those of the impact behind it.
    pub const fn definition(self) -> Text {
        match self {
            Self::Low => Impact::Consultation.definition(),
            Self::Medium => Impact::FunctionDown.definition(),
            Self::High => Impact::ServiceAffected.definition(),
            Self::Critical => Impact::Outage.definition(),
        }
    }
}

impl Impact {
    /// The regulation's sentence (3.2).
    #[rustfmt::skip]
    pub const fn definition(self) -> Text {
        match self {
            Self::Consultation => Text::new(
                "Консультация по функциональности оборудования/системы, установка обновлений и иные услуги, требующие планирования и предварительного согласования сроков выполнения.",
                "Жабдықтың/жүйенің функциялары бойынша кеңес, жаңартуларды орнату және жоспарлауды әрі орындау мерзімін алдын ала келісуді қажет ететін өзге қызметтер.",
                "Advice on the functions of the equipment/system, installation of updates, and other services that need planning and dates of completion that are agreed beforehand."),
            Self::FunctionDown => Text::new(
                "Неработоспособность одной или нескольких функций оборудования/системы, в целом не влияющая на качество предоставления услуги.",
                "Жабдықтың/жүйенің бір немесе бірнеше функциясы жұмыс істемейді, бірақ жалпы қызмет көрсету сапасына әсер етпейді.",
                "One or more functions of the equipment/system do not work; the service as a whole is not affected."),
            Self::ServiceAffected => Text::new(
                "Неработоспособность одной или нескольких функций оборудования/системы, влияющая на качество предоставления услуги, либо существенное снижение производительности оборудования/системы.",
                "Жабдықтың/жүйенің қызмет көрсету сапасына әсер ететін бір немесе бірнеше функциясының жұмыс істемеуі не жабдық/жүйе өнімділігінің айтарлықтай төмендеуі.",
                "One or more functions of the equipment/system do not work and the quality of the service suffers, or the performance of the equipment/system has dropped substantially."),
            Self::Outage => Text::new(
                "Оборудование/система полностью неработоспособна либо возникла неотложная серьезная проблема, которая вызывает значительные ограничения в эксплуатации и обслуживании оборудования/системы.",
                "Жабдық/жүйе толығымен жұмыс істемейді не жабдықты/жүйені пайдалану мен оған қызмет көрсетуді айтарлықтай шектейтін кезек күттірмейтін күрделі мәселе туындаған.",
                "The equipment/system is completely down, or an urgent, serious problem considerably restricts the operation and maintenance of the equipment/system."),
        }
    }
}

#[cfg(test)]
mod tests;
