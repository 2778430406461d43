//! `wdl release check | request | review | open | votes | finish | withdraw | status`: results leave the lab, and come back.

use std::fmt::Write as _;

use serde_json::json;
use wdl_lab::{
    Asked, Mending, Stopped, look_between, open_vote, open_votes, opinions, release, request_all,
    requests, results, review, unopened, withdraw,
};
use wdl_protocol::{ActorId, PurposeId};
use wdl_release::{Context, Opinion, Progress as Way, Vote};
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Exit, Lang, ReleaseId, Text};

use crate::answer::Answer;
use crate::commands::build::show;
use crate::manner::{Format, Manner};
use crate::progress::Progress;

/// So many findings are told in words; the JSON has them all.
const MOST_TOLD: usize = 20;

/// Asks for a release, reviews it, lets it out, takes it back
#[derive(clap::Args)]
pub(crate) struct Release {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// What the results would give away together with everything that was released, and the ways out
    Check,
    /// Asks for the release of every checked table of the base that stands
    Request {
        /// The question it answers, in a sentence or two: the reviewers read it
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// A purpose of the agreement; may be given several times (all of them when left out)
        #[arg(long, value_name = "ID")]
        purpose: Vec<String>,
        /// The request it takes the place of: its votes start again
        #[arg(long, value_name = "ID")]
        replaces: Option<String>,
        /// How to mend what would give somebody away together with earlier releases
        #[arg(long, value_enum)]
        repair: Option<RepairBy>,
    },
    /// Votes on a request; the vote is sealed with the office's key until all have voted
    Review {
        /// The request
        id: String,
        #[command(flatten)]
        vote: VoteOptions,
        /// Why not, when it is rejected; why nonetheless, when something could not be bounded
        #[arg(long, value_name = "TEXT", conflicts_with_all = ["approve_if", "send_back"])]
        why: Option<String>,
    },
    /// Opens the office's sealed votes, once all have voted; `review`, `votes` and `status` do it too
    Open {
        /// The request (all of them when left out)
        id: Option<String>,
    },
    /// What the reviewers said, once all have voted and opened their votes
    Votes {
        /// The request
        id: String,
    },
    /// Lets out a request that all reviewers agreed on
    Finish {
        /// The request
        id: String,
    },
    /// Takes a release back, and the site with it
    Withdraw {
        /// The release
        id: String,
        /// Why, in words for the public
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// How far each request is
    Status,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct VoteOptions {
    /// Agrees
    #[arg(long)]
    approve: bool,
    /// Agrees under a condition, which is published with it
    #[arg(long, value_name = "CONDITION")]
    approve_if: Option<String>,
    /// Returns it to the author, who changes it and asks again
    #[arg(long = "return", value_name = "WHAT")]
    send_back: Option<String>,
    /// Disagrees
    #[arg(long)]
    reject: bool,
}

impl VoteOptions {
    fn opinion(&self, why: Option<&str>) -> Opinion {
        let (vote, words) = match (&self.approve_if, &self.send_back) {
            (Some(words), _) => (Vote::ApproveIf, Some(words.as_str())),
            (None, Some(words)) => (Vote::Return, Some(words.as_str())),
            (None, None) if self.approve => (Vote::Approve, why),
            (None, None) => (Vote::Reject, why),
        };
        Opinion {
            vote,
            words: words.map(str::to_owned),
        }
    }
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum RepairBy {
    /// The numbers that are out already stand for what is attacked
    Keep,
    /// Cells are hidden
    Hide,
}

impl Release {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let mut desk = manner.desk()?;
        match &self.step {
            Step::Check => check(&desk, manner),
            Step::Request {
                why,
                purpose,
                replaces,
                repair,
            } => {
                let asked = Asked {
                    context: Some(context(&desk, why, purpose)?),
                    replaces: replaces.as_deref().map(parse).transpose()?,
                    mending: repair.map(|by| match by {
                        RepairBy::Keep => Mending::Keep,
                        RepairBy::Hide => Mending::Hide,
                    }),
                };
                ask(&mut desk, manner, &asked)
            }
            Step::Review { id, vote, why } => {
                let opinion = vote.opinion(why.as_deref());
                review(&mut desk, &parse(id)?, &opinion)?;
                let opened = open_votes(&mut desk)?;
                let said = Text::fixed(
                    "Voto sigillato e registrato: si apre con la stessa chiave quando tutti hanno votato.",
                    "Vote sealed and recorded: the same key opens it when all have voted.",
                );
                let words =
                    |lang: Lang| format!("{}\n{}", said.get(lang), told_open(&opened, lang));
                let text = Text::new(words(Lang::It), words(Lang::En));
                let value = json!({
                    "release": id,
                    "approved": opinion.vote.is_for(),
                    "opened": opened,
                });
                Ok(Answer::new(text, value))
            }
            Step::Open { id } => {
                let opened = match id {
                    Some(id) => {
                        let id = parse(id)?;
                        open_vote(&mut desk, &id)?;
                        vec![id]
                    }
                    None => open_votes(&mut desk)?,
                };
                let words = |lang: Lang| match opened.is_empty() {
                    true => Text::fixed("Nessun voto da aprire.", "No vote to be opened.")
                        .get(lang)
                        .to_owned(),
                    false => told_open(&opened, lang),
                };
                let text = Text::new(words(Lang::It), words(Lang::En));
                Ok(Answer::new(text, json!({ "opened": opened })))
            }
            Step::Votes { id } => {
                open_votes(&mut desk)?;
                votes(&desk, id)
            }
            Step::Finish { id } => {
                let tables = release(&mut desk, &parse(id)?)?;
                let text = Text::new(
                    format!("Rilasciate {tables} tabelle; `wdl publish` le pubblica."),
                    format!("{tables} tables released; `wdl publish` publishes them."),
                );
                Ok(Answer::new(
                    text,
                    json!({ "release": id, "tables": tables }),
                ))
            }
            Step::Withdraw { id, why } => {
                let published = withdraw(&mut desk, &parse(id)?, why)?;
                let text = Text::new(
                    format!(
                        "Rilascio {id} ritirato; il sito ora mostra {} tabelle.",
                        published.tables
                    ),
                    format!(
                        "Release {id} withdrawn; the site now shows {} tables.",
                        published.tables
                    ),
                );
                Ok(Answer::new(
                    text,
                    json!({ "release": id, "site": published }),
                ))
            }
            Step::Status => status(&mut desk),
        }
    }
}

/// Every request with where it stands, and whose votes are still sealed.
fn status(desk: &mut wdl_lab::Desk) -> Result<Answer, Stopped> {
    let opened = open_votes(desk)?;
    let mut all = Vec::new();
    for (id, way) in requests(desk)? {
        let sealed = unopened(desk, &id)?;
        all.push((id, way, sealed));
    }
    let told = |lang: Lang| format!("{}{}", told_open(&opened, lang), words(&all, lang));
    let text = Text::new(told(Lang::It), told(Lang::En));
    let value: Vec<_> = all
        .iter()
        .map(|(id, way, sealed)| {
            let mut one = json!({ "release": id, "state": state(*way, Lang::En) });
            if !sealed.is_empty() {
                one["sealed"] = json!(sealed);
            }
            one
        })
        .collect();
    let mut value = json!({ "requests": value });
    if !opened.is_empty() {
        value["opened"] = json!(opened);
    }
    Ok(Answer::new(text, value))
}

/// The requests on which the office's vote was opened, a line each.
fn told_open(opened: &[ReleaseId], lang: Lang) -> String {
    let line = |id: &ReleaseId| match lang {
        Lang::It => format!("Voto su {id} aperto.\n"),
        Lang::En => format!("Vote on {id} opened.\n"),
    };
    opened.iter().map(line).collect()
}

/// The context of a request: the question, and the purposes it serves.
fn context(desk: &wdl_lab::Desk, why: &str, purposes: &[String]) -> Result<Context, Stopped> {
    let named = purposes.iter().map(|id| {
        PurposeId::parse(id).map_err(|fault| bad_option("--purpose", id, &fault.to_string()))
    });
    let named: Vec<PurposeId> = named.collect::<Result<_, _>>()?;
    let all = desk.lab.agreement.purposes.iter();
    Ok(Context {
        purposes: match named.is_empty() {
            true => all.map(|purpose| purpose.id.clone()).collect(),
            false => named,
        },
        why: why.to_owned(),
    })
}

fn ask(desk: &mut wdl_lab::Desk, manner: &Manner, asked: &Asked) -> Result<Answer, Stopped> {
    let progress = Progress::new(manner.format == Format::Json);
    let made = request_all(desk, asked, &mut |at| show(&progress, &at))?;
    let (id, tables) = (&made.release, made.tables);
    let mended = made.repair.as_ref().map(|repair| repair.text());
    let line = |lang: Lang| {
        let mut line = match &mended {
            Some(text) => format!("\n{}", text.get(lang)),
            None => String::new(),
        };
        tell_unproved(&mut line, &made.unproved, lang);
        line
    };
    let text = Text::new(
        format!(
            "Richiesta {id}: {tables} tabelle aspettano le revisioni.{}",
            line(Lang::It)
        ),
        format!(
            "Request {id}: {tables} tables wait for their reviews.{}",
            line(Lang::En)
        ),
    );
    let mut value = json!({ "release": id, "tables": tables });
    if let Some(text) = &mended {
        value["repair"] = json!(text);
    }
    if !made.unproved.is_empty() {
        value["unproved"] = json!(made.unproved);
    }
    Ok(Answer::new(text, value).exit(Exit::Waiting))
}

/// What could not be bounded, in words.
fn tell_unproved(told: &mut String, unproved: &[Text], lang: Lang) {
    if unproved.is_empty() {
        return;
    }
    let head = Text::fixed(
        "Non dimostrato (chi approva dice perché può uscire lo stesso):",
        "Not proved (whoever approves says why it may leave nonetheless):",
    );
    let _ = write!(told, "\n{}", head.get(lang));
    for one in unproved.iter().take(MOST_TOLD) {
        let _ = write!(told, "\n- {}", one.get(lang));
    }
    if unproved.len() > MOST_TOLD {
        let _ = write!(told, "\n- … +{}", unproved.len() - MOST_TOLD);
    }
}

fn check(desk: &wdl_lab::Desk, manner: &Manner) -> Result<Answer, Stopped> {
    let progress = Progress::new(manner.format == Format::Json);
    let results = results(desk, &mut |at| show(&progress, &at))?;
    let (outcome, repairs) = look_between(desk, &results)?;
    let findings: Vec<Text> = outcome.findings.iter().map(|one| one.text()).collect();
    let repairs: Vec<Text> = repairs.iter().map(|one| one.text()).collect();
    let unproved: Vec<Text> = outcome.unproved.iter().map(|one| one.text()).collect();
    let told = |lang: Lang| {
        let mut told = match (findings.len(), lang) {
            (0, Lang::It) if !unproved.is_empty() => format!(
                "Nessun caso trovato in {} dati, insieme a {} rilasci; non tutto è dimostrato.",
                outcome.statements, outcome.earlier
            ),
            (0, Lang::En) if !unproved.is_empty() => format!(
                "Nothing found in {} figures, together with {} releases; not all of it is proved.",
                outcome.statements, outcome.earlier
            ),
            (0, Lang::It) => format!(
                "Nulla da dire: {} dati, insieme a {} rilasci, non rivelano nessuno.\n",
                outcome.statements, outcome.earlier
            ),
            (0, Lang::En) => format!(
                "Nothing found: {} figures, together with {} releases, give nobody away.\n",
                outcome.statements, outcome.earlier
            ),
            (n, Lang::It) => format!("{n} casi:\n"),
            (n, Lang::En) => format!("{n} findings:\n"),
        };
        for one in findings.iter().take(MOST_TOLD) {
            let _ = writeln!(told, "- {}", one.get(lang));
        }
        if findings.len() > MOST_TOLD {
            let _ = writeln!(told, "- … +{}", findings.len() - MOST_TOLD);
        }
        if !repairs.is_empty() {
            let head = Text::fixed("Rimedi:", "Ways out:");
            let _ = writeln!(told, "{}", head.get(lang));
        }
        for one in &repairs {
            let _ = writeln!(told, "- {}", one.get(lang));
        }
        tell_unproved(&mut told, &unproved, lang);
        told
    };
    let value = json!({
        "earlier": outcome.earlier,
        "figures": outcome.statements,
        "findings": findings,
        "repairs": repairs,
        "unproved": unproved,
    });
    let text = Text::new(told(Lang::It), told(Lang::En));
    let answer = Answer::new(text, value);
    Ok(match findings.is_empty() {
        true => answer,
        false => answer.exit(Exit::ChecksFailed),
    })
}

fn votes(desk: &wdl_lab::Desk, id: &str) -> Result<Answer, Stopped> {
    let reviews = opinions(desk, &parse(id)?)?;
    let word = |vote: Vote| match vote {
        Vote::Approve => Text::fixed("approva", "approves"),
        Vote::ApproveIf => Text::fixed("approva a una condizione", "approves under a condition"),
        Vote::Return => Text::fixed("rinvia", "returns it"),
        Vote::Reject => Text::fixed("respinge", "refuses"),
    };
    let told = |lang: Lang| {
        let mut told = String::new();
        for one in &reviews {
            let said = one.words().map(|words| format!(": {words}"));
            let _ = writeln!(
                told,
                "{}  {}{}",
                one.by(),
                word(one.vote()).get(lang),
                said.unwrap_or_default()
            );
        }
        told
    };
    let value: Vec<_> = reviews
        .iter()
        .map(|one| json!({ "by": one.by().as_str(), "vote": one.vote(), "words": one.words() }))
        .collect();
    Ok(Answer::new(
        Text::new(told(Lang::It), told(Lang::En)),
        json!({ "release": id, "votes": value }),
    ))
}

fn bad_option(option: &str, value: &str, expected: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::BAD_OPTION)
            .with("option", option)
            .with("value", value.chars().take(40).collect::<String>())
            .with("expected", expected),
    )
}

fn parse(id: &str) -> Result<ReleaseId, Stopped> {
    ReleaseId::parse(id).map_err(|fault| bad_option("ID", id, &fault.to_string()))
}

fn words(all: &[(ReleaseId, Way, Vec<ActorId>)], lang: Lang) -> String {
    if all.is_empty() {
        let none = Text::fixed("Nessuna richiesta.", "No request.");
        return none.get(lang).to_owned();
    }
    let mut shown = String::new();
    for (id, way, sealed) in all {
        let names: Vec<&str> = sealed.iter().map(|one| one.as_str()).collect();
        let whose = match names.is_empty() {
            true => String::new(),
            false => format!(" ({})", names.join(", ")),
        };
        let _ = writeln!(shown, "{id}  {}{whose}", state(*way, lang));
    }
    shown
}

fn state(way: Way, lang: Lang) -> String {
    let text = match way {
        Way::Waiting { votes, needed } => Text::new(
            format!("in attesa: {votes} revisioni su {needed}"),
            format!("waiting: {votes} reviews of {needed}"),
        ),
        Way::Sealed { opened, needed } => Text::new(
            format!("votata: {opened} voti aperti su {needed}"),
            format!("voted: {opened} votes opened of {needed}"),
        ),
        Way::Approved => Text::fixed("approvata, da rilasciare", "approved, to be released"),
        Way::Conditional => Text::fixed(
            "approvata con condizioni, da rilasciare",
            "approved with conditions, to be released",
        ),
        Way::Rejected | Way::Returned | Way::Released | Way::Withdrawn | Way::Replaced => {
            way.state().label()
        }
    };
    text.get(lang).to_owned()
}
