//! `wdl protect audit CERTIFICATE`: whether a certificate holds, seen without a solver.

use std::path::{Path, PathBuf};

use serde_json::json;
use wdl_lab::Stopped;
use wdl_suppression::audit::difference;
use wdl_suppression::certificate::Certificate;
use wdl_suppression::prepare::prepare;
use wdl_suppression::verify::verify;
use wdl_vocab::diagnostics::codes::disclosure as codes;
use wdl_vocab::{Diagnostic, Text};

use super::hidden::told;
use super::table::{read_form, read_json};
use super::table_faults as faults;
use crate::answer::Answer;

/// Checks the certificate of a protected table, without a solver
#[derive(clap::Args)]
pub(crate) struct Audit {
    /// The certificate
    certificate: PathBuf,
    /// The table it should be of, in JSON: its cells, values, sums and threshold are compared
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
}

impl Audit {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let path = &self.certificate;
        let certificate: Certificate = serde_json::from_value(read_json(path)?).map_err(|_| {
            Stopped::new(
                Diagnostic::new(codes::CERTIFICATE_UNREADABLE).with("file", path.display()),
            )
        })?;
        let verified = verify(&certificate).map_err(|fault| faults::certificate(path, &fault))?;
        if let Some(table) = &self.table {
            compare(path, &certificate, table)?;
        }
        let counts = format!(
            "{} / {} / {}",
            verified.cells, verified.hidden, verified.required
        );
        // Which cells are small follows from the units, and only the table can say those.
        let [unsaid, untold] = match self.table {
            Some(_) => ["", ""],
            None => [
                "; le unità e la soglia sono quelle che il certificato dice: `--table` le confronta con la tabella",
                "; units and threshold are those the certificate says: `--table` compares them with the table",
            ],
        };
        let text = Text::new(
            format!(
                "il certificato vale: celle / nascoste / da proteggere {counts}; intervalli esatti {}{unsaid}",
                verified.exact
            ),
            format!(
                "the certificate holds: cells / hidden / to be protected {counts}; exact intervals {}{untold}",
                verified.exact
            ),
        );
        Ok(Answer::new(
            text,
            json!({
                "holds": true,
                "cells": verified.cells,
                "hidden": verified.hidden,
                "required": verified.required,
                "exact": verified.exact,
                "fractional": verified.fractional,
                "compared": self.table.is_some(),
                "minimum_frequency": certificate.minimum_frequency,
                "units": if self.table.is_some() { "compared" } else { "as the certificate says" },
            }),
        ))
    }
}

/// Whether a certificate is of a table: the same cells, values, units, sums, beliefs and waivers, and nothing less to be protected.
fn compare(path: &Path, certificate: &Certificate, table: &Path) -> Result<(), Stopped> {
    let form = read_form(table, read_json(table)?)?;
    let material = form
        .material()
        .map_err(|fault| faults::form(table, &fault))?;
    let wishes = form
        .wishes(&material)
        .map_err(|fault| faults::form(table, &fault))?;
    let told = told(&material, &wishes);
    let prepared = prepare(material, &wishes);
    match difference(certificate, &prepared.problem, &told) {
        None => Ok(()),
        Some(cell) => Err(Stopped::new(
            Diagnostic::new(codes::CERTIFICATE_OTHER)
                .with("file", path.display())
                .with("table", table.display())
                .with("cell", cell),
        )),
    }
}
