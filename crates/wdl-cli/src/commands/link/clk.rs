//! `wdl link A [B] --clk`: files of encodings are linked, without values and without the key.

use std::fs;
use std::path::Path;

use serde_json::json;
use wdl_lab::Stopped;
use wdl_linkage::encoded::{Encoded, EncodedLinks, Options, dedupe, link};
use wdl_linkage::quality::Counts;
use wdl_linkage::{Builder, Data};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnose as _, Diagnostic, Text};

use super::cost::{cpu_seconds, peak_rss_mb};
use super::encode::round;
use super::folder::{Folder, cell};
use super::input::note;
use super::run::Run;
use super::truth;
use crate::answer::Answer;

/// Links the files of a run.
pub(super) fn run(run: &Run) -> Result<Answer, Stopped> {
    let (files, out) = (run.files_of(), run.out_of());
    let first = files.a.as_deref();
    let first = first.ok_or_else(|| Stopped::new(Diagnostic::new(codes::WRONG_FILES)))?;
    let folder = out.map(Folder::take).transpose()?;
    let a = read(first)?;
    let b = files.b.as_deref().map(read).transpose()?;
    let found = match &b {
        Some(b) => link(&a, b, &Options::default())?,
        None => dedupe(&a, &Options::default())?,
    };
    let mut notes = Vec::new();
    let each = std::iter::once((first, &a)).chain(files.b.as_deref().zip(b.as_ref()));
    for (path, file) in each {
        if file.set_aside() > 0 {
            let notice = note(codes::ENCODED_SET_ASIDE);
            notes.push(
                notice
                    .with("count", file.set_aside())
                    .with("file", path.display()),
            );
        }
    }
    let other = b.as_ref().unwrap_or(&a);
    let offset = b.as_ref().map_or(0, |_| a.len() as u32);
    let judged = match run.truth_of() {
        Some(pairs) => {
            let (truth, notice) = truth::of_pairs(pairs, &ids(&a, b.as_ref()), "id")?;
            notes.extend(notice);
            let links = found.links.iter();
            Some(truth.of_links(links.map(|link| (link.a, link.b + offset))))
        }
        None => None,
    };
    let share = |of: fn(&Counts) -> Option<f64>| judged.as_ref().and_then(of).map(round);
    let value = json!({
        "pairs": found.links.len(),
        "precision": share(Counts::precision),
        "recall": share(Counts::recall),
        "f1": share(Counts::f1),
        "estimated_precision": round(1.0 - found.estimated_false_share),
        "estimated_recall": round(
            (found.links.len() as f64 * (1.0 - found.estimated_false_share)
                / found.estimated_matches.max(1.0)).min(1.0)
        ),
        "cut": found.cut.map(round),
        "records": [a.len(), b.as_ref().map_or(0, Encoded::len)],
        "without_vectors": [a.without_vectors(), b.as_ref().map_or(0, Encoded::without_vectors)],
        "schema": a.agreed().schema.to_string(),
        "notes": notes.iter().map(|note| note.code).collect::<Vec<_>>(),
        "cpu_seconds": cpu_seconds(),
        "peak_rss_mb": peak_rss_mb(),
    });
    if let Some(folder) = folder {
        folder.begin()?;
        folder.write("pairs.csv", |file| pairs(file, (&a, other), &found))?;
        folder.write("report.json", |file| writeln!(file, "{value}"))?;
    }
    let (count, wrong) = (found.links.len(), found.estimated_false_share * 100.0);
    let text = Text::new(
        format!("{count} coppie collegate; quota stimata di coppie sbagliate: {wrong:.2} %"),
        format!("{count} pairs linked; estimated share of false pairs: {wrong:.2} %"),
    );
    Ok(Answer::new(text, value))
}

/// A file of encodings; what is wrong with it is told with its name.
fn read(path: &Path) -> Result<Encoded, Stopped> {
    let bytes = fs::read(path).map_err(|fault| Stopped::file(path, &fault))?;
    Encoded::read(&bytes)
        .map_err(|fault| Stopped::new(fault.diagnostic().with("file", path.display())))
}

fn pairs(
    file: &mut dyn std::io::Write,
    (a, b): (&Encoded, &Encoded),
    found: &EncodedLinks,
) -> std::io::Result<()> {
    writeln!(file, "id_a,id_b,agreement,probability")?;
    for link in &found.links {
        cell(file, a.id(link.a))?;
        write!(file, ",")?;
        cell(file, b.id(link.b))?;
        writeln!(file, ",{:.4},{:.4}", link.agreement, link.probability)?;
    }
    Ok(())
}

/// The ids alone, as the reader of true pairs looks them up.
fn ids(a: &Encoded, b: Option<&Encoded>) -> Data {
    let mut builder = Builder::new([]);
    for (name, file) in [("a", Some(a)), ("b", b)] {
        let Some(file) = file else {
            continue;
        };
        builder.source(name);
        for record in 0..file.len() as u32 {
            builder
                .push(file.id(record), [])
                .expect("the files had room for them");
        }
    }
    builder.finish().expect("ids are unique in their files")
}
