//! Where people come from and where they live: citizenships, birthplaces, invented rioni.
//!
//! It knows nothing of persons.

/// A citizenship and the foreign state of birth that goes with it.
pub(crate) struct Citizenship {
    /// ISTAT code.
    pub(crate) istat: &'static str,
    /// Cadastral code of the state.
    pub(crate) place: &'static str,
    /// Weight among the foreign residents.
    pub(crate) weight: f64,
    /// Index of the family of names.
    pub(crate) names: usize,
}

const fn of(istat: &'static str, place: &'static str, weight: f64, names: usize) -> Citizenship {
    Citizenship {
        istat,
        place,
        weight,
        names,
    }
}

/// Italy.
pub(crate) const ITALIAN: u8 = 0;

/// Every citizenship of the city; the first is the Italian one.
pub(crate) const CITIZENSHIPS: &[Citizenship] = &[
    of("100", "F257", 0.0, 0),
    of("235", "Z129", 15.0, 1),
    of("201", "Z100", 11.0, 2),
    of("436", "Z330", 13.0, 3),
    of("423", "Z318", 8.0, 4),
    of("254", "Z140", 6.0, 1),
    of("243", "Z138", 9.0, 5),
    of("323", "Z216", 8.0, 6),
    of("314", "Z210", 6.0, 7),
    of("460", "Z352", 5.0, 3),
    of("443", "Z335", 4.0, 4),
    of("344", "Z236", 3.5, 8),
    of("330", "Z222", 2.0, 8),
    of("351", "Z243", 2.0, 2),
    of("233", "Z127", 2.0, 5),
    of("311", "Z209", 1.5, 8),
    of("216", "Z112", 0.8, 9),
    of("215", "Z110", 0.7, 9),
    of("305", "Z249", 1.2, 8),
    of("239", "Z131", 0.5, 9),
];

/// Cadastral codes of Italian birthplaces, the city first, then the province, then cities of emigration.
pub(crate) const BIRTHPLACES: &[(&str, f64)] = &[
    ("F257", 60.0),
    ("B819", 4.0),
    ("I462", 3.0),
    ("D711", 2.0),
    ("L885", 2.0),
    ("G393", 2.0),
    ("F240", 2.0),
    ("C107", 1.5),
    ("A944", 2.0),
    ("H223", 2.0),
    ("F839", 6.0),
    ("H501", 2.5),
    ("F205", 2.0),
    ("G273", 3.0),
    ("A662", 2.5),
    ("C351", 2.0),
    ("L219", 1.0),
];

/// Municipalities (ISTAT) where an accident of a resident can happen, the city first.
pub(crate) const MUNICIPALITIES: &[(&str, f64)] = &[
    ("036023", 84.0),
    ("036005", 4.0),
    ("036006", 3.0),
    ("036015", 3.0),
    ("036040", 4.0),
    ("036022", 2.0),
];

/// An invented rione.
pub(crate) struct Rione {
    /// Its code.
    pub(crate) code: &'static str,
    /// Weight among the dwellings.
    pub(crate) weight: f64,
    /// Rents against the city's mean.
    pub(crate) rent: f64,
    /// How much poor and newly arrived households settle here.
    pub(crate) affordable: f64,
}

const fn rione(code: &'static str, weight: f64, rent: f64, affordable: f64) -> Rione {
    Rione {
        code,
        weight,
        rent,
        affordable,
    }
}

/// The sixteen rioni, four to each quartiere, in order.
pub(crate) const RIONI: &[Rione] = &[
    rione("R01", 7.0, 1.14, 0.2),
    rione("R02", 6.0, 1.10, 0.3),
    rione("R03", 6.5, 1.02, 0.6),
    rione("R04", 5.5, 0.96, 1.0),
    rione("R05", 7.0, 0.93, 1.2),
    rione("R06", 6.5, 0.92, 1.4),
    rione("R07", 6.0, 0.90, 1.5),
    rione("R08", 5.0, 0.95, 1.0),
    rione("R09", 7.5, 1.05, 0.4),
    rione("R10", 7.0, 1.03, 0.5),
    rione("R11", 6.5, 1.00, 0.6),
    rione("R12", 6.0, 0.98, 0.8),
    rione("R13", 6.5, 1.01, 0.6),
    rione("R14", 6.0, 0.99, 0.7),
    rione("R15", 5.5, 0.97, 0.9),
    rione("R16", 5.5, 0.94, 1.1),
];
