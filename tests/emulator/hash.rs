//! Hashes that are the same on each machine and in each build: what the universe and the faults are drawn from.

/// A number that depends on the seed and the parts alone.
pub(crate) fn stable(seed: u64, parts: &[&str]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325 ^ mix(seed);
    for part in parts {
        // The byte behind each part keeps ("ab", "c") apart from ("a", "bc").
        for byte in part.bytes().chain([0xff]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    mix(state)
}

/// A number from 0 up to, and without, 1.
pub(crate) fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// One of the choices, each as likely as the others.
pub(crate) fn pick<T>(hash: u64, choices: &[T]) -> &T {
    &choices[(hash % choices.len() as u64) as usize]
}

/// A second, unrelated number out of a first.
pub(crate) fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}
