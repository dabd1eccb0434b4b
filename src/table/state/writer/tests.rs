//! Group commit: what is refused is undone alone.
