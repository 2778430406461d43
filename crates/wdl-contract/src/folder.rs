//! The contracts of a lab folder, all of them.

use std::path::{Path, PathBuf};

use wdl_vocab::{BodyId, DatasetId};

use crate::code_list::CodeLists;
use crate::contract::Contract;
use crate::error::{ContractError, Fault, FaultKind};
use crate::odcs;

/// Every contract of a lab, sorted by body and dataset, with the code lists they name.
#[derive(Clone, Debug)]
// INVARIANT: sorted, no body has two contracts for a dataset, every code list a column names is there.
pub struct Contracts {
    all: Vec<Contract>,
    lists: CodeLists,
}

impl Contracts {
    /// Reads `contracts/<body>/*.odcs.yaml` and `codes/*.csv` of a lab folder.
    ///
    /// # Errors
    /// [`ContractError`] with every fault found.
    pub fn read(lab: &Path) -> Result<Contracts, ContractError> {
        let lists = CodeLists::read(lab)?;
        let mut all: Vec<Contract> = Vec::new();
        let mut faults = Vec::new();
        for body in folders(&lab.join("contracts"))? {
            for path in files(&body, ".odcs.yaml")? {
                match odcs::read(&path, Some(&lists)) {
                    Ok(contract) => {
                        faults.extend(misplaced(&contract, &path));
                        all.push(contract);
                    }
                    Err(error) => faults.extend(error.into_faults()),
                }
            }
        }
        all.sort_by(|a, b| (&a.body, &a.dataset).cmp(&(&b.body, &b.dataset)));
        for pair in all.windows(2) {
            if (&pair[0].body, &pair[0].dataset) == (&pair[1].body, &pair[1].dataset) {
                let kind = FaultKind::DuplicateName {
                    name: pair[0].table(),
                    list: "contracts".to_owned(),
                };
                faults.push(Fault::whole(&lab.join("contracts"), kind));
            }
        }
        ContractError::unless_empty(faults)?;
        Ok(Contracts { all, lists })
    }

    /// Every contract, sorted by body and dataset.
    pub fn iter(&self) -> impl Iterator<Item = &Contract> {
        self.all.iter()
    }

    /// The contract of a dataset.
    pub fn get(&self, body: &BodyId, dataset: &DatasetId) -> Option<&Contract> {
        self.all
            .iter()
            .find(|contract| contract.body == *body && contract.dataset == *dataset)
    }

    /// The contracts of a body.
    pub fn of_body(&self, body: &BodyId) -> impl Iterator<Item = &Contract> {
        self.all
            .iter()
            .filter(move |contract| contract.body == *body)
    }

    /// The code lists.
    pub fn lists(&self) -> &CodeLists {
        &self.lists
    }
}

/// A contract stands in the folder of its body, under the name of its dataset.
fn misplaced(contract: &Contract, path: &Path) -> Option<Fault> {
    let due = format!("{}/{}.odcs.yaml", contract.body, contract.dataset);
    (!path.ends_with(&due)).then(|| {
        let table = contract.table();
        let detail = format!("this is the contract of `{table}`: its place is `{due}`");
        Fault::whole(path, FaultKind::wrong(detail))
    })
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ContractError> {
    let unreadable = |fault: std::io::Error| Fault::unreadable(folder, &fault);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, ContractError> {
    Ok(entries(folder)?
        .into_iter()
        .filter(|path| path.is_dir())
        .collect())
}

/// The files of a folder with an ending, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, ContractError> {
    let has_ending = |path: &PathBuf| {
        path.is_file()
            && path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().ends_with(ending))
    };
    Ok(entries(folder)?.into_iter().filter(has_ending).collect())
}
