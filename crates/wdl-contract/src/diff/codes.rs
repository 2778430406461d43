//! Changes of a code list.

use super::{Change, Raise, What, change};
use crate::code_list::CodeList;

/// What changed from one version of a code list to another: a code that is gone is not compatible, a new one is.
pub fn diff_codes(old: &CodeList, new: &CodeList) -> Vec<Change> {
    let list = new.name();
    let mut changes = Vec::new();
    for row in old.rows() {
        let code = &row.code;
        let about = format!("{list}.{code}");
        match new.label(code) {
            None => changes.push(change(
                What::Code,
                &about,
                Raise::Major,
                format!("la lista `{list}` non ha più il codice `{code}`"),
                format!("the list `{list}` no longer has the code `{code}`"),
            )),
            Some(label) if *label != row.label => changes.push(change(
                What::Wording,
                &about,
                Raise::Patch,
                format!("nella lista `{list}` sono cambiate le parole del codice `{code}`"),
                format!("in the list `{list}` the words of the code `{code}` changed"),
            )),
            Some(_) => {}
        }
    }
    for row in new.rows() {
        let code = &row.code;
        if !old.contains(code) {
            changes.push(change(
                What::Code,
                &format!("{list}.{code}"),
                Raise::Minor,
                format!("la lista `{list}` ha un nuovo codice, `{code}`"),
                format!("the list `{list}` has a new code, `{code}`"),
            ));
        }
    }
    changes
}
