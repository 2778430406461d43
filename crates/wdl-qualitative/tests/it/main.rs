//! The kernel of qualitative evidence against values from outside.

mod agreement;
mod comparative;
mod elsewhere;
