//! What people read is in their language: no name of a member, no pattern, no foreign word (section 7 of the
//! contract). Mails have a test of their own beside `crates/api/src/mail/texts.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// What has no other name: formats and headers of which only programmers of clients read, and abbreviations.
const PROTOCOL: &[&str] = &[
    "API",
    "ASCII",
    "Accept-Patch",
    "Accept-Post",
    "Allow",
    "Asia",
    "Almaty",
    "Authorization",
    "Bearer",
    "Content-Encoding",
    "Content-Type",
    "HELPDESK_CORS_ORIGINS",
    "Idempotency-Key",
    "JSON",
    "UTF-8",
    "Windows-1251",
    "application",
    "json",
    "false",
    "file",
    "form-data",
    "http",
    "https",
    "multipart",
    "true",
];

/// Folders whose texts are no sentences to people: made-up contents, another system's words, and the
/// vocabularies by which texts are understood.
const OTHER: &[&str] = &[
    "/demo/",
    "/import/",
    "/redmine/",
    "/quotation/",
    "/impolite",
    "/search/",
    "/samples.rs",
    "/long_",
    "/tests",
];

#[test]
fn s7_no_code_pattern_or_foreign_word_is_in_a_sentence() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in files(&crates.join("api/src")).into_iter().chain(files(&crates.join("domain/src")))
    {
        if OTHER.iter().any(|it| file.to_str().unwrap().contains(it)) {
            continue;
        }
        for text in sentences(&fs::read_to_string(&file).unwrap()) {
            count += 1;
            wrong.extend(foreign(&text).map(|word| format!("{}: {word}: {text}", file.display())));
        }
    }
    assert!(count > 1000, "{count} texts were read");
    assert_eq!(wrong, Vec::<String>::new());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    paths
        .flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] })
        .filter(|it| it.extension().is_some_and(|it| it == "rs"))
        .collect()
}

/// The literals with Cyrillic letters, without tests, comments and examples of the document.
fn sentences(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    let is_example = |it: &str| it.contains("json!") || it.contains("\": ");
    let is_text = |it: &&str| !it.trim_start().starts_with("//") && !is_example(it);
    let literals = code.lines().filter(is_text).flat_map(|line| {
        let masked = line.replace("\\\"", "");
        let parts: Vec<String> = masked.split('"').map(str::to_owned).collect();
        parts.into_iter().skip(1).step_by(2)
    });
    literals.filter(|it| it.chars().any(|it| ('а'..='я').contains(&it))).collect()
}

/// Words of small Latin letters, names of members, paths and patterns; what is filled in is no word. What begins
/// with a capital is the name of a thing: SIP, ONT, SNMPv3.
fn foreign(text: &str) -> impl Iterator<Item = String> {
    let fixed: String = text
        .split('{')
        .map(|it| it.split_once('}').map_or(it, |(_, it)| it))
        .collect::<Vec<_>>()
        .join(" ");
    // At the end of a line a literal goes on.
    let fixed = fixed.trim_end_matches('\\');
    let is_pattern = ["^", "$", "\\", "->", " /"].iter().any(|it| fixed.contains(it));
    let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    let words: Vec<String> = fixed
        .split(|it| !is_letter(it))
        .map(|it| it.trim_matches('-').to_owned())
        .filter(|it| {
            let is_small = it.starts_with(|it: char| it.is_ascii_lowercase());
            let is_name = it.starts_with(|it: char| it.is_ascii_uppercase() || it == '_');
            it.len() > 1 && (is_small || is_name && it.contains(['_', '-']))
        })
        .filter(|it| !PROTOCOL.contains(&it.as_str()))
        .collect();
    is_pattern.then(|| "a pattern".to_owned()).into_iter().chain(words)
}
