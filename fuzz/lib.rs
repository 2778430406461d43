//! What several targets need: a contract of the shipped lab, a table read to its end, a file for readers that take a path.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use wdl_contract::{Contract, Contracts};
use wdl_intake::{Answers, Chunk, Hints, Reading};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs/modena");
    let contracts = Contracts::read(&lab).expect("the shipped lab is whole");
    let mut all = contracts.iter();
    all.find(|contract| contract.id == "comune-isee")
        .expect("the shipped lab has it")
        .clone()
});

/// Reads a table to its end, twice; whatever comes of it, every cell can be looked at.
pub fn read_table(name: &str, bytes: &[u8]) {
    let hints = Hints {
        contract: &CONTRACT,
        mapping: &BTreeMap::new(),
        answers: &Answers::default(),
    };
    let Ok(mut reading) = Reading::from_bytes(name, bytes.to_vec(), hints) else {
        return;
    };
    let mut chunk = Chunk::new();
    for _ in 0..2 {
        while let Ok(true) = reading.chunk(&mut chunk) {
            for row in 0..chunk.rows() {
                for place in 0..=chunk.width(row) {
                    std::hint::black_box(chunk.cell(row, place));
                }
            }
        }
        std::hint::black_box(reading.tail());
        if reading.rewind().is_err() {
            return;
        }
    }
}

/// Writes the bytes where a reader of paths finds them, one file for each process.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("wdl-fuzz-{}", std::process::id()));
    let path = folder.join(name);
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, bytes))
        .expect("the temporary folder can be written");
    path
}
