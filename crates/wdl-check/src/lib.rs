//! The check of an export against its contract: everything wrong told at once.
