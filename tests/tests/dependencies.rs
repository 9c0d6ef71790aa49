//! What a user pays for who only embeds the runner.

use std::collections::BTreeSet;
use std::process::Command;

/// The crates in the normal tree of `deepref-schema` with these features.
fn crates(features: &str) -> BTreeSet<String> {
    let arguments = [
        "tree",
        "--offline",
        "--package",
        "deepref-schema",
        "--no-default-features",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--features",
        features,
    ];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split(" (").next().unwrap_or(line).to_string())
        .collect()
}

#[test]
fn an_embedded_runner_with_tls_needs_at_most_a_hundred_crates() {
    let crates = crates("tls");
    assert!(crates.len() > 50 && crates.len() <= 100, "{}: {crates:#?}", crates.len());
    for heavy in ["clap", "indicatif", "serde_json", "jiff"] {
        assert!(!crates.iter().any(|name| name.starts_with(&format!("{heavy} "))), "{heavy}");
    }
}
