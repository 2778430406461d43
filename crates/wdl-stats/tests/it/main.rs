//! The kernel against outside reference values, against slow and obvious second implementations, and its laws.

mod laws;
mod reference;
mod slow;
