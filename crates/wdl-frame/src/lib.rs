//! wdl-frame
