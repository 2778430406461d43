//! What the kernel of suppression refuses, as diagnostics.

use std::path::Path;

use wdl_lab::Stopped;
use wdl_suppression::SolverError;
use wdl_suppression::form::FormError;
use wdl_suppression::hierarchy::HierarchyError;
use wdl_suppression::optimum::OptimumError;
use wdl_suppression::primary::RuleError;
use wdl_suppression::problem::SystemError;
use wdl_suppression::table::TableError;
use wdl_suppression::verify::VerifyError;
use wdl_vocab::Diagnostic;
use wdl_vocab::diagnostics::codes::disclosure as codes;

pub(super) fn form(path: &Path, fault: &FormError) -> Stopped {
    let of = |code| Diagnostic::new(code).with("file", path.display());
    Stopped::new(match fault {
        FormError::Hierarchy { dimension, source } => hierarchy(path, dimension, source),
        FormError::Table(fault) => return table(path, fault),
        FormError::System(fault) => system(path, fault),
        FormError::Rules(RuleError::BelowThree { given, least }) => of(codes::TABLE_THRESHOLD)
            .with("actual", given)
            .with("expected", least),
        FormError::Rules(RuleError::Parameter { rule, parameter }) => of(codes::TABLE_RULE)
            .with("rule", rule)
            .with("field", parameter),
        FormError::Missing { field } => of(codes::TABLE_MISSING).with("field", field),
        FormError::Unreadable { field, of: cell } => {
            of(codes::TABLE_FIELD).with("field", field).with("of", cell)
        }
        FormError::UnknownCell { field, cell } => of(codes::TABLE_UNKNOWN_CELL)
            .with("field", field)
            .with("cell", cell),
        FormError::NoReason { cell } => of(codes::TABLE_NO_REASON).with("cell", cell),
    })
}

fn hierarchy(path: &Path, dimension: &str, fault: &HierarchyError) -> Diagnostic {
    let of = |code, label: &str| {
        Diagnostic::new(code)
            .with("file", path.display())
            .with("dimension", dimension)
            .with("label", label)
    };
    match fault {
        HierarchyError::TwoParents {
            label,
            first,
            second,
        } => of(codes::TABLE_TWO_PARENTS, label)
            .with("first", first)
            .with("second", second),
        HierarchyError::Empty => of(codes::TABLE_NO_TREE, ""),
        HierarchyError::NoName { parent: label }
        | HierarchyError::Twice { label, .. }
        | HierarchyError::TwoTotals { second: label, .. }
        | HierarchyError::Circle { label }
        | HierarchyError::NoParts { label } => of(codes::TABLE_NO_TREE, label),
    }
}

pub(super) fn table(path: &Path, fault: &TableError) -> Stopped {
    let of = |code| Diagnostic::new(code).with("file", path.display());
    Stopped::new(match fault {
        TableError::KeyLength { key, .. } => {
            of(codes::TABLE_FIELD).with("field", "key").with("of", key)
        }
        TableError::UnknownLabel { label, dimension } => of(codes::TABLE_UNKNOWN_LABEL)
            .with("label", label)
            .with("dimension", dimension),
        TableError::Twice { key } => of(codes::TABLE_CELL_TWICE).with("cell", key),
        TableError::NotAdditive { key } => of(codes::TABLE_NOT_ADDITIVE).with("cell", key),
        TableError::TooManyCells { .. } => of(codes::TABLE_TOO_LARGE).with("cell", "*"),
        TableError::TooLarge { key } => of(codes::TABLE_TOO_LARGE).with("cell", key),
        TableError::Disagree { key } => of(codes::TABLES_DISAGREE).with("cell", key),
        TableError::Nothing => of(codes::TABLE_MISSING).with("field", "hierarchies"),
    })
}

fn system(path: &Path, fault: &SystemError) -> Diagnostic {
    let of = |code| Diagnostic::new(code).with("file", path.display());
    match fault {
        SystemError::NotAdditive { total } => of(codes::TABLE_NOT_ADDITIVE).with("cell", total),
        SystemError::Twice { name } => of(codes::TABLE_CELL_TWICE).with("cell", name),
        SystemError::UnknownCell { cell, .. } => of(codes::TABLE_UNKNOWN_CELL)
            .with("field", "equations")
            .with("cell", cell),
        SystemError::TooLarge { name } => of(codes::TABLE_TOO_LARGE).with("cell", name),
    }
}

pub(super) fn optimum(fault: &OptimumError) -> Stopped {
    match fault {
        OptimumError::Infeasible { name, .. } => {
            Stopped::new(Diagnostic::new(codes::TABLE_EXPOSED).with("cell", name))
        }
        OptimumError::Solver(fault) => solver(fault),
    }
}

pub(super) fn solver(fault: &SolverError) -> Stopped {
    Stopped::new(Diagnostic::new(codes::TABLE_SOLVER).with("detail", &fault.state))
}

/// A certificate of our own making that does not hold: nothing is told then.
pub(super) fn ours(fault: &VerifyError) -> Stopped {
    Stopped::new(Diagnostic::new(codes::TABLE_SOLVER).with("detail", fault))
}

/// A certificate that somebody brought and that does not hold.
pub(super) fn certificate(path: &Path, fault: &VerifyError) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::CERTIFICATE_FAILS)
            .with("file", path.display())
            .with("detail", fault),
    )
}
