//! The image for tests on a server in a container.

use crate::server::target_folder;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The image that `tests/make-postgres-image` makes, and where it can not, one to pull.
const LOCAL: &str = "deepref-test-postgres";
const OFFICIAL: &str = "postgres:17";

/// The image to start: its name and tag. Nothing without a Docker engine, which is said out loud,
/// also where the output of tests is not shown.
///
/// # Panics
///
/// When an engine answers but no image can be had.
pub fn image() -> Option<(&'static str, &'static str)> {
    static IMAGE: LazyLock<Option<&str>> = LazyLock::new(|| engine_answers().then(ensure_image));
    let image = *IMAGE;
    if image.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: a test on a container, because `docker info` has no answer"
        );
    }
    image.map(|image| image.split_once(':').unwrap_or((image, "latest")))
}

fn engine_answers() -> bool {
    succeeds(Command::new("docker").arg("info"))
}

fn ensure_image() -> &'static str {
    // Two test processes must not make it at once.
    let lock = std::fs::File::create(target_folder().join("container-image.lock"))
        .expect("the target folder is writable");
    lock.lock().expect("files can be locked");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("make-postgres-image");
    if exists(LOCAL) || succeeds(Command::new(script).arg(LOCAL)) {
        return LOCAL;
    }
    let pulled = exists(OFFICIAL) || succeeds(Command::new("docker").args(["pull", OFFICIAL]));
    assert!(
        pulled,
        "neither `tests/make-postgres-image` nor `docker pull {OFFICIAL}` gives an image"
    );
    OFFICIAL
}

fn exists(image: &str) -> bool {
    succeeds(Command::new("docker").args(["image", "inspect", image]))
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
