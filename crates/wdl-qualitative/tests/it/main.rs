//! The kernel of qualitative evidence against values from outside.

mod agreement;
mod comparative;
#[path = "../../../wdl-causal/tests/it/elsewhere.rs"]
mod elsewhere;
