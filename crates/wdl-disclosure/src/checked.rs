//! The state between a draft and a release.

/// A thing that disclosure control has passed: small cells are hidden, and cannot be computed from the others.
///
/// Only [`protect`](crate::protect()) makes one.
#[derive(Clone, Debug, PartialEq)]
// INVARIANT: the value came out of `protect`.
pub struct Checked<T>(T);

impl<T> Checked<T> {
    pub(crate) fn new(value: T) -> Checked<T> {
        Checked(value)
    }

    /// The thing itself.
    pub fn get(&self) -> &T {
        &self.0
    }
}
