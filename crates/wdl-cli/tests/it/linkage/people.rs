//! Invented people for the tests of linkage: enough of them, and different enough, for a model to learn from.

use std::fmt::Write as _;

/// Draws that do not change between versions of anything.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: usize) -> usize {
        // The constants of Knuth's MMIX; the high bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below
    }

    fn is(&mut self, in_a_hundred: usize) -> bool {
        self.next(100) < in_a_hundred
    }
}

const GIVEN: [&str; 24] = [
    "ADA", "BRUNO", "CARLA", "DINO", "ELSA", "FABIO", "GINA", "IVO", "LUCIA", "MARIO", "NADIA",
    "OTTO", "PIA", "RITA", "SAVERIO", "TULLIO", "UGO", "VERA", "ZENO", "IRMA", "LINO", "NORA",
    "REMO", "SARA",
];
const FIRST: [&str; 12] = [
    "BAR", "CAN", "DEL", "FER", "GAL", "LUM", "MAR", "NER", "PAL", "RIV", "SOL", "TOR",
];
const SECOND: [&str; 10] = ["AB", "EC", "ID", "OL", "UM", "AN", "ER", "IS", "OT", "AV"];
const LAST: [&str; 8] = ["INI", "ETTI", "ONI", "ATI", "ARDI", "ELLI", "UCCI", "ANO"];
const STREETS: [&str; 16] = [
    "VIA VERDI",
    "VIA DANTE",
    "VIA ROMA",
    "VIALE MARCONI",
    "VIA PO",
    "VIA ADIGE",
    "PIAZZA GRANDE",
    "VIA DEI TIGLI",
    "VIA EMILIA",
    "STRADA NUOVA",
    "VIA TORRE",
    "LARGO PARMA",
    "VIA CANALE",
    "VIA DEL POZZO",
    "VIA SECCHIA",
    "VIA PANARO",
];

/// One invented person.
#[derive(Clone)]
pub(super) struct Person {
    given: String,
    surname: String,
    born: String,
    street: String,
    number: String,
}

pub(super) fn people(count: usize, seed: u64) -> Vec<Person> {
    let mut draw = Draw(seed);
    (0..count)
        .map(|_| {
            let mut one = |words: &[&str]| words[draw.next(words.len())].to_owned();
            let (given, surname, street) = (
                one(&GIVEN),
                [one(&FIRST), one(&SECOND), one(&LAST)].concat(),
                one(&STREETS),
            );
            Person {
                given,
                surname,
                born: format!(
                    "{}-{:02}-{:02}",
                    1930 + draw.next(90),
                    1 + draw.next(12),
                    1 + draw.next(28)
                ),
                street,
                number: (1 + draw.next(150)).to_string(),
            }
        })
        .collect()
}

/// The same person as another office writes it down.
fn again(person: &Person, draw: &mut Draw) -> Person {
    let mut other = person.clone();
    if draw.is(8) {
        let at = draw.next(other.surname.len() - 1) + 1;
        other.surname.remove(at);
    }
    if draw.is(5) {
        other.born = String::new();
    }
    if draw.is(12) {
        other.street = STREETS[draw.next(STREETS.len())].to_owned();
        other.number = (1 + draw.next(150)).to_string();
    }
    other
}

/// A table of people; `who` are their numbers in truth.
pub(super) struct Sheet {
    pub(super) people: Vec<(usize, Person)>,
}

impl Sheet {
    /// The first of two offices, and the second, which knows those from `from` on, with errors, and as many others.
    pub(super) fn two(count: usize, from: usize) -> (Sheet, Sheet) {
        let mut draw = Draw(7);
        let all = people(count + from, 11);
        let sheet = |people: Vec<(usize, Person)>| Sheet { people };
        let numbered: Vec<(usize, Person)> = all.into_iter().enumerate().collect();
        let others = numbered[from..]
            .iter()
            .map(|(who, person)| (*who, again(person, &mut draw)));
        let others = others.collect();
        (sheet(numbered[..count].to_vec()), sheet(others))
    }

    /// As CSV: `delimiter` between cells, ids that begin with `prefix`, in the order of the people or turned round.
    pub(super) fn csv(&self, prefix: &str, delimiter: char, is_turned: bool) -> String {
        let d = delimiter;
        let mut rows: Vec<String> = Vec::new();
        for (place, (who, person)) in self.people.iter().enumerate() {
            let mut row = String::new();
            let Person {
                given,
                surname,
                born,
                street,
                number,
            } = person;
            let _ = write!(
                row,
                "{prefix}{place:05}{d}P{who}{d}{given}{d}{surname}{d}{born}{d}{street}{d}{number}"
            );
            rows.push(row);
        }
        if is_turned {
            rows.reverse();
        }
        let header = [
            "id",
            "who",
            "nome",
            "cognome",
            "data_nascita",
            "via",
            "civico",
        ];
        format!("{}\n{}\n", header.join(&d.to_string()), rows.join("\n"))
    }

    /// The true pairs of two sheets, as ids.
    pub(super) fn pairs(
        &self,
        prefix: &str,
        other: &Sheet,
        other_prefix: &str,
    ) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (a, (who, _)) in self.people.iter().enumerate() {
            for (b, (known, _)) in other.people.iter().enumerate() {
                if who == known {
                    pairs.push((format!("{prefix}{a:05}"), format!("{other_prefix}{b:05}")));
                }
            }
        }
        pairs
    }
}
