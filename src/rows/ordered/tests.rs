use super::ordered;
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

const STACK: usize = 1 << 18;

/// Doubles the numbers below `count` on `threads` threads, until `last` has come out.
fn doubled(threads: usize, count: usize, last: usize) -> io::Result<Vec<usize>> {
    let mut next = 0;
    let mut found = Vec::new();
    let produce = |piece: &mut usize| {
        *piece = next;
        next += 1;
        Ok(next <= count)
    };
    let worker = || {
        |piece: &mut usize| {
            if piece.is_multiple_of(7) {
                std::thread::sleep(Duration::from_micros(300));
            }
            *piece *= 2;
        }
    };
    ordered(threads, STACK, produce, worker, |piece| {
        found.push(*piece);
        Ok::<_, io::Error>(if *piece == 2 * last {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })?;
    Ok(found)
}

#[test]
fn results_come_in_order() {
    for threads in [0, 1, 2, 5] {
        let expect: Vec<usize> = (0..200).map(|number| 2 * number).collect();
        assert_eq!(doubled(threads, 200, usize::MAX / 2).expect("no error"), expect);
        assert!(doubled(threads, 0, 0).expect("no error").is_empty());
        assert_eq!(doubled(threads, 1_000_000, 9).expect("no error"), &expect[..10]);
    }
}

#[test]
fn what_was_produced_before_a_failure_comes_out() {
    for threads in [1, 3] {
        let mut next = 0;
        let mut found = 0;
        let produce = |(): &mut ()| {
            next += 1;
            if next > 20 { Err(io::Error::other("broken")) } else { Ok(true) }
        };
        let result = ordered(
            threads,
            STACK,
            produce,
            || |(): &mut ()| {},
            |()| {
                found += 1;
                Ok(ControlFlow::Continue(()))
            },
        );
        assert_eq!(result.expect_err("broken").to_string(), "broken");
        assert_eq!(found, 20);
    }
}

#[test]
fn a_failing_consumer_stops_everything() {
    for threads in [1, 3] {
        let result = ordered(
            threads,
            STACK,
            |(): &mut ()| Ok(true),
            || |(): &mut ()| {},
            |()| Err(io::Error::other("full")),
        );
        assert_eq!(result.expect_err("full").to_string(), "full");
    }
}

#[test]
fn panics_go_on_on_the_calling_thread() {
    let run = |threads: usize, place: &'static str| {
        let mut next = 0;
        let fail = move |here: &str| assert!(here != place, "panic in {place}");
        let produce = move |piece: &mut usize| {
            *piece = next;
            next += 1;
            if next > 50 {
                fail("produce");
            }
            Ok::<_, io::Error>(true)
        };
        let worker = move || {
            move |piece: &mut usize| {
                if *piece == 30 {
                    fail("worker");
                }
            }
        };
        ordered(threads, STACK, produce, worker, move |piece| {
            if *piece == 30 {
                fail("consumer");
            }
            Ok(ControlFlow::Continue(()))
        })
    };
    for threads in [1, 2, 4] {
        for place in ["produce", "worker", "consumer"] {
            let panic = catch_unwind(AssertUnwindSafe(|| run(threads, place))).expect_err("a panic");
            let message = panic.downcast_ref::<String>().map(String::as_str);
            assert_eq!(message, Some(format!("panic in {place}").as_str()));
        }
    }
}

#[test]
fn pieces_are_used_again() {
    let mut fresh = 0;
    let mut produced = 0;
    let produce = |piece: &mut Vec<u8>| {
        fresh += usize::from(piece.capacity() == 0);
        piece.resize(100, 0);
        produced += 1;
        Ok::<_, io::Error>(produced <= 1000)
    };
    ordered(2, STACK, produce, || |_: &mut Vec<u8>| {}, |_| Ok(ControlFlow::Continue(()))).expect("no error");
    assert!(fresh <= 6, "{fresh}");
}
