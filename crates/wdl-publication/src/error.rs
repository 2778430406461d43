//! What stops a publication.

use std::path::PathBuf;

use wdl_chart::{ChartError, GeographyError};
use wdl_vocab::diagnostics::codes::publication as codes;
use wdl_vocab::{Diagnose, Diagnostic};

/// Why no site was made; the one that stood before is left as it was.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    /// Two released tables say they are the same.
    #[error("indicator `{indicator}` has two released tables `{table}`")]
    TableTwice {
        /// The indicator.
        indicator: String,
        /// The breakdown.
        table: String,
    },
    /// A table of invented data does not say so, or the other way round.
    #[error(
        "table `{table}` of indicator `{indicator}` and the lab disagree whether the data are invented"
    )]
    NoticeDisagrees {
        /// The indicator.
        indicator: String,
        /// The breakdown.
        table: String,
    },
    /// A table belongs to a theme the lab does not have.
    #[error("indicator `{indicator}` has the theme `{theme}`, which the lab does not have")]
    UnknownTheme {
        /// The indicator.
        indicator: String,
        /// Its theme.
        theme: String,
        /// The theme probably meant.
        suggestion: Option<String>,
    },
    /// A chart cannot be drawn.
    #[error("the chart of table `{table}` of indicator `{indicator}` cannot be drawn")]
    Chart {
        /// The indicator.
        indicator: String,
        /// The breakdown.
        table: String,
        /// Why.
        #[source]
        source: ChartError,
    },
    /// A publication begins without its head, or the head lacks an entry.
    #[error("publication `{file}`: `{key}` is missing from its head or has no such value")]
    Head {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The entry.
        key: String,
    },
    /// A publication stands in one language only.
    #[error("publication `{name}` is missing in language `{language}`")]
    OneLanguage {
        /// The name without language.
        name: String,
        /// The language that is missing.
        language: String,
    },
    /// A data block names something that does not exist.
    #[error("publication `{file}`: `{name}` does not exist")]
    Unknown {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// The name.
        name: String,
        /// The name probably meant.
        suggestion: Option<String>,
    },
    /// A data block is not closed or lacks its indicator.
    #[error("publication `{file}`: the data block is not complete")]
    Block {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A file of areas cannot be read.
    #[error("areas `{file}` cannot be read")]
    Areas {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: GeographyError,
    },
    /// The sheet of a study cannot be set on paper.
    #[error("the sheet of study `{study}` cannot be set")]
    Sheet {
        /// The study.
        study: String,
        /// Why.
        #[source]
        source: wdl_paper::PaperError,
    },
    /// The folder holds something that is not a site of this program.
    #[error("folder `{}` holds something else than a site", .directory.display())]
    ForeignFolder {
        /// The folder.
        directory: PathBuf,
    },
    /// A file cannot be written.
    #[error("`{}` cannot be written", .file.display())]
    Write {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Diagnose for PublicationError {
    fn diagnostic(&self) -> Diagnostic {
        match self {
            PublicationError::TableTwice { indicator, table } => {
                Diagnostic::new(codes::TABLE_TWICE)
                    .with("indicator", indicator)
                    .with("table", table)
            }
            PublicationError::Sheet { study, source } => Diagnostic::new(codes::SHEET)
                .with("name", study)
                .with("detail", source),
            PublicationError::NoticeDisagrees { indicator, table } => {
                Diagnostic::new(codes::NOTICE_DISAGREES)
                    .with("indicator", indicator)
                    .with("table", table)
            }
            PublicationError::UnknownTheme {
                indicator,
                theme,
                suggestion,
            } => Diagnostic::new(codes::UNKNOWN_THEME)
                .with("indicator", indicator)
                .with("value", theme)
                .suggest(suggestion.as_deref()),
            PublicationError::Chart {
                indicator,
                table,
                source,
            } => Diagnostic::new(codes::CHART)
                .with("indicator", indicator)
                .with("table", table)
                .with("detail", source),
            PublicationError::Head { file, line, key } => Diagnostic::new(codes::HEAD)
                .with("file", file)
                .with("key", key)
                .at(file, *line, 0),
            PublicationError::OneLanguage { name, language } => {
                Diagnostic::new(codes::ONE_LANGUAGE)
                    .with("name", name)
                    .with("value", language)
            }
            PublicationError::Unknown {
                file,
                line,
                column,
                name,
                suggestion,
            } => Diagnostic::new(codes::UNKNOWN_NAME)
                .with("file", file)
                .with("name", name)
                .at(file, *line, *column)
                .suggest(suggestion.as_deref()),
            PublicationError::Block { file, line, column } => Diagnostic::new(codes::BLOCK)
                .with("file", file)
                .at(file, *line, *column),
            PublicationError::Areas { file, source } => Diagnostic::new(codes::AREAS)
                .with("file", file)
                .with("detail", source),
            PublicationError::ForeignFolder { directory } => {
                Diagnostic::new(codes::FOREIGN_FOLDER).with("directory", directory.display())
            }
            PublicationError::Write { file, source } => Diagnostic::new(codes::WRITE)
                .with("file", file.display())
                .with("detail", source),
        }
    }
}
