//! What the process has cost so far, as the system counts it.

use std::fs;

/// The length of a tick in `/proc`: Linux counts a hundred a second on every machine of today.
const TICKS_PER_SECOND: f64 = 100.0;

/// The CPU seconds of all threads, those of the system included; nothing where the system does not tell.
pub(super) fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in parentheses and may hold blanks; user and system time are the 12th and 13th word after it.
    let (_, words) = stat.rsplit_once(')')?;
    let ticks: Vec<f64> = words
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|word| word.parse().ok())
        .collect();
    match ticks[..] {
        [user, system] => Some((user + system) / TICKS_PER_SECOND),
        _ => None,
    }
}

/// The most memory the process has held, in MiB; nothing where the system does not tell.
pub(super) fn peak_rss_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some((kib / 1024.0 * 10.0).round() / 10.0)
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_system_tells_what_a_process_costs() {
        let before = cpu_seconds().unwrap();
        let held = vec![1_u8; 8 << 20];
        assert!(held.iter().map(|byte| u64::from(*byte)).sum::<u64>() > 0);
        assert!(cpu_seconds().unwrap() >= before);
        assert!(peak_rss_mb().unwrap() > 8.0);
    }
}
