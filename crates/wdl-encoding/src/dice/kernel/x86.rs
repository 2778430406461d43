//! The kernels that need instructions which not every x86-64 machine has.
//!
//! The only file of the house with `unsafe`.
//! Each kernel is a token that exists only where its instructions were seen, so that a safe caller cannot run it elsewhere.
#![expect(
    unsafe_code,
    reason = "instructions chosen at run time; each use has its argument"
)]

use std::arch::x86_64::{
    __m256i, __m512i, _mm_setr_epi8, _mm256_add_epi8, _mm256_and_si256,
    _mm256_broadcastsi128_si256, _mm256_cmpgt_epi64, _mm256_min_epu32, _mm256_movemask_epi8,
    _mm256_sad_epu8, _mm256_set1_epi8, _mm256_set1_epi64x, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_xor_si256, _mm512_add_epi64,
    _mm512_cmple_epi64_mask, _mm512_min_epi64, _mm512_popcnt_epi64, _mm512_set1_epi64,
    _mm512_setzero_si512, _mm512_xor_si512,
};

use super::{Group, Near, Scan, scalar};
use crate::dice::{LANES, ROWS, WORDS};

/// AVX-512 with VPOPCNTDQ: a word of eight filters in one register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Avx512(());

impl Avx512 {
    pub(super) fn detect() -> Option<Avx512> {
        let seen = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vpopcntdq")
            && is_x86_feature_detected!("popcnt");
        seen.then_some(Avx512(()))
    }

    pub(super) fn scan(self, scan: &Scan<'_>, near: &mut Vec<Near>) {
        // SAFETY: `self` exists only when `detect` saw the features that the function enables; it is safe in all else.
        unsafe { avx512(scan, near) }
    }
}

/// The words of a group, each a register's load.
fn lanes512(group: &Group) -> &[__m512i; WORDS] {
    // SAFETY: a group is 16 × 64 bytes without padding, aligned to 64 (`repr(C, align(64))`), as the array is; any bits are a valid `__m512i`; the borrow is the group's.
    unsafe { &*std::ptr::from_ref(group).cast() }
}

#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn avx512(scan: &Scan<'_>, near: &mut Vec<Near>) {
    let loosest = scan.limits.into_iter().fold(-1, i16::max);
    let loosest = _mm512_set1_epi64(i64::from(loosest));
    let first = &scan.quad.0[..scan.words];
    for (nth, group) in scan.tile.iter().enumerate() {
        let zero = [_mm512_setzero_si512(); ROWS];
        let [a, b, c, d] = grow512(zero, first, &lanes512(group)[..scan.words]);
        let nearest = _mm512_min_epi64(_mm512_min_epi64(a, b), _mm512_min_epi64(c, d));
        if _mm512_cmple_epi64_mask(nearest, loosest) != 0 {
            keep512(scan, nth, (a, b, c, d), near);
        }
    }
}

/// The distances of eight filters from each of four, grown by some words.
#[inline]
#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn grow512(
    mut distances: [__m512i; ROWS],
    rows: &[[u64; ROWS]],
    words: &[__m512i],
) -> [__m512i; ROWS] {
    for (rows, lanes) in rows.iter().zip(words) {
        for (distance, row) in distances.iter_mut().zip(rows) {
            let unlike = _mm512_xor_si512(*lanes, _mm512_set1_epi64(row.cast_signed()));
            *distance = _mm512_add_epi64(*distance, _mm512_popcnt_epi64(unlike));
        }
    }
    distances
}

/// Looks at the words that are left of a group and adds the pairs that are within their limits.
#[cold]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn keep512(
    scan: &Scan<'_>,
    nth: usize,
    (a, b, c, d): (__m512i, __m512i, __m512i, __m512i),
    near: &mut Vec<Near>,
) {
    let words = &lanes512(&scan.tile[nth])[scan.words..];
    let distances = grow512([a, b, c, d], &scan.quad.0[scan.words..], words);
    for (row, (distances, limit)) in distances.into_iter().zip(scan.limits).enumerate() {
        let limit = _mm512_set1_epi64(i64::from(limit));
        let mut mask = _mm512_cmple_epi64_mask(distances, limit);
        if mask == 0 {
            continue;
        }
        // SAFETY: both are 64 bytes, and any bits are valid words.
        let values: [u64; LANES] = unsafe { std::mem::transmute(distances) };
        while mask != 0 {
            let lane = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            near.push(Near::new(row, nth * LANES + lane, values[lane]));
        }
    }
}

/// AVX2: a word of four filters in one register, its bits counted by looking up half bytes (Muła, Kurz, Lemire, Computer Journal 61(1), 2018).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Avx2(());

/// Filters of the quad that share the registers of the AVX2 kernel at a time.
const PAIR: usize = 2;

impl Avx2 {
    pub(super) fn detect() -> Option<Avx2> {
        let seen = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt");
        seen.then_some(Avx2(()))
    }

    pub(super) fn scan(self, scan: &Scan<'_>, near: &mut Vec<Near>) {
        // SAFETY: `self` exists only when `detect` saw the features that the function enables; it is safe in all else.
        unsafe { avx2(scan, near) }
    }
}

/// The words of a group, each two registers' loads.
fn lanes256(group: &Group) -> &[[__m256i; 2]; WORDS] {
    // SAFETY: a group is 16 × 2 × 32 bytes without padding, aligned to 64 (`repr(C, align(64))`), as the array is to 32; any bits are a valid `__m256i`; the borrow is the group's.
    unsafe { &*std::ptr::from_ref(group).cast() }
}

#[target_feature(enable = "avx2,popcnt")]
fn avx2(scan: &Scan<'_>, near: &mut Vec<Near>) {
    for from in (0..ROWS).step_by(PAIR) {
        let limits = [scan.limits[from], scan.limits[from + 1]];
        let loosest = _mm256_set1_epi64x(i64::from(limits[0].max(limits[1])));
        let rows: [[u64; PAIR]; WORDS] =
            std::array::from_fn(|word| [scan.quad.0[word][from], scan.quad.0[word][from + 1]]);
        let (first, rest) = rows.split_at(scan.words);
        for (nth, group) in scan.tile.iter().enumerate() {
            let (words, words_rest) = lanes256(group).split_at(scan.words);
            let zero = [[_mm256_setzero_si256(); 2]; PAIR];
            let bytes = grow256(zero, first, words);
            let [[a, b], [c, d]] = bytes;
            let (a, b, c, d) = (sums256(a), sums256(b), sums256(c), sums256(d));
            // A distance fits in the low half of its lane, the high half is zero.
            let nearest = _mm256_min_epu32(_mm256_min_epu32(a, b), _mm256_min_epu32(c, d));
            let far = _mm256_cmpgt_epi64(nearest, loosest);
            if _mm256_movemask_epi8(far) != -1 {
                keep256((from, limits), nth, grow256(bytes, rest, words_rest), near);
            }
        }
    }
}

/// The distances of eight filters, in two halves, from each of two, as counts of each byte, grown by some words.
/// A byte gains at most 8 a word: after 16 words 128, so that none overflows.
#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn grow256(
    mut bytes: [[__m256i; 2]; PAIR],
    rows: &[[u64; PAIR]],
    words: &[[__m256i; 2]],
) -> [[__m256i; 2]; PAIR] {
    let ones = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
    ));
    let low = _mm256_set1_epi8(0x0F);
    for (rows, halves) in rows.iter().zip(words) {
        for (half, lanes) in halves.iter().enumerate() {
            for (bytes, row) in bytes.iter_mut().zip(rows) {
                let unlike = _mm256_xor_si256(*lanes, _mm256_set1_epi64x(row.cast_signed()));
                let high = _mm256_and_si256(_mm256_srli_epi16::<4>(unlike), low);
                let count = _mm256_add_epi8(
                    _mm256_shuffle_epi8(ones, _mm256_and_si256(unlike, low)),
                    _mm256_shuffle_epi8(ones, high),
                );
                bytes[half] = _mm256_add_epi8(bytes[half], count);
            }
        }
    }
    bytes
}

/// The sum of the bytes of each lane.
#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn sums256(bytes: __m256i) -> __m256i {
    _mm256_sad_epu8(bytes, _mm256_setzero_si256())
}

/// Adds the pairs of a group that are within their limits.
#[cold]
#[inline(never)]
#[target_feature(enable = "avx2,popcnt")]
fn keep256(
    (from, limits): (usize, [i16; PAIR]),
    nth: usize,
    bytes: [[__m256i; 2]; PAIR],
    near: &mut Vec<Near>,
) {
    for (row, (halves, limit)) in bytes.into_iter().zip(limits).enumerate() {
        for (half, bytes) in halves.into_iter().enumerate() {
            // SAFETY: both are 32 bytes, and any bits are valid words.
            let values: [u64; LANES / 2] = unsafe { std::mem::transmute(sums256(bytes)) };
            for (lane, value) in values.into_iter().enumerate() {
                if i64::try_from(value).is_ok_and(|value| value <= i64::from(limit)) {
                    let place = nth * LANES + half * LANES / 2 + lane;
                    near.push(Near::new(from + row, place, value));
                }
            }
        }
    }
}

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
    scalar::scan::<4>(scan, near);
}
