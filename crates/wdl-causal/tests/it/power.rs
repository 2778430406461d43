//! Power and the least effect that a design can detect.
