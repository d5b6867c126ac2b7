//! The steps as `lessons/course.toml` describes them, checked when read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Task;
use crate::cloud::facts::{Facts, Measured};
use ground::lang::Said;

/// Why a course cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// Not TOML of this form; the message names line and column.
    #[error("lessons/course.toml: {0}")]
    Syntax(#[from] toml::de::Error),
    /// Something in it does not hold together.
    #[error("lessons/course.toml, step `{step}`: {problem}")]
    Step {
        /// Id of the step.
        step: String,
        /// What is wrong and how to mend it.
        problem: String,
    },
}

/// The whole course.
#[derive(Clone, Debug)]
pub struct Course {
    /// What it is called.
    pub title: Said,
    /// Its steps in order.
    pub steps: Vec<Step>,
}

/// A step of the course.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its id, also the name of its lesson file.
    pub id: String,
    /// Its place in the course, from 0.
    pub weight: u32,
    /// Its title.
    pub title: Said,
    /// One sentence on what it is for.
    #[serde(default)]
    pub summary: Said,
    /// How long it usually takes in AWS, in minutes.
    pub minutes: u32,
    /// What all that is deployed costs an hour after this step, in US dollars.
    pub usd_per_hour: f64,
    /// What must be true at its end.
    #[serde(default, rename = "check")]
    pub checks: Vec<Check>,
    /// What Espera can do for the learner.
    #[serde(default, rename = "action")]
    pub actions: Vec<Action>,
    /// Questions, each the id of a check.
    #[serde(default)]
    pub quiz: Vec<Quiz>,
    /// How it is done.
    #[serde(default)]
    pub solution: Solution,
}

/// Something that must be true at the end of a step.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its id; `judge` knows what it means.
    pub id: String,
    /// What must be true.
    pub title: Said,
    /// Hints, the nudge first, then nearly the answer.
    pub hints: Vec<Said>,
}

/// Something Espera can do for the learner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What it does.
    pub id: Task,
    /// What it is called.
    pub title: Said,
    /// What will be created or changed.
    #[serde(default)]
    pub creates: Vec<Said>,
    /// What it adds to the running cost, in US dollars an hour.
    #[serde(default)]
    pub usd_per_hour: f64,
    /// How long it usually takes in AWS, in minutes.
    #[serde(default)]
    pub minutes: u32,
    /// Whether to ask before it is done.
    #[serde(default)]
    pub confirm: bool,
}

/// A question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiz {
    /// The check it decides.
    pub id: String,
    /// What is asked.
    pub question: Said,
    /// What may be answered.
    pub options: Vec<Said>,
    /// Index of the right option.
    pub answer: usize,
    /// Why that one is right.
    pub why: Said,
}

/// How a step is done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solution {
    /// In words.
    pub text: Said,
    /// By Espera's actions, in order.
    #[serde(default)]
    pub actions: Vec<Task>,
    /// By hand, as commands for a shell.
    #[serde(default)]
    pub commands: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    course: Head,
    step: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: Said,
}

impl Course {
    /// The course that comes with the program.
    ///
    /// # Errors
    /// When `lessons/course.toml` was broken at build time; a test keeps that from happening.
    pub fn embedded() -> Result<Course, CourseError> {
        Course::parse(include_str!("../../lessons/course.toml"))
    }

    /// Reads a course.
    ///
    /// # Errors
    /// When it is not TOML of this form, or its steps do not hold together.
    pub fn parse(text: &str) -> Result<Course, CourseError> {
        let mut file: File = toml::from_str(text)?;
        file.step.sort_by_key(|s| s.weight);
        let course = Course { title: file.course.title, steps: file.step };
        course.validate()?;
        Ok(course)
    }

    /// The step with this id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }

    /// Puts what only the learner's progress knows into the facts: the answers, with those that are
    /// right, and the last finished drill.
    pub fn mark(&self, facts: &mut Facts, answers: &BTreeMap<String, usize>, drill: Option<&Measured>) {
        facts.answers.clone_from(answers);
        facts.drill = drill.cloned();
        let questions = self.steps.iter().flat_map(|s| &s.quiz);
        facts.right_answers =
            questions.filter(|q| answers.get(&q.id) == Some(&q.answer)).map(|q| q.id.clone()).collect();
    }

    fn validate(&self) -> Result<(), CourseError> {
        let mut seen = BTreeSet::new();
        if self.steps.is_empty() {
            return Err(CourseError::Step {
                step: "-".into(),
                problem: "a course needs at least one `[[step]]`".into(),
            });
        }
        for step in &self.steps {
            let wrong = |problem: String| Err(CourseError::Step { step: step.id.clone(), problem });
            if step.checks.len() < 2 {
                return wrong("needs at least two `[[step.check]]`".into());
            }
            for check in &step.checks {
                if !seen.insert(check.id.as_str()) {
                    return wrong(format!("the check `{}` stands twice in the course; rename one", check.id));
                }
                if check.hints.len() < 2 {
                    return wrong(format!("the check `{}` needs hints in two depths", check.id));
                }
                if !super::checks::is_known(&check.id) && !step.quiz.iter().any(|q| q.id == check.id) {
                    return wrong(format!("no check is called `{}`", check.id));
                }
            }
            for quiz in &step.quiz {
                if quiz.answer >= quiz.options.len() {
                    return wrong(format!("question `{}`: `answer` is past the last option", quiz.id));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::lang::Lang;

    #[test]
    fn the_course_that_comes_along_is_sound() {
        let course = Course::embedded().unwrap();
        let weights: Vec<_> = course.steps.iter().map(|s| s.weight).collect();
        assert!(weights.iter().copied().eq(0..weights.len() as u32), "from 0, each once: {weights:?}");
        let lessons = crate::course::lessons::library();
        for (step, lang) in course.steps.iter().flat_map(|s| Lang::ALL.map(|lang| (&s.id, lang))) {
            assert!(lessons.pages(lang).any(|page| page.path == *step), "{step} has no lesson in {lang:?}");
        }
    }

    #[test]
    fn a_check_nobody_knows_is_an_author_error() {
        let text = include_str!("../../lessons/course.toml").replace("\"stacks-gone\"", "\"stacks-gon\"");
        let error = Course::parse(&text).unwrap_err().to_string();
        assert!(error.contains("stacks-gon"), "{error}");
    }
}
