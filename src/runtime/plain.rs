//! (being built)
use super::{RuntimeError, Session};
/// Runs the workshop as linear text.
pub async fn run_plain(_session: Session) -> Result<(), RuntimeError> {
    Ok(())
}
