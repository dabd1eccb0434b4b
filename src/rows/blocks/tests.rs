use super::{Block, Blocks, Format, RowTooLarge, Sizes};
use crate::rows::ArrayError;
use proptest::prelude::*;
use std::io::{self, Cursor, Read};

/// Gives at most so many bytes at a time, as a slow pipe does.
struct Slow<'f> {
    file: Cursor<&'f [u8]>,
    at_a_time: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let size = bytes.len().min(self.at_a_time);
        self.file.read(&mut bytes[..size])
    }
}

fn blocks(file: &[u8], format: Format, block: usize, at_a_time: usize) -> Blocks<Slow<'_>> {
    Blocks::with_sizes(Slow { file: Cursor::new(file), at_a_time }, format, Sizes { block, largest_row: 64 })
}

/// All rows with their lines, and the error at the end.
fn rows(mut blocks: Blocks<Slow<'_>>) -> (Vec<(usize, Vec<u8>)>, Option<io::Error>) {
    let format = blocks.format;
    let mut block = Block::default();
    let mut found = Vec::new();
    loop {
        match blocks.read_block(&mut block) {
            Ok(true) => {}
            Ok(false) => return (found, None),
            Err(error) => {
                assert!(!blocks.read_block(&mut block).expect("an error comes once"));
                return (found, Some(error));
            }
        }
        assert!(!block.bytes.is_empty());
        match format {
            Format::JsonLines => found.extend(block.lines().map(|row| (row.line, row.bytes.to_vec()))),
            Format::Json => found.extend(block.elements().map(|row| (row.line, row.bytes.to_vec()))),
            Format::Csv => {
                let mut records = block.records();
                while let Some(record) = records.next(&mut Vec::new()) {
                    found.push((record.line, record.bytes.to_vec()));
                }
            }
        }
    }
}

fn owned(rows: &[(usize, &str)]) -> Vec<(usize, Vec<u8>)> {
    rows.iter().map(|(line, row)| (*line, row.as_bytes().to_vec())).collect()
}

#[test]
fn rows_are_the_same_in_blocks_of_any_size() {
    let cases = [
        (
            Format::JsonLines,
            "{\"a\":1}\n\n{\"é\":2}\r\n{}",
            vec![(1, "{\"a\":1}\n"), (3, "{\"é\":2}\r\n"), (4, "{}")],
        ),
        (
            Format::Csv,
            "a,b\r\n\"x\ny\",\"\"\"\n\"\n1,\"\"\rz",
            vec![(1, "a,b\r\n"), (2, "\"x\ny\",\"\"\"\n\"\n"), (5, "1,\"\"\r"), (5, "z")],
        ),
        (Format::Json, "[\n {\"a\":\n1},{} ,\n5\n]\n", vec![(2, "{\"a\":\n1}"), (3, "{}"), (4, "5")]),
        (Format::Json, " {\"a\":[]}\n", vec![(1, "{\"a\":[]}")]),
        (Format::Json, "[]", vec![]),
    ];
    for (format, file, expect) in cases {
        for bom in ["", "\u{feff}"] {
            let file = format!("{bom}{file}");
            for size in 1..40 {
                for at_a_time in [1, 2, 7, 100] {
                    let (found, error) = rows(blocks(file.as_bytes(), format, size, at_a_time));
                    assert!(error.is_none(), "{file}: {error:?}");
                    assert_eq!(found, owned(&expect), "{file} in blocks of {size}, {at_a_time} at a time");
                }
            }
        }
    }
}

#[test]
fn a_byte_order_mark_is_noted() {
    for (file, had_bom) in [("\u{feff}{}\n", true), ("{}\n", false), ("", false)] {
        let mut blocks = blocks(file.as_bytes(), Format::JsonLines, 100, 2);
        let read = blocks.read_block(&mut Block::default()).expect("a block");
        assert_eq!((read, blocks.had_bom()), (!file.is_empty(), had_bom));
    }
}

#[test]
fn a_slow_source_is_not_waited_for() {
    let mut blocks = blocks(b"{}\n{}\n{}\n", Format::JsonLines, 100, 4);
    let mut block = Block::default();
    assert!(blocks.read_block(&mut block).expect("a block"));
    assert_eq!((block.bytes.as_slice(), block.first_line), (&b"{}\n"[..], 1));
    assert!(blocks.read_block(&mut block).expect("a block"));
    assert_eq!((block.bytes.as_slice(), block.first_line), (&b"{}\n"[..], 2));
}

#[test]
fn a_row_that_is_too_large_is_an_error() {
    let long = "x".repeat(100);
    for (format, file, line) in [
        (Format::JsonLines, format!("{{}}\n{long}"), 2),
        (Format::Csv, format!("a\nb\n\"\n{long}"), 3),
        (Format::Json, format!("[1,\n\n\"{long}\"]"), 3),
    ] {
        let (_, error) = rows(blocks(file.as_bytes(), format, 10, 100));
        let error = error.expect("an error").downcast::<RowTooLarge>().expect("a row too large");
        assert_eq!(error, RowTooLarge { line, limit: 64 });
    }
}

#[test]
fn rows_before_a_broken_array_are_handed_over() {
    for size in [4, 100] {
        let (found, error) = rows(blocks(b"[{},{}\n {}]", Format::Json, size, 100));
        assert_eq!(found, owned(&[(1, "{}"), (1, "{}")]));
        let error = error.expect("an error").downcast::<ArrayError>().expect("an array error");
        assert_eq!((error.line, error.column), (2, 2));
    }
    for file in ["", "  ", "[", "[{}", "[{},"] {
        let (found, error) = rows(blocks(file.as_bytes(), Format::Json, 10, 100));
        assert_eq!(found.len(), usize::from(file.starts_with("[{}")), "{file}");
        assert!(error.is_some(), "{file}");
    }
}

#[test]
fn a_broken_reader_is_an_error_once() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("broken"))
        }
    }
    let mut blocks = Blocks::new(Broken, Format::JsonLines);
    assert!(blocks.read_block(&mut Block::default()).is_err());
    assert!(!blocks.read_block(&mut Block::default()).expect("the end"));
}

proptest! {
    #[test]
    fn csv_is_cut_only_between_records(data in "(a|,|\"|\n|\r\n|\r| |é){0,40}", size in 1_usize..20, at_a_time in 1_usize..9) {
        let whole = rows(blocks(data.as_bytes(), Format::Csv, 1000, 1000)).0;
        let found = rows(blocks(data.as_bytes(), Format::Csv, size, at_a_time)).0;
        prop_assert_eq!(found, whole);
    }
}
