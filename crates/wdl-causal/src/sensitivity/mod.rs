//! How strong what was not observed must be to undo a result.
