//! What is decided and asked about a whole file while it is opened.

use wdl_contract::{Contract, Layout};
use wdl_vocab::diagnostics::codes::holder as codes;

use crate::IntakeError;
use crate::header::Names;
use crate::layout::Kind;
use crate::metadata::Carrier;
use crate::question::{Answers, Choice, Decision, Hints, Question, Subject};
use crate::text::{Facts, TextEncoding, choose_delimiter, choose_encoding};

/// Decisions and questions as they come up.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) decisions: Vec<Decision>,
    pub(crate) questions: Vec<Question>,
}

impl Told {
    /// Tells of another kind of file than the contract's.
    pub(crate) fn layout(&mut self, actual: Kind, contract: &Contract) {
        let (expected, is_expected) = match contract.layout {
            Layout::Delimited => ("CSV", actual == Kind::Delimited),
            Layout::FixedWidth => ("TXT", actual == Kind::FixedWidth),
            Layout::Workbook { .. } => ("XLSX, ODS", matches!(actual, Kind::Xlsx | Kind::Ods)),
        };
        if !is_expected {
            self.decisions.push(
                Decision::new(Subject::Layout, true, codes::READ_LAYOUT)
                    .with("actual", actual.name())
                    .with("expected", expected),
            );
        }
    }

    /// Decides the encoding of a text; refuses one with NUL bytes.
    pub(crate) fn encoding(
        &mut self,
        facts: &Facts,
        contract: &Contract,
        answers: &Answers,
    ) -> Result<TextEncoding, IntakeError> {
        const KEY: &str = "encoding";
        let expected = TextEncoding::expected(contract);
        let chosen = choose_encoding(facts, expected);
        let encoding = match answers.get(KEY) {
            Some(answer) => TextEncoding::parse(answer).ok_or_else(|| IntakeError::BadAnswer {
                question: KEY.to_owned(),
                value: answer.to_owned(),
                options: TextEncoding::ALL
                    .map(|encoding| encoding.name().to_owned())
                    .to_vec(),
            })?,
            None => chosen.readings[0],
        };
        let is_wide = matches!(encoding, TextEncoding::Utf16Le | TextEncoding::Utf16Be);
        let nul: u64 = facts.nul.iter().sum();
        if nul > 0 && !is_wide {
            return Err(IntakeError::NulBytes(nul));
        }
        if chosen.readings.len() > 1 && answers.get(KEY).is_none() {
            let choices = chosen
                .readings
                .iter()
                .map(|reading| Choice::same(reading.name()));
            let question = Question::new(
                KEY.to_owned(),
                Subject::Encoding,
                codes::ASK_ENCODING,
                choices.collect(),
            );
            self.questions.push(question);
        }
        let actual = match (chosen.is_ascii, chosen.has_mark) {
            (true, _) => "ASCII".to_owned(),
            (false, true) => format!("{} (BOM)", encoding.name()),
            (false, false) => encoding.name().to_owned(),
        };
        self.decisions.push(
            Decision::new(
                Subject::Encoding,
                encoding != expected,
                codes::READ_ENCODING,
            )
            .with("actual", actual)
            .with("expected", expected.name()),
        );
        Ok(encoding)
    }

    /// Decides the mark between the columns of a text.
    pub(crate) fn delimiter(
        &mut self,
        sample: &str,
        names: &Names<'_>,
        hints: Hints<'_>,
    ) -> Result<u8, IntakeError> {
        const KEY: &str = "delimiter";
        let expected = hints.contract.delimiter;
        let delimiter = match hints.answers.get(KEY) {
            Some(answer) => parse_delimiter(answer).ok_or_else(|| IntakeError::BadAnswer {
                question: KEY.to_owned(),
                value: answer.to_owned(),
                options: [b';', b',', b'\t', b'|'].map(delimiter_name).to_vec(),
            })?,
            None => {
                let likely = choose_delimiter(sample, names, expected);
                if likely.len() > 1 {
                    let choices = likely
                        .iter()
                        .map(|mark| Choice::same(delimiter_name(*mark)));
                    let about = Subject::Delimiter;
                    let question = Question::new(
                        KEY.to_owned(),
                        about,
                        codes::ASK_DELIMITER,
                        choices.collect(),
                    );
                    self.questions.push(question);
                }
                likely[0]
            }
        };
        self.decisions.push(
            Decision::new(
                Subject::Delimiter,
                delimiter != expected,
                codes::READ_DELIMITER,
            )
            .with("actual", delimiter_name(delimiter))
            .with("expected", delimiter_name(expected)),
        );
        Ok(delimiter)
    }

    /// Tells of rows above the header; they travel nowhere, but may name a person.
    pub(crate) fn title_rows<'r, 'c: 'r>(
        &mut self,
        rows: impl Iterator<Item = &'r Vec<&'c str>>,
        header_line: u64,
    ) -> Vec<(Carrier, String)> {
        let titles: Vec<String> = rows
            .map(|row| {
                let filled: Vec<&str> = row
                    .iter()
                    .copied()
                    .filter(|cell| !cell.is_empty())
                    .collect();
                filled.join(" ")
            })
            .collect();
        if !titles.is_empty() {
            self.decisions.push(
                Decision::new(Subject::Header, true, codes::TITLE_ROWS)
                    .with("count", titles.len())
                    .with("line", header_line),
            );
        }
        titles
            .into_iter()
            .map(|title| (Carrier::TitleRow, title))
            .collect()
    }
}

/// A delimiter as answers name it.
fn parse_delimiter(answer: &str) -> Option<u8> {
    match answer.as_bytes() {
        b"TAB" => Some(b'\t'),
        [only] => Some(*only),
        _ => None,
    }
}

/// A delimiter as it is shown and answered.
fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "TAB".to_owned(),
        other => char::from(other).to_string(),
    }
}
