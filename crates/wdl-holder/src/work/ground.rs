//! The contracts a body's files are held against: all of a lab's for the body, or one on its own.

use std::path::Path;

use wdl_contract::{CodeLists, Contract, Contracts, Kind};
use wdl_crypto::Realm;
use wdl_protocol::Lab;
use wdl_vocab::{BodyId, DatasetId, Period};

use crate::error::HolderError;

/// The contracts of a body, with the code lists they name.
pub struct Ground {
    // INVARIANT: all of one body, one for each dataset, sorted by dataset.
    contracts: Vec<Contract>,
    codes: CodeLists,
    lab: Option<Lab>,
    body: BodyId,
}

impl Ground {
    /// The contracts of a body in a lab folder.
    ///
    /// # Errors
    /// [`HolderError`] when the folder has faults or the lab does not know the body.
    pub fn of_lab(folder: &Path, body: &str) -> Result<Ground, HolderError> {
        let lab = Lab::read(folder).map_err(HolderError::Lab)?;
        let known = lab.bodies.iter().map(|body| &body.id);
        let body = known
            .clone()
            .find(|id| id.as_str() == body)
            .cloned()
            .ok_or_else(|| HolderError::UnknownBody {
                body: body.chars().take(60).collect(),
                known: known.map(ToString::to_string).collect(),
            })?;
        let contracts = Contracts::read(folder).map_err(HolderError::Contracts)?;
        Ok(Ground {
            contracts: contracts.of_body(&body).cloned().collect(),
            codes: contracts.lists().clone(),
            lab: Some(lab),
            body,
        })
    }

    /// One contract on its own; its code lists are those of the folder that holds a `codes/` beside or above it.
    ///
    /// # Errors
    /// [`HolderError::Contracts`] when the contract or a code list has faults.
    pub fn of_contract(file: &Path) -> Result<Ground, HolderError> {
        let holds_codes = |folder: &&Path| folder.join("codes").is_dir();
        let codes = match file.ancestors().skip(1).take(3).find(holds_codes) {
            Some(folder) => CodeLists::read(folder).map_err(HolderError::Contracts)?,
            None => CodeLists::default(),
        };
        let contract = Contract::read(file).map_err(HolderError::Contracts)?;
        let named = contract
            .columns
            .iter()
            .filter_map(|column| match &column.kind {
                Kind::Code { list } => Some(list),
                _ => None,
            });
        for list in named {
            if codes.get(list).is_none() {
                return Err(HolderError::CodeListMissing {
                    contract: contract.id,
                    list: list.clone(),
                });
            }
        }
        Ok(Ground {
            body: contract.body.clone(),
            contracts: vec![contract],
            codes,
            lab: None,
        })
    }

    /// The contract of a file: its name says the dataset, unless there is one contract only.
    ///
    /// # Errors
    /// [`HolderError::UnknownDataset`] when no contract is about it.
    pub fn contract(&self, file: &Path) -> Result<&Contract, HolderError> {
        if let (None, [only]) = (&self.lab, self.contracts.as_slice()) {
            return Ok(only);
        }
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let known = || self.contracts.iter();
        known()
            .find(|contract| contract.dataset.as_str() == stem)
            .ok_or_else(|| HolderError::UnknownDataset {
                file: name(file),
                body: self.body.clone(),
                dataset: stem.chars().take(60).collect(),
                known: known()
                    .map(|contract| contract.dataset.to_string())
                    .collect(),
            })
    }

    /// The contract of a dataset.
    pub fn dataset(&self, dataset: &DatasetId) -> Option<&Contract> {
        self.contracts
            .iter()
            .find(|contract| contract.dataset == *dataset)
    }

    /// The contracts, by dataset.
    pub fn contracts(&self) -> &[Contract] {
        &self.contracts
    }

    /// The code lists.
    pub fn codes(&self) -> &CodeLists {
        &self.codes
    }

    /// The lab, when the contracts are a lab's.
    pub fn lab(&self) -> Option<&Lab> {
        self.lab.as_ref()
    }

    /// The body that delivers.
    pub fn body(&self) -> &BodyId {
        &self.body
    }

    /// Whether the data are invented.
    pub fn is_synthetic(&self) -> bool {
        self.lab.as_ref().is_some_and(|lab| lab.synthetic)
    }

    /// The realm of the lab's pseudonyms; a contract on its own has none.
    pub fn realm(&self) -> Option<Realm> {
        let lab = self.lab.as_ref()?;
        let realm = Realm::new(
            lab.id.as_str(),
            lab.project.as_str(),
            lab.key_period.as_str(),
        );
        Some(realm.expect("the ids of a lab share the alphabet of a realm"))
    }
}

/// A delivery period must be a quarter.
///
/// # Errors
/// [`HolderError::NotAQuarter`] for a year.
pub(crate) fn quarter(period: Period) -> Result<Period, HolderError> {
    match period {
        Period::Year(_) => Err(HolderError::NotAQuarter(period)),
        Period::Quarter { .. } => Ok(period),
    }
}

/// The name of a file without its folder.
pub(crate) fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
