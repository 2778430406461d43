//! Text files, read as a stream: encoding, line ends, delimiter, rows.

mod delimited;
mod delimiter;
mod encoding;
mod facts;
mod fixed;
mod transcode;

pub(crate) use delimited::Delimited;
pub(crate) use delimiter::{
    choose as choose_delimiter, has_header, most_regular as most_regular_delimiter,
};
pub(crate) use encoding::choose as choose_encoding;
pub(crate) use facts::Facts;
pub(crate) use fixed::Fixed;
pub(crate) use transcode::{SENTINEL, Transcoder};

pub use encoding::TextEncoding;

use std::io::{Read, Seek};

/// What a file is read from.
pub(crate) trait Stream: Read + Seek + Send {}

impl<T: Read + Seek + Send> Stream for T {}

/// How a text ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextEnd {
    /// Inside a cell whose quotation mark was never closed.
    pub(crate) is_quoted: bool,
    /// Without a line end.
    pub(crate) is_open: bool,
}
