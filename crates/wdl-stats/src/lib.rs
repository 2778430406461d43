//! wdl-stats
