//! Where results are written: standard output, or a file that is replaced once all went well.

use super::Failure;
use std::fs::{self, File};
use std::io::{self, Stdout, Write, stdout};
use std::path::{Path, PathBuf, is_separator};

/// A destination of results.
#[derive(Debug)]
pub(super) enum Output {
    Stdout(Stdout),
    /// A pipe or device, which can't be replaced.
    Direct(File),
    /// A new file beside the one that it replaces.
    Replacing {
        file: File,
        temporary: PathBuf,
        path: PathBuf,
        done: bool,
    },
}

impl Output {
    /// Standard output, or the file at `path`.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| path.as_os_str() != "-") else {
            return Ok(Self::Stdout(stdout()));
        };
        Self::file(path).map_err(|error| unwritable(path, &error))
    }

    /// Tells a file that can't be put at `path`. What is there stays as it is.
    pub(super) fn check(path: &Path) -> Result<(), Failure> {
        // Opening a pipe would wait for its reader, and be taken for all that it gets.
        let is_direct = path.as_os_str() == "-" || is_special(path);
        let file = if is_direct { refuse_folder(path) } else { Self::file(path).map(drop) };
        file.map_err(|error| unwritable(path, &error))
    }

    fn file(path: &Path) -> io::Result<Self> {
        refuse_folder(path)?;
        // A link is followed, so that the file behind it is replaced and not the link.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if is_special(&path) {
            return Ok(Self::Direct(File::create(&path)?));
        }
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        let temporary = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
        let file = File::create(&temporary)?;
        if let Ok(data) = fs::metadata(&path) {
            file.set_permissions(data.permissions())?;
        }
        Ok(Self::Replacing { file, temporary, path, done: false })
    }

    /// Puts the new file in place. Until then the old one stands.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        if let Self::Replacing { temporary, path, done, .. } = &mut self {
            fs::rename(temporary, path)?;
            *done = true;
        }
        Ok(())
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Run(format!("can't write {}: {error}", path.display()))
}

/// Whether there is something that is no file.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| !data.is_file())
}

/// A name that ends like that of a folder is refused as well, whether the folder is there or not.
fn refuse_folder(path: &Path) -> io::Result<()> {
    let is_named = path.as_os_str().to_string_lossy().ends_with(is_separator);
    if is_named || path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder; name a file in it"));
    }
    Ok(())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Direct(file) | Self::Replacing { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Direct(file) | Self::Replacing { file, .. } => file.flush(),
        }
    }
}

impl Drop for Output {
    /// Leaves nothing behind of a run that failed.
    fn drop(&mut self) {
        if let Self::Replacing { temporary, done: false, .. } = self {
            let _ = fs::remove_file(temporary);
        }
    }
}
