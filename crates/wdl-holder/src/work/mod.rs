//! What a steward does, whoever asks: the command line and the page share it.
//!
//! Place in the flow: above the intake, the check, the reports and the seal; below the words of a command or a page.
//! It prints nothing, knows no terminal and reads no clock but the one it is given.

mod examine;
mod ground;
mod memory;
mod page;
mod receipts;
mod steward;

pub use examine::{Asked, Examined, Examining, ReadAs, examine, examine_one};
pub use ground::Ground;
pub use memory::Memory;
pub use page::Page;
pub use receipts::{Answer, Rejected, Sent, sent, take_in};
pub use steward::{Making, Sender, Steward};
