//! The contracts that the product ships are whole.

use std::path::PathBuf;

use wdl_contract::{Contracts, Shape};

fn modena() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../labs/modena"))
}

#[test]
fn every_contract_of_modena_reads() {
    let contracts = match Contracts::read(&modena()) {
        Ok(contracts) => contracts,
        Err(error) => panic!("{:#?}", error.faults()),
    };
    assert_eq!(contracts.iter().count(), 14);
    for contract in contracts.iter() {
        assert_eq!(
            contract.key().is_none(),
            contract.shape == Shape::Aggregate,
            "{}",
            contract.id
        );
    }
}
