//! The contracts of a lab, held to its agreement: they serve its purposes, and who answers for the data is named there.

use wdl_contract::{Contract, ContractError, Contracts, Fault};
use wdl_protocol::Lab;

use crate::home::Home;
use crate::stopped::Stopped;

/// What a contract names and the agreement of the lab does not have: purposes, bodies, custodians.
pub fn disagreements(contract: &Contract, lab: &Lab) -> Vec<Fault> {
    let purposes = lab.agreement.purposes.iter();
    let purposes: Vec<&str> = purposes.map(|purpose| purpose.id.as_str()).collect();
    let bodies = lab.bodies.iter().map(|body| body.id.as_str());
    let custodians = lab.custodians.iter();
    let custodians = custodians.map(|custodian| custodian.id.as_str());
    let parties: Vec<&str> = bodies.chain(custodians).collect();
    contract.disagreements(&purposes, &parties)
}

/// Every contract of a lab; one that does not keep to the agreement stops the lab.
pub(crate) fn contracts(home: &Home, lab: &Lab) -> Result<Contracts, Stopped> {
    let contracts = Contracts::read(&home.lab())?;
    let all = contracts.iter();
    let faults = all.flat_map(|contract| disagreements(contract, lab));
    ContractError::unless_empty(faults.collect())?;
    Ok(contracts)
}
