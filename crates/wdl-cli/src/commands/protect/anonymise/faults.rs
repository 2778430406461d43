//! What the kernel refuses, as diagnostics.

use std::path::Path;

use wdl_anonymisation::hierarchy::HierarchyError;
use wdl_anonymisation::lattice::LatticeError;
use wdl_anonymisation::local::LocalError;
use wdl_anonymisation::models::ModelError;
use wdl_anonymisation::mondrian::MondrianError;
use wdl_anonymisation::records::RecordsError;
use wdl_lab::Stopped;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

pub(super) fn hierarchy(path: &Path, fault: &HierarchyError) -> Stopped {
    let of = |code| Diagnostic::new(code).with("file", path.display());
    Stopped::new(match fault {
        HierarchyError::Empty => of(codes::HIERARCHY_EMPTY),
        HierarchyError::Uneven {
            row,
            actual,
            expected,
        } => of(codes::HIERARCHY_UNEVEN)
            .with("line", row)
            .with("actual", actual)
            .with("expected", expected),
        HierarchyError::DuplicateLeaf { first, second } => of(codes::HIERARCHY_DUPLICATE)
            .with("line", first)
            .with("other", second),
        HierarchyError::Unnamed { row, level } => of(codes::HIERARCHY_UNNAMED)
            .with("line", row)
            .with("actual", level),
        HierarchyError::NotNested {
            level,
            value,
            first,
            second,
        } => of(codes::HIERARCHY_NOT_NESTED)
            .with("actual", level)
            .with("value", value)
            .with("expected", first)
            .with("other", second),
        HierarchyError::TooLarge => too_large(&"2^32", u32::MAX),
    })
}

pub(super) fn records(path: &Path, fault: &RecordsError) -> Stopped {
    Stopped::new(match fault {
        RecordsError::NoRecords | RecordsError::NoQuasiIdentifiers => {
            Diagnostic::new(codes::NO_RECORDS).with("file", path.display())
        }
        RecordsError::TooMany => too_large(&"2^32", u32::MAX),
        RecordsError::TooWide { bits } => too_large(bits, 512),
        RecordsError::Uneven {
            actual, expected, ..
        } => too_large(actual, expected),
        RecordsError::UnknownCode { column } => too_large(column, "0"),
    })
}

pub(super) fn lattice(fault: &LatticeError) -> Stopped {
    Stopped::new(match fault {
        LatticeError::NoModel => Diagnostic::new(codes::NO_MODEL),
        LatticeError::Limit => {
            Diagnostic::new(codes::MODEL_PARAMETER).with("name", "--suppression-limit")
        }
        LatticeError::TooManyNodes { nodes, maximum } => too_large(nodes, maximum),
        LatticeError::Model(fault) => match fault {
            ModelError::Parameter { model } => {
                Diagnostic::new(codes::MODEL_PARAMETER).with("name", model)
            }
            ModelError::TooFewPersons { k, persons } => Diagnostic::new(codes::TOO_FEW_PERSONS)
                .with("need", k)
                .with("have", persons),
            ModelError::TooFewValues { asked, values } => Diagnostic::new(codes::TOO_FEW_VALUES)
                .with("need", asked)
                .with("have", values),
            ModelError::NoPopulation { model } => {
                Diagnostic::new(codes::NO_POPULATION).with("name", model)
            }
            ModelError::NoColumn { .. } => {
                Diagnostic::new(codes::NO_SENSITIVE).with("name", "--sensitive")
            }
        },
    })
}

pub(super) fn local(fault: &LocalError) -> Stopped {
    match fault {
        LocalError::Lattice(fault) => lattice(fault),
        LocalError::Presence => excluded("--delta-presence", "--local"),
    }
}

pub(super) fn mondrian(fault: &MondrianError) -> Stopped {
    match fault {
        MondrianError::Lattice(fault) => lattice(fault),
        MondrianError::Population => excluded("--population", "--mondrian"),
        MondrianError::NoSolution => {
            Stopped::new(Diagnostic::new(codes::NOT_USEFUL).with("reason", "--mondrian"))
        }
    }
}

/// Two options that cannot be held together.
fn excluded(option: &str, other: &str) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::EXCLUDED)
            .with("option", option)
            .with("other", other),
    )
}

fn too_large(actual: &dyn std::fmt::Display, maximum: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(codes::TOO_LARGE)
        .with("actual", actual)
        .with("maximum", maximum)
}
