//! What a row says of its person: whether the tax code agrees, and whether a note names them.
//!
//! The code is compared and never corrected; what names a person in a text is never repeated.

use jiff::civil::Date;
use wdl_contract::{Contract, Kind, Semantic};
use wdl_identity::{CadastralPlace, Facts, TaxCode, names_person, read_sex};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Severity};

use crate::across::Found;
use crate::batch::Batch;
use crate::cells;
use crate::column::{ReadCells, is_free_text};
use crate::findings::{Seen, Subject};

/// Where a contract tells of a row's person, by the places of its columns.
pub(crate) struct People<'a> {
    contract: &'a Contract,
    /// The tax code the other columns speak of: the first one of the contract.
    code: Option<usize>,
    born: Option<usize>,
    sex: Option<usize>,
    birth_place: Option<usize>,
    surname: Option<usize>,
    name: Option<usize>,
    texts: Vec<usize>,
}

impl<'a> People<'a> {
    pub(crate) fn new(contract: &'a Contract) -> People<'a> {
        let columns = || contract.columns.iter();
        let of = |semantic: Semantic| columns().position(|c| c.semantic == Some(semantic.clone()));
        People {
            contract,
            code: columns().position(|column| column.kind == Kind::TaxCode),
            born: of(Semantic::BirthDate).filter(|p| contract.columns[*p].kind == Kind::Date),
            sex: of(Semantic::Sex),
            birth_place: of(Semantic::BirthPlace),
            surname: of(Semantic::Surname),
            name: of(Semantic::GivenName),
            texts: columns()
                .enumerate()
                .filter(|(_, column)| is_free_text(column))
                .map(|(place, _)| place)
                .collect(),
        }
    }

    /// The columns that tell whether two rows with one code are one person: code, surname, name.
    pub(crate) fn shared(&self) -> Option<[usize; 3]> {
        Some([self.code?, self.surname?, self.name?])
    }

    pub(crate) fn hold(&self, batch: &Batch<'_>, columns: &[ReadCells], found: &mut Found<'_>) {
        self.agreement(batch, columns, found);
        self.names(batch, columns, found);
    }

    fn agreement(&self, batch: &Batch<'_>, columns: &[ReadCells], found: &mut Found<'_>) {
        let Some(code) = self.code else { return };
        let has_facts = self.born.is_some() || self.sex.is_some() || self.birth_place.is_some();
        if !has_facts {
            return;
        }
        for row in 0..batch.len() {
            let Some(text) = columns[code].values.text(row) else {
                continue;
            };
            let Ok(tax_code) = TaxCode::canonical(text) else {
                continue;
            };
            let facts = self.facts(columns, row);
            let differs = tax_code.disagreement(&facts);
            let mut tell = |is_so: bool, code: Code, severity: Severity, other: Option<usize>| {
                if let (true, Some(other)) = (is_so, other) {
                    self.tell((code, severity), (batch, row), (text, other), found);
                }
            };
            tell(
                differs.born,
                codes::BIRTH_DATE_DIFFERS,
                Severity::ToJustify,
                self.born,
            );
            tell(
                differs.sex,
                codes::SEX_DIFFERS,
                Severity::ToJustify,
                self.sex,
            );
            // Municipalities change codes and borders: the code keeps the old one.
            tell(
                differs.place,
                codes::BIRTH_PLACE_DIFFERS,
                Severity::Note,
                self.birth_place,
            );
            let is_nobody = self.is_nobody(columns, row);
            tell(
                tax_code.is_provisional() && is_nobody,
                codes::COMPANY_NUMBER,
                Severity::ToJustify,
                self.name.or(self.born),
            );
        }
    }

    fn facts(&self, columns: &[ReadCells], row: usize) -> Facts {
        let text = |place: Option<usize>| columns[place?].values.text(row);
        Facts {
            born: self
                .born
                .and_then(|place| day(columns[place].values.date(row)?)),
            sex: text(self.sex).and_then(read_sex),
            place: text(self.birth_place).and_then(|text| CadastralPlace::read(text).ok()),
        }
    }

    /// Whether the row tells neither a given name nor a day of birth, although it could.
    fn is_nobody(&self, columns: &[ReadCells], row: usize) -> bool {
        let is_empty = |place: Option<usize>| {
            place.is_none_or(|place| columns[place].values.get(row).is_none())
        };
        (self.name.is_some() || self.born.is_some()) && is_empty(self.name) && is_empty(self.born)
    }

    fn tell(
        &self,
        (code, severity): (Code, Severity),
        (batch, row): (&Batch<'_>, usize),
        (value, other): (&str, usize),
        found: &mut Found<'_>,
    ) {
        let place = self.code.expect("only rows with a code are compared");
        let key = (severity, Subject::Column(place), code);
        let seen = Seen::at(batch.lines[row], value);
        let shown = |place: usize| &self.contract.columns[place].physical_name;
        found.findings.add(key, Some(seen), || {
            Diagnostic::new(code)
                .with("column", shown(place))
                .with("expected", shown(other))
        });
    }

    /// Notes that name the row's own person.
    fn names(&self, batch: &Batch<'_>, columns: &[ReadCells], found: &mut Found<'_>) {
        let (Some(surname), Some(name)) = (self.surname, self.name) else {
            return;
        };
        for place in &self.texts {
            for row in 0..batch.len() {
                let text = |place: usize| columns[place].values.text(row);
                let (Some(note), Some(surname), Some(name)) =
                    (text(*place), text(surname), text(name))
                else {
                    continue;
                };
                if !names_person(note, surname, name) {
                    continue;
                }
                found.rejected[row] = true;
                let key = (
                    Severity::Error,
                    Subject::Column(*place),
                    codes::NAME_IN_TEXT,
                );
                // The value is the name: it is not repeated.
                found
                    .findings
                    .add(key, Some(Seen::at(batch.lines[row], "")), || {
                        Diagnostic::new(codes::NAME_IN_TEXT)
                            .with("column", &self.contract.columns[*place].physical_name)
                    });
            }
        }
    }
}

/// A day of the calendar; none before the year 1.
fn day(days: i32) -> Option<Date> {
    let (year, month, day) = cells::civil_from_days(days);
    let small = |value: u32| i8::try_from(value).ok();
    Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()
}
