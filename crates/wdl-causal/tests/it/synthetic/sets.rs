//! The panels of the reference files, and made ones.

use nalgebra::DMatrix;
use wdl_causal::synthetic::control::{Design, Predictors, Study};
use wdl_causal::synthetic::panel::Panel;

use crate::elsewhere::Table;

/// A panel with the names of its units.
pub(super) struct Set {
    pub(super) panel: Panel,
    pub(super) names: Vec<String>,
    table: Table,
    unit: &'static str,
    time: &'static str,
}

impl Set {
    fn read(
        file: &str,
        delimiter: u8,
        unit: &'static str,
        time: &'static str,
        outcome: &str,
    ) -> Option<Set> {
        let table = Table::read(file, delimiter)?;
        let mut names: Vec<String> = Vec::new();
        let mut units = Vec::new();
        for name in table.text(unit) {
            let known = names.iter().position(|own| own == name);
            units.push(known.unwrap_or_else(|| {
                names.push(name.to_owned());
                names.len() - 1
            }));
        }
        let periods: Vec<i64> = table.numbers(time).iter().map(|own| *own as i64).collect();
        let panel = Panel::from_rows(&units, &periods, &table.numbers(outcome));
        Some(Set {
            panel: panel.expect("a complete panel"),
            names,
            table,
            unit,
            time,
        })
    }

    pub(super) fn prop99() -> Option<Set> {
        Set::read("prop99.csv", b';', "State", "Year", "PacksPerCapita")
    }

    pub(super) fn germany() -> Option<Set> {
        Set::read("germany.csv", b',', "country", "year", "gdp")
    }

    pub(super) fn basque() -> Option<Set> {
        Set::read("basque.csv", b',', "regionname", "year", "gdpcap")
    }

    pub(super) fn unit(&self, name: &str) -> usize {
        let found = self.names.iter().position(|own| own.starts_with(name));
        found.expect("the unit is there")
    }

    pub(super) fn others(&self, without: &[usize]) -> Vec<usize> {
        (0..self.names.len())
            .filter(|own| !without.contains(own))
            .collect()
    }

    /// Means of columns over years, a missing value not counted.
    fn means(&self, wanted: &[(&str, Vec<i64>)]) -> Predictors {
        let years = self.table.numbers(self.time);
        let owners = self.table.text(self.unit);
        let mut means = DMatrix::zeros(wanted.len(), self.names.len());
        for (row, (column, chosen)) in wanted.iter().enumerate() {
            let values = self.table.numbers(column);
            for (unit, name) in self.names.iter().enumerate() {
                let cells: Vec<f64> = (0..values.len())
                    .filter(|at| owners[*at] == name && chosen.contains(&(years[*at] as i64)))
                    .map(|at| values[at])
                    .filter(|value| !value.is_nan())
                    .collect();
                means[(row, unit)] = cells.iter().sum::<f64>() / cells.len() as f64;
            }
        }
        Predictors(means)
    }
}

/// German reunification as the peers' scripts ask it.
pub(super) fn germany() -> Option<(Set, Study)> {
    let set = Set::germany()?;
    let decade: Vec<i64> = (1981..1991).collect();
    let predictors = set.means(&[
        ("gdp", decade.clone()),
        ("trade", decade.clone()),
        ("infrate", decade.clone()),
        ("industry", decade),
        ("schooling", vec![1980, 1985]),
        ("invest80", vec![1980]),
    ]);
    let treated = set.unit("West Germany");
    let design = Design {
        treated,
        donors: set.others(&[treated]),
        fit: set.panel.between(1960, 1990),
        post: set.panel.between(1991, 2003),
    };
    let study = Study::new(&set.panel, &design, Some(&predictors)).expect("a sound design");
    Some((set, study))
}

/// Terrorism in the Basque Country, with or without the whole of Spain among the donors.
pub(super) fn basque(with_spain: bool) -> Option<(Set, Study)> {
    let set = Set::basque()?;
    let sixties: Vec<i64> = (1964..1970).collect();
    let mut wanted: Vec<(&str, Vec<i64>)> = [
        "school.illit",
        "school.prim",
        "school.med",
        "school.high",
        "school.post.high",
        "invest",
    ]
    .map(|name| (name, sixties.clone()))
    .to_vec();
    wanted.push(("gdpcap", (1960..1970).collect()));
    for name in [
        "sec.agriculture",
        "sec.energy",
        "sec.industry",
        "sec.construction",
        "sec.services.venta",
        "sec.services.nonventa",
    ] {
        wanted.push((name, (1961..1970).collect()));
    }
    wanted.push(("popdens", vec![1969]));
    let treated = set.unit("Basque");
    let mut without = vec![treated];
    if !with_spain {
        without.push(set.unit("Spain"));
    }
    let design = Design {
        treated,
        donors: set.others(&without),
        fit: set.panel.between(1960, 1969),
        post: set
            .panel
            .between(if with_spain { 1975 } else { 1970 }, 1997),
    };
    let study = Study::new(&set.panel, &design, Some(&set.means(&wanted)));
    let study = study.expect("a sound design");
    Some((set, study))
}

/// Proposition 99 without predictors.
pub(super) fn prop99() -> Option<(Set, Study)> {
    let set = Set::prop99()?;
    let treated = set.unit("California");
    let design = Design {
        treated,
        donors: set.others(&[treated]),
        fit: set.panel.before(1989),
        post: set.panel.since(1989),
    };
    let study = Study::new(&set.panel, &design, None).expect("a sound design");
    Some((set, study))
}

/// Numbers that look random and are always the same.
pub(super) struct Noise(u64);

impl Noise {
    pub(super) fn new(seed: u64) -> Noise {
        Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1))
    }

    /// Between -1 and 1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// A made panel: common trends, unit levels, noise, an effect on some units from a period on.
pub(super) fn made(
    units: usize,
    periods: usize,
    treated: &[usize],
    start: usize,
    effect: f64,
) -> Panel {
    let mut noise = Noise::new(units as u64 * 31 + periods as u64);
    let (mut owners, mut times, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for unit in 0..units {
        let (level, slope) = (5.0 * noise.next(), 0.3 * noise.next());
        for time in 0..periods {
            let hit = match treated.contains(&unit) && time >= start {
                true => effect,
                false => 0.0,
            };
            owners.push(unit);
            times.push(time as i64);
            values.push(50.0 + level + (1.0 + slope) * time as f64 + 0.5 * noise.next() + hit);
        }
    }
    Panel::from_rows(&owners, &times, &values).expect("a complete panel")
}
