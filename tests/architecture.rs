//! The layers of the service: each folder uses only those below it (`docs/architecture.md`).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every folder of the service, from the ground up. A folder may use those before it and itself.
const LAYERS: &[&str] = &[
    "postgres",
    "config",
    "problem",
    "db",
    "visibility",
    "http",
    "names",
    "limits",
    "worker",
    "credentials",
    "storage",
    "events",
    "audit",
    "idempotency",
    "mail",
    "settings",
    "companies",
    "users",
    "api_tokens",
    "auth",
    "directions",
    "projects",
    "products",
    "topics",
    "answer_templates",
    "macros",
    "uploads",
    "attachments",
    "releases",
    "notifications",
    "notifications/mail",
    "webhooks",
    "feed",
    "search/find",
    "search/index",
    "search",
    "figures",
    "articles",
    "tickets/store",
    "tickets/view",
    "tickets/search_results",
    "tickets/comments",
    "tickets/registration",
    "tickets/lifecycle",
    "tickets/people",
    "tickets/prepared",
    "tickets/presence",
    "tickets/refusals",
    "tickets/filing",
    "tickets/deadlines",
    "tickets/files",
    "tickets/queue",
    "tickets/history",
    "tickets/lists",
    "tickets",
    "search_requests",
    "views",
    "reports",
    "bulk",
    "accounts",
    "me",
    "reference",
    "inbound/mime",
    "inbound",
    "inbound/imap",
    "mail_kinds",
    "jobs",
    "fetch",
    "mail_templates",
    "sandbox",
    "redmine",
    "import/format",
    "import/redmine",
    "import/writer",
    "import",
    "demo/story",
    "demo",
    "routes",
    "server/openapi",
    "server",
];

/// A source file: where it lies below `src`, and the paths that it uses, tests left out.
struct Source {
    path: String,
    uses: BTreeSet<String>,
}

#[test]
fn a7_every_folder_uses_only_those_below_it() {
    let sources = sources();
    let modules: BTreeSet<String> = sources.iter().map(|it| module_of(&it.path)).collect();

    let mut upward = Vec::new();
    for source in &sources {
        let layer = layer_of(&folder_of(&source.path));
        for used in &source.uses {
            let Some(module) = longest_module(used, &modules) else { continue };
            let file = file_of(&module, &sources);
            if layer_of(&folder_of(&file)) > layer {
                upward.push(format!("{} uses {used}", source.path));
            }
        }
    }

    assert_eq!(upward, Vec::<String>::new());
}

#[test]
fn a7_what_lies_in_one_folder_has_neighbouring_layers_so_that_folders_form_no_circle() {
    let of_top: Vec<&str> = LAYERS.iter().map(|it| it.split('/').next().unwrap()).collect();
    let mut tops = of_top.clone();
    tops.dedup();

    assert_eq!(tops.len(), of_top.into_iter().collect::<BTreeSet<_>>().len(), "{tops:?}");
}

#[test]
fn a7_rows_know_nothing_of_requests() {
    const BODIES: &[&str] = &["create", "update", "list", "get", "delete", "request", "view"];

    let mut wrong = Vec::new();
    for source in sources().iter().filter(|it| it.path.ends_with("/store.rs")) {
        let slice = module_of(&source.path).trim_end_matches("::store").to_owned();
        let bodies: Vec<String> = BODIES.iter().map(|it| format!("{slice}::{it}")).collect();
        let is_body = |it: &&String| {
            bodies.iter().any(|body| *it == body || it.starts_with(&format!("{body}::")))
        };
        wrong.extend(source.uses.iter().filter(is_body).map(|it| format!("{}: {it}", source.path)));
    }

    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a7_handlers_have_no_sql() {
    const OPERATIONS: &[&str] = &["#[get(", "#[post(", "#[put(", "#[patch(", "#[delete("];
    const SQL: &[&str] = &["::table", "::query()", "sql_query", "diesel::"];

    let mut handlers = 0;
    for file in rust_files(&crates().join("api/src")) {
        let text = fs::read_to_string(&file).unwrap();
        let starts = OPERATIONS.iter().flat_map(|it| text.match_indices(*it));
        for (start, _) in starts.filter(|(at, _)| text[..*at].ends_with('\n')) {
            let handler = text[start..].split("\n}\n").next().unwrap();
            handlers += 1;
            for word in SQL {
                assert!(!handler.contains(word), "{}: {word}", file.display());
            }
        }
    }

    assert!(handlers > 150, "{handlers} handlers");
}

#[test]
fn a7_the_domain_does_nothing_but_decide() {
    const FORBIDDEN: &[&str] =
        &["Utc::now", "actix", "diesel::", "tokio", "std::fs", "std::net", "std::env", "async fn"];

    for file in rust_files(&crates().join("domain/src")) {
        let text = fs::read_to_string(&file).unwrap();
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{}: {word}", file.display());
        }
    }
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn sources() -> Vec<Source> {
    let root = crates().join("api/src");
    let files = rust_files(&root).into_iter();
    let is_composed = |it: &String| it == "lib.rs" || it == "main.rs";
    files
        .map(|it| (it.strip_prefix(&root).unwrap().display().to_string(), it))
        .filter(|(path, _)| !is_composed(path))
        .map(|(path, file)| Source { path, uses: uses(&fs::read_to_string(file).unwrap()) })
        .collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

/// Every path that begins with `crate::`, groups taken apart.
fn uses(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|it| !it.trim_start().starts_with("//"));
    let code: String = lines.map(|it| it.split_whitespace().collect::<String>() + " ").collect();
    let glued = code.replace("{ ", "{").replace(", ", ",").replace(" }", "}");
    let mut paths = BTreeSet::new();
    for (start, _) in glued.match_indices("crate::") {
        take_apart("", &glued[start + "crate::".len()..], &mut paths);
    }
    paths
}

/// Reads one tree of paths; returns how long it was.
fn take_apart(before: &str, tree: &str, paths: &mut BTreeSet<String>) -> usize {
    let name = tree.find(|it: char| !(it.is_alphanumeric() || it == '_' || it == ':'));
    let (head, rest) = tree.split_at(name.unwrap_or(tree.len()));
    let path = format!("{before}{head}");
    if !rest.starts_with('{') {
        paths.insert(path.trim_end_matches("::").trim_end_matches("::self").to_owned());
        return head.len();
    }
    let mut read = head.len() + 1;
    while !tree[read..].starts_with('}') && read < tree.len() {
        read += take_apart(&path, &tree[read..], paths);
        read += tree[read..].find([',', '}']).unwrap_or(0);
        read += usize::from(tree[read..].starts_with(','));
    }
    read + 1
}

fn module_of(path: &str) -> String {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.replace('/', "::")
}

fn folder_of(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, _)) => folder.to_owned(),
        None => path.trim_end_matches(".rs").to_owned(),
    }
}

fn layer_of(folder: &str) -> usize {
    let layer = LAYERS.iter().position(|it| *it == folder);
    layer.unwrap_or_else(|| panic!("the folder {folder} has no layer yet"))
}

fn longest_module(path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut path = path.to_owned();
    loop {
        if modules.contains(&path) {
            return Some(path);
        }
        path = path.rsplit_once("::")?.0.to_owned();
    }
}

fn file_of(module: &str, sources: &[Source]) -> String {
    let found = sources.iter().find(|it| module_of(&it.path) == module);
    found.unwrap().path.clone()
}
