//! The catalog of commands: one file each, its line here.

mod audit;
mod build;
mod certify;
mod coding;
mod contract;
mod demo;
mod evaluate;
mod explain;
mod housing;
mod indicators;
mod init;
mod link;
mod linkage;
mod measured;
mod monday;
mod new;
mod protect;
mod publish;
mod receive;
mod release;
mod serve;
mod smallarea;
mod study;
mod trace;
mod transcript;

use wdl_lab::Stopped;

use crate::answer::Answer;
use crate::manner::Manner;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Demo(demo::Demo),
    New(new::New),
    Init(init::Init),
    Certify(certify::Certify),
    Receive(receive::Receive),
    Build(build::Build),
    Contract(contract::Contract),
    Release(release::Release),
    Publish(publish::Publish),
    Serve(serve::Serve),
    Trace(trace::Trace),
    Audit(audit::Audit),
    Indicators(Box<indicators::Indicators>),
    Housing(Box<housing::Housing>),
    #[command(name = "smallarea")]
    SmallArea(Box<smallarea::SmallArea>),
    Evaluate(evaluate::Evaluate),
    Study(study::Study),
    Qca(evaluate::Qca),
    Agreement(evaluate::Agreement),
    Transcript(transcript::Transcript),
    Codebook(coding::codebook::CodebookCommand),
    Codings(coding::codings::CodingsCommand),
    Themes(Box<coding::themes::ThemesCommand>),
    Joint(coding::joint::JointCommand),
    Protect(Box<protect::Protect>),
    Link(Box<link::Link>),
    Linkage(linkage::Linkage),
    Monday(monday::Monday),
    Explain(explain::Explain),
}

impl Command {
    /// Whether it can answer with a page that stands alone.
    pub(crate) fn has_page(&self) -> bool {
        match self {
            Command::Study(study) => study.has_page(),
            Command::Evaluate(_) | Command::Qca(_) | Command::Agreement(_) | Command::Joint(_) => {
                true
            }
            _ => false,
        }
    }

    pub(crate) fn run(&self, manner: &Manner) -> Result<Answer, Stopped> {
        match self {
            Command::Demo(command) => command.run(manner),
            Command::New(command) => command.run(),
            Command::Init(command) => command.run(manner),
            Command::Certify(command) => command.run(manner),
            Command::Receive(command) => command.run(manner),
            Command::Build(command) => command.run(manner),
            Command::Contract(command) => command.run(manner),
            Command::Release(command) => command.run(manner),
            Command::Publish(command) => command.run(manner),
            Command::Serve(command) => command.run(manner),
            Command::Trace(command) => command.run(manner),
            Command::Audit(command) => command.run(manner),
            Command::Indicators(command) => command.run(),
            Command::Housing(command) => command.run(),
            Command::SmallArea(command) => command.run(),
            Command::Evaluate(command) => command.run(),
            Command::Study(command) => command.run(manner),
            Command::Qca(command) => command.run(),
            Command::Agreement(command) => command.run(),
            Command::Transcript(command) => command.run(manner),
            Command::Codebook(command) => command.run(manner),
            Command::Codings(command) => command.run(manner),
            Command::Themes(command) => command.run(manner),
            Command::Joint(command) => command.run(),
            Command::Protect(command) => command.run(manner),
            Command::Link(command) => command.run(manner),
            Command::Linkage(command) => command.run(manner),
            Command::Monday(command) => command.run(manner),
            Command::Explain(command) => command.run(),
        }
    }
}
