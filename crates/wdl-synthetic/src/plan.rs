//! The plan: every parameter of the city with its source.
//!
//! Published figures are for the whole city of about 185,000 residents and are scaled by size.
//! Truths that are invented (the effects of the programmes) are fields here like the others, read by the module of their process.

/// Residents of the full-size city.
pub(crate) const FULL_SIZE: f64 = 185_000.0;

/// A value between dated points (years; the end of 2021 is 2022.0).
pub(crate) type Path = &'static [(f64, f64)];

/// The parameters.
pub struct Plan {
    /// Registry families; 84,633 at the end of 2021 (Comune di Modena, statistics of the registry).
    pub(crate) families: Path,
    /// Shares of families by size 1 to 5+, end of 2021 (same source).
    pub(crate) sizes: [f64; 5],
    /// Share of residents aged 0–14; 12.8 % at the end of 2021 (same source).
    pub(crate) young: Path,
    /// Share of residents aged 65+; 24.3 % at the end of 2021 (same source).
    pub(crate) old: Path,
    /// Share of foreign residents; 15.5 % at the end of 2022 (same source).
    pub(crate) foreign: Path,
    /// Share of residents living in a registry institution.
    pub(crate) institutional: f64,
    /// Share of the occupied dwellings that is rented (Sunia, October 2025).
    pub(crate) rented: f64,
    /// Public dwellings (launch of the DataLab, 2023) and dwellings of the agreed-rent agency.
    pub(crate) erp_dwellings: f64,
    pub(crate) agency_dwellings: f64,
    /// Unused dwellings, about 6 % (press, 2021).
    pub(crate) unused: f64,
    /// Applications waiting for a public dwelling: 921 (end 2020), 1,093 (2023), 1,141 (2024).
    pub(crate) erp_waiting: Path,
    /// Families waiting for an agreed-rent dwelling: over 800 (2021), 1,200 (2023).
    pub(crate) agency_waiting: Path,
    /// Families with a municipal aid in the year: 1,191, 4,105, 3,163, 1,617 for 2019–2022 (La Pressa, December 2022).
    pub(crate) aided: &'static [(i32, f64)],
    /// Spending on it, euro (same source).
    pub(crate) aid_spending: &'static [(i32, f64)],
    /// Rent support by call: year, applications, admitted, budget; 2024: 1,736 / 754 / 554,551 euro, paid 383; 2022: 3,800, 1,500 paid.
    pub(crate) rent_calls: &'static [RentCall],
    /// Rent per m² and month of the contracts signed in the year, by type L, C, S, T, 2018 and 2024 (Sunia on revenue agency data).
    pub(crate) rents: [(f64, f64); 4],
    /// Transitional contracts signed in the year: 878 (2018), 1,953 (2024) (same source).
    pub(crate) transitional: Path,
    /// Student contracts signed in the year.
    pub(crate) students: Path,
    /// Taxable income of contributors in 2018: median, shape of the body, of the low part, where they meet, where the Pareto tail begins, its exponent.
    /// Fitted so that mean 24,775, median 19,769 and Gini 0.489 (Ministry of Economy, municipal returns) hold together.
    pub(crate) income: IncomeCurve,
    /// Growth of nominal taxable incomes, 2018 = 1.
    pub(crate) income_growth: &'static [(i32, f64)],
    /// Eviction orders of the city in a year; the province had 1,742 in 2016.
    pub(crate) eviction_orders: &'static [(i32, f64)],
    /// Accidents at work for 100 employed in a year.
    pub(crate) accidents_per_100: f64,
    /// Interviews of PASSI in a year in the whole AUSL: 275 at least.
    pub(crate) passi_interviews: f64,
    /// What the rent support does; invented, like the two that follow: evaluations are held against them.
    pub(crate) relief: ReliefPlan,
    /// The housing desks of the rioni.
    pub(crate) desks: DeskPlan,
    /// The accompaniment to work.
    pub(crate) accompaniment: AccompanimentPlan,
    /// Errors of the archives.
    pub(crate) errors: ErrorRates,
}

/// What the rent support does to those it reaches.
pub(crate) struct ReliefPlan {
    /// Share of the applicants whom the money spares the emergency grant that they would ask for in the year after.
    pub(crate) spares_grant: f64,
    /// Share of those whom it spares an eviction order in the two years after.
    pub(crate) spares_order: f64,
    /// Chance of an emergency grant without the money at 0 and at 100 points, a straight line between.
    pub(crate) grant_chance: (f64, f64),
    /// Its mean in euro at 0 and at 100 points, and the spread of its logarithm.
    pub(crate) grant_eur: (f64, f64),
    pub(crate) grant_spread: f64,
    /// Share of those left out in 2025 whom money found in the winter reaches.
    pub(crate) winter: f64,
}

/// The housing desks: where and when they open, and what they do.
pub(crate) struct DeskPlan {
    /// Rione, year and quarter of opening: first where more orders are issued, but not strictly.
    pub(crate) opened: &'static [(&'static str, i32, i32)],
    /// Orders of a quarter for each renting household by how affordable the rione is: the same difference in every quarter.
    pub(crate) orders_by_affordable: f64,
    /// Share of the orders averted in the quarter of opening, what each further quarter adds, and the most.
    pub(crate) averts: (f64, f64, f64),
}

/// The accompaniment to work: who may join, who does, what it does.
pub(crate) struct AccompanimentPlan {
    /// The years in whose autumn people join.
    pub(crate) years: (i32, i32),
    /// The highest ISEE, in cents, and the ages of those who may join.
    pub(crate) isee_max: i64,
    pub(crate) ages: (i32, i32),
    /// The logit of joining: a constant, for each thousand euro of ISEE, for each month worked in the year, aided in the year, still unemployed at its end, for each year of age over forty.
    pub(crate) joins: [f64; 6],
    /// Fewest and most months of work that it adds in the year after, where that many are free in a row.
    pub(crate) months: (u8, u8),
    /// What a participant receives, in cents.
    pub(crate) allowance: i64,
}

/// One call of the rent support.
pub(crate) struct RentCall {
    pub(crate) year: i32,
    pub(crate) applications: f64,
    pub(crate) admitted: f64,
    pub(crate) budget: f64,
}

/// The quantile function of taxable income.
pub(crate) struct IncomeCurve {
    pub(crate) median: f64,
    pub(crate) sigma: f64,
    pub(crate) low_until: f64,
    pub(crate) low_power: f64,
    pub(crate) tail_from: f64,
    pub(crate) tail_exponent: f64,
    pub(crate) cap: f64,
}

/// How often an archive is wrong.
pub(crate) struct ErrorRates {
    /// Cells without a code.
    pub(crate) missing: f64,
    /// Cells with one wrong character.
    pub(crate) mistyped: f64,
    /// People with the name of another, for 100,000 residents.
    pub(crate) homonyms: f64,
    /// Pairs who share a base code, for 100,000 residents.
    pub(crate) omocodia: f64,
    /// Rows of a person with a shared code that still carry the base code.
    pub(crate) old_code: f64,
    /// Foreign arrivals first registered with a provisional code.
    pub(crate) provisional: f64,
    /// Of them, those whose own code comes on the same position; the others have it on the next.
    pub(crate) provisional_corrected: f64,
    /// Foreign arrivals first registered without a code, for months.
    pub(crate) late: f64,
    /// Mistakes of the registry that follow the person; the others stand on one position only.
    pub(crate) lasting: f64,
    /// Mistakes on positions of the last year that are corrected.
    pub(crate) corrected: f64,
    /// Names written by another office: surname and name swapped, day and month of birth swapped, one letter wrong, the second name left out where there are two.
    pub(crate) names_swapped: f64,
    pub(crate) days_swapped: f64,
    pub(crate) names_mistyped: f64,
    pub(crate) second_left_out: f64,
    /// Workers who live elsewhere, for 100 residents.
    pub(crate) outside_workers: f64,
    /// People with an STP or ENI code, for 100,000 residents.
    pub(crate) health_codes: f64,
}

impl Plan {
    /// Modena.
    pub(crate) const MODENA: Plan = Plan {
        families: &[(2017.0, 83_300.0), (2022.0, 84_633.0), (2026.75, 85_900.0)],
        sizes: [0.401, 0.276, 0.159, 0.114, 0.050],
        young: &[(2017.0, 0.134), (2022.0, 0.128), (2026.75, 0.121)],
        old: &[(2017.0, 0.239), (2022.0, 0.243), (2026.75, 0.252)],
        foreign: &[(2017.0, 0.149), (2023.0, 0.155), (2026.75, 0.161)],
        institutional: 0.008,
        rented: 0.26,
        erp_dwellings: 2_705.0,
        agency_dwellings: 500.0,
        unused: 0.06,
        erp_waiting: &[
            (2017.0, 780.0),
            (2021.0, 921.0),
            (2024.0, 1_093.0),
            (2025.0, 1_141.0),
            (2026.75, 1_190.0),
        ],
        agency_waiting: &[
            (2017.0, 620.0),
            (2022.0, 860.0),
            (2024.0, 1_200.0),
            (2026.75, 1_260.0),
        ],
        aided: &[
            (2017, 1_334.0),
            (2018, 1_260.0),
            (2019, 1_191.0),
            (2020, 4_105.0),
            (2021, 3_163.0),
            (2022, 1_617.0),
            (2023, 1_700.0),
            (2024, 1_760.0),
            (2025, 1_810.0),
            (2026, 1_380.0),
        ],
        aid_spending: &[
            (2017, 2.0e6),
            (2018, 2.2e6),
            (2019, 2.5e6),
            (2020, 4.9e6),
            (2021, 5.2e6),
            (2022, 3.3e6),
            (2023, 3.4e6),
            (2024, 3.5e6),
            (2025, 3.6e6),
            (2026, 2.7e6),
        ],
        rent_calls: &[
            RentCall {
                year: 2019,
                applications: 1_900.0,
                admitted: 1_100.0,
                budget: 800_000.0,
            },
            RentCall {
                year: 2020,
                applications: 2_600.0,
                admitted: 1_700.0,
                budget: 1_300_000.0,
            },
            RentCall {
                year: 2021,
                applications: 3_100.0,
                admitted: 2_100.0,
                budget: 1_700_000.0,
            },
            RentCall {
                year: 2022,
                applications: 3_800.0,
                admitted: 2_400.0,
                budget: 2_000_000.0,
            },
            RentCall {
                year: 2024,
                applications: 1_736.0,
                admitted: 754.0,
                budget: 554_551.0,
            },
            RentCall {
                year: 2025,
                applications: 1_900.0,
                admitted: 900.0,
                budget: 1_000_000.0,
            },
        ],
        rents: [(7.00, 9.24), (6.02, 7.25), (5.96, 7.56), (5.81, 9.77)],
        transitional: &[
            (2016.0, 730.0),
            (2018.0, 878.0),
            (2024.0, 1_953.0),
            (2026.0, 2_250.0),
        ],
        students: &[(2017.0, 780.0), (2024.0, 1_050.0), (2026.0, 1_100.0)],
        income: IncomeCurve {
            median: 19_769.0,
            sigma: 0.651_284_013_623_443_2,
            low_until: 0.30,
            low_power: 2.798_617_438_167_651,
            tail_from: 0.93,
            tail_exponent: 2.0,
            cap: 2_500_000.0,
        },
        income_growth: &[
            (2015, 0.965),
            (2016, 0.975),
            (2017, 0.987),
            (2018, 1.0),
            (2019, 1.012),
            (2020, 0.99),
            (2021, 1.03),
            (2022, 1.075),
            (2023, 1.12),
            (2024, 1.155),
            (2025, 1.185),
            (2026, 1.21),
        ],
        eviction_orders: &[
            (2017, 560.0),
            (2018, 520.0),
            (2019, 500.0),
            (2020, 260.0),
            (2021, 300.0),
            (2022, 470.0),
            (2023, 490.0),
            (2024, 500.0),
            (2025, 510.0),
            (2026, 520.0),
        ],
        accidents_per_100: 2.1,
        passi_interviews: 275.0,
        relief: ReliefPlan {
            spares_grant: 0.8,
            spares_order: 0.6,
            grant_chance: (0.30, 0.80),
            grant_eur: (800.0, 2_200.0),
            grant_spread: 0.35,
            winter: 0.25,
        },
        desks: DeskPlan {
            opened: &[
                ("R05", 2022, 2),
                ("R06", 2022, 2),
                ("R07", 2022, 2),
                ("R16", 2022, 2),
                ("R04", 2023, 3),
                ("R08", 2023, 3),
                ("R15", 2023, 3),
                ("R03", 2024, 4),
                ("R12", 2024, 4),
                ("R14", 2024, 4),
            ],
            orders_by_affordable: 0.003,
            averts: (0.25, 0.05, 0.60),
        },
        accompaniment: AccompanimentPlan {
            years: (2021, 2025),
            isee_max: 1_500_000,
            ages: (18, 60),
            joins: [0.1, -0.06, -0.18, 0.9, 0.8, -0.02],
            months: (2, 6),
            allowance: 60_000,
        },
        errors: ErrorRates {
            missing: 0.003,
            mistyped: 0.004,
            homonyms: 160.0,
            omocodia: 22.0,
            old_code: 0.5,
            provisional: 0.02,
            provisional_corrected: 0.4,
            late: 0.10,
            lasting: 0.6,
            corrected: 0.5,
            names_swapped: 0.006,
            days_swapped: 0.004,
            names_mistyped: 0.012,
            second_left_out: 0.10,
            outside_workers: 6.0,
            health_codes: 60.0,
        },
    };
}

/// The value of a year in a table of years.
pub(crate) fn of_year(table: &[(i32, f64)], year: i32) -> f64 {
    let found = table.iter().find(|(of, _)| *of == year);
    found.or(table.last()).map_or(0.0, |(_, value)| *value)
}
