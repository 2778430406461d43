//! The kernels that need instructions which not every x86-64 machine has.
//!
//! The only file of the house with `unsafe`.
//! Each kernel is a token that exists only where its instructions were seen, so that a safe caller cannot run it elsewhere.
#![expect(
    unsafe_code,
    reason = "instructions chosen at run time; each use has its argument"
)]

use super::{Near, Scan, scalar};

/// POPCNT: one word at a time, counted in one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Popcount(());

impl Popcount {
    pub(super) fn detect() -> Option<Popcount> {
        is_x86_feature_detected!("popcnt").then_some(Popcount(()))
    }

    pub(super) fn scan(self, scan: &Scan<'_>, near: &mut Vec<Near>) {
        // SAFETY: `self` exists only when `detect` saw POPCNT; the function is safe in all else.
        unsafe { popcount(scan, near) }
    }
}

#[target_feature(enable = "popcnt")]
fn popcount(scan: &Scan<'_>, near: &mut Vec<Near>) {
    scalar::scan(scan, near);
}
