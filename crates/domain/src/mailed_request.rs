//! What a mail that came in says apart from its text: its subject, where it states none, its text, where that is
//! all in the subject, and its product.

use crate::quotation::is_blank;

/// The maximum length of a subject that is taken from the text, in characters.
const MAX_SUBJECT: usize = 80;

/// The maximum length of a greeting, in words.
const MAX_GREETING: usize = 4;

/// How greetings begin.
const GREETINGS: &[&str] = &[
    "здравствуйте",
    "добрый день",
    "добрый вечер",
    "доброе утро",
    "доброго дня",
    "приветствую",
    "привет",
    "уважаемые",
    "уважаемый",
    "уважаемая",
    "коллеги",
    "сәлеметсіз",
    "сәлем",
    "қайырлы",
    "құрметті",
    "hello",
    "hi",
    "dear",
    "good morning",
    "good afternoon",
    "good day",
];

/// The subject of a request that has none: the first line that is not a greeting, cut off at the end of a word.
pub fn subject_of(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|it| !is_blank(it));
    let line = lines().find(|it| !is_greeting(it)).or_else(|| lines().next()).unwrap_or_default();
    if line.chars().count() <= MAX_SUBJECT {
        return line.to_owned();
    }
    let begin: String = line.chars().take(MAX_SUBJECT).collect();
    let words = begin.rsplit_once(char::is_whitespace).map_or(&*begin, |(words, _)| words);
    format!("{}…", words.trim_end_matches(|it: char| !it.is_alphanumeric()))
}

/// What programs put before the subject of a mail that is answered or forwarded.
const PREFIXES: &[&str] =
    &["re", "fw", "fwd", "отв", "ответ", "пересл", "жауап", "қайта жіберу", "aw", "wg"];

/// The subject of a mail without any text, if its writer put the words there: it is not that of an
/// answer, or of a ticket.
pub fn text_in_subject(subject: &str) -> Option<&str> {
    let lower = subject.trim().to_lowercase();
    let prefix =
        lower.split_once(':').map(|(before, _)| before.split('[').next().unwrap_or_default());
    let is_answer = PREFIXES.contains(&prefix.unwrap_or(&lower).trim());
    let is_own = !is_blank(subject) && !is_answer && !lower.contains("[№");
    is_own.then(|| subject.trim())
}

/// Whether a line greets and does nothing else: «Здравствуйте!», but not «Здравствуйте, нет звука».
fn is_greeting(line: &str) -> bool {
    let lower = line.to_lowercase();
    let words = lower.split_whitespace().count();
    let sentence = lower.trim_end_matches(['!', ',', '.']);
    let greets = |it: &&str| {
        lower.strip_prefix(*it).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let is_one = !sentence.contains(['!', '.', '?']);
    let is_short = words <= 2 || words <= MAX_GREETING && lower.ends_with(['!', ',']);
    is_one && is_short && GREETINGS.iter().any(greets)
}

/// Whether a text names a product: «SMG-5000» does not name the SMG-500.
pub fn names(text: &str, product: &str) -> bool {
    let (text, product) = (text.to_lowercase(), product.to_lowercase());
    text.match_indices(&product).any(|(at, it)| {
        let before = text.get(..at).is_some_and(|it| it.ends_with(char::is_alphanumeric));
        let after =
            text.get(at + it.len()..).is_some_and(|it| it.starts_with(char::is_alphanumeric));
        !before && !after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3.2: a mail without a subject gets one from its text.
    #[test]
    fn c3_2_a_subject_is_the_first_line_that_says_something() {
        for (text, subject) in [
            ("Нет звука на транке.", "Нет звука на транке."),
            ("\n  Здравствуйте!\n\nНет звука.\nПомогите.", "Нет звука."),
            ("Добрый день, Ерлан Серикович!\nНет звука.", "Нет звука."),
            ("Здравствуйте! Нет звука.\nТел. 123", "Здравствуйте! Нет звука."),
            ("HiPath не отвечает!\nСпасибо", "HiPath не отвечает!"),
            ("Здравствуйте!", "Здравствуйте!"),
            ("", ""),
        ] {
            assert_eq!(subject_of(text), subject, "{text}");
        }
        let long = format!("После обновления {}нет звука", "шлюза, ".repeat(20));
        let subject = subject_of(&long);
        assert!(subject.ends_with("шлюза…") && subject.chars().count() <= 81, "{subject}");
    }

    /// Section 7: who writes all of it into the subject has written something.
    #[test]
    fn s7_a_subject_is_the_text_unless_a_program_wrote_it() {
        assert_eq!(text_in_subject(" Не работает факс "), Some("Не работает факс"));
        assert_eq!(text_in_subject("Ошибка: нет звука"), Some("Ошибка: нет звука"));
        for subject in
            ["", "Re: Шлюз", "RE[2]: Шлюз", "Fwd:", "[№17] Шлюз", "Отв: факс", "Re", "\u{200b}"]
        {
            assert_eq!(text_in_subject(subject), None, "{subject}");
        }
    }

    /// 3.2: a product is named by its whole name.
    #[test]
    fn c3_2_a_part_of_a_longer_name_names_no_product() {
        assert!(names("Новый smg-500: нет звука", "SMG-500"));
        assert!(names("TAU-8.IP", "TAU-8"));
        assert!(names("SMG-5000 и SMG-500", "SMG-500"));
        for text in ["Новый SMG-5000", "SMG-500M", "XSMG-500", "SMG"] {
            assert!(!names(text, "SMG-500"), "{text}");
        }
    }
}
