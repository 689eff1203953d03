//! How the program is built: what it is made of, and what its code may not do (CF10, CF12).

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

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

/// CF10: what a release is made of is written down, each crate with its licence and its hash, and the
/// same commit gives the same document.
#[test]
fn sec_cf10_a_release_has_a_bill_of_materials() {
    let write = || Command::new(format!("{ROOT}/.ci/sbom")).output().unwrap();
    let written = write();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let bill: Value = serde_json::from_slice(&written.stdout).unwrap();

    assert_eq!(write().stdout, written.stdout);
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&json!("CycloneDX"), &json!("1.6")));
    assert_eq!(bill["metadata"]["component"]["purl"], "pkg:cargo/helpdesk@0.1.0");
    let components = bill["components"].as_array().unwrap();
    let named = |it: &str| components.iter().find(|component| component["name"] == it);
    for it in components.iter().filter(|it| it["name"] != "domain") {
        assert_eq!(it["hashes"][0]["content"].as_str().map(str::len), Some(64), "{it}");
        assert!(!it["licenses"][0]["expression"].as_str().unwrap().is_empty(), "{it}");
    }
    assert!(named("diesel").is_some() && named("object_store").is_some() && named("cc").is_some());
    assert!(named("s3s").is_none(), "what tests alone need is in no release");
    let (lock, diesel) = (read("Cargo.lock"), named("diesel").unwrap());
    assert!(lock.contains(diesel["hashes"][0]["content"].as_str().unwrap()));
    assert!(read(".ci/run").contains("make sbom") && read("Dockerfile").contains(".ci/sbom"));
}

/// CF12: nothing unsafe compiles, outside tests nothing is unwrapped, indexed or aborted, and a
/// release stops at a number that overflows rather than going on with another one.
#[test]
fn sec_cf12_strict_lints_are_enforced() {
    let workspace = read("Cargo.toml");
    let section = |name: &str| {
        let rest = workspace.split_once(&format!("[{name}]\n")).map(|(_, rest)| rest);
        rest.unwrap_or_default().split("\n[").next().unwrap().to_owned()
    };

    assert!(section("workspace.lints.rust").contains("unsafe_code = \"forbid\""));
    let lints = section("workspace.lints.clippy");
    for lint in [
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "string_slice",
        "allow_attributes_without_reason",
    ] {
        assert!(lints.lines().any(|it| it == format!("{lint} = \"warn\"")), "{lint}");
    }
    assert!(section("profile.release").contains("overflow-checks = true"));
    for crate_of_ours in ["crates/api/Cargo.toml", "crates/domain/Cargo.toml"] {
        assert!(read(crate_of_ours).contains("[lints]\nworkspace = true"), "{crate_of_ours}");
    }
    assert!(read("Makefile").contains("-D warnings"));
}

/// CF06: the containers keep what they store, in folders that the service may write to, and take no secret of the
/// folder that they are built in.
#[test]
fn sec_cf06_containers_keep_their_data_and_no_secrets() {
    let (image, containers) = (read("Dockerfile"), read("docker-compose.yml"));

    // Docker makes a folder that the image does not have for root alone.
    assert!(
        image.contains("install --directory --owner helpdesk --mode 700 /var/lib/helpdesk/files")
    );
    assert!(image.contains("\nUSER helpdesk\n"));
    for volume in ["database:/var/lib/postgresql/data", "files:/var/lib/helpdesk/files"] {
        assert!(containers.contains(&format!("volumes: [\"{volume}\"]")), "{volume}");
    }
    assert!(read(".dockerignore").lines().any(|it| it == ".env"));
}
