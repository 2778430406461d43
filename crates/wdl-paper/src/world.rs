//! All that a document can reach: its own text and the fonts that the program carries.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_kit::fonts::{FontStore, embedded};

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

static FONTS: LazyLock<FontStore> = LazyLock::new(|| {
    let mut fonts = FontStore::new();
    fonts.extend(embedded());
    fonts
});

/// Whether a font of the program has this letter.
pub(crate) fn has_glyph(letter: char) -> bool {
    let book = FONTS.book();
    (0..)
        .map_while(|font| book.info(font))
        .any(|font| font.coverage.contains(u32::from(letter)))
}

/// One source text, nothing else.
pub(crate) struct OneSource(Source);

impl OneSource {
    pub(crate) fn new(text: String) -> OneSource {
        let path = VirtualPath::new("document.typ").expect("a plain name is a path");
        let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        OneSource(Source::new(id, text))
    }

    /// The line of a byte, from 0.
    pub(crate) fn line(&self, byte: usize) -> usize {
        self.0.lines().byte_to_line(byte).unwrap_or_default()
    }
}

impl World for OneSource {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        FONTS.book()
    }

    fn main(&self) -> FileId {
        self.0.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.0.id() {
            true => Ok(self.0.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.font(index)
    }

    /// No clock: the date of a document is an argument.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
