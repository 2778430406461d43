//! The innermost loop: four filters against a tile, in as many ways as there are machines.
//!
//! Every kernel is the same function: see [`scalar`] for what it computes.

mod scalar;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::{LANES, ROWS, WORDS};

/// Eight filters side by side: word 0 of each, then word 1 of each, …
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Group(pub(super) [[u64; LANES]; WORDS]);

impl Group {
    pub(super) const EMPTY: Group = Group([[0; LANES]; WORDS]);
}

/// Four filters side by side, likewise.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Quad(pub(super) [[u64; ROWS]; WORDS]);

impl Quad {
    pub(super) const EMPTY: Quad = Quad([[0; ROWS]; WORDS]);
}

/// What a kernel is to compare.
pub(super) struct Scan<'a> {
    pub(super) quad: &'a Quad,
    pub(super) tile: &'a [Group],
    /// The words after which a pair may be given up: 1 to [`WORDS`]. It changes the time, not the result.
    pub(super) words: usize,
    /// For each filter of the quad the largest distance of use; -1 for none.
    pub(super) limits: [i16; ROWS],
}

/// A pair within its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Near {
    /// The filter of the quad.
    pub(super) row: u8,
    /// The filter of the tile.
    pub(super) place: u16,
    pub(super) distance: u16,
}

impl Near {
    fn new(row: usize, place: usize, distance: impl TryInto<u16>) -> Near {
        Near {
            row: row as u8,
            place: place as u16,
            distance: distance.try_into().ok().expect("at most 1024 bits differ"),
        }
    }
}

/// A way to compare filters that this machine can run: there is no value for one that it cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernel(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512(x86::Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(x86::Avx2),
    #[cfg(target_arch = "x86_64")]
    Popcount(x86::Popcount),
    Portable,
}

impl Kernel {
    /// Those that this machine can run, the fastest first.
    pub fn available() -> Vec<Kernel> {
        let mut kinds = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            kinds.extend(x86::Avx512::detect().map(Kind::Avx512));
            kinds.extend(x86::Avx2::detect().map(Kind::Avx2));
            kinds.extend(x86::Popcount::detect().map(Kind::Popcount));
        }
        kinds.push(Kind::Portable);
        kinds.into_iter().map(Kernel).collect()
    }

    /// The fastest.
    pub fn best() -> Kernel {
        Kernel::available()[0]
    }

    /// Its name: `avx512`, `avx2`, `scalar` (one word at a time, counted by the machine) or `portable` (any machine).
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "avx512",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Popcount(_) => "scalar",
            Kind::Portable => "portable",
        }
    }

    /// The pairs that it gives up only together.
    pub(super) fn together(self) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => ROWS * LANES,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => 2 * LANES,
            #[cfg(target_arch = "x86_64")]
            Kind::Popcount(_) => LANES,
            Kind::Portable => LANES,
        }
    }

    /// Adds every pair within its limit, in no order that a caller may rely on.
    pub(super) fn scan(self, scan: &Scan<'_>, near: &mut Vec<Near>) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(kernel) => kernel.scan(scan, near),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(kernel) => kernel.scan(scan, near),
            #[cfg(target_arch = "x86_64")]
            Kind::Popcount(kernel) => kernel.scan(scan, near),
            Kind::Portable => scalar::scan::<1>(scan, near),
        }
    }
}
