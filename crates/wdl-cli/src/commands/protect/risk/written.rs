//! The figures of each record, as a CSV file in the order of the records; no value of a record is in it.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use wdl_lab::Stopped;

use super::Findings;

/// Writes one row for each row of the file; `place` says which record counts for it.
pub(super) fn write(path: &Path, found: &Findings, place: &[usize]) -> Result<(), Stopped> {
    let fail = |fault: io::Error| Stopped::file(path, &fault);
    let beside = path.with_extension("part");
    let mut out = BufWriter::new(std::fs::File::create(&beside).map_err(fail)?);
    table(&mut out, found, place)
        .and_then(|()| out.flush())
        .map_err(fail)?;
    std::fs::rename(&beside, path).map_err(fail)
}

fn table(out: &mut dyn Write, found: &Findings, place: &[usize]) -> io::Result<()> {
    write!(out, "alike_in_file,alike_in_population,risk,risk_sdcmicro")?;
    if found.household.is_some() {
        write!(out, ",household_risk,household_risk_sdcmicro")?;
    }
    if found.suda.is_some() {
        write!(out, ",suda_score")?;
    }
    let dis = found
        .suda
        .as_ref()
        .filter(|_| found.sampling_fraction.is_some())
        .map(|suda| &suda.dis);
    writeln!(out, "{}", if dis.is_some() { ",suda_dis" } else { "" })?;
    for row in place.iter().copied() {
        write!(
            out,
            "{},{},{},{}",
            found.frequencies.sample[row],
            found.frequencies.population[row],
            found.exact[row],
            found.sdcmicro[row]
        )?;
        if let Some([exact, sdcmicro]) = &found.household {
            write!(out, ",{},{}", exact[row], sdcmicro[row])?;
        }
        if let Some(suda) = &found.suda {
            write!(out, ",{}", suda.score[row])?;
        }
        match dis {
            Some(dis) => writeln!(out, ",{}", dis[row])?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}
