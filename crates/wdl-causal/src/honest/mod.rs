//! How large a violation of parallel trends a conclusion bears (Rambachan and Roth).
