//! Documents on paper: text in, a tagged PDF out.
