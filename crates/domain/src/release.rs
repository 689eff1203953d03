//! «Ждем релиза»: the announcement of a published release.

use crate::language::Language;

/// The system's comment in a ticket whose release was published: the version, and where to get it (2.2), on the
/// public site or as these files.
pub fn announcement(
    version: &str,
    public_url: Option<&str>,
    files: &[String],
    language: Language,
) -> String {
    let (mut text, place, of_release) = match language {
        Language::Ru => (
            format!(
                "Вышла версия {version}, которую ждала эта заявка. Установите ее и сообщите, \
                 решен ли вопрос."
            ),
            "Где взять",
            "Файлы версии",
        ),
        Language::Kk => (
            format!(
                "Осы өтінім күткен {version} нұсқасы шықты. Оны орнатып, мәселе шешілгенін \
                 хабарлаңыз."
            ),
            "Қайдан алуға болады",
            "Нұсқа файлдары",
        ),
        Language::En => (
            format!(
                "Version {version}, which this ticket was waiting for, has been released. Please \
                 install it and tell us whether it solves the problem."
            ),
            "Where to get it",
            "Files of the version",
        ),
    };
    if let Some(url) = public_url {
        text += &format!("\n\n{place}: {url}");
    }
    if !files.is_empty() {
        text += &format!("\n\n{of_release}: {}", files.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2.2: the announcement has the version, and where to get it, or its files.
    #[test]
    fn c2_2_the_announcement_names_the_version_and_its_place() {
        let files = ["smg.bin", "readme.txt"].map(str::to_owned);
        for language in Language::ALL {
            let announced = |url, files| announcement("3.20.1", url, files, *language);
            let plain = announced(None, &[]);
            let with_url = announced(Some("https://example.com/fw"), &[]);
            let with_files = announced(None, &files);

            assert!(plain.contains("3.20.1") && !plain.contains("http"), "{plain}");
            assert!(with_url.starts_with(&plain), "{with_url}");
            assert!(with_url.ends_with(": https://example.com/fw"), "{with_url}");
            assert!(with_files.starts_with(&plain), "{with_files}");
            assert!(with_files.ends_with(": smg.bin, readme.txt"), "{with_files}");
        }
    }
}
