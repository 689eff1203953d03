//! What kind of request a ticket is (3.2).

use crate::language::Text;
use crate::string_enum;

string_enum! {
    /// The kind of request (3.2, «Трекер»).
    Tracker {
        /// «Ошибка»: the equipment is faulty or behaves abnormally.
        Bug = "bug" ("Ошибка", "Қате", "Bug"),
        /// «Улучшение»: a function should be added.
        Feature = "feature" ("Улучшение", "Жақсарту", "Feature"),
        /// «Поддержка»: advice is needed.
        Support = "support" ("Поддержка", "Қолдау", "Support"),
    }
}

impl Tracker {
    /// When to choose it, in the regulation's words.
    #[rustfmt::skip]
    pub const fn definition(self) -> Text {
        match self {
            Self::Bug => Text::new(
                "В работе оборудования обнаружена неисправность или аномальная работа.",
                "Жабдық жұмысында ақау немесе қалыпсыз жұмыс анықталды.",
                "A fault or abnormal behaviour was found in the operation of the equipment."),
            Self::Feature => Text::new(
                "Необходимо добавить какую-либо функцию в существующую тему.",
                "Қолданыстағы тақырыпқа қандай да бір функцияны қосу қажет.",
                "Some function needs to be added to an existing subject."),
            Self::Support => Text::new(
                "Необходима консультация технической поддержки.",
                "Техникалық қолдаудың кеңесі қажет.",
                "Advice from technical support is needed."),
        }
    }
}
