//! Imports point only downwards: each module knows those below it and none above.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first.
const LAYERS: [&str; 18] = [
    "span",
    "types",
    "diagnostics",
    "value",
    "data",
    "syntax",
    "builtins",
    "check",
    "translate",
    "analysis",
    "eval",
    "rules",
    "rows",
    "batch",
    "tools",
    "table",
    "repl",
    "cli",
];

fn files_of(layer: &str) -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from(format!("src/{layer}.rs"))];
    let mut folders = vec![PathBuf::from(format!("src/{layer}"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The modules of this crate that a source file names behind `crate::`.
fn named_modules(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a readable file");
    let is_word = |next: char| next.is_alphanumeric() || next == '_';
    let names =
        text.split("crate::").skip(1).map(|rest| rest.chars().take_while(|next| is_word(*next)).collect());
    names.collect()
}

#[test]
fn imports_point_downwards() {
    for (height, layer) in LAYERS.iter().enumerate() {
        for file in files_of(layer) {
            for module in named_modules(&file) {
                let target = LAYERS.iter().position(|other| *other == module);
                let target = target.unwrap_or_else(|| panic!("{}: `{module}` is no layer", file.display()));
                assert!(target <= height, "{} reaches up to `{module}`", file.display());
            }
        }
    }
}

#[test]
fn every_module_is_a_layer() {
    let lib = fs::read_to_string("src/lib.rs").expect("the library");
    let modules = lib.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'));
    for module in modules {
        assert!(LAYERS.contains(&module), "`{module}` has no place among the layers");
    }
}

#[test]
fn files_stay_small() {
    for file in LAYERS.iter().flat_map(|layer| files_of(layer)) {
        let lines = fs::read_to_string(&file).expect("a readable file").lines().count();
        // The tables of builtins and of mistakes are long lists of short entries.
        let is_table = file.starts_with("src/builtins") || file.ends_with("syntax_error.rs");
        assert!(lines <= if is_table { 600 } else { 520 }, "{} has {lines} lines", file.display());
    }
}
