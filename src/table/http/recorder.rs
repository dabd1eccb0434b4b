//! Writes down each call that another transport answers, so that it can be replayed without paying again.

use super::error::CallError;
use super::exchange::{Exchange, RecordingError};
use super::redact::Redactor;
use super::request::{Request, Response, Transport};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A transport that records what another one answers: one JSON line each, appended and flushed at once.
///
/// Secret headers are left out, and no secret that the redactor knows stands anywhere in the file.
#[derive(Debug)]
pub struct Recorder<T> {
    inner: T,
    path: PathBuf,
    redactor: Redactor,
    file: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    file: File,
    trouble: Option<io::Error>,
}

impl<T: Transport> Recorder<T> {
    /// Appends to the file at `path`, which is made if it isn't there.
    pub fn new(inner: T, path: &Path, redactor: Redactor) -> Result<Self, RecordingError> {
        let opened = OpenOptions::new().append(true).create(true).open(path);
        let file = opened.map_err(|error| RecordingError::Unwritable { path: path.to_owned(), error })?;
        let file = Mutex::new(Written { file, trouble: None });
        Ok(Self { inner, path: path.to_owned(), redactor, file })
    }

    /// The first exchange that could not be written, told once; a call that was paid for is answered all the same.
    pub fn trouble(&self) -> Result<(), RecordingError> {
        match self.lock().trouble.take() {
            Some(error) => Err(RecordingError::Unwritable { path: self.path.clone(), error }),
            None => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, exchange: &Exchange) {
        let line = serde_json::to_string(exchange).map_err(io::Error::from);
        let mut written = self.lock();
        // One write a line, so that lines of other processes don't fall into it.
        let done = line.and_then(|line| {
            written.file.write_all(format!("{line}\n").as_bytes())?;
            written.file.flush()
        });
        if let Err(error) = done
            && written.trouble.is_none()
        {
            written.trouble = Some(error);
        }
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let response = self.inner.call(request)?;
        self.write(&Exchange::new(request, &response, &self.redactor));
        Ok(response)
    }
}
