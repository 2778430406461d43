//! What a file carries besides its cells: names, titles, authors, where a person's name or code may stand.

/// Where a text that a file carries stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Carrier {
    /// The name of the file.
    FileName,
    /// The name of a sheet, hidden ones too.
    SheetName,
    /// A property of the workbook: `title`, `author`, `comments`, or the name somebody gave it.
    Property(String),
    /// The name of a picture or of another file inside.
    PartName,
    /// A row above the header.
    TitleRow,
    /// The name of a column that the contract does not have.
    Header,
}
