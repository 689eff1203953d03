//! The documents speak of what is there: every clause, section and statement that the code cites,
//! every prefix of a test's name, every path.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The subjects of the statements of `docs/security.md`.
const SUBJECTS: [&str; 9] = ["AT", "AU", "AZ", "CF", "IN", "OU", "RS", "SV", "TK"];

#[test]
fn the_readme_is_read_in_one_sitting() {
    let lines = read("README.md").lines().count();

    assert!(lines <= 130, "README.md has {lines} lines: what is not for everybody goes to docs/");
}

#[test]
fn every_cited_statement_stands_in_the_document() {
    let documented = first_cells("docs/security.md", is_statement);
    let cited = sources().into_iter().flat_map(|(_, text)| statements(&text)).collect();

    assert_eq!(missing(&cited, &documented), BTreeSet::new(), "not in docs/security.md");
}

#[test]
fn every_statement_has_a_test() {
    let documented = first_cells("docs/security.md", is_statement);
    let tested = test_names().into_iter().filter(|it| it.contains("sec_")).flat_map(|name| {
        name.split('_').map(str::to_uppercase).filter(|it| is_statement(it)).collect::<Vec<_>>()
    });
    let tested: BTreeSet<String> = tested.collect();

    assert_eq!(missing(&documented, &tested), BTreeSet::new(), "promised without a test");
    assert_eq!(missing(&tested, &documented), BTreeSet::new(), "tested, not in docs/security.md");
}

#[test]
fn every_cited_clause_stands_in_the_document() {
    let documented =
        first_cells("docs/regulation.md", |it| is_clause(it) || it == "1" || it == "4");
    let named = test_names().into_iter().filter_map(|it| clause_of(&it));
    let in_comments = sources().into_iter().flat_map(|(_, text)| clauses(&text));
    let cited: BTreeSet<String> = named.chain(in_comments).collect();

    assert!(cited.contains("2.5") && cited.contains("3.4.1.4"), "{cited:?}");
    assert_eq!(missing(&cited, &documented), BTreeSet::new(), "not in docs/regulation.md");
}

#[test]
fn every_cited_section_and_advantage_stands_in_the_document() {
    let document = read("docs/regulation.md");
    let advantages = first_cells("docs/regulation.md", |it| it.parse::<u32>().is_ok());
    for (path, text) in sources() {
        for number in numbers_after(&text, "section ") {
            let heading = format!("### {number}. ");
            assert!(document.contains(&heading), "{}: section {number}", path.display());
        }
        for number in numbers_after(&text, "advantage ") {
            assert!(advantages.contains(&number), "{}: advantage {number}", path.display());
        }
    }
}

#[test]
fn every_prefix_of_a_test_is_explained_and_used() {
    let document = read("docs/regulation.md");
    let documented: BTreeSet<String> =
        ticked(&document).filter_map(|it| prefix_of(&it).filter(|prefix| *prefix == it)).collect();
    let used: BTreeSet<String> = test_names().iter().filter_map(|it| prefix_of(it)).collect();

    assert!(used.contains("c2_5_") && used.contains("s7_"), "{used:?}");
    assert_eq!(missing(&used, &documented), BTreeSet::new(), "used, not in docs/regulation.md");
    assert_eq!(missing(&documented, &used), BTreeSet::new(), "in docs/regulation.md, but unused");
}

#[test]
fn every_path_in_the_documents_is_there() {
    let files = files("");
    let names: BTreeSet<_> = files.iter().filter_map(|it| it.file_name()?.to_str()).collect();
    let is_there = |path: &str| {
        let below = |folder: &str| Path::new(ROOT).join(folder).join(path).exists();
        below("") || below("crates/api/src") || names.contains(path)
    };
    let mut lost = BTreeSet::new();
    for name in documents() {
        let text = read(&name);
        let layers = text.split_once("## The layers\n").map_or("", |(_, rest)| rest);
        let layers = layers.split("\n## ").next().unwrap_or_default();
        let paths = ticked(&text).filter(|it| is_path(it)).chain(ticked(layers));
        let paths = paths.filter(|it| !is_there(it.trim_end_matches('/')));
        let folder = Path::new(ROOT).join(&name);
        let target = |link: &str| folder.with_file_name(link.split('#').next().unwrap_or_default());
        let links = links(&text).into_iter().filter(|it| !target(it).exists());
        lost.extend(paths.chain(links).map(|it| format!("{name}: {it}")));
    }

    assert_eq!(lost, BTreeSet::new(), "named, but not there");
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn missing(of: &BTreeSet<String>, within: &BTreeSet<String>) -> BTreeSet<String> {
    of.difference(within).cloned().collect()
}

/// All files below a folder, but for what tools make.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_made =
                ["target", "var", ".git", "node_modules"].iter().any(|it| path.ends_with(it));
            if path.is_file() {
                found.push(path);
            } else if !is_made {
                folders.push(path);
            }
        }
    }
    found
}

/// Our programs and their SQL; this file is about citations and has none.
fn sources() -> Vec<(PathBuf, String)> {
    let paths = ["crates", "tests", "migrations"].into_iter().flat_map(files);
    let is_source = |it: &PathBuf| it.extension().is_some_and(|it| it == "rs" || it == "sql");
    let paths = paths.filter(is_source).filter(|it| !it.ends_with("tests/documents.rs"));
    paths.map(|it| (it.clone(), fs::read_to_string(it).unwrap())).collect()
}

fn documents() -> Vec<String> {
    let in_docs = fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let in_docs = in_docs.map(|it| format!("docs/{}", it.unwrap().file_name().display()));
    let at_the_top = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(str::to_owned);
    at_the_top.into_iter().chain(in_docs).collect()
}

/// What is a test, or could be one.
fn test_names() -> BTreeSet<String> {
    let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let lines = sources().into_iter().flat_map(|(_, text)| lines(text));
    lines
        .filter_map(|it| Some(it.trim_start().strip_prefix("fn ")?.split('(').next()?.to_owned()))
        .filter(|it| prefix_of(it).is_some() || it.starts_with("sec_"))
        .collect()
}

/// The prefix that says what a test is about: `c2_5_`, `a7_`, `s11_`, `app2_`.
fn prefix_of(name: &str) -> Option<String> {
    let letters = name.find(|it: char| it.is_ascii_digit())?;
    if !["c", "a", "s", "app"].contains(&&name[..letters]) {
        return None;
    }
    let numbers = name[letters..].split_inclusive('_');
    let is_number = |it: &&str| it.trim_end_matches('_').parse::<u32>().is_ok();
    let numbers: String = numbers.take_while(is_number).collect();
    numbers.ends_with('_').then(|| format!("{}{numbers}", &name[..letters]))
}

fn clause_of(name: &str) -> Option<String> {
    Some(prefix_of(name)?.strip_prefix('c')?.trim_end_matches('_').replace('_', "."))
}

fn is_clause(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_digit = |it: &&str| it.len() == 1 && it.chars().all(|it| it.is_ascii_digit());
    parts.len() > 1 && parts.iter().all(is_digit) && ("1".."5").contains(&parts[0])
}

/// The clauses that comments cite in brackets or before a colon, and those that mistakes name.
fn clauses(source: &str) -> Vec<String> {
    source.lines().flat_map(clauses_of_line).collect()
}

fn clauses_of_line(line: &str) -> Vec<String> {
    let is_mistake = line.contains("clause");
    let Some(text) = ["//", "--"].iter().find_map(|it| Some(line.split_once(it)?.1)) else {
        let quoted = line.split('"').skip(1).step_by(2);
        return quoted.filter(|it| is_mistake && is_clause(it)).map(str::to_owned).collect();
    };
    if text.contains("RFC") {
        return Vec::new();
    }
    let text = text.trim_start_matches(['/', '!', ' ']);
    let before_a_colon = text.split_once(':').map_or("", |(it, _)| it);
    let in_brackets = text.split('(').skip(1).filter_map(|it| Some(it.split_once(')')?.0));
    let words = in_brackets.chain([before_a_colon]).flat_map(|it| it.split([',', ';', ' ', '-']));
    words.filter(|it| is_clause(it)).map(str::to_owned).collect()
}

fn is_statement(text: &str) -> bool {
    text.len() == 4
        && SUBJECTS.iter().any(|it| text.starts_with(it))
        && text[2..].chars().all(|it| it.is_ascii_digit())
}

fn statements(source: &str) -> Vec<String> {
    let words = source.split(|it: char| !it.is_ascii_alphanumeric());
    words.filter(|it| it.is_ascii() && is_statement(it)).map(str::to_owned).collect()
}

/// The numbers that follow a word in comments.
fn numbers_after(source: &str, word: &str) -> Vec<String> {
    let comments = source.lines().filter_map(|it| it.trim_start().strip_prefix("//"));
    let number = |it: &str| it.chars().take_while(char::is_ascii_digit).collect::<String>();
    let numbers = comments.flat_map(|it| {
        let it = it.to_lowercase();
        it.split(word).skip(1).map(number).collect::<Vec<_>>()
    });
    numbers.filter(|it| !it.is_empty()).collect()
}

/// The first cells of the tables of a document that are what is looked for.
fn first_cells(document: &str, is_wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let text = read(document);
    let cells = text.lines().filter_map(|it| it.strip_prefix("| ")?.split(" |").next());
    cells.filter(|it| is_wanted(it)).map(str::to_owned).collect()
}

/// What stands between backticks, outside of blocks of code.
fn ticked(text: &str) -> impl Iterator<Item = String> {
    let prose: Vec<&str> = text.split("```").step_by(2).collect();
    let spans = prose.into_iter().flat_map(|it| it.split('`').skip(1).step_by(2));
    spans.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Whether something between backticks names a file or a folder of the repository.
fn is_path(text: &str) -> bool {
    let is_of_paths = |it: char| it.is_ascii_alphanumeric() || "_-./".contains(it);
    let has_ending = [".rs", ".sql", ".md", ".toml", ".json", ".yml"];
    let is_file = has_ending.iter().any(|it| text.ends_with(it));
    let is_ending = text.starts_with('.') && !text.contains('/');
    let is_below =
        text.contains('/') && text.starts_with(|it: char| it.is_lowercase() || it == '.');
    let is_named = (is_file && !is_ending) || is_below;
    text.chars().all(is_of_paths) && is_named
}

/// Where the links of a document go that stay within the repository.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|it| it.split(')').next());
    targets.filter(|it| !it.contains("://") && !it.starts_with('#')).map(str::to_owned).collect()
}
