//! The steward's desk as the local page asks for it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use wdl_check::{Checked, History as _};
use wdl_contract::Contract;
use wdl_crypto::VerifyingKey;
use wdl_delivery::{DeliveryKind, Scope as Replaced, Standing, standing};
use wdl_intake::{Answers, Reading};
use wdl_vocab::{DatasetId, DeliveryId, Diagnostic, Lang, Period, Text};

use super::examine::{Asked, Examined, Examining, ReadAs, examine_one};
use super::receipts::{self, Sent};
use super::steward::{Making, Sender, Steward};
use crate::error::HolderError;
use crate::report::{self, Comparison, Rows, Shareable};
use crate::seal::{Manner, Progress};
use crate::ui::view;

/// The desk behind the page.
pub struct Page {
    steward: Steward,
    sender: Sender,
    about: view::About,
    now: fn() -> Timestamp,
}

fn unnamed() -> Text {
    Text::new("", "")
}

/// Nobody watches a bar behind the page.
struct Silent;

impl Progress for Silent {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}

impl Page {
    /// The desk of a steward who sends to a lab; `lab` is the key the lab signs receipts with.
    ///
    /// # Errors
    /// [`HolderError`] when another key of the lab was given before.
    pub fn new(
        steward: Steward,
        sender: Sender,
        lab: Option<&VerifyingKey>,
        now: fn() -> Timestamp,
    ) -> Result<Page, HolderError> {
        receipts::lab_key(&steward.body, lab)?;
        let known = steward.ground.lab().expect("a steward's ground is a lab's");
        let body = known.body(steward.ground.body());
        let about = view::About {
            lab: known.name.clone(),
            body: body.map_or_else(unnamed, |body| body.name.clone()),
            is_synthetic: known.synthetic,
            incoming: steward.body.folder().join("incoming"),
            outbox: sender.out.clone(),
            custodians: known
                .custodians
                .iter()
                .map(|custodian| custodian.name.clone())
                .collect(),
        };
        Ok(Page {
            steward,
            sender,
            about,
            now,
        })
    }

    fn today(&self) -> Date {
        (self.now)().to_zoned(TimeZone::UTC).date()
    }

    /// The contract of a task; the page names none that it was not given.
    fn contract_of(&self, task: &view::Task) -> Result<&Contract, HolderError> {
        let ground = &self.steward.ground;
        ground
            .dataset(&task.dataset)
            .ok_or_else(|| HolderError::UnknownDataset {
                file: task.name.clone(),
                body: ground.body().clone(),
                dataset: task.dataset.to_string(),
                known: ground
                    .contracts()
                    .iter()
                    .map(|contract| contract.dataset.to_string())
                    .collect(),
            })
    }

    fn examined(&self, task: &view::Task, said: &view::Said) -> Result<Examined<'_>, HolderError> {
        let contract = self.contract_of(task)?;
        let mut answers = Answers::default();
        for (key, value) in &said.answers {
            answers.set(key, value);
        }
        let history = self.steward.history(task.period);
        let asked = Asked {
            ground: &self.steward.ground,
            period: task.period,
            memory: Some(&self.steward.memory),
            history: &history,
            mapping: &said.mapping,
            answers: &answers,
            justified: &said.justified,
        };
        examine_one((&task.path, &task.name), contract, asked)
    }

    /// Keeps what was said for the next file of the dataset, and for the corrected one.
    fn keep(&self, task: &view::Task, said: &view::Said) -> Result<(), HolderError> {
        let memory = &self.steward.memory;
        if !said.answers.is_empty() {
            let mut answers = Answers::default();
            for (key, value) in &said.answers {
                answers.set(key, value);
            }
            memory.keep_answers(&task.dataset, &answers)?;
        }
        match said.justified.as_slice() {
            [] => Ok(()),
            justified => memory.keep_justified(&task.dataset, task.period, justified),
        }
    }

    /// What a file does to what the lab holds.
    ///
    /// What the lab has not answered may never have reached it: a new delivery takes its place here.
    /// Only what was rejected, there or here, can be completed.
    fn kind(&self, task: &view::Task) -> Result<DeliveryKind, HolderError> {
        let sent = self.steward.sent()?;
        let held = held(&sent, &task.dataset, task.period);
        let lacks = |one: &Standing<'_, Sent>| {
            let answer = one.delivery.answer.as_ref();
            one.delivery.rows_rejected > 0 || answer.is_some_and(|answer| answer.rejected > 0)
        };
        let completes = task.scope == view::Scope::Rejected && held.iter().any(lacks);
        let (of, scope) = match completes {
            true => (held.last().map(|one| one.delivery), Replaced::Rejected),
            false => (in_force(&sent, &task.dataset, task.period), Replaced::Whole),
        };
        Ok(match of {
            None => DeliveryKind::ORDINARY,
            Some(of) => DeliveryKind::Substitutive {
                of: of.delivery.clone(),
                scope,
            },
        })
    }

    /// What a new file of a dataset and period would replace, and with it all that completes it.
    fn in_force(&self, dataset: &DatasetId, period: Period) -> Result<Option<Sent>, HolderError> {
        let sent = self.steward.sent()?;
        Ok(in_force(&sent, dataset, period).cloned())
    }

    fn seen(
        &self,
        task: &view::Task,
        contract: &Contract,
        checked: &Checked,
    ) -> Result<view::Seen, HolderError> {
        let history = self.steward.history(task.period);
        let pasts = [
            history.previous(&task.dataset),
            history.same_quarter_last_year(&task.dataset),
        ];
        let comparisons: Vec<Comparison> = pasts
            .iter()
            .flatten()
            .map(|past| Comparison::of(contract, &checked.summary, past))
            .collect();
        let about = report::About {
            contract,
            period: task.period,
            synthetic: self.about.is_synthetic,
            comparisons: &comparisons,
        };
        Ok(view::Seen {
            shareable: Shareable::of(about, checked),
            findings: checked.findings.clone(),
            seal: match (checked.is_sealable(), checked.accepted) {
                (true, _) => view::CanSeal::All,
                (false, 0) => view::CanSeal::No,
                (false, _) => view::CanSeal::AcceptedOnly,
            },
            replaces: self
                .in_force(&task.dataset, task.period)?
                .map(|sent| sent.delivery),
            comparisons,
        })
    }

    fn due(&self, contract: &Contract, period: Period, sent: &[Sent]) -> view::Due {
        let late = contract.late.as_ref();
        let last = sealed(sent, &contract.dataset, period).next_back();
        let before = sent.iter().rfind(|one| one.dataset == contract.dataset);
        view::Due {
            dataset: contract.dataset.clone(),
            title: contract.title.clone(),
            period,
            by: late.map(|rule| period.last_day() + i64::from(rule.due_days).days()),
            state: match last.map(|sent| &sent.answer) {
                None => view::State::ToSend,
                Some(None) => view::State::Sealed,
                Some(Some(answer)) if answer.rejected > 0 => view::State::Rejects(answer.rejected),
                Some(Some(_)) => view::State::Received,
            },
            version: contract.version.clone(),
            changed: match before {
                None => view::Changed::First,
                Some(sent) if sent.contract_version == contract.version => view::Changed::Nothing,
                Some(sent) => view::Changed::Version(sent.contract_version.clone()),
            },
        }
    }
}

/// What was sealed of a dataset and period and not taken back, in the order of sealing.
fn sealed<'a>(
    sent: &'a [Sent],
    dataset: &'a DatasetId,
    period: Period,
) -> impl DoubleEndedIterator<Item = &'a Sent> {
    let cancelled = |delivery: &DeliveryId| {
        sent.iter().any(|one| match &one.kind {
            DeliveryKind::Cancelling { of } => of == delivery,
            _ => false,
        })
    };
    sent.iter()
        .filter(move |one| one.dataset == *dataset && one.period == period)
        .filter(|one| !matches!(one.kind, DeliveryKind::Cancelling { .. }))
        .filter(move |one| !cancelled(&one.delivery))
}

/// What the lab holds of a dataset and period, as far as its answers were taken in here.
fn held<'a>(sent: &'a [Sent], dataset: &DatasetId, period: Period) -> Vec<Standing<'a, Sent>> {
    standing(
        sent.iter()
            .filter(|one| one.dataset == *dataset && one.period == period && one.answer.is_some()),
    )
}

/// The delivery that a whole file would replace, with all that completes it.
fn in_force<'a>(sent: &'a [Sent], dataset: &DatasetId, period: Period) -> Option<&'a Sent> {
    let held = held(sent, dataset, period);
    held.iter()
        .find(|one| one.completes.is_none())
        .map(|one| one.delivery)
}

/// The quarter that ended last.
fn last_quarter(today: Date) -> Period {
    Period::quarter(today.year(), (today.month() + 2) / 3).previous()
}

impl view::Office for Page {
    fn about(&self) -> &view::About {
        &self.about
    }

    fn contract(&self, dataset: &DatasetId) -> Option<&Contract> {
        self.steward.ground.dataset(dataset)
    }

    fn deliveries(&self) -> Result<Vec<view::Due>, HolderError> {
        let sent = self.steward.sent()?;
        let now = last_quarter(self.today());
        let mut due: Vec<view::Due> = self
            .steward
            .ground
            .contracts()
            .iter()
            .map(|contract| self.due(contract, now, &sent))
            .collect();
        let is_done = |due: &view::Due| !matches!(due.state, view::State::ToSend);
        due.sort_by_key(|due| (is_done(due), due.by));
        Ok(due)
    }

    fn look(&self, task: &view::Task, said: &view::Said) -> Result<view::Outcome, HolderError> {
        let examined = self.examined(task, said)?;
        let contract = examined.contract;
        Ok(match &examined.outcome {
            Examining::Checked(checked) if examined.is_settled(said.mapping.keys()) => {
                self.keep(task, said)?;
                let seen = self.seen(task, contract, checked.found())?;
                view::Outcome::Checked(Box::new(seen))
            }
            _ => view::Outcome::Asks(asks(&examined)),
        })
    }

    fn rows(
        &self,
        task: &view::Task,
        said: &view::Said,
        seen: &view::Seen,
    ) -> Result<Rows, HolderError> {
        let contract = self.contract_of(task)?;
        let mut read_as = ReadAs::remembered(&self.steward.memory, contract, task.period)?;
        read_as.add(&said.mapping, said.answers.iter());
        let mut reading = Reading::open(&task.path, read_as.hints(contract))
            .map_err(wdl_check::CheckError::from)?;
        let rows = Rows::read(&mut reading, &seen.findings);
        Ok(rows.map_err(wdl_check::CheckError::from)?)
    }

    fn remember(
        &self,
        dataset: &DatasetId,
        mapping: &BTreeMap<String, String>,
    ) -> Result<(), HolderError> {
        self.steward.memory.keep_mapping(dataset, mapping)
    }

    fn seal(
        &self,
        task: &view::Task,
        said: &view::Said,
        order: &view::Order,
    ) -> Result<DeliveryId, HolderError> {
        let examined = self.examined(task, said)?;
        let kind = self.kind(task)?;
        let manner = Manner {
            kind,
            reason: order.reason.clone(),
        };
        let created = (self.now)().to_string();
        let sealed = self.steward.seal(
            vec![examined],
            &Making {
                sender: &self.sender,
                period: task.period,
                only_accepted: order.only_accepted,
                manners: BTreeMap::from([(task.dataset.clone(), manner)]),
                created: &created,
                progress: &Silent,
            },
        )?;
        let [one] = sealed.as_slice() else {
            unreachable!("one file makes one delivery")
        };
        Ok(one.delivery.clone())
    }

    fn receipts(&self) -> Result<Vec<view::Kept>, HolderError> {
        let mut sent = self.steward.sent()?;
        sent.reverse();
        Ok(sent.into_iter().map(|one| self.kept(one)).collect())
    }

    fn hear(&self, answer: &[u8]) -> Result<DeliveryId, HolderError> {
        let name = Path::new("receipt.json");
        let sent = receipts::take_in(&self.steward.body, (name, answer), None)?;
        Ok(sent.delivery)
    }
}

impl Page {
    fn kept(&self, sent: Sent) -> view::Kept {
        let contract = self.steward.ground.dataset(&sent.dataset);
        view::Kept {
            title: contract.map_or_else(unnamed, |contract| contract.title.clone()),
            replaces: sent.kind.of().cloned(),
            digest: sent.digest.to_string(),
            delivery: sent.delivery,
            dataset: sent.dataset,
            period: sent.period,
            created: sent.created,
            rows: sent.rows,
            stayed: sent.rows_rejected,
            file: sent.file,
            answer: sent.answer.map(|answer| view::LabAnswer {
                received: answer.received,
                accepted: answer.accepted,
                rejects: answer.rows.iter().flat_map(rejects).collect(),
            }),
        }
    }
}

/// A rejected row, once for each reason.
fn rejects(row: &receipts::Rejected) -> impl Iterator<Item = view::Reject> + '_ {
    row.reasons.iter().map(|reason| view::Reject {
        row: u64::from(row.row),
        line: row.line,
        code: reason.code.clone(),
    })
}

/// What must be known before a file can be checked.
fn asks(examined: &Examined<'_>) -> view::Asks {
    let questions = match &examined.outcome {
        Examining::Asks { questions, .. } => questions.as_slice(),
        Examining::Checked(_) => &[],
    };
    let in_both = |diagnostic: &Diagnostic| {
        let told = |lang| wdl_vocab::diagnostics::message(diagnostic, lang);
        Text::new(told(Lang::It), told(Lang::En))
    };
    view::Asks {
        questions: questions
            .iter()
            .map(|question| view::Question {
                id: question.key.clone(),
                text: in_both(&question.diagnostic),
                choices: question
                    .choices
                    .iter()
                    .map(|choice| (choice.value.clone(), choice.label.clone()))
                    .collect(),
            })
            .collect(),
        columns: examined.proposals(),
        free: examined.free(),
    }
}
