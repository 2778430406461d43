//! `wdl evaluate METHOD FILE`: the methods of evaluation on plain CSV or Parquet files, outside any lab.
//!
//! The methods and their options are those of the catalog: a method that enters it is a command here.

mod page;
mod picture;
mod rows;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};
use wdl_evaluation::{
    Columns, Given, Kind, Labels, Method, Names, Opt, Request, Role, SMALLEST_GROUP, evaluate,
};
use wdl_lab::Stopped;
use wdl_plain::{self as plain, Coded, PlainTable, Values};
use wdl_vocab::{Lang, Text};

use crate::answer::Answer;

/// The place of the file among a method's arguments.
const FILE: &str = "FILE";

/// The fewest units a row may rest on without a warning, an option of every method.
const SMALLEST: &str = "smallest-group";

/// A method with what it was asked.
struct Asked {
    method: &'static dyn Method,
    file: Option<PathBuf>,
    given: Given,
    smallest_group: u64,
}

impl Asked {
    fn of(method: &'static dyn Method, matches: &ArgMatches) -> Asked {
        let mut given = Given::default();
        for option in method.options() {
            let values: Vec<&str> = match option.kind {
                Kind::Flag if matches.get_flag(option.name) => Vec::new(),
                Kind::Flag => continue,
                _ => match matches.get_many::<String>(option.name) {
                    Some(values) => values.map(String::as_str).collect(),
                    None => continue,
                },
            };
            given = given.with(option.name, &values);
        }
        let file = method
            .reads_a_table()
            .then(|| matches.get_one::<PathBuf>(FILE).cloned())
            .flatten();
        let smallest_group = matches.get_one::<u64>(SMALLEST).copied();
        Asked {
            method,
            file,
            given,
            smallest_group: smallest_group.unwrap_or(SMALLEST_GROUP),
        }
    }

    fn run(&self) -> Result<Answer, Stopped> {
        let options = self.method.options();
        let columns = match &self.file {
            Some(file) => read(file, &self.given.columns(options))?,
            None => Columns::new(0),
        };
        let request = Request::new(options, &self.given, &columns)?;
        let evaluation = evaluate(self.method, &request, self.smallest_group)?;
        let text = |lang| wdl_evaluation::text(&evaluation, lang);
        let words = Text::new(text(Lang::It), text(Lang::En));
        let method = self.method;
        let answer = Answer::new(words, &evaluation);
        Ok(answer.page(move |lang| page::page(method, &evaluation, lang)))
    }
}

/// The columns as a method reads them.
fn read(file: &std::path::Path, wanted: &[(String, Role)]) -> Result<Columns, Stopped> {
    let mut names: Vec<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    let mut table = PlainTable::read(file, &names)?;
    let mut columns = Columns::new(table.rows());
    for name in names {
        let is_asked = |role: Role| wanted.iter().any(|own| own.0 == name && own.1 == role);
        let either = is_asked(Role::Either).then(|| table.is_of_numbers(name));
        if is_asked(Role::Label) || either == Some(false) {
            let Coded {
                codes,
                missing,
                names,
            } = table.codes(name);
            let names = match names {
                plain::Names::Words(words) => Names::Words(words),
                plain::Names::Whole(numbers) => Names::Whole(numbers),
            };
            columns = columns.with_labels(name, Labels::new(codes, missing, names));
        }
        if is_asked(Role::Number) || either == Some(true) {
            let Values { values, missing } = table.take_numbers(name)?;
            columns = columns.with_values(name, values, missing);
        }
    }
    Ok(columns)
}

/// The arguments of a method.
fn arguments(command: Command, method: &dyn Method) -> Command {
    let file = Arg::new(FILE)
        .required(true)
        .value_parser(clap::value_parser!(PathBuf))
        .help("The CSV or Parquet file");
    let command = match method.reads_a_table() {
        true => command.arg(file),
        false => command,
    };
    let smallest = Arg::new(SMALLEST)
        .long(SMALLEST)
        .value_name("N")
        .value_parser(clap::value_parser!(u64))
        .help("Name the rows that rest on fewer units than this: 3 unless said");
    command
        .args(method.options().iter().map(argument))
        .arg(smallest)
}

fn argument(option: &Opt) -> Arg {
    let help = match option.kind {
        Kind::Choice(words) => format!(
            "{}: {} (the first unless said)",
            option.help.en,
            words.join(", ")
        ),
        _ => option.help.en.to_string(),
    };
    let argument = Arg::new(option.name)
        .long(option.name)
        .required(option.is_required)
        .help_heading("Columns and options of the method")
        .help(help);
    // The indicators call them so: either word is understood by both.
    let argument = match option.name {
        "draws" => argument.alias("replicates"),
        _ => argument,
    };
    match option.kind {
        Kind::Flag => argument.action(ArgAction::SetTrue),
        kind => {
            let several = match kind.is_list() {
                true => argument.value_delimiter(','),
                false => argument,
            };
            several
                .value_name(value_name(kind))
                .allow_hyphen_values(matches!(kind, Kind::Real | Kind::Reals | Kind::Level))
        }
    }
}

fn value_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Number | Kind::NumberOrNone | Kind::Label => "COL",
        Kind::Numbers | Kind::LabelColumns | Kind::Covariates => "COL,…",
        Kind::Choice(_) | Kind::Words | Kind::Flag => "WORD",
        Kind::Real | Kind::Level => "NUMBER",
        Kind::Reals => "NUMBER,…",
        Kind::Whole => "N",
    }
}

/// Estimates effects on a file by a method of the catalog, with its errors, diagnostics and assumptions
pub(crate) struct Evaluate {
    asked: Asked,
}

impl Evaluate {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        self.asked.run()
    }
}

impl clap::FromArgMatches for Evaluate {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Evaluate, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let method = wdl_evaluation::method(name).map_err(|_| missing())?;
        Ok(Evaluate {
            asked: Asked::of(method, matches),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Evaluate::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Evaluate {
    fn augment_args(command: Command) -> Command {
        let methods = wdl_evaluation::methods();
        let commands = methods.map(|method| {
            let own = Command::new(method.name()).about(method.title().en.to_string());
            arguments(own, method)
        });
        command
            .about("Estimates effects on a file by a method of the catalog, with errors, diagnostics and assumptions")
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("METHOD")
            .subcommand_help_heading("Methods")
            .subcommands(commands)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Evaluate::augment_args(command)
    }
}

/// A method that is a command of its own.
macro_rules! own_command {
    ($name:ident, $method:literal) => {
        #[doc = concat!("`wdl ", $method, " FILE`: the method of that name.")]
        pub(crate) struct $name {
            asked: Asked,
        }

        impl $name {
            pub(crate) fn run(&self) -> Result<Answer, Stopped> {
                self.asked.run()
            }

            fn method() -> &'static dyn Method {
                wdl_evaluation::method($method).expect("the catalog has it")
            }
        }

        impl clap::FromArgMatches for $name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<$name, clap::Error> {
                Ok($name {
                    asked: Asked::of($name::method(), matches),
                })
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = $name::from_arg_matches(matches)?;
                Ok(())
            }
        }

        impl clap::Args for $name {
            fn augment_args(command: Command) -> Command {
                let method = $name::method();
                arguments(command, method).about(method.title().en.to_string())
            }

            fn augment_args_for_update(command: Command) -> Command {
                $name::augment_args(command)
            }
        }
    };
}

own_command!(Qca, "qca");
own_command!(Agreement, "agreement");
