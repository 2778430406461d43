//! Agreement between coders beyond chance: Krippendorff, Cohen, Fleiss, Gwet.
