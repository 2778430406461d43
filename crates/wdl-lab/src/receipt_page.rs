//! The receipt on paper, for a protocol office: number, facts, counts, rejected rows by number, digests, signatures.

use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use wdl_contract::Contract;
use wdl_delivery::{DeliveryKind, Receipt, Reception, RejectReason, Scope};
use wdl_paper::{Paper, PaperError, quoted};
use wdl_protocol::Lab;
use wdl_vocab::diagnostics::{codes, message};
use wdl_vocab::{Diagnostic, Digest, Lang, Texts};

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    let it = include_str!("../texts/receipt.it.ftl");
    Texts::new(&[it], &[include_str!("../texts/receipt.en.ftl")])
});

/// Rows that are listed on paper; the file lists all.
const LISTED: usize = 200;

/// What a page says.
pub(crate) struct Page<'a> {
    pub(crate) lab: &'a Lab,
    /// The contract in force, for the words a steward knows.
    pub(crate) contract: &'a Contract,
    pub(crate) receipt: &'a Receipt,
    /// The bytes of the receipt's file.
    pub(crate) file: &'a [u8],
    pub(crate) notes: &'a [Diagnostic],
}

/// The receipt as the bytes of a PDF, in the lab's first language.
pub(crate) fn page(about: &Page<'_>) -> Result<Vec<u8>, PaperError> {
    let lang = about.lab.languages.first().copied().unwrap_or_default();
    let reception = about.receipt.reception().expect("the lab answered");
    let sheet = Sheet {
        about,
        reception,
        lang,
        text: String::new(),
    };
    let source = sheet.written();
    let title = say(lang, "title", &[]);
    let paper = Paper {
        ident: about.receipt.delivery().as_str(),
        title: &title,
        lang,
        date: day_of(&reception.received).unwrap_or_default(),
        source: &source,
    };
    wdl_paper::pdf(&paper)
}

fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    TEXTS.get(lang, key, args)
}

/// The page as it is written, top to bottom.
struct Sheet<'a> {
    about: &'a Page<'a>,
    reception: &'a Reception,
    lang: Lang,
    text: String,
}

impl Sheet<'_> {
    fn written(mut self) -> String {
        self.text.push_str(include_str!("receipt_page.typ"));
        self.head();
        self.facts();
        self.rejects();
        self.justifications();
        self.notes();
        self.digests();
        self.signatures();
        self.text
    }

    fn say(&self, key: &str) -> String {
        say(self.lang, key, &[])
    }

    /// Words from anywhere, as Typst shows them and never obeys them.
    fn put(&mut self, call: &str, words: &[&str]) {
        let words: Vec<String> = words.iter().map(|words| quoted(words)).collect();
        let _ = writeln!(self.text, "#{call}({})", words.join(", "));
    }

    fn heading(&mut self, key: &str) {
        let words = self.say(key);
        self.put("section", &[&words]);
    }

    fn head(&mut self) {
        let (lab, lang) = (self.about.lab, self.lang);
        if lab.synthetic {
            self.put("synthetic", &[wdl_vocab::SYNTHETIC_NOTICE.get(lang)]);
        }
        let number = self.reception.number.to_string();
        let day = shown_day(&self.reception.received, lang);
        let number = say(lang, "number", &[("number", number), ("day", day)]);
        let (name, title) = (lab.name.get(lang).to_owned(), self.say("title"));
        self.put("head", &[&name, &title, &number]);
        let intro = self.say("intro");
        self.put("par", &[&intro]);
        let counts = [
            ("accepted", self.count(self.reception.accepted)),
            ("rejected", self.count(self.reception.rejected)),
        ];
        let outcome = match (self.about.receipt.kind(), self.reception.rejected) {
            (DeliveryKind::Cancelling { .. }, _) => "outcome-cancelled",
            (DeliveryKind::Ordinary {} | DeliveryKind::Substitutive { .. }, 0) => "outcome-all",
            (DeliveryKind::Ordinary {} | DeliveryKind::Substitutive { .. }, _) => "outcome-some",
        };
        let outcome = say(lang, outcome, &counts);
        self.put("outcome", &[&outcome]);
    }

    fn count(&self, count: u64) -> String {
        self.lang.number(count as f64, 0)
    }

    fn facts(&mut self) {
        let (receipt, lang) = (self.about.receipt, self.lang);
        let lab = self.about.lab;
        let body = lab.bodies.iter().find(|body| body.id == *receipt.body());
        let (id, version) = receipt.contract();
        let contract = [("id", id.to_owned()), ("version", version.to_owned())];
        let mut facts = vec![
            (
                "body",
                body.map_or_else(
                    || receipt.body().to_string(),
                    |body| body.name.get(lang).to_owned(),
                ),
            ),
            ("dataset", self.about.contract.title.get(lang).to_owned()),
            ("period", receipt.period().label(lang)),
            ("kind", kind(receipt.kind(), lang)),
        ];
        if let Some(reason) = receipt.reason() {
            facts.push(("reason", reason.to_owned()));
        }
        facts.extend([
            ("contract", say(lang, "contract-version", &contract)),
            ("sealed", shown_time(receipt.created(), lang)),
            ("received", shown_time(&self.reception.received, lang)),
            ("rows", self.count(receipt.rows())),
            ("accepted", self.count(self.reception.accepted)),
            ("rejected", self.count(self.reception.rejected)),
            ("left-out", self.count(receipt.rows_rejected())),
            (
                "justified",
                self.count(receipt.justifications().len() as u64),
            ),
        ]);
        self.heading("facts");
        self.pairs(&facts);
    }

    /// A table of two columns: what, and its value.
    fn pairs(&mut self, facts: &[(&str, String)]) {
        let cells: Vec<String> = facts
            .iter()
            .flat_map(|(key, value)| [quoted(&self.say(key)), quoted(value)])
            .collect();
        let _ = writeln!(self.text, "#facts({})", cells.join(", "));
    }

    fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) {
        let heads: Vec<String> = heads.iter().map(|key| quoted(&self.say(key))).collect();
        let _ = write!(self.text, "#listing(({},)", heads.join(", "));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            let _ = write!(self.text, ", ({},)", cells.join(", "));
        }
        self.text.push_str(")\n");
    }

    fn rejects(&mut self) {
        let rows = &self.reception.rejected_rows;
        if rows.is_empty() {
            return;
        }
        self.heading("rejects");
        let note = self.say("rejects-note");
        self.put("par", &[&note]);
        let listed: Vec<Vec<String>> = rows
            .iter()
            .flat_map(|row| row.reasons.iter().map(move |reason| (row.row, reason)))
            .take(LISTED)
            .map(|(row, reason)| {
                vec![
                    self.count(u64::from(row)),
                    why(reason, self.lang),
                    self.export_names(reason),
                    reason.code.clone(),
                ]
            })
            .collect();
        self.table(&["row", "why", "column", "code"], &listed);
        let all: usize = rows.iter().map(|row| row.reasons.len()).sum();
        if all > LISTED {
            let more = [("count", self.count((all - LISTED) as u64))];
            let more = say(self.lang, "more", &more);
            self.put("par", &[&more]);
        }
        let delivery = [("delivery", self.about.receipt.delivery().to_string())];
        let todo = say(self.lang, "todo", &delivery);
        self.put("par", &[&todo]);
    }

    /// The columns of a reason as the body's export names them.
    fn export_names(&self, reason: &RejectReason) -> String {
        let names = reason.column.iter().flat_map(|names| names.split(", "));
        let known = |name| self.about.contract.column(name);
        names
            .map(|name| known(name).map_or(name, |column| &column.physical_name))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn justifications(&mut self) {
        let given = self.about.receipt.justifications();
        if given.is_empty() {
            return;
        }
        self.heading("justifications");
        let rows: Vec<Vec<String>> = given
            .iter()
            .take(LISTED)
            .map(|one| {
                let note = one.note.iter().map(|note| format!(": {note}"));
                vec![
                    one.code.clone(),
                    one.column.clone().unwrap_or_default(),
                    self.count(one.count),
                    one.reason.clone() + &note.collect::<String>(),
                ]
            })
            .collect();
        self.table(&["code", "column", "rows-short", "reason"], &rows);
    }

    fn notes(&mut self) {
        if self.about.notes.is_empty() {
            return;
        }
        self.heading("notes");
        for note in self.about.notes {
            self.put("par", &[&message(note, self.lang)]);
        }
    }

    fn digests(&mut self) {
        let receipt = self.about.receipt;
        self.heading("digests");
        let digests = [
            ("delivery", receipt.delivery().to_string()),
            ("ciphertext", receipt.ciphertext_digest().to_string()),
            ("content", receipt.content_digest().to_string()),
            ("file", Digest::of(self.about.file).to_string()),
        ];
        let cells: Vec<String> = digests
            .iter()
            .flat_map(|(key, value)| [quoted(&self.say(key)), quoted(value)])
            .collect();
        let _ = writeln!(self.text, "#codes({})", cells.join(", "));
    }

    fn signatures(&mut self) {
        let words = self.say("signatures");
        let _ = writeln!(self.text, "#block(breakable: false)[");
        self.put("section", &[&words]);
        let signed = |by: Option<(&wdl_crypto::VerifyingKey, &wdl_crypto::Signature)>| {
            by.map(|(key, signature)| (key.to_string(), signature.to_string()))
        };
        let receipt = self.about.receipt;
        for (who, by) in [
            ("signed-body", signed(receipt.issued())),
            ("signed-lab", signed(receipt.answered())),
        ] {
            let who = self.say(who);
            match by {
                Some((key, signature)) => {
                    let (key_word, word) = (self.say("key"), self.say("signature"));
                    self.put("signed", &[&who, &key_word, &key, &word, &signature]);
                }
                None => {
                    let words = self.say("not-signed");
                    self.put("unsigned", &[&who, &words]);
                }
            }
        }
        let file = [("file", format!("{}.json", receipt.delivery()))];
        let authentic = say(self.lang, "authentic", &file);
        self.put("par", &[&authentic]);
        self.text.push_str("]\n");
    }
}

fn kind(kind: &DeliveryKind, lang: Lang) -> String {
    let key = match kind {
        DeliveryKind::Ordinary {} => "kind-ordinary",
        DeliveryKind::Substitutive {
            scope: Scope::Whole,
            ..
        } => "kind-whole",
        DeliveryKind::Substitutive {
            scope: Scope::Rejected,
            ..
        } => "kind-rejected",
        DeliveryKind::Cancelling { .. } => "kind-cancelling",
    };
    let of = kind.of().map(ToString::to_string).unwrap_or_default();
    say(lang, key, &[("of", of)])
}

/// The words of a reason's code.
fn why(reason: &RejectReason, lang: Lang) -> String {
    match codes::all().find(|code| code.id == reason.code) {
        Some(code) => message(&Diagnostic::new(code), lang),
        None => reason.code.clone(),
    }
}

fn day_of(time: &str) -> Option<Date> {
    let time: Timestamp = time.parse().ok()?;
    Some(time.to_zoned(TimeZone::UTC).date())
}

fn shown_day(time: &str, lang: Lang) -> String {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let Some(day) = day_of(time) else {
        return time.to_owned();
    };
    let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    let parts = [
        ("day", day.day().to_string()),
        ("month", say(lang, month, &[])),
        ("year", day.year().to_string()),
    ];
    say(lang, "day", &parts)
}

fn shown_time(time: &str, lang: Lang) -> String {
    match time.parse::<Timestamp>() {
        Ok(instant) => {
            let clock = instant.to_zoned(TimeZone::UTC).time();
            let clock = format!("{:02}:{:02}", clock.hour(), clock.minute());
            let parts = [("day", shown_day(time, lang)), ("time", clock)];
            say(lang, "at", &parts)
        }
        Err(_) => time.to_owned(),
    }
}
