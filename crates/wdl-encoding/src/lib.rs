//! Normalised combinations and encodings of values, for records without a valid code.
