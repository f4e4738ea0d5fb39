//! One transform = one file.
