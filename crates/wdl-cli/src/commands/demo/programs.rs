//! The other programs of the lab, as the demo starts them: each its own process, so that nothing of a body is in the lab's memory.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use wdl_lab::Stopped;
use wdl_vocab::diagnostics::codes::usage as codes;
use wdl_vocab::{Diagnostic, Lang};

/// The folder of the programs: that of `wdl` itself.
pub(super) struct Programs {
    folder: PathBuf,
    lang: Lang,
}

impl Programs {
    /// Finds them beside this program.
    pub(super) fn beside(lang: Lang) -> Result<Programs, Stopped> {
        let own =
            std::env::current_exe().map_err(|fault| Stopped::file(Path::new("wdl"), &fault))?;
        let folder = own.parent().unwrap_or(Path::new(".")).to_owned();
        Ok(Programs { folder, lang })
    }

    fn command(&self, name: &str) -> Result<Command, Stopped> {
        let path = self.folder.join(name);
        match path.is_file() {
            true => Ok(Command::new(path)),
            false => Err(Stopped::new(
                Diagnostic::new(codes::PROGRAM_MISSING).with("name", name),
            )),
        }
    }

    /// Runs a program to its end; what it says on standard error is passed on when it fails.
    pub(super) fn run<S: AsRef<std::ffi::OsStr>>(
        &self,
        name: &str,
        arguments: &[S],
    ) -> Result<(), Stopped> {
        let output = self
            .command(name)?
            .args(arguments)
            .env("LC_ALL", locale(self.lang))
            .stdin(Stdio::null())
            .output()
            .map_err(|fault| failed(name, &fault))?;
        if output.status.success() {
            return Ok(());
        }
        eprint!("{}", String::from_utf8_lossy(&output.stdout));
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        Err(failed(name, &output.status))
    }

    /// Starts a service and waits until it says where it listens.
    pub(super) fn serve<S: AsRef<std::ffi::OsStr>>(
        &self,
        name: &str,
        arguments: &[S],
    ) -> Result<Service, Stopped> {
        let mut child = self
            .command(name)?
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|fault| failed(name, &fault))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            // A service that dies says nothing, and the line stays empty.
            let _ = BufReader::new(out).read_line(&mut line);
        }
        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        let service = |address: &str| Service {
            child: Running(child),
            address: address.to_owned(),
        };
        match said["listening"].as_str() {
            Some(address) => Ok(service(address)),
            None => {
                drop(service(""));
                Err(failed(name, &"it does not listen"))
            }
        }
    }
}

/// A service that runs until it is dropped.
pub(super) struct Service {
    #[expect(dead_code, reason = "held so that dropping it ends the process")]
    child: Running,
    pub(super) address: String,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // A process that has ended already needs no ending.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn locale(lang: Lang) -> &'static str {
    match lang {
        Lang::It => "it_IT.UTF-8",
        Lang::En => "en_GB.UTF-8",
    }
}

fn failed(name: &str, detail: &dyn std::fmt::Display) -> Stopped {
    Stopped::new(
        Diagnostic::new(codes::PROGRAM_FAILED)
            .with("name", name)
            .with("detail", detail),
    )
}
