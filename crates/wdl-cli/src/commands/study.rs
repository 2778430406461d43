//! `wdl study list | check | plan | register | run | report`: evaluation studies, stated before their outcome is read.

use std::fmt::Write as _;

use serde_json::json;
use wdl_lab::{
    Before, Home, Stopped, look_registration, plan_study, register_study, run_study, studies,
    study_report, study_tables,
};
use wdl_protocol::Lab;
use wdl_publication::study::{Study as Shown, page, sheet, text};
use wdl_study::{Planned, Protected, Studies};
use wdl_vocab::diagnostics::message;
use wdl_vocab::{Diagnostic, Exit, Lang, Text};

use crate::answer::Answer;
use crate::manner::Manner;

/// Evaluation studies: stated, registered, run, reported
#[derive(clap::Args)]
pub(crate) struct Study {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Every study of the lab, and how far each has come
    List,
    /// Checks the files of all studies
    Check,
    /// Who would be compared, the least effect the design could see, tests of the design: without the outcome
    Plan {
        /// The study
        id: String,
    },
    /// Registers a study: its digest enters the record before its outcome is read
    Register {
        /// The study
        id: String,
        /// Says what would be registered, and registers nothing
        #[arg(long)]
        plan: bool,
    },
    /// Runs a registered study: its outcome is read, its tables wait for release
    Run {
        /// The study
        id: String,
        /// Says what would be read, and reads nothing
        #[arg(long)]
        plan: bool,
        /// Runs it although it is not registered; every page of it will say so
        #[arg(long)]
        before_registration: bool,
    },
    /// The report of the last run, as it passed disclosure control
    Report {
        /// The study
        id: String,
        /// Writes the one-page sheet for officials to a PDF
        #[arg(long, value_name = "FILE")]
        sheet: Option<std::path::PathBuf>,
    },
}

impl Study {
    /// Whether it can answer with a page that stands alone.
    pub(crate) fn has_page(&self) -> bool {
        matches!(
            self.step,
            Step::Report { .. } | Step::Run { plan: false, .. }
        )
    }

    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match &self.step {
            Step::List => list(manner),
            Step::Check => check(manner),
            Step::Plan { id } => Ok(planned(&plan_study(&mut manner.desk()?, id)?)),
            Step::Register { id, plan: true } => would_register(manner, id),
            Step::Register { id, plan: false } => register(manner, id),
            Step::Run { id, plan: true, .. } => would_run(manner, id),
            Step::Run {
                id,
                before_registration,
                ..
            } => {
                let before = match before_registration {
                    true => Before::Allow,
                    false => Before::Refuse,
                };
                Ok(report(&run_study(&mut manner.desk()?, id, before)?))
            }
            Step::Report { id, sheet } => {
                let own = study_report(&mut manner.desk()?, id)?;
                match sheet {
                    Some(file) => write_sheet(manner, &own, file),
                    None => Ok(report(&own)),
                }
            }
        }
    }
}

fn list(manner: &Manner) -> Result<Answer, Stopped> {
    let home = Home::open(&manner.dir)?;
    let all = studies(&home)?;
    let told = |lang: Lang| {
        let mut out = String::new();
        if all.is_empty() {
            let none = Text::fixed("nessuno studio", "no study");
            let _ = writeln!(out, "{}", none.get(lang));
        }
        for own in &all {
            let day = |time: &Option<String>| {
                time.as_ref()
                    .map_or_else(|| "–".to_owned(), |time| time.chars().take(10).collect())
            };
            let words = match lang {
                Lang::It => format!(
                    "{} ({}): {}; registrato {}, eseguito {}",
                    own.id,
                    own.method,
                    own.title.it,
                    day(&own.registered),
                    day(&own.run)
                ),
                Lang::En => format!(
                    "{} ({}): {}; registered {}, run {}",
                    own.id,
                    own.method,
                    own.title.en,
                    day(&own.registered),
                    day(&own.run)
                ),
            };
            let _ = writeln!(out, "{words}");
            if own.read_before {
                let mark = Text::fixed(
                    "  esito letto prima della registrazione",
                    "  outcome read before registration",
                );
                let _ = writeln!(out, "{}", mark.get(lang));
            }
            if own.deviations > 0 {
                let words = match lang {
                    Lang::It => format!("  cambiato dopo la registrazione: {}", own.deviations),
                    Lang::En => format!("  changed since registration: {}", own.deviations),
                };
                let _ = writeln!(out, "{words}");
            }
        }
        out
    };
    let text = Text::new(told(Lang::It), told(Lang::En));
    Ok(Answer::new(text, json!({ "studies": all })))
}

fn check(manner: &Manner) -> Result<Answer, Stopped> {
    let home = Home::open(&manner.dir)?;
    let (checked, found): (usize, Vec<Diagnostic>) = match Studies::read(&home.lab()) {
        Ok(studies) => (studies.list().len(), Vec::new()),
        Err(error) => (0, error.diagnostics()),
    };
    let told = |lang: Lang| {
        let mut out = String::new();
        for one in &found {
            let _ = writeln!(out, "{}", one.render(lang));
        }
        let words = match (lang, found.is_empty()) {
            (Lang::It, true) => format!("studi controllati: {checked}, nessun errore"),
            (Lang::En, true) => format!("studies checked: {checked}, no fault"),
            (Lang::It, false) => format!("errori: {}", found.len()),
            (Lang::En, false) => format!("faults: {}", found.len()),
        };
        let _ = writeln!(out, "{words}");
        out
    };
    let faults: Vec<serde_json::Value> = found
        .iter()
        .map(|one| {
            let place = one.place.as_ref();
            json!({
                "code": one.code.id,
                "file": place.map(|place| &place.file).or(one.args.get("file")),
                "line": place.map(|place| place.line),
                "column": place.map(|place| place.column),
                "message": message(one, manner.lang()),
                "suggestion": one.suggestion,
            })
        })
        .collect();
    let exit = match found.is_empty() {
        true => Exit::Done,
        false => Exit::ChecksFailed,
    };
    let text = Text::new(told(Lang::It), told(Lang::En));
    Ok(Answer::new(text, json!({ "checked": checked, "faults": faults })).exit(exit))
}

fn planned(own: &Planned) -> Answer {
    let told = |lang: Lang| {
        let count =
            |own: Option<u64>| own.map_or_else(|| "–".to_owned(), |own| lang.number(own as f64, 0));
        let [treated, others] = own.arms.map(count);
        let mut lines = vec![match lang {
            Lang::It => format!("con la misura: {treated}; senza: {others}"),
            Lang::En => format!("with the measure: {treated}; without: {others}"),
        }];
        if let Some(least) = own.least_effect {
            let least = wdl_evaluation::numbers::significant(least, 3, lang);
            let percent = lang.number(100.0 * own.power.unwrap_or(0.8), 0);
            let basis = own.basis.as_ref().map_or("", |own| own.get(lang));
            lines.push(match lang {
                Lang::It => format!(
                    "effetto minimo che si vedrebbe {percent} volte su cento: {least} ({basis})"
                ),
                Lang::En => format!(
                    "least effect that would be seen {percent} times in a hundred: {least} ({basis})"
                ),
            });
        }
        if own.least_effect.is_none() && own.basis.is_some() {
            let none = Text::fixed(
                "l’effetto minimo che si vedrebbe non si può dire con queste unità",
                "the least effect that would be seen cannot be told with these units",
            );
            lines.push(none.get(lang).to_owned());
        }
        if let Some(half) = own.half_width {
            let half = wdl_evaluation::numbers::significant(half, 3, lang);
            lines.push(match lang {
                Lang::It => format!("intervallo promesso: più o meno {half}"),
                Lang::En => format!("interval promised: plus or minus {half}"),
            });
        }
        if let Some(found) = own.false_alarms {
            let percent = lang.number(100.0 * found, 0);
            lines.push(match lang {
                Lang::It => format!("senza effetto se ne troverebbe uno {percent} volte su cento"),
                Lang::En => {
                    format!("without an effect one would be found {percent} times in a hundred")
                }
            });
        }
        for check in &own.checks {
            let p = check
                .p_value
                .map_or_else(|| "–".to_owned(), |p| lang.number(p, 3));
            lines.push(format!("{}: p = {p}", check.label.get(lang)));
        }
        let end = Text::fixed("l’esito non è stato letto", "the outcome was not read");
        lines.push(end.get(lang).to_owned());
        lines.join("\n")
    };
    Answer::new(Text::new(told(Lang::It), told(Lang::En)), own)
}

fn would_register(manner: &Manner, id: &str) -> Result<Answer, Stopped> {
    let home = Home::open(&manner.dir)?;
    let own = look_registration(&home, id)?;
    let methods = own.methods.join(", ");
    let text = Text::new(
        format!(
            "si registrerebbe `{}`: impronta {}, metodi {methods}",
            own.study, own.digest
        ),
        format!(
            "`{}` would be registered: digest {}, methods {methods}",
            own.study, own.digest
        ),
    );
    Ok(Answer::new(text, own))
}

fn register(manner: &Manner, id: &str) -> Result<Answer, Stopped> {
    let own = register_study(&mut manner.desk()?, id)?;
    let text = Text::new(
        format!("registrato `{}`: impronta {}", own.study, own.digest),
        format!("`{}` is registered: digest {}", own.study, own.digest),
    );
    Ok(Answer::new(text, own))
}

fn would_run(manner: &Manner, id: &str) -> Result<Answer, Stopped> {
    let home = Home::open(&manner.dir)?;
    let all = Studies::read(&home.lab())?;
    let study = all.get(id)?;
    let tables: Vec<String> = study
        .frame()
        .tables()
        .iter()
        .chain(study.outcomes().tables())
        .map(ToString::to_string)
        .collect();
    let runs: Vec<String> = study.runs().into_iter().map(|own| own.id).collect();
    let periods: Vec<String> = study.periods().iter().map(ToString::to_string).collect();
    let value = json!({ "study": study.id(), "tables": tables, "periods": periods, "runs": runs });
    let (tables, runs) = (tables.join(", "), runs.join(", "));
    let text = Text::new(
        format!("si leggerebbe l’esito da {tables}; stime: {runs}"),
        format!("the outcome would be read from {tables}; estimates: {runs}"),
    );
    Ok(Answer::new(text, value))
}

fn report(own: &Protected) -> Answer {
    let tables = study_tables(own);
    let value = json!({ "tables": tables });
    let Some(shown) = Shown::of(tables.iter().copied()) else {
        let none = Text::fixed("nessuna tabella", "no table");
        return Answer::new(none, value);
    };
    let words = Text::new(text(&shown, Lang::It), text(&shown, Lang::En));
    let pages = Text::new(page(&shown, Lang::It), page(&shown, Lang::En));
    Answer::new(words, value).page(move |lang| pages.get(lang).to_owned())
}

fn write_sheet(
    manner: &Manner,
    own: &Protected,
    file: &std::path::Path,
) -> Result<Answer, Stopped> {
    let home = Home::open(&manner.dir)?;
    let lab = Lab::read(&home.lab())?;
    let tables = study_tables(own);
    if let Some(shown) = Shown::of(tables.iter().copied()) {
        let lang = manner.lang();
        let bytes =
            sheet(&shown, lab.name.get(lang), lang).map_err(|fault| Stopped::file(file, &fault))?;
        wdl_lab::write(file, &bytes)?;
    }
    let name = file.display();
    let text = Text::new(
        format!("scritta la scheda: {name}"),
        format!("sheet written: {name}"),
    );
    Ok(Answer::new(text, json!({ "file": file })))
}
