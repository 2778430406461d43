//! Interrupted time series.
