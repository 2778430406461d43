//! The vectors of RFC 9497, appendix A.1.2.
use super::*;
