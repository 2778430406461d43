//! Changes of the whole contract: whom it is about, what the law asks, how the export is made, the rules.

use super::{Change, Raise, What, change};
use crate::contract::{Contract, Layout};
use crate::rule::{Rule, SqlRule};
use wdl_vocab::{Lang, Severity};

/// What changed in the terms of a contract.
pub(super) fn changes(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut changes = Vec::new();
    for term in terms(old, new) {
        if term.old != term.new {
            changes.push(term.change());
        }
    }
    if old.notice != new.notice {
        changes.push(change(
            What::Law,
            "wdl.notice",
            Raise::Minor,
            "l'informativa è cambiata".to_owned(),
            "the notice given to people changed".to_owned(),
        ));
    }
    if old.title != new.title {
        changes.push(change(
            What::Wording,
            "wdl.title",
            Raise::Patch,
            format!("il titolo è ora «{}»", new.title.get(Lang::It)),
            format!("the title is now “{}”", new.title.get(Lang::En)),
        ));
    }
    if (old.late, old.drift) != (new.late, new.drift) {
        changes.push(change(
            What::Timing,
            "wdl.late_rule, wdl.drift",
            Raise::Minor,
            "sono cambiate le scadenze o gli scostamenti tollerati".to_owned(),
            "due dates or tolerated differences changed".to_owned(),
        ));
    }
    changes
}

/// A term that is one value.
struct Term {
    what: What,
    key: &'static str,
    asks: Raise,
    old: String,
    new: String,
}

impl Term {
    fn change(&self) -> Change {
        let Term { key, old, new, .. } = self;
        change(
            self.what,
            key,
            self.asks,
            format!("`{key}` era «{old}», ora è «{new}»"),
            format!("`{key}` was “{old}” and is “{new}”"),
        )
    }
}

fn terms(old: &Contract, new: &Contract) -> Vec<Term> {
    let term = |what, key, asks, of: &dyn Fn(&Contract) -> String| Term {
        what,
        key,
        asks,
        old: of(old),
        new: of(new),
    };
    let (law, form) = (What::Law, What::Form);
    let major = Raise::Major;
    vec![
        term(What::Subject, "id", major, &|of| of.id.clone()),
        term(What::Subject, "wdl.body", major, &|of| of.body.to_string()),
        term(What::Subject, "wdl.dataset", major, &|of| {
            of.dataset.to_string()
        }),
        term(law, "wdl.purpose", major, &|of| of.purpose.clone()),
        term(law, "wdl.legal_basis", major, &|of| of.legal_basis.clone()),
        term(law, "wdl.retention", major, &|of| of.retention.clone()),
        term(law, "wdl.controller", major, &|of| {
            of.roles.controller.clone()
        }),
        term(law, "wdl.joint_controllers", major, &|of| {
            of.roles.joint_controllers.join(", ")
        }),
        term(law, "wdl.processors", major, &|of| {
            of.roles.processors.join(", ")
        }),
        term(form, "wdl.shape", major, &|of| {
            format!("{:?}", of.shape).to_lowercase()
        }),
        // A reader takes every encoding, delimiter and layout, and says so.
        term(form, "wdl.encoding", Raise::Minor, &|of| {
            format!("{:?}", of.encoding).to_lowercase()
        }),
        term(form, "wdl.delimiter", Raise::Minor, &|of| {
            char::from(of.delimiter).to_string()
        }),
        term(form, "wdl.layout", Raise::Minor, &|of| layout(&of.layout)),
        term(What::Semantic, "wdl.linkage", major, &|of| {
            of.linkage.clone().unwrap_or_default()
        }),
    ]
}

fn layout(layout: &Layout) -> String {
    match layout {
        Layout::Delimited => "delimited".to_owned(),
        Layout::Workbook { sheet: None } => "workbook".to_owned(),
        Layout::Workbook { sheet: Some(sheet) } => format!("workbook, {sheet}"),
        Layout::FixedWidth => "fixed_width".to_owned(),
    }
}

/// What changed in the rules.
pub(super) fn rules(old: &Contract, new: &Contract) -> Vec<Change> {
    let mut changes = declared(old, new);
    for rule in &new.sql_rules {
        let known = old.sql_rules.iter().find(|known| known.id == rule.id);
        match known {
            None => changes.push(sql(
                rule,
                asks(rule),
                ("è nuova la regola", "there is a new rule"),
            )),
            Some(known) if known != rule => {
                let is_wording = words_apart(known, rule);
                let raise = if is_wording { Raise::Patch } else { asks(rule) };
                changes.push(sql(
                    rule,
                    raise,
                    ("è cambiata la regola", "a rule changed:"),
                ));
            }
            Some(_) => {}
        }
    }
    for rule in &old.sql_rules {
        if !new.sql_rules.iter().any(|known| known.id == rule.id) {
            let words = ("non c'è più la regola", "a rule is gone:");
            changes.push(sql(rule, Raise::Minor, words));
        }
    }
    changes
}

/// A rule that refuses rows may refuse what was right before.
fn asks(rule: &SqlRule) -> Raise {
    match rule.severity {
        Severity::Error => Raise::Major,
        Severity::ToJustify | Severity::Note => Raise::Minor,
    }
}

/// Whether two rules differ in words only.
fn words_apart(old: &SqlRule, new: &SqlRule) -> bool {
    let core = |rule: &SqlRule| {
        let SqlRule {
            lines,
            counts,
            severity,
            ..
        } = rule;
        (lines.clone(), *counts, *severity)
    };
    core(old) == core(new)
}

fn sql(rule: &SqlRule, raise: Raise, (it, en): (&str, &str)) -> Change {
    let (id, message) = (&rule.id, &rule.message);
    change(
        What::Rule,
        id,
        raise,
        format!("{it} `{id}`: {}", message.get(Lang::It)),
        format!("{en} `{id}`: {}", message.get(Lang::En)),
    )
}

/// The rules that columns declare.
fn declared(old: &Contract, new: &Contract) -> Vec<Change> {
    let (before, after) = (old.rules(), new.rules());
    let fresh = after.iter().filter(|rule| !before.contains(rule));
    let gone = before.iter().filter(|rule| !after.contains(rule));
    let told = |rule: &Rule, raise, (it, en): (&str, &str)| {
        let (about, said_it, said_en) = said(rule);
        change(
            What::Rule,
            &about,
            raise,
            format!("{it}: {said_it}"),
            format!("{en}: {said_en}"),
        )
    };
    let fresh = fresh.map(|rule| told(rule, Raise::Major, ("nuova regola", "new rule")));
    let gone = gone.map(|rule| told(rule, Raise::Minor, ("non vale più", "no longer asked")));
    fresh.chain(gone).collect()
}

fn said(rule: &Rule) -> (String, String, String) {
    match rule {
        Rule::NotBefore { earlier, later } => (
            later.clone(),
            format!("`{later}` non precede `{earlier}`"),
            format!("`{later}` is not before `{earlier}`"),
        ),
        Rule::Sum { parts, total, .. } => (
            total.clone(),
            format!("`{total}` è la somma di {}", parts.join(", ")),
            format!("`{total}` is the sum of {}", parts.join(", ")),
        ),
    }
}
