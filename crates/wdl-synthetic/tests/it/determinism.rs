//! The same seed, the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use wdl_synthetic::{City, Request};

fn files(folder: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>, root: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, into, root),
            false => drop(into.insert(
                path.strip_prefix(root).unwrap().to_owned(),
                fs::read(&path).unwrap(),
            )),
        }
    }
}

fn bytes(seed: u64, threads: usize) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| {
        City::live(Request {
            residents: 2_000,
            seed,
            clean: false,
        })
        .unwrap()
        .write(folder.path())
        .unwrap();
    });
    let mut all = BTreeMap::new();
    files(folder.path(), &mut all, folder.path());
    all
}

#[test]
fn one_thread_or_four_write_the_same_bytes() {
    let one = bytes(3, 1);
    assert!(one.len() > 50);
    assert!(one == bytes(3, 4));
}

#[test]
fn another_seed_is_another_city() {
    let (first, second) = (bytes(3, 2), bytes(4, 2));
    let residents = Path::new("exports/comune/2025-Q4/residenti.csv");
    assert_ne!(first[residents], second[residents]);
}
