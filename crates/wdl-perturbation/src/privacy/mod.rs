//! Differential privacy of counts: noise by OpenDP, its accounting, and answers given once.
//!
//! Randomness: OpenDP is built here without OpenSSL, and then draws from `rand::thread_rng`, a ChaCha generator of twelve rounds seeded and reseeded by the operating system.
//! Its authors hold it fit for cryptography; OpenDP itself calls secure only its build with OpenSSL.
//! The samplers for whole numbers are exact: no floating-point number is drawn.
//!
//! A question asked again is answered from the record of what was answered, never drawn again: an average of many draws would undo the noise.

mod account;
mod mechanism;

pub use account::{Account, Answer, Limit};
pub use mechanism::{Loss, Mechanism, PrivacyError, epsilon_of};
