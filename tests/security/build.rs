//! How the program is built: what it is made of, and what its code may not do (CF10, CF12).

use std::fs;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(path: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{path}")).unwrap()
}

/// CF10: each dependency is of the public registry and pinned by the hash of its content.
#[test]
fn sec_cf10_every_dependency_is_pinned_by_its_hash() {
    let lock = read("Cargo.lock");
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();

    let foreign: Vec<&str> =
        packages.iter().filter(|it| it.contains("source = ")).copied().collect();
    assert_eq!(packages.len() - foreign.len(), 2, "our own crates have no source");
    for package in foreign {
        let source = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert!(package.contains(source) && package.contains("checksum = \""), "{package}");
    }
}

/// CF10: every change is checked for advisories, licences and sources.
#[test]
fn sec_cf10_dependencies_are_checked_with_every_change() {
    let (checks, run) = (read(".ci/dependencies"), read(".ci/run"));

    assert!(read("Makefile").contains("./.ci/dependencies") && run.contains("make lint"), "{run}");
    for subject in ["licenses", "bans", "sources", "advisories"] {
        let is_checked = checks.lines().any(|it| {
            it.starts_with("cargo deny") && it.contains(subject)
                || it.trim().starts_with("cargo deny") && it.contains(subject)
        });
        assert!(is_checked, "{subject}");
    }
    let rules = read("deny.toml");
    for rule in ["unknown-registry = \"deny\"", "unknown-git = \"deny\"", "yanked = \"deny\""] {
        assert!(rules.contains(rule), "{rule}");
    }
}

/// CF12: nothing unsafe compiles, outside tests nothing is unwrapped, indexed or given up, and a
/// release stops at a number that overflows rather than going on with another one.
#[test]
fn sec_cf12_the_compiler_is_told_to_be_strict() {
    let workspace = read("Cargo.toml");
    let section = |name: &str| {
        let rest = workspace.split_once(&format!("[{name}]\n")).map(|(_, rest)| rest);
        rest.unwrap_or_default().split("\n[").next().unwrap().to_owned()
    };

    assert!(section("workspace.lints.rust").contains("unsafe_code = \"forbid\""));
    let lints = section("workspace.lints.clippy");
    for lint in ["unwrap_used", "expect_used", "panic", "indexing_slicing", "string_slice"] {
        assert!(lints.lines().any(|it| it == format!("{lint} = \"warn\"")), "{lint}");
    }
    assert!(section("profile.release").contains("overflow-checks = true"));
    for crate_of_ours in ["crates/api/Cargo.toml", "crates/domain/Cargo.toml"] {
        assert!(read(crate_of_ours).contains("[lints]\nworkspace = true"), "{crate_of_ours}");
    }
    assert!(read("Makefile").contains("-D warnings"));
}
