//! Judging the course's checks by what is seen of the cloud; what passes is kept and said.

use super::model::{Model, Said, Tone};
use crate::course::{self, Verdict};
use ground::tr;

impl Model {
    /// Judges all checks against the facts; answers whether a check passed for the first time.
    /// Only checks of steps up to the current one are kept as passed, so that nobody is
    /// credited with a step they have not come to.
    pub(super) fn judge(&mut self) -> bool {
        let mut facts = (*self.facts).clone();
        let course = self.course.clone();
        course.mark(&mut facts, &self.progress.answers, self.progress.drill.as_ref());
        let mut fresh = false;
        for (index, step) in course.steps.iter().enumerate() {
            for check in &step.checks {
                let verdict = course::judge(check, &facts);
                if verdict == Verdict::Pass
                    && index == self.step_index()
                    && self.progress.passed.insert(check.id.clone())
                {
                    fresh = true;
                    let text = Said::with(|l| {
                        let title = check.title.get(l);
                        tr!(l, "Superada: {title}", "Passed: {title}")
                    });
                    self.tell(Tone::Good, text);
                }
                self.verdicts.insert(check.id.clone(), verdict);
            }
        }
        fresh
    }
}
