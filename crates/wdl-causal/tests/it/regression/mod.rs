//! Linear regression with many fixed effects, weights and instruments, Poisson regression, and every kind of standard error.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

mod laws;
mod poisson;
mod reference;
mod refusals;
mod resampling;

use crate::elsewhere::Table;

/// Ours against theirs, relative.
#[track_caller]
pub(crate) fn close(ours: f64, theirs: f64, tolerance: f64) {
    let distance = (ours - theirs).abs() / theirs.abs().max(1e-300);
    assert!(
        distance <= tolerance,
        "{ours} is not {theirs}: {distance:e}"
    );
}

/// Codes of a column of text.
pub(crate) fn codes(table: &Table, name: &str) -> Vec<u32> {
    let numbers = table.numbers(name);
    numbers.iter().map(|value| *value as u32).collect()
}

/// Numbers that look random and are the same everywhere.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Noise {
        Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Between zero and one.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Near normal.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// A number below another.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        ((self.uniform() * f64::from(end)) as u32).min(end - 1)
    }
}
