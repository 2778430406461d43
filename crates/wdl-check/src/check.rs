//! The check itself: header, rows, what can only be seen over all of them, and what was delivered before.

use wdl_intake::{Chunk, Reading, Tail};
use wdl_vocab::diagnostics::codes::holder as codes;
use wdl_vocab::{Code, Diagnostic, Severity};

use crate::across::{Across, Found};
use crate::checked::Checked;
use crate::drift;
use crate::error::CheckError;
use crate::findings::{Findings, Subject};
use crate::header;
use crate::pass::{Pass, ReadRows};
use crate::people::People;
use crate::repeats::{self, Repeats};
use crate::rows::RowSet;
use crate::sql::{self, Kept, Loader};
use crate::terms::Terms;

/// Checks a file against its contract: everything wrong is told at once, rows with an error are rejected, the others accepted.
///
/// # Errors
/// [`CheckError`] when the file cannot be read, is waiting for an answer, or a rule of the contract cannot be run.
pub fn check(reading: &mut Reading, terms: Terms<'_>) -> Result<Checked, CheckError> {
    let file = header::file_name(reading);
    if !reading.questions().is_empty() {
        let questions = reading.questions().iter();
        return Err(CheckError::OpenQuestions {
            file,
            questions: questions.map(|question| question.key.clone()).collect(),
        });
    }
    let mut desk = Desk::new(terms);
    header::hold_metadata(reading, &mut desk.findings);
    let can_read = header::hold(reading, terms.contract, &mut desk.findings);
    // Whatever is an error before the first row is one of the whole file.
    desk.is_refused = desk.findings.counts().error > 0;
    let mut pass = Pass::new(reading, terms);
    if can_read {
        let tail = desk.rows(reading, &mut pass)?;
        desk.whole(tail, pass.counter.rows);
        desk.show(reading)?;
    }
    desk.close((file, reading), pass)
}

/// The rows that the sheets of spreadsheets hold, the old ones' and today's.
const SHEET_ROWS: [u64; 2] = [1 << 16, 1 << 20];

/// What is known of a file while it is checked.
struct Desk<'a> {
    terms: Terms<'a>,
    findings: Findings,
    /// Whether the whole file is refused.
    is_refused: bool,
    rejects: Rejects,
    kept: Option<Kept>,
}

/// The rejected rows, and the lines of the first of them.
#[derive(Default)]
struct Rejects {
    rows: RowSet,
    lines: Vec<u64>,
}

impl Rejects {
    fn insert(&mut self, row: u64, line: u64) {
        if !self.rows.contains(row) && self.lines.len() < crate::LINES {
            self.lines.push(line);
        }
        self.rows.insert(row);
    }
}

impl<'a> Desk<'a> {
    fn new(terms: Terms<'a>) -> Desk<'a> {
        Desk {
            terms,
            findings: Findings::default(),
            is_refused: false,
            rejects: Rejects::default(),
            kept: None,
        }
    }

    /// Something about the whole file, with a count of rows.
    fn tell(&mut self, severity: Severity, code: Code, rows: u64) {
        let key = (severity, Subject::File, code);
        let finding = self.findings.add(key, None, || Diagnostic::new(code));
        finding.count += rows - 1;
    }

    /// A fault of the whole file.
    fn refuse(&mut self, code: Code) {
        self.is_refused = true;
        self.tell(Severity::Error, code, 1);
    }

    /// The first pass: every row once.
    fn rows(&mut self, reading: &mut Reading, pass: &mut Pass<'a>) -> Result<Tail, CheckError> {
        let terms = self.terms;
        let across = Across::new(terms.contract);
        let people = People::new(terms.contract);
        let mut repeats = Repeats::new(terms.contract, &people);
        let mut loader = Loader::new(terms).map_err(CheckError::Database)?;
        let mut chunk = Chunk::new();
        reading.rewind()?;
        while reading.chunk(&mut chunk)? {
            let mut rows = pass.read(&chunk);
            self.across(&across, &people, &mut rows);
            repeats.take(&rows)?;
            if let Some(loader) = &mut loader {
                loader.take(&rows).map_err(CheckError::Database)?;
            }
            for (row, is_wrong) in rows.wrong.iter().enumerate() {
                if *is_wrong {
                    self.rejects
                        .insert(rows.batch.numbers[row], rows.lines[row]);
                }
            }
            pass.tally(&rows, &rows.wrong);
        }
        let tail = reading.tail();
        self.gather(pass);
        let rejects = &mut self.rejects;
        let mut reject = |row, line| rejects.insert(row, line);
        repeats.finish(terms.contract, &mut self.findings, &mut reject)?;
        if let Some(loader) = loader {
            self.kept = sql::hold(loader, terms, &mut self.findings, &mut reject)?;
        }
        // An error of a rule that names no row cannot be left out with one: the whole file is refused.
        self.is_refused |= self.findings.iter().any(|finding| {
            matches!(finding.subject, Subject::Sql(_))
                && finding.diagnostic.severity == Severity::Error
                && finding.lines.len() < crate::LINES
                && (finding.lines.len() as u64) < finding.count
        });
        Ok(tail)
    }

    /// The rules between the columns of each row.
    fn across(&mut self, across: &Across<'_>, people: &People<'_>, rows: &mut ReadRows<'_>) {
        let mut wrong = std::mem::take(&mut rows.wrong);
        let mut found = Found {
            findings: &mut self.findings,
            rejected: &mut wrong,
        };
        across.hold(&rows.batch, &rows.cells, &mut found);
        people.hold(&rows.batch, &rows.cells, &mut found);
        rows.wrong = wrong;
    }

    /// Takes what the columns and the counting of rows found.
    fn gather(&mut self, pass: &mut Pass<'a>) {
        for reader in &mut pass.readers {
            reader.finish();
            self.findings.take(std::mem::take(&mut reader.findings));
        }
        let counter = &mut pass.counter;
        self.findings.take(std::mem::take(&mut counter.findings));
        self.rejects.rows.union(&counter.broken);
        self.rejects.lines.append(&mut counter.broken_lines);
    }

    /// Reads again the cells that the first pass only knew by their fingerprints, for the few examples of the body's report.
    fn show(&mut self, reading: &mut Reading) -> Result<(), CheckError> {
        let wanted = repeats::wanted(self.terms.contract, &self.findings);
        let Some(last) = wanted.keys().next_back().copied() else {
            return Ok(());
        };
        let mut chunk = Chunk::new();
        reading.rewind()?;
        let mut is_done = false;
        while !is_done && reading.chunk(&mut chunk)? {
            for row in 0..chunk.rows() {
                let line = chunk.line(row);
                is_done |= line >= last;
                for (subject, code, columns) in wanted.get(&line).into_iter().flatten() {
                    let places = columns.iter().filter_map(|column| reading.place(*column));
                    let cells: Vec<&str> = places.map(|at| chunk.cell(row, at).text).collect();
                    self.findings
                        .show((*subject, *code, line), &cells.join(" + "));
                }
            }
        }
        Ok(())
    }

    /// What can only be said over the whole file.
    fn whole(&mut self, tail: Tail, rows: u64) {
        if tail.trailing_blank_rows > 0 {
            self.tell(Severity::Note, codes::EMPTY_ROW, tail.trailing_blank_rows);
        }
        if tail.ends_inside_row {
            self.refuse(codes::TRUNCATED);
        }
        if rows == 0 && !self.is_refused {
            self.refuse(codes::NO_ROWS);
        }
        if SHEET_ROWS.contains(&rows) || SHEET_ROWS.contains(&(rows + 1)) {
            self.tell(Severity::ToJustify, codes::ROW_LIMIT, rows);
        }
    }

    fn close(
        mut self,
        (file, reading): (String, &mut Reading),
        first: Pass<'a>,
    ) -> Result<Checked, CheckError> {
        let (terms, rows) = (self.terms, first.counter.rows);
        if self.is_refused {
            self.rejects.rows.insert_all();
        }
        let rejected = self.rejects.rows.count(rows);
        let accepted = rows - rejected;
        let second = match accepted == first.tallied {
            true => None,
            // What only the whole file shows rejected some rows: the others are counted again without them.
            false => Some(recount(reading, terms, &self.rejects.rows, accepted)?),
        };
        let counted = second.as_ref().unwrap_or(&first);
        let summary = counted.summary(accepted);
        let fingerprint = counted.fingerprint(accepted);
        if accepted > 0 {
            drift::hold(terms.contract, &summary, terms.history, &mut self.findings);
        }
        self.findings.justify(terms.justified);
        self.rejects.lines.sort_unstable();
        self.rejects.lines.dedup();
        let readers = first.readers.iter();
        Ok(Checked {
            file,
            dataset: terms.contract.dataset.clone(),
            decisions: reading.decisions().to_vec(),
            rows,
            accepted,
            rejected,
            rejected_lines: self.rejects.lines,
            findings: self.findings,
            filled: readers
                .clone()
                .map(|reader| reader.is_in_file().then_some(reader.filled))
                .collect(),
            people: readers.filter_map(|reader| reader.people.clone()).collect(),
            summary,
            fingerprint,
            rejects: self.rejects.rows,
            kept: self.kept,
        })
    }
}

/// Counts the accepted rows once more.
fn recount<'a>(
    reading: &mut Reading,
    terms: Terms<'a>,
    rejects: &RowSet,
    accepted: u64,
) -> Result<Pass<'a>, CheckError> {
    let mut pass = Pass::new(reading, terms);
    let mut chunk = Chunk::new();
    reading.rewind()?;
    while accepted > 0 && reading.chunk(&mut chunk)? {
        let rows = pass.read(&chunk);
        let rejected = rows.rejected(|number| rejects.contains(number));
        pass.tally(&rows, &rejected);
    }
    match pass.tallied == accepted {
        true => Ok(pass),
        false => Err(CheckError::Changed),
    }
}
