//! Whether a contract keeps to the agreement: its purpose is one of the agreement's, and who answers for the data is named there.

use wdl_yaml::{Node, Source};

use super::lab::Lab;
use crate::contract::Contract;
use crate::error::{ContractFault, Fault};

impl Contract {
    /// What the contract names and the agreement does not have, each at its place.
    ///
    /// `purposes` are the identifiers of the agreement's purposes, `parties` those of its bodies and custodians.
    pub fn disagreements(&self, purposes: &[&str], parties: &[&str]) -> Vec<Fault> {
        let lab = Lab {
            owner: self.document(),
        };
        let source = Source::of(&*self.document.file, "");
        let mut faults = Vec::new();
        let mut hold = |key: &str, nodes: &[Node], known: &[&str]| {
            for node in nodes {
                let value = node.letters().unwrap_or_default();
                if !known.contains(&value) {
                    let fault = ContractFault::NotAgreed {
                        key: key.to_owned(),
                        value: value.to_owned(),
                        expected: known.join(", "),
                    };
                    faults.push(source.fault_in(node, fault));
                }
            }
        };
        let one = |key: &str| lab.node(key).map_or(&[][..], std::slice::from_ref);
        let many = |key: &str| lab.node(key).map_or(&[][..], Node::items);
        hold("wdl.purpose", one("wdl.purpose"), purposes);
        hold("wdl.body", one("wdl.body"), parties);
        hold("wdl.controller", one("wdl.controller"), parties);
        for key in ["wdl.joint_controllers", "wdl.processors"] {
            hold(key, many(key), parties);
        }
        faults
    }
}
