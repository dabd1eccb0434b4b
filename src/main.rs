//! The `clayf` command.

fn main() -> std::process::ExitCode {
    clayf::cli::main()
}
