//! `wdl link A [B] --clk`: files of encodings are linked, without values and without the key.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::json;
use wdl_lab::Stopped;
use wdl_linkage::cluster::ClusterRules;
use wdl_linkage::decide::Edge;
use wdl_linkage::encoded::{Encoded, EncodedLinks, Options, dedupe, link};
use wdl_linkage::quality::Counts;
use wdl_linkage::{Builder, Data};
use wdl_vocab::diagnostics::codes::linkage as codes;
use wdl_vocab::{Diagnose as _, Diagnostic, Lang, Text};

use super::cost::{cpu_seconds, peak_rss_mb};
use super::encode::round;
use super::folder::{Folder, cell};
use super::input::note;
use super::run::Run;
use super::told::{clusters as count_clusters, known, warnings};
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
    let is_salted = a.agreed().salts.iter().any(|salt| !salt.is_empty());
    if b.is_none() && is_salted {
        let refused = Diagnostic::new(codes::ENCODED_ONE_SALTED);
        return Err(Stopped::new(refused.with("file", first.display())));
    }
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
    let paths = std::iter::once(first).chain(files.b.as_deref());
    for (path, is_suspected) in paths.zip(found.is_suspected) {
        if is_suspected {
            notes.push(note(codes::ENCODED_DUPLICATES).with("file", path.display()));
        }
    }
    let other = b.as_ref().unwrap_or(&a);
    let offset = b.as_ref().map_or(0, |_| a.len() as u32);
    let ids_count = a.len() + b.as_ref().map_or(0, Encoded::len);
    let truth = match run.truth_of() {
        Some(pairs) => {
            let (truth, notice) = truth::of_pairs(pairs, &ids(&a, b.as_ref()), "id")?;
            notes.extend(notice);
            Some(truth)
        }
        None => None,
    };
    let judged = truth.as_ref().map(|truth| {
        let links = found.links.iter();
        truth.of_links(links.map(|link| (link.a, link.b + offset)))
    });
    let share = |of: fn(&Counts) -> Option<f64>| judged.as_ref().and_then(of).map(round);
    let clusters = clusters(&found, offset, ids_count);
    let of_clusters = truth.map(|truth| truth.of_clusters(&clusters));
    let estimated = Estimated::of(&found);
    let value = json!({
        "pairs": found.links.len(),
        "clusters": count_clusters(&clusters),
        "precision": share(Counts::precision),
        "recall": share(Counts::recall),
        "f1": share(Counts::f1),
        "cluster_f1": of_clusters.and_then(|of| of.pairs.f1()).map(round),
        "estimated_precision": estimated.precision.map(round),
        "estimated_recall": estimated.recall.map(round),
        "cpu_seconds": cpu_seconds(),
        "peak_rss_mb": peak_rss_mb(),
        "cut_agreement": found.cut.map(round),
        "records": [a.len(), b.as_ref().map_or(0, Encoded::len)],
        "without_vectors": [a.without_vectors(), b.as_ref().map_or(0, Encoded::without_vectors)],
        "schema": a.agreed().schema.to_string(),
        "warnings": warnings(&notes),
    });
    if let Some(folder) = folder {
        folder.begin(None)?;
        folder.write("pairs.csv", |file| pairs(file, (&a, other), &found))?;
        folder.write("report.json", |file| writeln!(file, "{value}"))?;
    }
    let text = Text::new(
        words(&found, estimated, &notes, Lang::It),
        words(&found, estimated, &notes, Lang::En),
    );
    Ok(Answer::new(text, value))
}

/// What is expected of the links; nothing of no link.
#[derive(Clone, Copy)]
struct Estimated {
    precision: Option<f64>,
    recall: Option<f64>,
}

impl Estimated {
    fn of(found: &EncodedLinks) -> Estimated {
        let links = found.links.len() as f64;
        let precision = 1.0 - found.estimated_false_share;
        let matches = found.estimated_matches;
        Estimated {
            precision: (links > 0.0).then_some(precision),
            recall: (matches >= 0.5).then(|| (links * precision / matches).min(1.0)),
        }
    }
}

/// For each record the smallest of its cluster.
fn clusters(found: &EncodedLinks, offset: u32, records: usize) -> Vec<u32> {
    let edges: Vec<Edge> = found
        .links
        .iter()
        .map(|link| Edge {
            a: link.a.min(link.b + offset),
            b: link.a.max(link.b + offset),
            weight: link.agreement,
        })
        .collect();
    let rules = ClusterRules {
        source_of: &|_| 0,
        without_duplicates: &[false],
        exclusive: None,
        size_max: usize::MAX,
        absent_weight: None,
        scored: &[],
    };
    wdl_linkage::cluster::clusters(records as u32, &edges, &rules).cluster_of
}

fn words(found: &EncodedLinks, estimated: Estimated, notes: &[Diagnostic], lang: Lang) -> String {
    let mut text = String::new();
    for one in notes {
        let _ = writeln!(text, "{}\n", one.render(lang));
    }
    let count = lang.number(found.links.len() as f64, 0);
    let [precision, recall] =
        [estimated.precision, estimated.recall].map(|share| known(share, lang));
    let _ = match lang {
        Lang::It => write!(
            text,
            "Coppie: {count}. Stima senza verità: precisione {precision}, completezza {recall}."
        ),
        Lang::En => write!(
            text,
            "Pairs: {count}. Estimated without truth: precision {precision}, recall {recall}."
        ),
    };
    text
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
