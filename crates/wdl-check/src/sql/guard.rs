//! What a rule may do: read, and come to an end.

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// How many steps pass between two looks at the count.
const STEPS_AT_ONCE: i32 = 10_000;

/// The most memory SQLite may hold while a rule runs, its pages included.
const MEMORY_MAX: u64 = 192 << 20;

/// Functions that read files, or answer differently each time.
const FORBIDDEN_FUNCTIONS: [&str; 6] = [
    "load_extension",
    "random",
    "randomblob",
    "readfile",
    "writefile",
    "fts3_tokenizer",
];

/// A database that only answers questions, for as long as this lives.
pub(super) struct Guard<'d>(&'d Connection);

impl Guard<'_> {
    pub(super) fn set(database: &Connection, steps: u64) -> rusqlite::Result<Guard<'_>> {
        // A rule can ask for one text of a gigabyte; the bound is on all of SQLite's memory in this process.
        database.execute_batch(&format!("PRAGMA hard_heap_limit = {MEMORY_MAX}"))?;
        let guard = Guard(database);
        database.authorizer(Some(may))?;
        let mut left = steps / STEPS_AT_ONCE.unsigned_abs() as u64;
        database.progress_handler(
            STEPS_AT_ONCE,
            Some(move || {
                left = left.saturating_sub(1);
                left == 0
            }),
        )?;
        Ok(guard)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // Taking a hook away fails on a connection that is gone, and then there is none.
        let _ = self
            .0
            .authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
        let _ = self.0.progress_handler(0, None::<fn() -> bool>);
    }
}

fn may(context: AuthContext<'_>) -> Authorization {
    let is_allowed = match context.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => !FORBIDDEN_FUNCTIONS
            .iter()
            .any(|name| name.eq_ignore_ascii_case(function_name)),
        _ => false,
    };
    match is_allowed {
        true => Authorization::Allow,
        false => Authorization::Deny,
    }
}
