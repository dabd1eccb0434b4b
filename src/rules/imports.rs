//! The files that a rule file imports, read and parsed, each once.

use super::files::{self, Files, normalized};
use crate::diagnostics::{Diagnostic, Source, UseError};
use crate::span::Span;
use crate::syntax::ast::{Import, RuleFile, UseDeclaration};
use crate::syntax::{bare_or_braced, on_deep_stack, parse_from, print_text};
use miette::LabeledSpan;
use std::collections::HashMap;
use std::io;
use std::path::Path;

/// More bytes than this are not imported by one rule file.
const MOST_BYTES: usize = 64 << 20;
/// The endings of files that are not rule files.
const DATA_ENDINGS: [&str; 7] = ["csv", "tsv", "json", "jsonl", "ndjson", "txt", "xlsx"];
/// A longer circle of imports is shown by its first files.
const MOST_ARROWS: usize = 30;

/// Parses the last text of `source`, which begins at `from`, as a rule file, and reads its lookup data and its imports,
/// whose texts are appended to `source`.
pub(crate) fn read_file(
    source: &mut Source,
    from: usize,
    stem: &str,
    files: &dyn Files,
    findings: &mut Vec<Diagnostic>,
) -> RuleFile {
    let (mut file, found) = on_deep_stack(source.part_at(from).text, || parse_from(source, from, stem));
    findings.extend(found);
    files::load(&mut file, source, files, findings);
    let name = source.part_at(from).name.to_owned();
    Loading { source, file: &mut file, files, findings, name, bytes: 0, state: HashMap::new() }.run();
    file
}

/// Whether a file is being read, or was read with all that it imports.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

/// A file whose `use` lines are being followed.
struct Frame {
    /// The index of the import; none for the rule file itself.
    import: Option<usize>,
    /// Its identity, and its path relative to the folder of the rule file.
    id: String,
    path: String,
    /// The index of its next `use` line.
    next: usize,
}

struct Loading<'l> {
    source: &'l mut Source,
    file: &'l mut RuleFile,
    files: &'l dyn Files,
    findings: &'l mut Vec<Diagnostic>,
    /// The name of the rule file.
    name: String,
    bytes: usize,
    state: HashMap<String, State>,
}

impl Loading<'_> {
    /// Follows all `use` lines, without recursion, since a chain of files can be long.
    fn run(mut self) {
        let id = self.files.own_id().unwrap_or_default();
        self.state.insert(id.clone(), State::Open);
        let mut frames = vec![Frame { import: None, id, path: String::new(), next: 0 }];
        while let Some(frame) = frames.last_mut() {
            let index = frame.next;
            frame.next += 1;
            let Some(declaration) = self.uses(frame.import).get(index).cloned() else {
                self.state.insert(frame.id.clone(), State::Done);
                frames.pop();
                continue;
            };
            match self.follow(&declaration, &frames) {
                Ok((id, opened)) => {
                    let import = frames.last().and_then(|frame| frame.import);
                    self.uses(import)[index].id = Some(id);
                    frames.extend(opened);
                }
                Err(error) => self.findings.push((*error).into()),
            }
        }
    }

    fn uses(&mut self, import: Option<usize>) -> &mut Vec<UseDeclaration> {
        match import {
            Some(import) => &mut self.file.imports[import].file.uses,
            None => &mut self.file.uses,
        }
    }

    /// Reads the file of a `use` line, unless it is read already. Returns its identity, and a frame if its own lines are
    /// still to be followed.
    fn follow(
        &mut self,
        declaration: &UseDeclaration,
        frames: &[Frame],
    ) -> Result<(String, Option<Frame>), Box<UseError>> {
        let written = &declaration.file.value;
        refuse_ending(declaration)?;
        let folder = frames.last().map(|frame| folder_of(&frame.path)).unwrap_or_default();
        let path = Path::new(&folder).join(written).to_string_lossy().into_owned();
        let id = self.files.id(&path);
        match self.state.get(&id) {
            Some(State::Done) => return Ok((id, None)),
            Some(State::Open) => return Err(self.cycle(frames, &id, declaration).into()),
            None => {}
        }
        let text =
            self.files.read_text(&path).map_err(|error| self.unreadable(declaration, &path, &error))?;
        self.bytes += text.len();
        if self.bytes > MOST_BYTES {
            let (problem, why) =
                (format!("the imports have more than {} MiB", MOST_BYTES >> 20), "too much text");
            let help = "put values into lookup data, which may be larger: `data NAME = \"values.csv\"`";
            return Err(refused(declaration, problem, why, help.to_owned()).into());
        }
        let import = self.add(&id, &path, &text);
        self.state.insert(id.clone(), State::Open);
        let frame = Frame { import: Some(import), id: id.clone(), path, next: 0 };
        Ok((id, Some(frame)))
    }

    /// Parses a file and adds it to the imports. Warnings about it are those of its own check.
    fn add(&mut self, id: &str, path: &str, text: &str) -> usize {
        let name = shown(&self.name, path);
        let start = self.source.append(&name, text);
        let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
        let (mut file, mut found) = on_deep_stack(text, || parse_from(self.source, start, &stem));
        let folder = folder_of(path);
        file.data.iter_mut().for_each(|data| data.folder.clone_from(&folder));
        file.decisions.iter_mut().for_each(|decision| decision.folder.clone_from(&folder));
        files::load(&mut file, self.source, self.files, &mut found);
        self.findings.extend(found.into_iter().filter(|one| !one.is_warning()));
        let text = Span::new(start, start + text.len());
        self.file.imports.push(Import { id: id.to_owned(), name: normalized(path), text, file });
        self.file.imports.len() - 1
    }

    /// The error about a `use` line that leads back to a file that is being read.
    fn cycle(&mut self, frames: &[Frame], id: &str, last: &UseDeclaration) -> UseError {
        let first = frames.iter().position(|frame| frame.id == id).unwrap_or(0);
        let mut names: Vec<String> = Vec::new();
        let mut arrows = Vec::new();
        for frame in &frames[first..] {
            let name = match frame.import {
                Some(import) => self.file.imports[import].name.clone(),
                None => file_name(&self.name).to_owned(),
            };
            let declaration = self.uses(frame.import).get(frame.next - 1).unwrap_or(last);
            let label = format!("{name} imports {}", declaration.file.value);
            arrows.push(LabeledSpan::new_with_span(Some(label), declaration.span));
            names.push(name);
        }
        if let [only] = names.as_slice() {
            let help = "remove the line: formulas can already use all that their own file defines";
            return UseError::UseCycle { message: format!("{only} imports itself"), arrows, help };
        }
        let first = names[0].clone();
        names.truncate(MOST_ARROWS);
        if arrows.len() > MOST_ARROWS {
            arrows.truncate(MOST_ARROWS);
            names.push("…".to_owned());
        }
        UseError::UseCycle {
            message: format!("files import each other in a circle: {} → {first}", names.join(" → ")),
            arrows,
            help: "move what both files need into a third file, and import that from both",
        }
    }

    fn unreadable(&self, declaration: &UseDeclaration, path: &str, error: &io::Error) -> UseError {
        let written = &declaration.file.value;
        let exists = |other: &str| self.files.read_text(other).is_ok();
        let line = |path: &str| format!("write `use {}`", print_text(path));
        let (problem, why, help) = match error.kind() {
            io::ErrorKind::NotFound if exists(&format!("{path}.clay")) => (
                "there is no such file".to_owned(),
                "the ending is missing",
                line(&format!("{written}.clay")),
            ),
            io::ErrorKind::NotFound if written.contains('\\') => {
                ("there is no such file".to_owned(), "not found", line(&written.replace('\\', "/")))
            }
            io::ErrorKind::NotFound => (
                "there is no such file".to_owned(),
                "not found",
                format!(
                    "create the file, or correct the path, which is relative to the folder of {}",
                    self.importer(declaration)
                ),
            ),
            io::ErrorKind::IsADirectory => (
                "it is a folder".to_owned(),
                "a folder",
                line(&format!("{}/shared.clay", written.trim_end_matches('/')))
                    + ", with the name of a file in it",
            ),
            io::ErrorKind::InvalidData => {
                let problem = error.to_string();
                (
                    problem.split(';').next().unwrap_or_default().to_owned(),
                    "not a text",
                    "save the file with the encoding UTF-8".to_owned(),
                )
            }
            io::ErrorKind::Unsupported => (
                error.to_string(),
                "no file can be read here",
                "write the rule in a file, beside what it imports".to_owned(),
            ),
            _ => {
                (error.to_string(), "can't be read", "make the file readable, or correct the path".to_owned())
            }
        };
        refused(declaration, problem, why, help)
    }

    /// The name of the file that has a `use` line.
    fn importer(&self, declaration: &UseDeclaration) -> &str {
        file_name(self.source.part_at(declaration.span.start as usize).name)
    }
}

fn refused(declaration: &UseDeclaration, problem: String, why: &'static str, help: String) -> UseError {
    UseError::UseFile { file: declaration.file.value.clone(), problem, at: declaration.file.span, why, help }
}

/// Refuses files that are certainly not rule files.
fn refuse_ending(declaration: &UseDeclaration) -> Result<(), Box<UseError>> {
    let file = &declaration.file.value;
    let path = Path::new(file);
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if DATA_ENDINGS.contains(&ending.as_str()) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let help = format!("write `data {} = {}`", bare_or_braced(&stem), print_text(file));
        let problem = "it is a file of data, not a rule file".to_owned();
        return Err(refused(declaration, problem, "not a rule file", help).into());
    }
    if ending == "yaml" || ending == "yml" {
        let help = "move what both files need into a rule file, which ends in `.clay`".to_owned();
        return Err(refused(declaration, "it is not a rule file".to_owned(), "not a rule file", help).into());
    }
    Ok(())
}

/// The folder of a path.
fn folder_of(path: &str) -> String {
    Path::new(path).parent().unwrap_or(Path::new("")).to_string_lossy().into_owned()
}

/// A path or a name of a file in a revision, without the folder.
fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\', ':']).next().unwrap_or(name)
}

/// The name of an imported file, as seen from where the rule file is seen. `path` is relative to the rule file.
pub(super) fn shown(rule_file: &str, path: &str) -> String {
    if Path::new(path).is_absolute() {
        return path.to_owned();
    }
    // `HEAD~1:score.clay` is a file of a revision.
    let end = rule_file.rfind(['/', '\\', ':']).map_or(0, |at| at + 1);
    format!("{}{path}", &rule_file[..end])
}
