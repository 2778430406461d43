//! What a method can be asked: its options, and what was given for them.

use wdl_vocab::Text;

/// One option of a method.
#[derive(Clone, Debug)]
pub struct Opt {
    /// Its name, as `--name` and as a key of a study.
    pub name: &'static str,
    /// What may be given.
    pub kind: Kind,
    /// Whether the method cannot do without.
    pub is_required: bool,
    /// What it says, without a final stop.
    pub help: Text,
}

impl Opt {
    /// An option that may be left out.
    pub const fn new(name: &'static str, kind: Kind, it: &'static str, en: &'static str) -> Opt {
        Opt {
            name,
            kind,
            is_required: false,
            help: Text::fixed(it, en),
        }
    }

    /// An option that must be given.
    pub const fn required(
        name: &'static str,
        kind: Kind,
        it: &'static str,
        en: &'static str,
    ) -> Opt {
        Opt {
            name,
            kind,
            is_required: true,
            help: Text::fixed(it, en),
        }
    }
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A column of numbers; rows where it is missing are left out and counted.
    Number,
    /// A column of numbers in which a missing value says something: never treated.
    NumberOrNone,
    /// Columns of numbers.
    Numbers,
    /// A column of names: a unit, a period, a cluster.
    Label,
    /// Columns of names.
    LabelColumns,
    /// Columns of covariates: numbers as they are, any other text as categories.
    Covariates,
    /// One word of a list, the first unless said.
    Choice(&'static [&'static str]),
    /// A number.
    Real,
    /// The level of intervals, between 0 and 1: 0.95 unless said.
    Level,
    /// Numbers.
    Reals,
    /// A whole number of zero or more.
    Whole,
    /// Given or not.
    Flag,
    /// Any words.
    Words,
}

/// How a column must be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// As numbers.
    Number,
    /// As names.
    Label,
    /// As numbers where all of it are numbers, else as names.
    Either,
}

impl Kind {
    /// How the columns named by such an option are read; nothing when it names none.
    pub fn role(self) -> Option<Role> {
        match self {
            Kind::Number | Kind::NumberOrNone | Kind::Numbers => Some(Role::Number),
            Kind::Label | Kind::LabelColumns => Some(Role::Label),
            Kind::Covariates => Some(Role::Either),
            Kind::Choice(_)
            | Kind::Real
            | Kind::Level
            | Kind::Reals
            | Kind::Whole
            | Kind::Flag
            | Kind::Words => None,
        }
    }

    /// Whether several may be given, with commas between them.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Kind::Numbers | Kind::LabelColumns | Kind::Covariates | Kind::Reals
        )
    }
}

/// What was given for the options of a method, as text.
#[derive(Clone, Debug, Default)]
pub struct Given {
    values: std::collections::BTreeMap<String, Vec<String>>,
}

impl Given {
    /// Adds an option with its values; a flag has none.
    #[must_use]
    pub fn with(mut self, option: &str, values: &[&str]) -> Given {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.values.insert(option.to_owned(), values);
        self
    }

    /// The values of an option; nothing when it was not given.
    pub fn values(&self, option: &str) -> Option<&[String]> {
        self.values.get(option).map(Vec::as_slice)
    }

    /// The columns that a method with these options reads, each once for each way of reading it.
    pub fn columns(&self, options: &[Opt]) -> Vec<(String, Role)> {
        let named = options.iter().filter_map(|option| {
            let role = option.kind.role()?;
            Some(
                self.values(option.name)?
                    .iter()
                    .map(move |name| (name.clone(), role)),
            )
        });
        let mut columns: Vec<(String, Role)> = named.flatten().collect();
        columns.sort();
        columns.dedup();
        columns
    }
}
