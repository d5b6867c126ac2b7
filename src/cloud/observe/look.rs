//! One look at everything: asks each service only for what can exist by now, and puts the answers
//! together as `Facts`.

use super::super::backoff::Strain;
use super::super::facts::{Facts, Health, Role, Stack};
use super::super::{Cloud, error, names, own_client};
use super::silent::Silent;

impl Cloud {
    /// Looks at everything once. What cannot be seen is left out, with the reason in `Facts::trouble`.
    pub async fn observe(&self) -> Facts {
        self.look().await.0
    }

    /// Looks at everything once, and tells how hard that was.
    pub(in crate::cloud) async fn look(&self) -> (Facts, Strain) {
        let mut facts = Facts { at: self.clock.now(), ..Facts::default() };
        let mut trouble = None;
        let (primary, standby) = tokio::join!(self.stacks_of(Role::Primary), self.stacks_of(Role::Standby));
        let mut silent = Silent::new();
        for (role, answer) in [(Role::Primary, primary), (Role::Standby, standby)] {
            if answer.is_ok() {
                self.memory.lock().heard.insert(role);
            }
            facts.region_mut(role).heard = self.memory.lock().heard.contains(&role);
            facts.region_mut(role).stacks = answer.unwrap_or_else(|error| {
                // What a Region held when it last answered is still the best that is known of it.
                silent.insert(role, error.code());
                trouble = Some(error::text(&*error));
                self.last_known(role)
            });
        }
        trouble = error::silence(&silent).or(trouble);
        let mut strain = strain(&silent);
        if let Err((role, error)) = self.data(&mut facts, &silent).await {
            let throttled = strain == Strain::Throttled || error::is_throttled(&error.code());
            strain = if throttled { Strain::Throttled } else { Strain::Failing };
            if error::is_lost(&error.code()) {
                // Lost between two questions of one look: told as a Region lost before it.
                silent.entry(role).or_insert_with(|| error.code());
                trouble = error::silence(&silent);
            }
            // A Region that does not answer has been told of already.
            trouble = trouble.or_else(|| Some(error::text(&*error)));
        }
        self.pages(&mut facts, &silent).await;
        self.edge(&mut facts).await;
        facts.client =
            self.clients.fetch.home_page(own_client::CLIENTS).await.as_deref().and_then(own_client::last_met);
        self.add_remembered(&mut facts);
        for role in Role::ALL {
            let health = match silent.remove(&role) {
                Some(symptom) if error::is_lost(&symptom) => Health::Impaired { symptom },
                _ => health(&facts, role),
            };
            facts.region_mut(role).health = health;
        }
        facts.trouble = trouble;
        (facts, strain)
    }

    fn add_remembered(&self, facts: &mut Facts) {
        let memory = self.memory.lock();
        facts.identity.clone_from(&memory.identity);
        facts.client = facts.client.take().or_else(|| memory.client.clone());
        facts.basket_probe.clone_from(&memory.probe);
        facts.sweep.clone_from(&memory.sweep);
        for role in Role::ALL {
            let region = facts.region_mut(role);
            region.zones = memory.zones.get(role.region()).cloned().unwrap_or_default();
            region.engine_versions = memory.versions.get(role.region()).cloned().unwrap_or_default();
        }
    }

    async fn stacks_of(&self, role: Role) -> Result<Vec<Stack>, Box<dyn error::Coded>> {
        let mut found = Vec::new();
        for name in names::stacks(role) {
            found.extend(self.stack(role, name).await?);
        }
        Ok(found)
    }

    /// The stacks a Region held when it last answered.
    pub(in crate::cloud) fn last_known(&self, role: Role) -> Vec<Stack> {
        let memory = self.memory.lock();
        let known = names::stacks(role).iter().filter_map(|name| memory.stacks.get(name));
        known.map(|k| self.with_owner(k.stack.clone())).collect()
    }
}

/// A lost Region is no reason to look less often at the other: that is the hour a workshop is about.
fn strain(silent: &Silent) -> Strain {
    let lost = silent.values().filter(|code| error::is_lost(code)).count();
    match silent.len() {
        _ if silent.values().any(|code| error::is_throttled(code)) => Strain::Throttled,
        n if n == lost && n < Role::ALL.len() => Strain::None,
        _ => Strain::Failing,
    }
}

/// Whether a Region serves: a blocked bucket is broken; a published one serves.
fn health(facts: &Facts, role: Role) -> Health {
    match &facts.region(role).bucket {
        None if !facts.region(role).heard => Health::Unknown,
        None if facts.region(role).stacks.is_empty() => Health::Empty,
        None => Health::Unknown,
        Some(bucket) if bucket.blocked => Health::Impaired { symptom: "403 AccessDenied".to_owned() },
        Some(bucket) if bucket.published => Health::Serving,
        Some(_) => Health::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn being_throttled_slows_the_watcher_and_one_lost_region_does_not() {
        let silent = |codes: &[(Role, &str)]| -> Silent {
            codes.iter().map(|(role, code)| (*role, (*code).to_owned())).collect()
        };
        let (east, west) = (Role::Primary, Role::Standby);
        assert_eq!(strain(&silent(&[])), Strain::None);
        for lost in ["Timeout", "Unreachable", "ServiceUnavailable"] {
            assert_eq!(strain(&silent(&[(east, lost)])), Strain::None, "{lost}");
            assert_eq!(strain(&silent(&[(east, lost), (west, lost)])), Strain::Failing, "{lost}");
        }
        for asked in ["Throttling", "ThrottlingException", "RequestLimitExceeded", "SlowDown"] {
            assert_eq!(strain(&silent(&[(west, asked)])), Strain::Throttled, "{asked}");
            assert_eq!(strain(&silent(&[(east, "Timeout"), (west, asked)])), Strain::Throttled, "{asked}");
        }
        assert_eq!(strain(&silent(&[(east, "ExpiredToken")])), Strain::Failing);
    }
}
