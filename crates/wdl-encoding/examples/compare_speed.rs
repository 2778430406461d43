//! Nanoseconds of each comparator on one core, on pairs of unlike names and of names with one mistake.

use std::hint::black_box;
use std::time::Instant;

use wdl_encoding::compare::{
    Date, Signature, damerau_levenshtein, damerau_levenshtein_within, date, jaro_winkler,
    jaro_winkler_bound, read_date,
};
use wdl_encoding::names::{Forms, Role};

/// Few enough to stay in the nearest memory.
const NAMES: usize = 1_024;
const ROUNDS: usize = 5_000;

fn main() {
    let names: Vec<String> = (0..NAMES).map(name).collect();
    let near: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(nth, name)| mistaken(name, nth))
        .collect();
    let signatures: Vec<Signature> = names.iter().map(|name| Signature::of(name)).collect();
    let far = |nth: usize| (nth * 389 + 7) % NAMES;
    let unlike = |nth: usize| (names[nth].as_str(), names[far(nth)].as_str());
    let alike = |nth: usize| (names[nth].as_str(), near[nth].as_str());
    println!(
        "names of {:.1} letters on average",
        names.iter().map(String::len).sum::<usize>() as f64 / NAMES as f64
    );
    report("bound", ROUNDS, |nth| {
        jaro_winkler_bound(&signatures[nth], &signatures[far(nth)])
    });
    report("Jaro–Winkler, unlike", ROUNDS, |nth| {
        let (a, b) = unlike(nth);
        jaro_winkler(a, b)
    });
    report("Jaro–Winkler, one mistake", ROUNDS, |nth| {
        let (a, b) = alike(nth);
        jaro_winkler(a, b)
    });
    report("edit distance, unlike", ROUNDS, |nth| {
        let (a, b) = unlike(nth);
        damerau_levenshtein(a, b)
    });
    report("edit distance within 1, unlike", ROUNDS, |nth| {
        let (a, b) = unlike(nth);
        damerau_levenshtein_within(a, b, 1)
    });
    report("edit distance, one mistake", ROUNDS, |nth| {
        let (a, b) = alike(nth);
        damerau_levenshtein(a, b)
    });
    let days: Vec<Date> = (0..NAMES)
        .map(|nth| {
            let year = 1930 + (nth * 7 % 90) as u16;
            Date::of_parts(year, 1 + (nth % 12) as u8, 1 + (nth * 5 % 28) as u8).expect("a day")
        })
        .collect();
    report("days", ROUNDS, |nth| date(days[nth], days[far(nth)]));
    let texts: Vec<String> = days
        .iter()
        .map(|day| format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()))
        .collect();
    report("a day read", ROUNDS / 20, |nth| read_date(&texts[nth]));
    report("a signature read", ROUNDS / 20, |nth| {
        Signature::of(&names[nth])
    });
    report("the forms of a name", ROUNDS / 20, |nth| {
        Forms::of(&names[nth], Role::Surname)
    });
    let strict = (0..NAMES)
        .filter(|nth| jaro_winkler_bound(&signatures[*nth], &signatures[far(*nth)]) < 0.75);
    println!(
        "{:.1} % of unlike pairs are below 0.75 by the bound alone",
        strict.count() as f64 / NAMES as f64 * 100.0
    );
}

/// Time that the processor gave to this thread, where the system tells it; otherwise the time on the wall.
struct Clock {
    wall: Instant,
    given: Option<u64>,
}

impl Clock {
    fn start() -> Clock {
        Clock {
            wall: Instant::now(),
            given: given(),
        }
    }

    fn nanoseconds(&self) -> f64 {
        match (self.given, given()) {
            (Some(before), Some(now)) => (now - before) as f64,
            _ => self.wall.elapsed().as_secs_f64() * 1e9,
        }
    }
}

fn given() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok()
}

/// The nanoseconds of one call.
fn report<T>(what: &str, rounds: usize, mut call: impl FnMut(usize) -> T) {
    let start = Clock::start();
    for _ in 0..rounds {
        for nth in 0..NAMES {
            black_box(call(black_box(nth)));
        }
    }
    let each = start.nanoseconds() / (rounds * NAMES) as f64;
    println!("{what:34} {each:8.1} ns");
}

/// Two to four syllables, drawn by a fixed rule.
fn name(nth: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "BER", "TI", "NEL", "LI", "ROS", "SI", "GHE", "RAR", "DI", "MON", "TA", "NA", "VAC", "CA",
        "FER", "ZO",
    ];
    (0..2 + nth % 3)
        .map(|place| SYLLABLES[((nth * 2_654_435_761) >> (4 + 4 * place)) % SYLLABLES.len()])
        .collect()
}

/// The name with one letter left out, changed, doubled or exchanged.
fn mistaken(name: &str, nth: usize) -> String {
    let mut letters = name.as_bytes().to_vec();
    let place = nth % (letters.len() - 1);
    match nth % 4 {
        0 => drop(letters.remove(place)),
        1 => letters[place] = b'E',
        2 => letters.insert(place, letters[place]),
        _ => letters.swap(place, place + 1),
    }
    String::from_utf8(letters).expect("plain letters")
}
