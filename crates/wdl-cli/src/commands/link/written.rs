//! The files of a run: pairs, clusters, model, report.

use std::io::{self, Write};

use wdl_lab::Stopped;
use wdl_linkage::{Data, Linked};
use wdl_vocab::Lang;

use super::earlier::Read;
use super::folder::{DONE, Folder, cell};
use super::judged::Judged;
use super::report::{Measure, report};
use super::run::Done;
use super::told::Told;

/// Writes them, the one that says that the run is finished last.
pub(super) fn write(
    folder: &Folder,
    read: &Read,
    done: &Done,
    told: &Told,
    lang: Lang,
) -> Result<(), Stopped> {
    let Done {
        data,
        linked,
        recognised,
        judged,
        ..
    } = done;
    folder.begin(Some(read))?;
    folder.write("pairs.csv", |file| pairs(file, data, linked))?;
    folder.write("clusters.csv", |file| clusters(file, data, linked))?;
    let model = linked.model.write();
    folder.write("model.yaml", |file| file.write_all(model.as_bytes()))?;
    let page = report(linked, data, recognised, judged.as_ref().map(measure), lang);
    folder.write("report.html", |file| file.write_all(page.as_bytes()))?;
    let report = told.report();
    folder.write(DONE, |file| file.write_all(report.as_bytes()))
}

fn measure(judged: &Judged) -> Measure {
    Measure {
        pairs: judged.true_pairs,
        precision: judged.precision,
        recall: judged.recall,
        f1: judged.f1,
    }
}

/// The links, in the order of the ids of the first file.
fn pairs(out: &mut dyn Write, data: &Data, linked: &Linked) -> io::Result<()> {
    out.write_all(b"id_a,id_b,probability,weight\n")?;
    for link in &linked.links {
        cell(out, data.ids.get(link.a))?;
        out.write_all(b",")?;
        cell(out, data.ids.get(link.b))?;
        writeln!(out, ",{:.6},{:.3}", link.probability, link.weight)?;
    }
    Ok(())
}

/// Every record with the number of its cluster; clusters are numbered as their first records come.
fn clusters(out: &mut dyn Write, data: &Data, linked: &Linked) -> io::Result<()> {
    out.write_all(b"source,id,cluster\n")?;
    let mut numbers = vec![0_u32; data.len()];
    let mut last = 0;
    for source in &data.sources {
        for record in source.records.clone() {
            let number = &mut numbers[linked.clusters[record as usize] as usize];
            if *number == 0 {
                last += 1;
                *number = last;
            }
            cell(out, &source.name)?;
            out.write_all(b",")?;
            cell(out, data.ids.get(record))?;
            writeln!(out, ",{number}")?;
        }
    }
    Ok(())
}
