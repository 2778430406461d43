//! A joint display: what was measured beside what people say, group by group, and whether they go together by a rule that the author states.
//!
//! Sources: Guetterman, Fetters, Creswell, "Integrating Quantitative and Qualitative Results in Health Science Mixed Methods Research Through Joint Displays" (2015); Farmer, Robinson, Elliott, Eyles, "Developing and Implementing a Triangulation Protocol for Qualitative Health Research" (2006), on agreement, dissonance and silence.
//!
//! Silence is not agreement: where a theme is hidden or hardly said, or an interval leaves the direction open, nothing is concluded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use wdl_vocab::diagnostics::codes::evaluation as codes;
use wdl_vocab::{Diagnose, Diagnostic, Text};
use wdl_yaml::{FolderError, Placed, Source};

use super::codebook::EntryId;
use super::effects::{Effect, Effects, Found};
use super::error::CodingError;
use super::themes_file::{ThemeCell, ThemesFile};

/// What the author expects to be measured where a theme is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// An effect above zero.
    Increase,
    /// An effect below zero.
    Decrease,
    /// No effect that counts for anything.
    None,
}

/// What the rule says of one theme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleOf {
    /// The theme.
    pub theme: EntryId,
    /// What is expected where it is said.
    pub expects: Expected,
    /// The share of participants from which it counts as said.
    pub said_from: f64,
    /// Why, in the author's words.
    pub why: Option<Text>,
}

/// The rule by which effects and themes go together, as its author states it.
#[derive(Clone, Debug, PartialEq, Serialize)]
// INVARIANT: a theme stands once; shares lie above zero and up to one; the range of no effect holds zero, and is there when a theme expects none.
pub struct JointRule {
    outcome: Text,
    no_effect: Option<[f64; 2]>,
    themes: Vec<RuleOf>,
}

/// What only the reader of a rule can find wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", detail.en)]
pub struct JointRuleFault {
    detail: Text,
}

impl Diagnose for JointRuleFault {
    fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(codes::JOINT_RULE).with_words("detail", &self.detail)
    }
}

/// A rule that cannot be used.
pub type JointRuleError = FolderError<JointRuleFault>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    outcome: Text,
    #[serde(default)]
    no_effect: Option<Placed<[f64; 2]>>,
    themes: Vec<ThemeRuleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeRuleFile {
    theme: Placed<EntryId>,
    expects: Placed<Expected>,
    said_from: Placed<f64>,
    #[serde(default)]
    why: Option<Text>,
}

impl JointRule {
    /// Reads the file of a rule.
    ///
    /// # Errors
    /// [`JointRuleError`] with every fault at its line and column.
    pub fn read(path: &Path) -> Result<JointRule, JointRuleError> {
        JointRule::parse(&Source::read(path)?)
    }

    /// Reads a rule from a text.
    ///
    /// # Errors
    /// [`JointRuleError`] with every fault at its line and column.
    pub fn parse(source: &Source) -> Result<JointRule, JointRuleError> {
        let file: RuleFile = source.parse()?;
        let mut faults = Vec::new();
        let fault = |it: &str, en: &str| JointRuleFault {
            detail: Text::new(it, en),
        };
        if let Some(range) = &file.no_effect {
            let [low, high] = range.value;
            if !(low <= 0.0 && high >= 0.0 && low < high) {
                let own = fault(
                    "`no_effect` è un intervallo che comprende lo zero",
                    "`no_effect` is a range that holds zero",
                );
                faults.push(source.fault_at(range, own));
            }
        }
        let mut seen = BTreeSet::new();
        for own in &file.themes {
            if !seen.insert(&own.theme.value) {
                let twice = fault("un tema è detto due volte", "a theme stands twice");
                faults.push(source.fault_at(&own.theme, twice));
            }
            if !(own.said_from.value > 0.0 && own.said_from.value <= 1.0) {
                let range = fault(
                    "`said_from` è una quota sopra 0 e fino a 1",
                    "`said_from` is a share above 0 and up to 1",
                );
                faults.push(source.fault_at(&own.said_from, range));
            }
            if own.expects.value == Expected::None && file.no_effect.is_none() {
                let missing = fault(
                    "chi si attende nessun effetto dice in `no_effect` quanto piccolo dev'essere: un intervallo che comprende lo zero non dice che l'effetto non c'è",
                    "who expects none says in `no_effect` how small that is: an interval that holds zero does not say that there is no effect",
                );
                faults.push(source.fault_at(&own.expects, missing));
            }
        }
        JointRuleError::unless_empty(faults)?;
        let theme = |own: ThemeRuleFile| RuleOf {
            theme: own.theme.value,
            expects: own.expects.value,
            said_from: own.said_from.value,
            why: own.why,
        };
        Ok(JointRule {
            outcome: file.outcome,
            no_effect: file.no_effect.map(|range| range.value),
            themes: file.themes.into_iter().map(theme).collect(),
        })
    }

    /// What the effects are of.
    pub fn outcome(&self) -> &Text {
        &self.outcome
    }

    /// The themes it speaks of.
    pub fn themes(&self) -> &[RuleOf] {
        &self.themes
    }

    /// The range of effects that count for nothing.
    pub fn no_effect(&self) -> Option<[f64; 2]> {
        self.no_effect
    }

    /// The direction of an effect; none when its interval leaves it open, or it has none.
    fn direction(&self, effect: &Effect) -> Option<Expected> {
        let [low, high] = effect.interval?;
        if self
            .no_effect
            .is_some_and(|none| none[0] <= low && high <= none[1])
        {
            return Some(Expected::None);
        }
        match (low > 0.0, high < 0.0) {
            (true, _) => Some(Expected::Increase),
            (_, true) => Some(Expected::Decrease),
            (false, false) => None,
        }
    }
}

/// Whether a theme is said in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// By the share of the rule or more.
    Yes,
    /// By fewer.
    Hardly,
    /// Disclosure control hides it.
    Hidden,
    /// Nobody of the group took part.
    Nobody,
}

/// Whether what is measured and what is said go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The theme is said, and the effect is the one expected there.
    Convergent,
    /// The theme is said, and the effect is another.
    Divergent,
    /// One of the two says nothing.
    Silent,
}

/// One group and theme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The group; none for the total.
    pub group: Option<String>,
    /// What the study calls it, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_label: Option<Text>,
    /// The theme.
    pub theme: EntryId,
    /// Its name.
    pub label: Text,
    /// The effect of the group.
    pub effect: Option<Effect>,
    /// Whether disclosure control hides the effect.
    pub is_effect_hidden: bool,
    /// The direction of the effect; none when it is open.
    pub direction: Option<Expected>,
    /// The share of participants; none where hidden.
    pub share: Option<f64>,
    /// The participants; none where hidden.
    pub participants: Option<u64>,
    /// Whether the theme is said.
    pub said: Said,
    /// What follows by the rule.
    pub verdict: Verdict,
}

/// Which effect goes with which group: effect, and group or none for the total.
pub type Match = (String, Option<String>);

/// A joint display.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Joint {
    /// The breakdown.
    pub by: String,
    /// The effects.
    pub effects: Effects,
    /// The rule.
    pub rule: JointRule,
    /// Theme by theme in the order of the rule, group by group in the order of the table.
    pub lines: Vec<Line>,
    /// Effects that go with no group.
    pub unmatched: Vec<String>,
}

impl Joint {
    /// Sets effects beside themes; an effect goes with the group of its name unless `matches` says otherwise.
    ///
    /// Of a study, the answer goes with the total, and a subgroup of the column `by` with the group of its value.
    ///
    /// # Errors
    /// [`CodingError`] when the themes of the rule are not in the table, or no effect goes with a group.
    pub fn of(
        effects: Effects,
        themes: &ThemesFile,
        rule: JointRule,
        by: &str,
        matches: &[Match],
    ) -> Result<Joint, CodingError> {
        let cells = |theme: &EntryId| -> Vec<&ThemeCell> {
            let own = themes.cells.iter();
            own.filter(|cell| cell.theme == *theme && cell.by == by)
                .collect()
        };
        let mut lines = Vec::new();
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let mut groups: BTreeSet<&str> = BTreeSet::new();
        let renamed: BTreeMap<&Option<String>, &str> = matches
            .iter()
            .map(|(effect, group)| (group, effect.as_str()))
            .collect();
        for own in rule.themes() {
            let found = cells(&own.theme);
            if found.is_empty() {
                return Err(CodingError::Themes {
                    detail: Text::new(
                        format!("non ha il tema `{}` per `{by}`", own.theme),
                        format!("it has no theme `{}` by `{by}`", own.theme),
                    ),
                    line: 0,
                });
            }
            for cell in found {
                groups.insert(cell.group.as_deref().unwrap_or("total"));
                let found = match renamed.get(&cell.group) {
                    Some(name) => effects.named(name),
                    None => effects.of_group(by, cell.group.as_deref()),
                };
                used.extend(found.name());
                let label = cell.group.as_deref();
                let label = label.and_then(|group| effects.label(by, group)).cloned();
                lines.push(Line {
                    group_label: label,
                    ..line(&rule, own, cell, found)
                });
            }
        }
        if used.is_empty() {
            return Err(CodingError::NothingInCommon {
                effects: effects.names().collect::<Vec<_>>().join(", "),
                groups: groups.into_iter().collect::<Vec<_>>().join(", "),
            });
        }
        let unmatched = effects.names().filter(|name| !used.contains(name));
        Ok(Joint {
            by: by.to_owned(),
            unmatched: unmatched.map(str::to_owned).collect(),
            effects: effects.clone(),
            rule,
            lines,
        })
    }
}

fn line(rule: &JointRule, of: &RuleOf, cell: &ThemeCell, found: Found<'_>) -> Line {
    let effect = found.effect();
    let direction = effect.and_then(|effect| rule.direction(effect));
    let said = match (cell.is_hidden, cell.share) {
        (true, _) => Said::Hidden,
        (false, None) => Said::Nobody,
        (false, Some(share)) if share >= of.said_from => Said::Yes,
        (false, Some(_)) => Said::Hardly,
    };
    let verdict = match (said, direction) {
        (Said::Yes, Some(direction)) if direction == of.expects => Verdict::Convergent,
        (Said::Yes, Some(_)) => Verdict::Divergent,
        (Said::Yes | Said::Hardly | Said::Hidden | Said::Nobody, _) => Verdict::Silent,
    };
    Line {
        group: cell.group.clone(),
        group_label: None,
        theme: of.theme.clone(),
        label: cell.label.clone(),
        effect: effect.cloned(),
        is_effect_hidden: matches!(found, Found::Hidden(_)),
        direction,
        share: cell.share,
        participants: cell.n,
        said,
        verdict,
    }
}
