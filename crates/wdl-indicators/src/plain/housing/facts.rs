//! What follows for each household and each person by the conventions, before anything is counted.

use std::collections::BTreeMap;

use wdl_household::{
    Age, Burden, CHILDREN_UNDER, Composition, Costs, Defects, Exclusion, IseeFamily, IseeScale,
    Item, Lacks, Member, Minors, Parents, Partner, Severity, Told, Untold, Worker, is_at_risk,
    is_overcrowded, is_severely_deprived, items_of_children, work_intensity,
};
use wdl_stats::measures::is_below;

use super::column::{Column, SEX, is_one_name};
use super::file::File;
use super::measure::HousingMeasure;
use super::{HousingError, Options};

/// What a row is to a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Status {
    /// It counts with this number; shares are 0 or 1.
    Counts(f64),
    /// It counts with a number that a convention gives.
    ByConvention(f64),
    /// The measure does not describe it.
    Outside(&'static str),
    /// It cannot be told.
    Untold(Untold),
}

/// The household pays no rent.
const NO_RENT: &str = "no_rent";
/// The household is one person.
const ALONE: &str = "alone";
/// The person is older than the rule describes.
const TOO_OLD: &str = "too_old";
/// Nobody in the household could work.
const NOBODY_COULD_WORK: &str = "nobody_could_work";
/// Half of the people have nothing or less, so that there is no poverty line.
const NO_LINE: &str = "no_line";
/// The income is zero or negative, and a part of it has no meaning.
const NO_INCOME: &str = "income_not_positive";

/// Each household's and each person's standing, as far as the columns tell.
pub(super) struct Facts<'a> {
    file: &'a File<'a>,
    options: &'a Options,
    ages: Vec<Option<Age>>,
    /// Costs against income; of each household.
    costs: Vec<Told<Costs>>,
    /// The costs alone, allowances included.
    gross_costs: Vec<Told<f64>>,
    /// Rent against income; nothing of those who do not rent.
    rent: Vec<Option<Told<Costs>>>,
    income: Vec<Told<f64>>,
    equivalent_adults: Vec<Told<f64>>,
    sizes: Vec<Option<usize>>,
    compositions: Option<Vec<Told<Composition>>>,
    is_overcrowded: Vec<Told<bool>>,
    defects: Vec<Defects>,
    low_work: Vec<Told<Option<bool>>>,
    lacks: Vec<Lacks>,
    of_children: Vec<Lacks>,
}

impl<'a> Facts<'a> {
    pub(super) fn of(file: &'a File<'a>, options: &'a Options) -> Result<Facts<'a>, HousingError> {
        let ages = ages(file)?;
        let income = told(file, Column::Income, Untold::IncomeMissing)?;
        let lacks = lacks(file)?;
        let compositions = compositions(file, &ages)?;
        Ok(Facts {
            costs: costs(file, &income)?,
            gross_costs: told(file, Column::Costs, Untold::CostsMissing)?,
            rent: rents(file, &income)?,
            equivalent_adults: equivalent_adults(file, options, &ages)?,
            sizes: sizes(file)?,
            is_overcrowded: overcrowded(file, compositions.as_deref())?,
            compositions,
            defects: defects(file)?,
            low_work: low_work(file, options, &ages)?,
            of_children: of_children(file, &ages, &lacks),
            file,
            options,
            ages,
            income,
            lacks,
        })
    }

    /// The couples of all households whose links are clear, where rooms depend on them.
    pub(super) fn couples(&self) -> Option<usize> {
        let all = self.compositions.as_ref()?;
        let clear = all.iter().filter_map(|one| one.ok());
        Some(clear.map(|one| one.couples as usize).sum())
    }

    /// The equivalised income of each row's household.
    pub(super) fn equivalised_incomes(&self) -> Vec<Told<f64>> {
        self.per_row(|household| self.per_adult(household, self.income[household]))
    }

    /// What each row is to a measure; `line` is the poverty line, where there is one.
    pub(super) fn statuses(&self, measure: HousingMeasure, line: Option<f64>) -> Vec<Status> {
        let without = self.options.without_income;
        match measure {
            HousingMeasure::Overburden(limit) => {
                self.per_row(|household| above(self.costs[household], limit.get(), without))
            }
            HousingMeasure::MedianBurden => self.per_row(|household| burden(self.costs[household])),
            HousingMeasure::RentOver(limit) => {
                self.of_renting(|rent| above(rent, limit.get(), without))
            }
            HousingMeasure::MedianRentBurden => self.of_renting(burden),
            HousingMeasure::ResidualBelow | HousingMeasure::MedianResidual => {
                self.per_row(|household| self.residual(household))
            }
            HousingMeasure::Overcrowding => {
                self.per_row(|household| share(self.is_overcrowded[household]))
            }
            HousingMeasure::OvercrowdingWithoutSingles => {
                self.per_row(|household| match self.sizes[household] {
                    Some(1) => Status::Outside(ALONE),
                    _ => share(self.is_overcrowded[household]),
                })
            }
            HousingMeasure::SevereHousingDeprivation => self.per_row(|household| {
                let is_overcrowded = self.is_overcrowded[household];
                share(is_severely_deprived(
                    is_overcrowded,
                    &self.defects[household],
                ))
            }),
            HousingMeasure::AtRiskOfPoverty => {
                let incomes = self.equivalised_incomes();
                incomes.into_iter().map(number).collect()
            }
            HousingMeasure::MaterialAndSocialDeprivation => {
                self.of_people(|row| share(self.is_deprived(row, Severity::MaterialAndSocial)))
            }
            HousingMeasure::SevereMaterialAndSocialDeprivation => {
                self.of_people(|row| share(self.is_deprived(row, Severity::Severe)))
            }
            HousingMeasure::VeryLowWorkIntensity => self.of_people(|row| self.low_work_of(row)),
            HousingMeasure::PovertyOrExclusion => {
                let incomes = self.equivalised_incomes();
                self.of_people(|row| self.exclusion(row, incomes[row], line))
            }
        }
    }

    fn per_row<T>(&self, of_household: impl Fn(usize) -> T) -> Vec<T> {
        let households = self.file.household_of_row.iter();
        households
            .map(|household| of_household(*household as usize))
            .collect()
    }

    fn of_people(&self, of_row: impl Fn(usize) -> Status) -> Vec<Status> {
        (0..self.file.rows()).map(of_row).collect()
    }

    fn of_renting(&self, of: impl Fn(Told<Costs>) -> Status) -> Vec<Status> {
        self.per_row(|household| match self.rent[household] {
            None => Status::Outside(NO_RENT),
            Some(rent) => of(rent),
        })
    }

    fn per_adult(&self, household: usize, amount: Told<f64>) -> Told<f64> {
        let adults = self.equivalent_adults[household]?;
        match adults > 0.0 {
            true => Ok(amount? / adults),
            false => Err(Untold::ScaleNotPositive),
        }
    }

    /// What remains per equivalent adult; of those for whom only the rent is known, after the rent.
    ///
    /// Allowances stand in the income and in the costs and cancel, so that it does not matter whether they are told.
    fn residual(&self, household: usize) -> Status {
        let costs = match self.options.columns.contains_key(&Column::Costs) {
            true => self.gross_costs[household],
            false => match self.rent[household] {
                None => return Status::Outside(NO_RENT),
                Some(rent) => rent.map(|rent| rent.costs),
            },
        };
        let income = self.income[household];
        let residual = income.and_then(|income| costs.map(|costs| income - costs));
        number(self.per_adult(household, residual))
    }

    fn is_deprived(&self, row: usize, severity: Severity) -> Told<bool> {
        let household = self.file.household_of_row[row] as usize;
        match self.ages[row].ok_or(Untold::AgeMissing)?.years() {
            ..CHILDREN_UNDER => self.of_children[household].is_child_deprived(severity),
            _ => self.lacks[row].is_deprived(severity),
        }
    }

    /// Whether a person is of very low work intensity; nothing when the rule does not describe him.
    fn is_of_low_work(&self, row: usize) -> Told<Option<bool>> {
        let household = self.file.household_of_row[row] as usize;
        match self.ages[row] {
            Some(age) if age.years() > self.options.work_rule.highest_age() => Ok(None),
            _ => self.low_work[household],
        }
    }

    fn low_work_of(&self, row: usize) -> Status {
        let highest = self.options.work_rule.highest_age();
        match (self.is_of_low_work(row), self.ages[row]) {
            (Ok(Some(is_low)), _) => Status::Counts(f64::from(is_low)),
            (Ok(None), Some(age)) if age.years() > highest => Status::Outside(TOO_OLD),
            (Ok(None), _) => Status::Outside(NOBODY_COULD_WORK),
            (Err(why), _) => Status::Untold(why),
        }
    }

    /// Counts with the income of whoever is on neither of the other sides, so that the line can be estimated again; with less than any line of whoever is.
    fn exclusion(&self, row: usize, income: Told<f64>, line: Option<f64>) -> Status {
        let Some(line) = line else {
            return Status::Outside(NO_LINE);
        };
        let is_poor = income.map(|income| is_below(income, line));
        let sides = Exclusion {
            is_poor,
            is_deprived: self.is_deprived(row, Severity::Severe),
            is_of_low_work: self.is_of_low_work(row),
        };
        let others = Exclusion {
            is_poor: Ok(false),
            ..sides
        };
        // All three sides must be told, also of whoever is on one of them.
        match (is_at_risk(&sides), is_at_risk(&others), income) {
            (Ok(_), Ok(true), _) => Status::Counts(BELOW_ANY_LINE),
            (Ok(_), Ok(false), Ok(income)) => Status::Counts(income),
            (Err(why), _, _) | (_, Err(why), _) | (_, _, Err(why)) => Status::Untold(why),
        }
    }
}

/// Stands for the income of somebody who is excluded whatever he has.
pub(super) const BELOW_ANY_LINE: f64 = f64::MIN;

fn number(told: Told<f64>) -> Status {
    told.map_or_else(Status::Untold, Status::Counts)
}

fn share(told: Told<bool>) -> Status {
    number(told.map(f64::from))
}

fn above(costs: Told<Costs>, limit: f64, without: wdl_household::WithoutIncome) -> Status {
    match costs.and_then(|costs| costs.above(limit, without)) {
        Ok(above) if above.is_by_convention => Status::ByConvention(f64::from(above.is_above)),
        Ok(above) => Status::Counts(f64::from(above.is_above)),
        Err(why) => Status::Untold(why),
    }
}

fn burden(costs: Told<Costs>) -> Status {
    match costs.map(|costs| costs.burden()) {
        Ok(Burden::Share(part)) => Status::Counts(part),
        Ok(Burden::WithoutIncome) => Status::Outside(NO_INCOME),
        Err(why) => Status::Untold(why),
    }
}

fn ages(file: &File<'_>) -> Result<Vec<Option<Age>>, HousingError> {
    let years = file.numbers(Column::Age)?;
    let age = |years: Option<f64>| years.and_then(|years| Age::of_years(years).ok());
    Ok(match years {
        None => vec![None; file.rows()],
        Some(years) => years.into_iter().map(age).collect(),
    })
}

/// A number of each household, or why there is none.
fn told(file: &File<'_>, column: Column, why: Untold) -> Result<Vec<Told<f64>>, HousingError> {
    let households = file.members.len();
    Ok(match file.household_numbers(column)? {
        None => vec![Err(why); households],
        Some(numbers) => numbers
            .into_iter()
            .map(|number| number.ok_or(why))
            .collect(),
    })
}

/// Allowances count as none where the file has no such column, and as not told where it has one that is empty; only the burden needs them.
fn allowances(file: &File<'_>) -> Result<Vec<Told<f64>>, HousingError> {
    Ok(match file.household_numbers(Column::Allowances)? {
        None => vec![Ok(0.0); file.members.len()],
        Some(numbers) => numbers
            .into_iter()
            .map(|number| number.ok_or(Untold::AllowancesMissing))
            .collect(),
    })
}

fn costs(file: &File<'_>, income: &[Told<f64>]) -> Result<Vec<Told<Costs>>, HousingError> {
    let costs = told(file, Column::Costs, Untold::CostsMissing)?;
    let allowances = allowances(file)?;
    let rows = costs.into_iter().zip(allowances).zip(income);
    let of_household =
        |((costs, allowances), income): ((Told<f64>, Told<f64>), &Told<f64>)| -> Told<Costs> {
            Ok(Costs {
                income: (*income)?,
                costs: costs?,
                allowances: allowances?,
            })
        };
    Ok(rows.map(of_household).collect())
}

fn rents(file: &File<'_>, income: &[Told<f64>]) -> Result<Vec<Option<Told<Costs>>>, HousingError> {
    let Some(rents) = file.household_numbers(Column::Rent)? else {
        return Ok(vec![None; income.len()]);
    };
    let of_household = |(rent, income): (Option<f64>, &Told<f64>)| {
        let costs = rent?;
        Some(income.map(|income| Costs {
            costs,
            allowances: 0.0,
            income,
        }))
    };
    Ok(rents.into_iter().zip(income).map(of_household).collect())
}

/// The members of each household: those of its rows, or what `--size` says of it.
fn sizes(file: &File<'_>) -> Result<Vec<Option<usize>>, HousingError> {
    let told = file.household_numbers(Column::Size)?;
    let is_of_persons = file.is_of_persons();
    let size = |(place, rows): (usize, &Vec<usize>)| match (&told, is_of_persons) {
        (Some(sizes), _) => sizes[place].map(|size| size as usize),
        (None, true) => Some(rows.len()),
        (None, false) => None,
    };
    Ok(file.members.iter().enumerate().map(size).collect())
}

fn equivalent_adults(
    file: &File<'_>,
    options: &Options,
    ages: &[Option<Age>],
) -> Result<Vec<Told<f64>>, HousingError> {
    if options.columns.contains_key(&Column::EquivalentAdults) {
        return told(file, Column::EquivalentAdults, Untold::ScaleMissing);
    }
    if let Some(scale) = &options.isee {
        return of_isee(file, scale, ages);
    }
    let sizes = sizes(file)?;
    let of_household = |(members, size): (&Vec<usize>, &Option<usize>)| -> Told<f64> {
        if !options.scale.needs_ages() {
            return options.scale.of_size(size.ok_or(Untold::ScaleMissing)?);
        }
        let ages: Vec<Option<Age>> = members.iter().map(|row| ages[*row]).collect();
        options.scale.of_ages(&ages)
    };
    Ok(file.members.iter().zip(&sizes).map(of_household).collect())
}

/// The parameter of each household in the scale of the ISEE, its members taken as the *nucleo*.
fn of_isee(
    file: &File<'_>,
    scale: &IseeScale,
    ages: &[Option<Age>],
) -> Result<Vec<Told<f64>>, HousingError> {
    let children = file.household_numbers(Column::Children)?;
    let parents = file.household_flags(Column::ParentsWork)?;
    let of_household = |(place, members): (usize, &Vec<usize>)| -> Told<f64> {
        let years = |row: &usize| ages[*row].map(Age::years).ok_or(Untold::AgeMissing);
        let years: Vec<u8> = members.iter().map(years).collect::<Told<_>>()?;
        let minors: Vec<u8> = years
            .iter()
            .copied()
            .filter(|age| *age < ADULT_FROM)
            .collect();
        let children = match &children {
            Some(told) => told[place].ok_or(Untold::ScaleMissing)? as u32,
            None => minors.len() as u32,
        };
        let is_lone = members.len() == minors.len() + 1;
        let parents = match (minors.is_empty(), parents[place]) {
            (true, _) => Parents::Neither,
            (false, None) => return Err(Untold::ScaleMissing),
            (false, Some(true)) => Parents::Work,
            (false, Some(false)) if is_lone => Parents::LoneWithoutWork,
            (false, Some(false)) => Parents::Neither,
        };
        let family = IseeFamily {
            members: members.len() as u32,
            children,
            minors: match (
                minors.is_empty(),
                minors.iter().any(|age| *age < SMALL_UNDER),
            ) {
                (true, _) => Minors::None,
                (false, true) => Minors::SomeUnderThree,
                (false, false) => Minors::FromThree,
            },
            parents,
        };
        let parameter = scale.parameter(&family).ok_or(Untold::NoMembers)?;
        Ok(parameter.as_f64())
    };
    Ok(file.members.iter().enumerate().map(of_household).collect())
}

/// The age of majority: art. 2 of the civil code.
const ADULT_FROM: u8 = 18;
/// The additions of the scale know children under three (d.P.C.M. 159/2013, annex 1).
const SMALL_UNDER: u8 = 3;

fn overcrowded(
    file: &File<'_>,
    compositions: Option<&[Told<Composition>]>,
) -> Result<Vec<Told<bool>>, HousingError> {
    let rooms = told(file, Column::Rooms, Untold::RoomsMissing)?;
    let needed: Vec<Told<u32>> = match compositions {
        Some(all) => all.iter().map(|one| (*one)?.rooms_needed()).collect(),
        None => {
            let needed = told(file, Column::RoomsNeeded, Untold::RoomsMissing)?;
            needed
                .into_iter()
                .map(|rooms| rooms.map(|rooms| rooms as u32))
                .collect()
        }
    };
    let pairs = rooms.into_iter().zip(needed);
    Ok(pairs
        .map(|(rooms, needed)| is_overcrowded(rooms?, needed?))
        .collect())
}

/// Who lives in each household; nothing where the rooms needed are a column, or links are not told.
fn compositions(
    file: &File<'_>,
    ages: &[Option<Age>],
) -> Result<Option<Vec<Told<Composition>>>, HousingError> {
    let (Some(own), Some(links)) = (file.person_names(), file.texts(Column::Partner)) else {
        return Ok(None);
    };
    if file.has(Column::RoomsNeeded) {
        return Ok(None);
    }
    let sexes = file.words(Column::Sex, &SEX)?;
    let of_household = |rows: &Vec<usize>| {
        let member = |row: &usize| Member {
            age: ages[*row],
            sex: sexes[*row],
            partner: partner(rows, links[*row].as_deref(), &own),
        };
        let members: Vec<Member> = rows.iter().map(member).collect();
        Composition::of(&members)
    };
    Ok(Some(file.members.iter().map(of_household).collect()))
}

/// Whom a link names among the rows of its household.
fn partner(rows: &[usize], link: Option<&str>, own: &[Option<String>]) -> Partner {
    let Some(link) = link else {
        return Partner::None;
    };
    let names = |other: &usize| {
        let name = own[*other].as_deref();
        name.is_some_and(|name| is_one_name(name, link))
    };
    let found = rows.iter().position(names);
    found.map_or(Partner::Elsewhere, Partner::Member)
}

fn defects(file: &File<'_>) -> Result<Vec<Defects>, HousingError> {
    let leaks = file.household_flags(Column::Leaks)?;
    let no_bath = file.household_flags(Column::NoBath)?;
    let no_toilet = file.household_flags(Column::NoToilet)?;
    let dark = file.household_flags(Column::Dark)?;
    let of_household = |place: usize| Defects {
        leaks: leaks[place],
        has_no_bath: no_bath[place],
        has_no_toilet: no_toilet[place],
        is_dark: dark[place],
    };
    Ok((0..file.members.len()).map(of_household).collect())
}

fn low_work(
    file: &File<'_>,
    options: &Options,
    ages: &[Option<Age>],
) -> Result<Vec<Told<Option<bool>>>, HousingError> {
    let nothing = || vec![None; file.rows()];
    let months = file.numbers(Column::Months)?.unwrap_or_else(nothing);
    let possible = file
        .numbers(Column::MonthsPossible)?
        .unwrap_or_else(nothing);
    let student = file.flags(Column::Student)?;
    let pensioner = file.flags(Column::Pensioner)?;
    let inactive = file.flags(Column::Inactive)?;
    let on_pensions = file.household_flags(Column::PensionsMain)?;
    let bound = options.at_bound.unwrap_or(options.work_rule.bound());
    let of_household = |(rows, on_pensions): (&Vec<usize>, &Option<bool>)| {
        let worker = |row: &usize| Worker {
            age: ages[*row],
            months_worked: months[*row],
            months_possible: possible[*row],
            is_student: student[*row],
            is_pensioner: pensioner[*row],
            is_inactive: inactive[*row],
        };
        let workers: Vec<Worker> = rows.iter().map(worker).collect();
        work_intensity(options.work_rule, bound, &workers, *on_pensions)
    };
    Ok(file
        .members
        .iter()
        .zip(&on_pensions)
        .map(of_household)
        .collect())
}

/// What each person lacks, the household's items included.
fn lacks(file: &File<'_>) -> Result<Vec<Lacks>, HousingError> {
    let mut lacks = vec![Lacks::default(); file.rows()];
    let mut answers: BTreeMap<Item, Vec<Option<bool>>> = BTreeMap::new();
    for item in Item::ALL {
        let column = Column::Item(item);
        let of_row = match item.is_of_household() {
            true => {
                let of_household = file.household_flags(column)?;
                let households = file.household_of_row.iter();
                households
                    .map(|place| of_household[*place as usize])
                    .collect()
            }
            false => file.flags(column)?,
        };
        answers.insert(item, of_row);
    }
    for (item, of_row) in answers {
        for (lacks, answer) in lacks.iter_mut().zip(of_row) {
            lacks.set(item, answer);
        }
    }
    Ok(lacks)
}

/// What the children of each household lack.
fn of_children(file: &File<'_>, ages: &[Option<Age>], lacks: &[Lacks]) -> Vec<Lacks> {
    let is_adult = |row: &&usize| ages[**row].is_some_and(|age| age.years() >= CHILDREN_UNDER);
    let of_household = |rows: &Vec<usize>| {
        let adults: Vec<Lacks> = rows
            .iter()
            .filter(is_adult)
            .map(|row| lacks[*row])
            .collect();
        items_of_children(&lacks[rows[0]], &adults)
    };
    file.members.iter().map(of_household).collect()
}
