//! Anonymisation of records: how exposed each one is, and how little must be told less for nobody to stand out.
