//! The `espera` binary: hands the command line to the library.

fn main() -> std::process::ExitCode {
    espera::cli::main()
}
