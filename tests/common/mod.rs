//! What several tests share.

use clayf::Rules;
use clayf::diagnostics::Diagnostics;
use clayf::tools::test::{FileOutcome, Moment, Settings, test_file};
use std::path::{Path, PathBuf};

#[allow(dead_code, reason = "not every test that shares this module looks for findings")]
/// All that is found in a rule file and its examples, whether it runs or not.
pub(crate) fn findings(path: &Path) -> Diagnostics {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let name = path.file_name().expect("a file name").to_string_lossy();
    match Rules::compile(&name, &text) {
        Ok(rules) => {
            let examples = clayf::tools::test::examples::read(&rules).1;
            let warnings = rules.warnings().iter().cloned();
            Diagnostics::new(rules.warnings().source().clone(), warnings.chain(examples).collect())
        }
        Err(found) => found,
    }
}

/// The rule files of a folder of the corpus.
#[allow(dead_code, reason = "not every test that shares this module has cases")]
pub(crate) fn cases(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "clay"));
    paths.sort();
    paths
}

/// Compares a file with what it should hold; `CLAYF_BLESS=1` writes it.
#[allow(dead_code, reason = "as above")]
pub(crate) fn bless(path: &Path, wanted: &str) {
    if std::env::var_os("CLAYF_BLESS").is_some() {
        std::fs::write(path, wanted).expect("a writable file");
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, wanted, "{}", path.display());
}

/// A rule file and what its tests gave.
#[allow(dead_code, reason = "as above")]
pub(crate) struct Tested {
    pub(crate) rules: Rules,
    pub(crate) outcome: FileOutcome,
}

/// Tests a rule file with its rows.
#[allow(dead_code, reason = "as above")]
pub(crate) fn tested(path: &Path, coverage: bool, mutate: bool) -> Tested {
    let text = std::fs::read_to_string(path).expect("a readable file");
    let rules = Rules::compile(&path.display().to_string(), &text).expect("it compiles");
    let settings = Settings {
        rows: Vec::new(),
        moment: Moment::default(),
        accept: false,
        // Nothing is written beside the corpus.
        ci: true,
        threads: 2,
        coverage,
        mutate,
        report: &|found| found.to_string(),
    };
    Tested { rules, outcome: test_file(path, &settings) }
}

/// A folder that is gone when the test is over.
#[allow(dead_code, reason = "as above")]
pub(crate) struct Folder(PathBuf);

#[allow(dead_code, reason = "as above")]
impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("clayf-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a writable file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a readable file")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
