//! Whose things are: judged by their tags and by what this run knows that it made.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::facts::{Stack, Whose};
use super::names;
use super::run::{Run, Trust};

/// What is known of owners.
#[derive(Debug, Default)]
pub(super) struct Owner {
    pub(super) trust: Trust,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) run: Run,
    /// What the learner does not take over in this session.
    pub(super) declined: BTreeSet<String>,
    /// The account, once STS has said it.
    pub(super) account: Option<String>,
}

impl Owner {
    pub(super) fn new(trust: Trust) -> Owner {
        // Until a run is known nothing is its own: an id that nobody has.
        Owner { trust, state: Mutex::new(State { run: Run::begin(), ..State::default() }) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Every statement leaves the state whole, so a panic elsewhere cannot have broken it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose a thing with these tags is, known to this run or not.
    fn judge(&self, tag: Option<&str>, run: Option<&str>, known: impl Fn(&State) -> bool) -> Whose {
        if tag != Some(names::TAG.1) {
            return Whose::Foreign;
        }
        let state = self.lock();
        let ours = self.trust == Trust::Tag || run == Some(&*state.run.id) || known(&state);
        if ours { Whose::Ours } else { Whose::Claimable }
    }

    /// Whose a stack is.
    pub(super) fn whose_stack(&self, stack: &Stack) -> Whose {
        let tag = |key: &str| stack.tags.get(key).map(String::as_str);
        self.judge(tag(names::TAG.0), tag(names::RUN_TAG), |s| s.run.stacks.contains(&stack.id))
    }

    /// Whose a bucket with these tags is.
    pub(super) fn whose_bucket(&self, name: &str, tag: Option<&str>, run: Option<&str>) -> Whose {
        self.judge(tag, run, |s| s.run.buckets.contains(name))
    }

    pub(super) fn is_declined(&self, id: &str) -> bool {
        self.lock().declined.contains(id)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A stack with these tags, under the name of one of ours.
    pub fn stack(tags: &[(&str, &str)]) -> Stack {
        let tags = tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Stack {
            name: names::PRIMARY.to_owned(),
            id: "arn:aws:cloudformation:us-east-1:1:stack/x/1".to_owned(),
            tags,
            ..Stack::default()
        }
    }

    #[test]
    fn the_name_makes_nothing_ours_and_the_tag_alone_only_in_practice() {
        let (account, practice) = (Owner::new(Trust::Run), Owner::new(Trust::Tag));
        for owner in [&account, &practice] {
            assert_eq!(owner.whose_stack(&stack(&[])), Whose::Foreign);
            assert_eq!(owner.whose_stack(&stack(&[("espera", "module-5")])), Whose::Foreign);
        }
        assert_eq!(practice.whose_stack(&stack(&[names::TAG])), Whose::Ours);
        assert_eq!(account.whose_stack(&stack(&[names::TAG])), Whose::Claimable);
        let run = account.lock().run.id.clone();
        assert_eq!(account.whose_stack(&stack(&[names::TAG, (names::RUN_TAG, &run)])), Whose::Ours);
        assert_eq!(account.whose_stack(&stack(&[names::TAG, (names::RUN_TAG, "another")])), Whose::Claimable);
        // The run's tag without the workshop's is no proof.
        assert_eq!(account.whose_stack(&stack(&[(names::RUN_TAG, &run)])), Whose::Foreign);
    }

    #[test]
    fn a_stack_whose_id_is_known_stays_ours_when_an_update_by_hand_drops_the_run() {
        let account = Owner::new(Trust::Run);
        let tagged = stack(&[names::TAG]);
        account.lock().run.stacks.insert(tagged.id.clone());
        assert_eq!(account.whose_stack(&tagged), Whose::Ours);
    }
}
