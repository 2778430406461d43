//! `wdl protect tables A B C`: tables over the same units as one, beside those that are public already.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wdl_lab::Stopped;
use wdl_suppression::joint::{Joint, Public, join};
use wdl_suppression::prepare::{declared_costs, prepare};
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

use super::hidden::{Protected, answer, finish, told, write_certificate};
use super::table::{Rules, read_form, read_json};
use super::table_faults as faults;
use crate::answer::Answer;

/// Protects several tables of the same units together, also against those already released
#[derive(clap::Args)]
pub(crate) struct Tables {
    /// The tables, in JSON: with the names of their dimensions, or with cells and equations
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A folder of tables that are public: JSON in the same form, with their hidden cells as `suppressed`
    #[arg(long, value_name = "DIR")]
    released: Option<PathBuf>,
    /// Write the certificate, for whoever checks the lab: it holds the true values
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    #[command(flatten)]
    rules: Rules,
}

impl Tables {
    pub(crate) fn run(&self) -> Result<Answer, Stopped> {
        let mut ignored = Vec::new();
        let mut new = Vec::new();
        for file in &self.files {
            let form = self.rules.form(file, read_json(file)?)?;
            ignored.extend(form.ignored().into_iter().map(str::to_owned));
            new.push(form);
        }
        let (paths, public) = self.public()?;
        let joint = join(&new, &public).map_err(|fault| {
            let file = self.files.iter().chain(&paths).nth(fault.table);
            faults::form(file.map_or(Path::new(""), PathBuf::as_path), &fault.source)
        })?;
        if let Some(cell) = joint.public.iter().find(|cell| !joint.is_elsewhere[**cell]) {
            return Err(Stopped::new(
                Diagnostic::new(codes::RELEASED_EXPOSES)
                    .with("cell", &joint.material.system.names()[*cell]),
            ));
        }
        let paths: Vec<&PathBuf> = self.files.iter().chain(&paths).collect();
        let same = joint.same_numbers.iter();
        let same: Vec<String> = same
            .map(|(one, two)| format!("{} = {}", paths[*one].display(), paths[*two].display()))
            .collect();
        let mut protected = self.protect(joint, ignored)?;
        protected.same_numbers = same;
        Ok(answer(&[protected], false))
    }

    fn protect(&self, joint: Joint, ignored: Vec<String>) -> Result<Protected, Stopped> {
        let mut told = told(&joint.material, &joint.wishes);
        // What the public tables show is past protecting, and the certificate says so.
        for cell in &joint.public {
            told.waivers[*cell] = Some("released".to_owned());
        }
        let with_sums = (!joint.wishes.unions && self.released.is_none()).then(|| {
            let mut wishes = joint.wishes.clone();
            wishes.unions = true;
            prepare(joint.material.clone(), &wishes)
        });
        let declared = declared_costs(&joint.material, &joint.wishes.costs);
        let mut protected = finish(None, joint.prepared, with_sums, &told, ignored)?;
        protected.declared = declared;
        protected.is_elsewhere = joint.is_elsewhere;
        protected.percentages = joint.percentages;
        if let Some(path) = &self.certificate {
            write_certificate(path, &protected.certificate)?;
        }
        Ok(protected)
    }

    /// The public tables, by name of the file.
    fn public(&self) -> Result<(Vec<PathBuf>, Vec<Public>), Stopped> {
        let Some(folder) = &self.released else {
            return Ok((Vec::new(), Vec::new()));
        };
        let entries = std::fs::read_dir(folder).map_err(|fault| Stopped::file(folder, &fault))?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| super::table::is_json(path))
            .collect();
        paths.sort();
        let public = paths
            .iter()
            .map(|path| {
                let value = read_json(path)?;
                let hidden = value.get("suppressed").and_then(Value::as_array);
                let Some(hidden) = hidden else {
                    return Err(Stopped::new(
                        Diagnostic::new(codes::TABLE_MISSING)
                            .with("file", path.display())
                            .with("field", "suppressed"),
                    ));
                };
                let hidden = hidden
                    .iter()
                    .filter_map(|name| name.as_str().map(str::to_owned))
                    .collect();
                let form = read_form(path, value)?;
                Ok(Public { form, hidden })
            })
            .collect::<Result<_, _>>()?;
        Ok((paths, public))
    }
}
