//! `wdl linkage`: who is whose inside the lab, told as counts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;
use wdl_lab::{
    Decided, Home, LinkageChanges, LinkageStatus, LinkedRows, Ruling, Stopped, ToldChange,
    ToldDoubt, decide, decisions, linkage_changes, linkage_doubts, linkage_status,
};
use wdl_linkage::staged::{Compared, Judgement, Likeness, Residue, Verdict};
use wdl_vocab::{Lang, Period, Text};

use crate::answer::Answer;
use crate::manner::Manner;

/// Tells how rows without a valid code were linked; nobody's row is shown
#[derive(clap::Args)]
#[command(after_help = "For plain files outside any lab see `wdl link`.")]
pub(crate) struct Linkage {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Linked by stage, unlinked, doubtful; estimated precision and recall by group
    Status,
    /// Every change since the snapshot before, with its reason
    Changes,
    /// What a person must decide
    Doubts,
    /// Decides on a doubt: the next build applies it
    Decide {
        /// The doubt, by the name that `doubts` shows
        doubt: String,
        /// All of it is one person
        #[arg(
            long,
            conflicts_with = "different",
            required_unless_present = "different"
        )]
        same: bool,
        /// No two of it are one person
        #[arg(long)]
        different: bool,
        /// Why, without data of people
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Decides the contrary of what was decided before
        #[arg(long)]
        again: bool,
    },
    /// What people decided, by whom and why
    Decisions,
}

impl Linkage {
    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        let home = Home::open(&manner.dir)?;
        Ok(match &self.what {
            What::Status => {
                let told = linkage_status(&home)?;
                Answer::new(both(|lang| status(&told, lang)), told)
            }
            What::Changes => {
                let told = linkage_changes(&home)?;
                Answer::new(both(|lang| changes(&told, lang)), told)
            }
            What::Doubts => {
                let told = linkage_doubts(&home)?;
                Answer::new(both(|lang| doubts(&told, lang)), told)
            }
            What::Decide {
                doubt,
                same,
                different: _,
                reason,
                again,
            } => {
                let verdict = match same {
                    true => Verdict::Same,
                    false => Verdict::Different,
                };
                let ruling = Ruling {
                    doubt,
                    verdict,
                    reason,
                    is_again: *again,
                };
                decide(&mut manner.desk()?, ruling)?;
                let text = Text::fixed(
                    "Decisione registrata; il prossimo `wdl build` la applica.",
                    "Decision recorded; the next `wdl build` applies it.",
                );
                Answer::new(text, json!({ "doubt": doubt, "verdict": verdict }))
            }
            What::Decisions => {
                let told = decisions(&home)?;
                Answer::new(both(|lang| decided(&told, lang)), told)
            }
        })
    }
}

fn both(words: impl Fn(Lang) -> String) -> Text {
    Text::new(words(Lang::It), words(Lang::En))
}

fn count(number: u64, lang: Lang) -> String {
    lang.number(number as f64, 0)
}

fn of_lang(lang: Lang, it: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::It => it,
        Lang::En => en,
    }
}

fn status(told: &LinkageStatus, lang: Lang) -> String {
    let mut shown = match lang {
        Lang::It => format!(
            "Versione {}. Righe senza un codice valido:\n",
            told.snapshot
        ),
        Lang::En => format!("Version {}. Rows without a valid code:\n", told.snapshot),
    };
    for rows in &told.datasets {
        let _ = writeln!(shown, "  {}", rows_words(rows, &rows.name, lang));
        for (stage, linked) in &rows.linked {
            let stage = stage_words(stage, lang);
            let _ = writeln!(shown, "      {:>9}  {stage}", count(*linked, lang));
        }
    }
    let head = of_lang(
        lang,
        "\nPopolazione di riferimento, per gruppo (precisione e completezza stimate dai codici presenti in due archivi, con l'intervallo del 95 %):\n",
        "\nReference population, by group (precision and recall estimated from codes that stand in two archives, with the interval of 95 %):\n",
    );
    shown += head;
    for group in &told.groups {
        let percent = |share: f64| lang.number(share * 100.0, 2);
        let share = |share: Option<f64>, interval: Option<(f64, f64)>| match share.zip(interval) {
            Some((share, (low, high))) => {
                format!("{} % [{}, {}]", percent(share), percent(low), percent(high))
            }
            None => of_lang(lang, "non stimabile", "cannot be estimated").to_owned(),
        };
        let _ = writeln!(
            shown,
            "  {}",
            rows_words(&group.rows, group_words(&group.rows.name, lang), lang)
        );
        let (precision, recall) = (
            share(
                group.estimated_precision,
                group.estimated_precision_interval,
            ),
            share(group.estimated_recall, group.estimated_recall_interval),
        );
        let known = count(group.known, lang);
        let _ = match lang {
            Lang::It => writeln!(
                shown,
                "      precisione {precision}, completezza {recall} (su {known} persone)"
            ),
            Lang::En => writeln!(
                shown,
                "      precision {precision}, recall {recall} (on {known} people)"
            ),
        };
    }
    for (evidence, number) in &told.replaced {
        let _ = writeln!(
            shown,
            "{}: {}",
            reason_words(evidence, lang),
            count(*number, lang)
        );
    }
    if told.held > 0 {
        let held = count(told.held, lang);
        let _ = match lang {
            Lang::It => writeln!(
                shown,
                "Trovate tardi, cambieranno gli anni passati con il conferimento del prossimo quarto trimestre: {held}"
            ),
            Lang::En => writeln!(
                shown,
                "Found late, they will change past years with the delivery of the next fourth quarter: {held}"
            ),
        };
    }
    shown += &residue_words(&told.residue, lang);
    for (verdict, number) in &told.decisions {
        let number = count(*number, lang);
        let words = verdict_words(verdict, lang);
        let _ = match lang {
            Lang::It => writeln!(shown, "Dubbi decisi, {words}: {number}"),
            Lang::En => writeln!(shown, "Doubts decided, {words}: {number}"),
        };
    }
    let all: u64 = told.doubts.values().sum();
    let _ = match lang {
        Lang::It => writeln!(shown, "Da decidere: {}", count(all, lang)),
        Lang::En => writeln!(shown, "To decide: {}", count(all, lang)),
    };
    for (cause, number) in &told.doubts {
        let _ = writeln!(
            shown,
            "  {:>7}  {}",
            count(*number, lang),
            reason_words(cause, lang)
        );
    }
    shown
}

/// What the stage of encodings saw, and whether it could be trusted.
fn residue_words(residue: &Residue, lang: Lang) -> String {
    let [reference, others, alike] =
        [residue.reference, residue.others, residue.alike].map(|number| count(number, lang));
    let seen = match lang {
        Lang::It => format!(
            "\nCodifiche: {reference} persone dell'anagrafe e {others} altre rimaste senza codice; coppie sopra il taglio: {alike}.\n"
        ),
        Lang::En => format!(
            "\nEncodings: {reference} people of the registry and {others} others left without a code; pairs above the cut: {alike}.\n"
        ),
    };
    let judged = match residue.judgement {
        Judgement::Nothing => return String::new(),
        Judgement::TooFew => of_lang(
            lang,
            "Sono troppo poche per garantire un errore su cento: niente è collegato, si chiede.\n",
            "They are too few to warrant one error in a hundred: nothing is linked, it is asked.\n",
        ),
        Judgement::Sound => of_lang(
            lang,
            "Sono collegate; sotto il taglio si chiede.\n",
            "They are linked; under the cut it is asked.\n",
        ),
    };
    seen + judged
}

fn rows_words(rows: &LinkedRows, name: &str, lang: Lang) -> String {
    let linked: u64 = rows.linked.values().sum();
    let [all, without, linked, among, doubtful, unlinked] = [
        rows.rows,
        rows.without_code,
        linked,
        rows.among_themselves,
        rows.doubtful,
        rows.unlinked,
    ]
    .map(|number| count(number, lang));
    match lang {
        Lang::It => format!(
            "{name}: {without} di {all}; collegate {linked}, tra loro {among}, non collegate {unlinked} (da decidere {doubtful})"
        ),
        Lang::En => format!(
            "{name}: {without} of {all}; linked {linked}, among themselves {among}, unlinked {unlinked} (to decide {doubtful})"
        ),
    }
}

fn group_words(name: &str, lang: Lang) -> &'static str {
    match name {
        "italian" => of_lang(lang, "cittadini italiani", "Italian citizens"),
        "foreign" => of_lang(lang, "cittadini stranieri", "foreign citizens"),
        "newborn" => of_lang(lang, "nati nell'anno", "born within the year"),
        "minor" => of_lang(lang, "minori", "under 18"),
        "adult" => of_lang(lang, "da 18 a 64 anni", "aged 18 to 64"),
        "elder" => of_lang(lang, "da 65 anni", "aged 65 and over"),
        _ => of_lang(lang, "tutti", "all"),
    }
}

fn changes(told: &LinkageChanges, lang: Lang) -> String {
    let mut shown = match (&told.before, lang) {
        (Some(before), Lang::It) => format!("Dalla versione {before} alla {}:\n", told.after),
        (Some(before), Lang::En) => format!("From version {before} to {}:\n", told.after),
        (None, Lang::It) => format!("Nella prima versione, {}:\n", told.after),
        (None, Lang::En) => format!("In the first version, {}:\n", told.after),
    };
    if told.changes.is_empty() {
        shown += of_lang(lang, "niente è cambiato.", "nothing changed.");
        return shown;
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for change in &told.changes {
        *counts.entry(change_words(change, lang)).or_default() += 1;
    }
    for (words, number) in counts {
        let _ = writeln!(shown, "  {:>7}  {words}", count(number, lang));
    }
    let (groups, kept) = (count(told.work.groups, lang), count(told.work.kept, lang));
    let _ = match lang {
        Lang::It => write!(
            shown,
            "Gruppi di righe rivisti: {groups}; ripresi com'erano: {kept}."
        ),
        Lang::En => write!(
            shown,
            "Groups of rows looked at: {groups}; taken over as they were: {kept}."
        ),
    };
    shown
}

/// A change in words, with its reason.
fn change_words(change: &ToldChange, lang: Lang) -> String {
    let what = match (change.kind, change.is_as_linked) {
        ("linked", _) => of_lang(lang, "riga collegata", "row linked"),
        ("code_found", _) => of_lang(
            lang,
            "riga senza codice collegata ora a una persona che lo ha",
            "row without a code linked to a person who has one now",
        ),
        ("moved", _) => of_lang(
            lang,
            "riga passata a un'altra persona",
            "row moved to another person",
        ),
        ("code_came", Some(true)) => of_lang(
            lang,
            "codice arrivato: è quello della persona già collegata",
            "code came: it is that of the person already linked",
        ),
        ("code_came", Some(false)) => of_lang(
            lang,
            "codice arrivato: non è quello della persona già collegata",
            "code came: it is not that of the person already linked",
        ),
        ("code_came", None) => of_lang(lang, "codice arrivato", "code came"),
        ("doubtful", _) => of_lang(
            lang,
            "collegamento tolto: va deciso",
            "link taken back: to be decided",
        ),
        ("gone", _) => of_lang(
            lang,
            "collegamento tolto: la riga non è più in vigore",
            "link taken back: the row is no longer in force",
        ),
        ("parted", _) if change.stage.as_deref() == Some("clk") => of_lang(
            lang,
            "collegamento tolto: le codifiche non bastano più",
            "link taken back: encodings do not suffice any more",
        ),
        ("parted", _) => of_lang(
            lang,
            "collegamento tolto: nessun'altra riga ha più lo stesso pseudonimo",
            "link taken back: no other row has the same token any more",
        ),
        ("replaced", _) => of_lang(lang, "codice sostituito", "code replaced"),
        ("restored", _) => of_lang(
            lang,
            "codice creduto sostituito, di nuovo a sé",
            "code taken for replaced, by itself again",
        ),
        ("asked", _) => of_lang(lang, "nuovo dubbio", "new doubt"),
        ("decided", _) => of_lang(
            lang,
            "dubbio deciso da una persona",
            "doubt decided by a person",
        ),
        _ => of_lang(lang, "dubbio risolto", "doubt settled"),
    };
    let mut words = what.to_owned();
    if let Some(dataset) = &change.dataset {
        let _ = write!(words, " · {dataset}");
    }
    if let Some(stage) = &change.stage {
        let _ = write!(words, " · {}", stage_words(stage, lang));
    }
    if let Some(reason) = change.reason {
        let _ = write!(words, " · {}", reason_words(reason, lang));
    }
    if let Some(verdict) = change.verdict {
        let _ = write!(words, " · {}", verdict_words(verdict, lang));
    }
    words + &delivery_words(change.delivery.as_ref(), lang)
}

fn delivery_words(delivery: Option<&(String, Period)>, lang: Lang) -> String {
    delivery.map_or(String::new(), |(dataset, period)| {
        format!(" · {dataset}, {}", period.label(lang))
    })
}

fn reason_words(reason: &str, lang: Lang) -> &'static str {
    match reason {
        "same_row" => of_lang(
            lang,
            "codice sostituito sulla stessa posizione",
            "code replaced on the same position",
        ),
        "next_position" => of_lang(
            lang,
            "codice sostituito nella posizione che segue",
            "code replaced on the position that follows",
        ),
        "decided" => of_lang(
            lang,
            "codice sostituito per decisione di una persona",
            "code replaced by a person's decision",
        ),
        "alike" => of_lang(
            lang,
            "codifiche simili, non abbastanza per decidere",
            "encodings alike, not enough to decide by",
        ),
        "shared_token" => of_lang(
            lang,
            "due persone hanno lo stesso nome e lo stesso giorno di nascita",
            "two people have one name and one day of birth",
        ),
        "at_once" => of_lang(
            lang,
            "due posizioni valgono nello stesso tempo",
            "two positions hold at once",
        ),
        "differs" => of_lang(
            lang,
            "mese di nascita o sesso diversi",
            "month of birth or sex differ",
        ),
        "several_codes" => of_lang(
            lang,
            "tre o più codici con lo stesso nome e giorno di nascita",
            "three codes or more with one name and day of birth",
        ),
        "both_stand" => of_lang(
            lang,
            "due codici con lo stesso nome e giorno di nascita, entrambi in vigore",
            "two codes with one name and day of birth, both in force",
        ),
        "not_continued" => of_lang(
            lang,
            "un codice cessa e un altro comincia, senza continuità",
            "one code ends and another begins, and nothing continues",
        ),
        "outside_reference" => of_lang(
            lang,
            "due codici con lo stesso nome e giorno di nascita, uno fuori dall'anagrafe",
            "two codes with one name and day of birth, one outside the registry",
        ),
        _ => of_lang(
            lang,
            "il codice che cessa compare con un altro nome",
            "the code that ends stands with another name",
        ),
    }
}

fn doubts(told: &[ToldDoubt], lang: Lang) -> String {
    if told.is_empty() {
        return of_lang(lang, "Niente da decidere.", "Nothing to decide.").to_owned();
    }
    let mut shown = String::new();
    for doubt in told {
        let rows: u64 = doubt.rows.values().sum();
        let (number, name, persons, rows) =
            (doubt.number, &doubt.name, doubt.persons, count(rows, lang));
        let reason = reason_words(doubt.cause, lang);
        let delivery = delivery_words(doubt.delivery.as_ref(), lang);
        let _ = match lang {
            Lang::It => writeln!(
                shown,
                "{number:>5}  {name}  {reason} · persone con codice: {persons} · righe senza: {rows}{delivery}"
            ),
            Lang::En => writeln!(
                shown,
                "{number:>5}  {name}  {reason} · people with a code: {persons} · rows without: {rows}{delivery}"
            ),
        };
        let _ = writeln!(shown, "       {}", compared_words(&doubt.compared, lang));
    }
    shown += of_lang(
        lang,
        "\nPer decidere: `wdl linkage decide NOME --same | --different --reason \"…\" --as CHIAVE`.",
        "\nTo decide: `wdl linkage decide NAME --same | --different --reason \"…\" --as KEY`.",
    );
    shown
}

/// What agrees among the sides of a doubt, in words.
fn compared_words(compared: &Compared, lang: Lang) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut say = |what: &str, likeness: Likeness| {
        let how = match likeness {
            Likeness::Agrees => of_lang(lang, "uguale", "equal"),
            Likeness::Differs => of_lang(lang, "diverso", "different"),
            Likeness::Unknown => of_lang(lang, "non noto", "not known"),
        };
        said.push(format!("{what}: {how}"));
    };
    for (column, likeness) in &compared.tokens {
        say(column, *likeness);
    }
    let born = of_lang(lang, "mese di nascita", "month of birth");
    say(born, compared.born);
    say(of_lang(lang, "sesso", "sex"), compared.sex);
    say(of_lang(lang, "famiglia", "household"), compared.household);
    say(of_lang(lang, "alloggio", "dwelling"), compared.dwelling);
    if let Some(at_once) = compared.at_once {
        let words = match at_once {
            true => of_lang(lang, "posizioni contemporanee", "positions at once"),
            false => of_lang(
                lang,
                "posizioni una dopo l'altra",
                "positions one after the other",
            ),
        };
        said.push(words.to_owned());
    }
    if let Some(alike) = compared.alike {
        let alike = lang.number(f64::from(alike) / 10.0, 1);
        said.push(match lang {
            Lang::It => format!("codifiche simili al {alike} %"),
            Lang::En => format!("encodings {alike} % alike"),
        });
    }
    said.join(", ")
}

fn stage_words(stage: &str, lang: Lang) -> &str {
    match stage {
        "decision" => of_lang(lang, "decisione di una persona", "decision of a person"),
        "clk" => of_lang(lang, "codifiche", "encodings"),
        column => column,
    }
}

fn verdict_words(verdict: &str, lang: Lang) -> &'static str {
    match verdict {
        "same" => of_lang(lang, "una persona sola", "one person"),
        _ => of_lang(lang, "persone diverse", "different people"),
    }
}

fn decided(told: &[Decided], lang: Lang) -> String {
    if told.is_empty() {
        return of_lang(lang, "Nessuna decisione.", "No decision.").to_owned();
    }
    let mut shown = String::new();
    for one in told {
        let verdict = match one.verdict {
            Verdict::Same => "same",
            Verdict::Different => "different",
        };
        let words = verdict_words(verdict, lang);
        let replaced = match one.is_replaced {
            true => of_lang(
                lang,
                " (sostituita da una successiva)",
                " (a later one took its place)",
            ),
            false => "",
        };
        let day = one.on.split('T').next().unwrap_or_default();
        let _ = writeln!(
            shown,
            "{}  {words}{replaced} · {} · {day} · {}",
            one.doubt, one.by, one.reason
        );
    }
    shown
}
