//! Writes the page of the documentation that lists every method.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/methods.md");
    std::fs::write(path, wdl_evaluation::document())
}
