//! Differential privacy of counts: noise by OpenDP, its accounting, and answers given once.
//!
//! Randomness: OpenDP is built here without OpenSSL, and then draws from `thread_rng` of `rand` 0.7: ChaCha with twenty rounds, seeded by the operating system (`getrandom`) at the first draw and again after every 64 KiB.
//! No seed can be given, neither here nor in a test: the tests judge draws by their distribution.
//! Its authors hold it fit for cryptography; OpenDP itself calls secure only its build with OpenSSL.
//! The samplers for whole numbers are exact: no floating-point number is drawn.
//!
//! A question asked again is answered from the record of what was answered, never drawn again: an average of many draws would undo the noise.

mod account;
mod mechanism;

pub use account::{Account, Answer, Answers, Limit};
pub use mechanism::{Loss, Mechanism, PrivacyError, epsilon_of};
