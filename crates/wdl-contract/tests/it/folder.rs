//! The shipped contracts, and copies of them with a small edit.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use wdl_contract::{ContractError, Contracts};

pub(crate) const RESIDENTS: &str = "contracts/comune/residenti.odcs.yaml";
pub(crate) const DWELLINGS: &str = "contracts/comune/alloggi.odcs.yaml";
pub(crate) const PASSI: &str = "contracts/ausl/passi.odcs.yaml";
pub(crate) const SEX: &str = "codes/sesso.csv";

/// The folder of the lab that the product ships.
pub(crate) fn modena() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena"))
}

/// Every contract that the product ships.
pub(crate) fn shipped() -> Contracts {
    match Contracts::read(&modena()) {
        Ok(contracts) => contracts,
        Err(error) => panic!("{:#?}", error.faults()),
    }
}

/// A copy of three contracts and all code lists that a test may spoil.
pub(crate) struct Copy(TempDir);

impl Copy {
    pub(crate) fn new() -> Copy {
        let copy = Copy(tempfile::tempdir().unwrap());
        for file in [RESIDENTS, DWELLINGS, PASSI] {
            copy.take(Path::new(file));
        }
        for entry in fs::read_dir(modena().join("codes")).unwrap() {
            copy.take(&Path::new("codes").join(entry.unwrap().file_name()));
        }
        copy
    }

    fn take(&self, file: &Path) {
        let place = self.path().join(file);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(modena().join(file), place).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    /// Replaces the first place where `from` stands.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) -> &Copy {
        let text = self.text(file);
        assert!(text.contains(from), "`{from}` is not in {file}");
        self.write(file, text.replacen(from, to, 1).as_bytes());
        self
    }

    pub(crate) fn write(&self, file: &str, bytes: &[u8]) {
        fs::write(self.path().join(file), bytes).unwrap();
    }

    pub(crate) fn read(&self) -> Result<Contracts, ContractError> {
        Contracts::read(self.path())
    }
}
