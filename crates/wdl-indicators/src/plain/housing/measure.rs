//! The measures of `wdl housing`: their names, what they need, their words.

use std::str::FromStr;

use wdl_household::Item;
use wdl_vocab::diagnostics::codes::indicators as codes;
use wdl_vocab::{Diagnose, Diagnostic, Text, did_you_mean};

use super::Options;
use super::column::Column;

/// A part of the income, in ten-thousandths: `overburden:0.4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Limit(u16);

impl Limit {
    /// The European limit of overburden.
    pub const OVERBURDEN: Limit = Limit(4_000);
    /// The three limits of rent to income.
    pub const RENT: [Limit; 3] = [Limit(2_500), Limit(3_000), Limit(4_000)];

    /// As a part of one.
    pub fn get(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }

    fn parse(text: &str) -> Option<Limit> {
        let part: f64 = text.parse().ok()?;
        let parts = (part * 10_000.0).round();
        (1.0..=20_000.0)
            .contains(&parts)
            .then_some(Limit(parts as u16))
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HousingMeasure {
    /// The share whose housing costs are above a part of income.
    Overburden(Limit),
    /// The median part of income that housing costs take.
    MedianBurden,
    /// Among those who rent, the share whose rent is above a part of income.
    RentOver(Limit),
    /// Among those who rent, the median part of income that the rent takes.
    MedianRentBurden,
    /// The share whose income after housing, per equivalent adult, is below the line.
    ResidualBelow,
    /// The median income after housing, per equivalent adult.
    MedianResidual,
    /// The share in households with fewer rooms than they need.
    Overcrowding,
    /// The same without households of one person.
    OvercrowdingWithoutSingles,
    /// The share that is overcrowded in a dwelling with a defect.
    SevereHousingDeprivation,
    /// The share below the poverty line.
    AtRiskOfPoverty,
    /// The share that lacks five of thirteen items.
    MaterialAndSocialDeprivation,
    /// The share that lacks seven of thirteen items.
    SevereMaterialAndSocialDeprivation,
    /// Among those the rule describes, the share in households of very low work intensity.
    VeryLowWorkIntensity,
    /// The share that is poor, severely deprived or of very low work intensity.
    PovertyOrExclusion,
}

impl HousingMeasure {
    /// All measures with their usual limits, in the order of answers.
    pub fn all() -> Vec<HousingMeasure> {
        let [low, middle, high] = Limit::RENT.map(HousingMeasure::RentOver);
        vec![
            HousingMeasure::Overburden(Limit::OVERBURDEN),
            HousingMeasure::MedianBurden,
            low,
            middle,
            high,
            HousingMeasure::MedianRentBurden,
            HousingMeasure::ResidualBelow,
            HousingMeasure::MedianResidual,
            HousingMeasure::Overcrowding,
            HousingMeasure::OvercrowdingWithoutSingles,
            HousingMeasure::SevereHousingDeprivation,
            HousingMeasure::AtRiskOfPoverty,
            HousingMeasure::MaterialAndSocialDeprivation,
            HousingMeasure::SevereMaterialAndSocialDeprivation,
            HousingMeasure::VeryLowWorkIntensity,
            HousingMeasure::PovertyOrExclusion,
        ]
    }

    fn name(self) -> &'static str {
        match self {
            HousingMeasure::Overburden(_) => "overburden",
            HousingMeasure::MedianBurden => "median_burden",
            HousingMeasure::RentOver(_) => "rent_over",
            HousingMeasure::MedianRentBurden => "median_rent_burden",
            HousingMeasure::ResidualBelow => "residual_below",
            HousingMeasure::MedianResidual => "median_residual",
            HousingMeasure::Overcrowding => "overcrowding",
            HousingMeasure::OvercrowdingWithoutSingles => "overcrowding_without_singles",
            HousingMeasure::SevereHousingDeprivation => "severe_housing_deprivation",
            HousingMeasure::AtRiskOfPoverty => "at_risk_of_poverty",
            HousingMeasure::MaterialAndSocialDeprivation => "material_social_deprivation",
            HousingMeasure::SevereMaterialAndSocialDeprivation => {
                "severe_material_social_deprivation"
            }
            HousingMeasure::VeryLowWorkIntensity => "very_low_work_intensity",
            HousingMeasure::PovertyOrExclusion => "poverty_or_exclusion",
        }
    }

    /// Its id: `overburden:0.4`, `overcrowding`.
    pub fn id(self) -> String {
        match self {
            HousingMeasure::Overburden(limit) | HousingMeasure::RentOver(limit) => {
                format!("{}:{}", self.name(), limit.get())
            }
            _ => self.name().to_owned(),
        }
    }

    /// The words for people.
    pub fn label(self) -> Text {
        let of = Text::fixed;
        match self {
            HousingMeasure::Overburden(_) => of("costi della casa oltre", "housing costs over"),
            HousingMeasure::MedianBurden => of(
                "peso mediano dei costi della casa",
                "median burden of housing costs",
            ),
            HousingMeasure::RentOver(_) => of("affitto oltre", "rent over"),
            HousingMeasure::MedianRentBurden => {
                of("peso mediano dell'affitto", "median rent burden")
            }
            HousingMeasure::ResidualBelow => of(
                "sotto la linea, pagata la casa",
                "below the line after housing",
            ),
            HousingMeasure::MedianResidual => of(
                "reddito mediano, pagata la casa",
                "median income after housing",
            ),
            HousingMeasure::Overcrowding => of("sovraffollamento", "overcrowding"),
            HousingMeasure::OvercrowdingWithoutSingles => of(
                "sovraffollamento, senza chi vive solo",
                "overcrowding, without singles",
            ),
            HousingMeasure::SevereHousingDeprivation => {
                of("grave disagio abitativo", "severe housing deprivation")
            }
            HousingMeasure::AtRiskOfPoverty => of("rischio di povertà", "at risk of poverty"),
            HousingMeasure::MaterialAndSocialDeprivation => of(
                "deprivazione materiale e sociale",
                "material and social deprivation",
            ),
            HousingMeasure::SevereMaterialAndSocialDeprivation => of(
                "deprivazione materiale e sociale grave",
                "severe material and social deprivation",
            ),
            HousingMeasure::VeryLowWorkIntensity => {
                of("intensità di lavoro molto bassa", "very low work intensity")
            }
            HousingMeasure::PovertyOrExclusion => of(
                "rischio di povertà o esclusione sociale",
                "at risk of poverty or social exclusion",
            ),
        }
    }

    /// The limit, for the two measures that have one.
    pub fn limit(self) -> Option<Limit> {
        match self {
            HousingMeasure::Overburden(limit) | HousingMeasure::RentOver(limit) => Some(limit),
            _ => None,
        }
    }

    /// The columns it needs: of each list one is enough.
    fn needs(self, options: &Options) -> Vec<Vec<Column>> {
        let one = |column: Column| vec![column];
        let income = || vec![one(Column::Income)];
        let per_adult = || {
            let mut needs = income();
            needs.extend(options.needs_of_scale());
            needs
        };
        let items = || -> Vec<Vec<Column>> {
            let mut needs: Vec<_> = Item::ALL.map(|item| one(Column::Item(item))).into();
            needs.push(one(Column::Age));
            needs
        };
        let work = || -> Vec<Vec<Column>> {
            let mut needs = vec![one(Column::Months), one(Column::Age), one(Column::Student)];
            if options.work_rule == wdl_household::WorkRule::Eu2030 {
                needs.extend([Column::Pensioner, Column::Inactive, Column::PensionsMain].map(one));
            }
            needs
        };
        let crowding = || -> Vec<Vec<Column>> {
            let mut needs = vec![
                one(Column::Rooms),
                vec![Column::RoomsNeeded, Column::Partner],
            ];
            if !options.columns.contains_key(&Column::RoomsNeeded) {
                needs.extend([Column::Age, Column::Sex].map(one));
            }
            needs
        };
        let defects = [
            Column::Leaks,
            Column::NoBath,
            Column::NoToilet,
            Column::Dark,
        ];
        match self {
            HousingMeasure::Overburden(_) | HousingMeasure::MedianBurden => {
                [income(), vec![one(Column::Costs)]].concat()
            }
            HousingMeasure::RentOver(_) | HousingMeasure::MedianRentBurden => {
                [income(), vec![one(Column::Rent)]].concat()
            }
            HousingMeasure::ResidualBelow | HousingMeasure::MedianResidual => {
                [per_adult(), vec![vec![Column::Costs, Column::Rent]]].concat()
            }
            HousingMeasure::Overcrowding => crowding(),
            HousingMeasure::OvercrowdingWithoutSingles if options.household.is_empty() => {
                [crowding(), vec![one(Column::Size)]].concat()
            }
            HousingMeasure::OvercrowdingWithoutSingles => crowding(),
            HousingMeasure::SevereHousingDeprivation => {
                [crowding(), defects.map(one).into()].concat()
            }
            HousingMeasure::AtRiskOfPoverty => per_adult(),
            HousingMeasure::MaterialAndSocialDeprivation
            | HousingMeasure::SevereMaterialAndSocialDeprivation => items(),
            HousingMeasure::VeryLowWorkIntensity => work(),
            HousingMeasure::PovertyOrExclusion => [per_adult(), items(), work()].concat(),
        }
    }

    /// The options of which one must still be given, when there are any.
    pub(super) fn lacks(self, options: &Options) -> Option<String> {
        let has = |column: &Column| options.columns.contains_key(column);
        let mut needs = self.needs(options).into_iter();
        if let Some(lacking) = needs.find(|one_of| !one_of.iter().any(has)) {
            let names: Vec<String> = lacking.into_iter().map(named).collect();
            return Some(names.join(", "));
        }
        let (of_members, of_links) = self.needs_people(options);
        match (of_members, of_links) {
            (true, _) if options.household.is_empty() => Some("--household".to_owned()),
            (_, true) if options.person.is_empty() => Some("--person".to_owned()),
            _ => None,
        }
    }

    /// Whether it follows from the members of the household, and whether from their links.
    fn needs_people(self, options: &Options) -> (bool, bool) {
        match self {
            HousingMeasure::Overcrowding
            | HousingMeasure::OvercrowdingWithoutSingles
            | HousingMeasure::SevereHousingDeprivation => {
                let by_members = !options.columns.contains_key(&Column::RoomsNeeded);
                (by_members, by_members)
            }
            HousingMeasure::MaterialAndSocialDeprivation
            | HousingMeasure::SevereMaterialAndSocialDeprivation
            | HousingMeasure::VeryLowWorkIntensity
            | HousingMeasure::PovertyOrExclusion => (true, false),
            HousingMeasure::Overburden(_)
            | HousingMeasure::MedianBurden
            | HousingMeasure::RentOver(_)
            | HousingMeasure::MedianRentBurden
            | HousingMeasure::ResidualBelow
            | HousingMeasure::MedianResidual
            | HousingMeasure::AtRiskOfPoverty => (false, false),
        }
    }
}

fn named(column: Column) -> String {
    match column {
        Column::Item(item) => format!("{} {}=", column.option(), item.name()),
        _ => column.option().to_owned(),
    }
}

/// An option has no such word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not one of {known}")]
pub struct UnknownChoice {
    option: &'static str,
    name: String,
    meant: Option<String>,
    known: String,
}

impl UnknownChoice {
    fn new(option: &'static str, name: &str, known: &[String]) -> UnknownChoice {
        UnknownChoice {
            option,
            name: name.chars().take(60).collect(),
            meant: did_you_mean(name, known.iter().map(String::as_str)).map(str::to_owned),
            known: known.join(", "),
        }
    }
}

impl Diagnose for UnknownChoice {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::UNKNOWN_WORD)
            .with("option", self.option)
            .with("name", &self.name)
            .with("expected", &self.known)
            .suggest(self.meant.as_deref())
    }
}

/// What a word of an option stands for.
///
/// # Errors
/// [`UnknownChoice`] for another word.
pub fn choice<T: Copy>(
    option: &'static str,
    name: &str,
    known: &[(&str, T)],
) -> Result<T, UnknownChoice> {
    let found = known.iter().find(|(word, _)| *word == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<String> = known.iter().map(|(word, _)| (*word).to_owned()).collect();
        UnknownChoice::new(option, name, &words)
    })
}

/// An item of deprivation and its column: `holiday=hs040`; the name alone stands for both.
///
/// # Errors
/// [`UnknownChoice`] for a name that no item has.
pub fn item_column(text: &str) -> Result<(Column, String), UnknownChoice> {
    let (name, column) = text.split_once('=').unwrap_or((text, text));
    let known = Item::ALL.map(|item| (item.name(), item));
    let item = choice("--items", name, &known)?;
    Ok((Column::Item(item), column.to_owned()))
}

impl FromStr for HousingMeasure {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<HousingMeasure, UnknownChoice> {
        let known: Vec<String> = HousingMeasure::all().iter().map(|one| one.id()).collect();
        let unknown = || UnknownChoice::new("--measures", text, &known);
        let (name, limit) = match text.split_once(':') {
            Some((name, limit)) => (name, Some(Limit::parse(limit).ok_or_else(unknown)?)),
            None => (text, None),
        };
        let all = HousingMeasure::all();
        let found = all.into_iter().find(|one| one.name() == name);
        match (found.ok_or_else(unknown)?, limit) {
            (HousingMeasure::Overburden(usual), limit) => {
                Ok(HousingMeasure::Overburden(limit.unwrap_or(usual)))
            }
            (HousingMeasure::RentOver(_), None) => Err(unknown()),
            (HousingMeasure::RentOver(_), Some(limit)) => Ok(HousingMeasure::RentOver(limit)),
            (measure, None) => Ok(measure),
            (_, Some(_)) => Err(unknown()),
        }
    }
}
