//! What is known of the city, from whichever source: positions, homes, contracts, incomes, aid.

use std::collections::HashMap;
use std::path::Path;

use super::day::Day;
use super::tables;

/// From a day, until another when it has ended: the last day is no longer in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Episode {
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
}

impl Episode {
    /// Whether it has begun by a day.
    pub(crate) fn has_begun(self, on: Day) -> bool {
        self.from <= on
    }

    /// Whether it holds on a day.
    pub(crate) fn holds(self, on: Day) -> bool {
        self.from <= on && self.to.is_none_or(|to| to > on)
    }
}

/// A position in the population register.
pub(crate) struct Position {
    pub(crate) record: String,
    pub(crate) person: Option<String>,
    pub(crate) born: Day,
    pub(crate) sex: String,
    pub(crate) citizenship: String,
    pub(crate) household: Option<String>,
    pub(crate) relationship: String,
    /// In a family, not in an institution.
    pub(crate) is_family: bool,
    pub(crate) dwelling: Option<String>,
    pub(crate) rione: String,
    pub(crate) episode: Episode,
}

/// A dwelling in the register of dwellings.
pub(crate) struct Dwelling {
    pub(crate) dwelling: String,
    pub(crate) rione: String,
    pub(crate) tenure: String,
    pub(crate) area_hundredths: i64,
    pub(crate) episode: Episode,
}

/// A registered rent contract.
pub(crate) struct Contract {
    pub(crate) dwelling: String,
    pub(crate) tenant: Option<String>,
    pub(crate) contract_type: String,
    pub(crate) rent_cents_month: i64,
    pub(crate) area_hundredths: Option<i64>,
    pub(crate) episode: Episode,
}

/// A tax return.
pub(crate) struct Return {
    pub(crate) person: Option<String>,
    pub(crate) year: i32,
    pub(crate) taxable_cents: i64,
}

/// A member of an ISEE declaration.
pub(crate) struct Isee {
    pub(crate) declaration: String,
    pub(crate) person: Option<String>,
    pub(crate) day: Day,
    pub(crate) isee_cents: i64,
}

/// A payment of aid.
pub(crate) struct Aid {
    pub(crate) record: String,
    pub(crate) person: Option<String>,
    pub(crate) household: Option<String>,
    pub(crate) measure: String,
    pub(crate) cents: i64,
    pub(crate) day: Day,
}

/// An application for a home.
pub(crate) struct Application {
    pub(crate) list: &'static str,
    pub(crate) person: Option<String>,
    pub(crate) household: Option<String>,
    pub(crate) episode: Episode,
    pub(crate) outcome: String,
}

/// An application for rent support.
pub(crate) struct RentSupport {
    pub(crate) person: Option<String>,
    pub(crate) household: Option<String>,
    pub(crate) year: i32,
    pub(crate) outcome: String,
    pub(crate) paid_cents: i64,
}

/// An act of eviction.
pub(crate) struct Eviction {
    pub(crate) record: String,
    pub(crate) person: Option<String>,
    pub(crate) dwelling: Option<String>,
    pub(crate) kind: String,
    pub(crate) reason: String,
    pub(crate) day: Day,
}

/// A row of the PASSI tables.
pub(crate) struct Passi {
    pub(crate) year: i32,
    pub(crate) indicator: String,
    pub(crate) difficulty: String,
    pub(crate) interviews: u64,
    /// The share in ten-thousandths, as the health authority writes it.
    pub(crate) share: i64,
    /// The width of its confidence interval, in ten-thousandths, where the source tells.
    pub(crate) width: i64,
}

/// An employment contract.
pub(crate) struct Job {
    pub(crate) person: Option<String>,
    pub(crate) kind: String,
    pub(crate) episode: Episode,
}

/// A registration of unemployment.
pub(crate) struct Registration {
    pub(crate) person: Option<String>,
    pub(crate) episode: Episode,
}

/// An accident at work.
pub(crate) struct Accident {
    pub(crate) person: Option<String>,
    pub(crate) day: Day,
    pub(crate) place: String,
    pub(crate) status: String,
    pub(crate) kind: String,
}

/// Everything.
pub(crate) struct City {
    pub(crate) positions: Vec<Position>,
    pub(crate) dwellings: Vec<Dwelling>,
    pub(crate) contracts: Vec<Contract>,
    pub(crate) returns: Vec<Return>,
    pub(crate) isee: Vec<Isee>,
    pub(crate) aid: Vec<Aid>,
    pub(crate) applications: Vec<Application>,
    pub(crate) rent_support: Vec<RentSupport>,
    pub(crate) evictions: Vec<Eviction>,
    pub(crate) passi: Vec<Passi>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) registrations: Vec<Registration>,
    pub(crate) accidents: Vec<Accident>,
    pub(crate) codes: Codes,
}

impl City {
    /// The district of a neighbourhood.
    pub(crate) fn quartiere_of(&self, rione: &str) -> Option<String> {
        self.codes.of("rioni", rione, "quartiere")
    }

    /// The group of a position's citizenship.
    pub(crate) fn group_of(&self, position: &Position) -> Option<String> {
        self.codes
            .of("cittadinanze", &position.citizenship, "citizenship_group")
    }
}

/// The code lists of the lab, by name.
pub(crate) struct Codes {
    lists: HashMap<&'static str, Vec<HashMap<String, String>>>,
}

const CODE_LISTS: &[&str] = &[
    "rioni",
    "quartieri",
    "cittadinanze",
    "citizenship_groups",
    "family_types",
    "tipi_contratto_affitto",
    "fasi_sfratto",
    "motivi_sfratto",
    "esiti_graduatoria",
    "titoli_godimento",
    "esiti_contributo",
    "liste",
    "difficolta_economiche",
    "misure",
    "sesso",
    "tipi_rapporto",
    "indicatori_passi",
    "stati_infortunio",
    "modalita_infortunio",
];

/// Dimensions whose categories stand in no code list.
const OWN: &[(&str, &[&str])] = &[
    ("age_group", &["0_17", "18_34", "35_64", "65_plus"]),
    ("quarters_since", &["q0", "q1", "q2", "q3", "q4_7"]),
    ("home_risk", &["at_risk", "not_at_risk"]),
    (
        "poor_health_outcome",
        &[
            "salute_non_buona",
            "giorni_in_cattiva_salute",
            "patologia_cronica",
            "screening_mancato",
        ],
    ),
    (
        "income_class",
        &[
            "0_20", "20_40", "40_50", "50_60", "60_70", "70_80", "80_100", "100_120", "120_140",
            "140_160", "160_200", "200_300", "300_",
        ],
    ),
    (
        "income_tenth",
        &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
    ),
    ("accident_place", &["in_city", "elsewhere"]),
];

impl Codes {
    /// Reads the lists of a lab's folder.
    pub(crate) fn read(lab: &Path) -> Codes {
        let mut lists = HashMap::new();
        for name in CODE_LISTS.iter().copied() {
            let table = tables::utf8(&lab.join("codes").join(format!("{name}.csv")), b',');
            let mut rows = Vec::new();
            for row in &table.rows {
                let cells = table.columns.iter();
                let cells = cells.map(|column| (column.clone(), row.text(column).to_owned()));
                rows.push(cells.collect());
            }
            lists.insert(name, rows);
        }
        Codes { lists }
    }

    /// What a list says of a code in one of its columns; nothing for a code it does not have.
    pub(crate) fn of(&self, list: &str, code: &str, column: &str) -> Option<String> {
        let row = self.lists[list].iter().find(|row| row["code"] == code)?;
        Some(row[column].clone())
    }

    /// The categories of a breakdown.
    pub(crate) fn categories(&self, dimension: &str) -> Vec<String> {
        if let Some((_, own)) = OWN.iter().find(|(name, _)| *name == dimension) {
            return own.iter().map(|one| (*one).to_owned()).collect();
        }
        let (list, level) = match dimension {
            "quartiere" => ("quartieri", None),
            "citizenship_group" => ("citizenship_groups", None),
            "family_type" => ("family_types", None),
            "contract_type" => ("tipi_contratto_affitto", None),
            "kind" => ("fasi_sfratto", None),
            "reason" => ("motivi_sfratto", None),
            "list_outcome" => ("esiti_graduatoria", None),
            "tenure" => ("titoli_godimento", None),
            "rent_support_outcome" => ("esiti_contributo", None),
            "list" => ("liste", None),
            "economic_difficulty" => ("difficolta_economiche", None),
            "sex" => ("sesso", None),
            "employment_type" => ("tipi_rapporto", None),
            "accident_status" => ("stati_infortunio", None),
            "accident_kind" => ("modalita_infortunio", None),
            "municipal_measure" => ("misure", Some("comunale")),
            other => panic!("no dimension `{other}`"),
        };
        let rows = self.lists[list].iter();
        rows.filter(|row| level.is_none_or(|level| row["level"] == level))
            .map(|row| row["code"].clone())
            .collect()
    }

    /// Whether a measure is one of the nation's.
    pub(crate) fn is_national(&self, measure: &str) -> bool {
        self.of("misure", measure, "level").as_deref() == Some("nazionale")
    }

    /// Whether a payment is economic aid of the municipality or of the nation.
    pub(crate) fn is_economic_aid(&self, payment: &Aid) -> bool {
        self.is_national(&payment.measure) || self.is_municipal(&payment.measure)
    }

    /// Whether a measure is the municipality's own.
    pub(crate) fn is_municipal(&self, measure: &str) -> bool {
        self.of("misure", measure, "level").as_deref() == Some("comunale")
    }
}
