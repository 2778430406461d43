//! Double machine learning and heterogeneous effects with honest splitting.
