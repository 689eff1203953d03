//! Files that came by e-mail: their descriptions, and why one is left out.

use crate::language::{Language, Text};
use crate::string_enum;

string_enum! {
    /// Why a file of an e-mail was left out of its comment.
    LeftOut {
        /// It is larger than a file may be, or than what is stored of its mail.
        TooLarge = "too_large",
        /// The mail or the ticket has the maximum number of files.
        TooMany = "too_many",
        /// The person has sent the maximum number of files for a day.
        TooManyToday = "too_many_today",
    }
}

/// The comment of somebody who sent files without a word.
pub fn files_alone(names: &[String], language: Language) -> String {
    let word = Text::new("Файлы", "Файлдар", "Files").text_in(language);
    format!("{word}: {}", names.join(", "))
}

/// The description of a file from an e-mail (4.2.5).
pub fn description(subject: &str, language: Language) -> String {
    let word = Text::new("Из письма", "Хаттан", "From an e-mail").text_in(language);
    match subject.trim() {
        "" => word.to_owned(),
        subject => format!("{word} «{subject}»"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4.2.5: every file of a mail has a description, even without a subject line.
    #[test]
    fn c4_2_5_a_file_of_a_mail_is_described() {
        assert_eq!(description(" Re: [№1] Шлюз ", Language::Ru), "Из письма «Re: [№1] Шлюз»");
        assert_eq!(description(" ", Language::En), "From an e-mail");
        let names = ["a.log".to_owned(), "b.png".to_owned()];
        assert_eq!(files_alone(&names, Language::Kk), "Файлдар: a.log, b.png");
    }
}
