//! Where the lines of earlier sessions are kept.

use std::ffi::OsString;
use std::path::PathBuf;

/// The file that holds the history: `CLAYF_HISTORY`, where an empty one means none, else `clayf/history` in the user's
/// folder for state.
pub fn history_file(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(named) = variable("CLAYF_HISTORY") {
        return (!named.is_empty()).then(|| PathBuf::from(named));
    }
    // A relative path in these variables is to be ignored.
    let folder = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = folder("XDG_STATE_HOME")
        .or_else(|| folder("LOCALAPPDATA").filter(|_| cfg!(windows)))
        .or_else(|| folder("HOME").map(|home| home.join(".local/state")));
    Some(state?.join("clayf").join("history"))
}

#[cfg(test)]
mod tests {
    use super::history_file;
    use std::path::PathBuf;

    #[test]
    fn the_place_follows_the_environment() {
        let file = |set: &[(&str, &str)]| {
            history_file(|name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
            })
        };
        assert_eq!(file(&[("CLAYF_HISTORY", "")]), None);
        assert_eq!(file(&[("CLAYF_HISTORY", "h"), ("HOME", "/u")]), Some(PathBuf::from("h")));
        assert_eq!(
            file(&[("XDG_STATE_HOME", "/s"), ("HOME", "/u")]),
            Some(PathBuf::from("/s/clayf/history"))
        );
        assert_eq!(
            file(&[("XDG_STATE_HOME", "s"), ("HOME", "/u")]),
            Some(PathBuf::from("/u/.local/state/clayf/history"))
        );
        assert_eq!(file(&[]), None);
    }
}
