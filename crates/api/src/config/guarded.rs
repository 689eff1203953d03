//! What other users must not be able to modify: the data folder, and files with keys.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Group and world may write.
const WRITABLE: u32 = 0o022;

/// Errors: the sentence that names the path and its mode, if the group or the world may write to it.
pub fn not_writable_by_others(path: &Path) -> Result<(), String> {
    // What does not exist yet is created with a mode of our own.
    let Ok(found) = path.metadata() else { return Ok(()) };
    let mode = found.permissions().mode() & 0o7777;
    if mode & WRITABLE == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(format!(
        "{path} has mode {mode:04o}, so that other users may write to it: run `chmod go-w {path}`"
    ))
}
