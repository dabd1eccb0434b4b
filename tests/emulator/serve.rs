//! Runs the emulator by hand: `cargo run --example emulator -- --port 8080 --seed 7 --faults 0.2 --latency 50`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to people")]

#[path = "mod.rs"]
mod emulator;

use emulator::{Emulator, FaultPlan, Settings, Vendor, leads};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

const USAGE: &str = "usage: emulator [--port N] [--seed N] [--faults SHARE] [--latency MS] [--phone-delay MS]
                [--property NAME]... [--field NAME]... [--write-leads N]

--property     a custom property that HubSpot has from the start
--field        a custom field that Salesforce has, such as Score__c
--write-leads  writes N leads as JSON lines to standard output, and serves nothing";

fn main() -> ExitCode {
    match options() {
        Ok((settings, None)) => serve(settings),
        Ok((settings, Some(count))) => {
            let universe = emulator::Universe::new(settings.seed, settings.coverage);
            print!("{}", leads::lines(&leads::leads(&universe, settings.seed, count)));
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprintln!("{wrong}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// The settings, and how many leads to write instead of serving.
fn options() -> Result<(Settings, Option<usize>), String> {
    let mut settings = Settings { port: 8080, ..Settings::default() };
    let (mut count, mut faults) = (None, 0.0);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} wants a value"))?;
        match name.as_str() {
            "--port" => settings.port = number(&name, &value)?,
            "--seed" => settings.seed = number(&name, &value)?,
            "--faults" => faults = number(&name, &value)?,
            "--latency" => settings.latency = Duration::from_millis(number(&name, &value)?),
            "--phone-delay" => settings.phone_delay = Duration::from_millis(number(&name, &value)?),
            "--property" => settings.hubspot_properties.push(value),
            "--field" => settings.salesforce_fields.push(value),
            "--write-leads" => count = Some(number(&name, &value)?),
            _ => return Err(format!("there is no option {name}")),
        }
    }
    settings.faults = FaultPlan::transient(settings.seed, faults);
    Ok((settings, count))
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} does not take {value}"))
}

fn serve(settings: Settings) -> ExitCode {
    let emulator = Emulator::start(settings);
    println!("Put these in place of the vendors' own base URLs; any key will do.\n");
    for vendor in Vendor::ALL {
        println!("  {:<11} {}", vendor.name(), emulator.url(vendor.name()));
    }
    let origin = emulator.origin();
    println!(
        "\nFor example: curl -H 'x-api-key: any' '{}/email-finder?domain=bright-forge.example&first_name=Mira&last_name=Okafor'",
        emulator.url("hunter")
    );
    println!(
        "What was asked: {origin}/__ledger · what CRMs hold: {origin}/__contacts · forget it: POST {origin}/__reset"
    );
    loop {
        std::thread::park();
    }
}
