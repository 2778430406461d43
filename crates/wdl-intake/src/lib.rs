//! A body's export as it comes: which encoding, which marks, which form of dates and numbers, and its cells as text.
