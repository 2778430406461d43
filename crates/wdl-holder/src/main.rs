//! The binary `wdl-holder`: gives the command line the system's clock, locale and streams.

use std::process::ExitCode;

use wdl_holder::cli::{Surroundings, run};

fn main() -> ExitCode {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_default();
    let world = Surroundings {
        out: &mut std::io::stdout().lock(),
        err: &mut std::io::stderr(),
        locale: &locale,
        now: jiff::Timestamp::now,
    };
    ExitCode::from(run(std::env::args_os().collect(), world))
}
