//! The options every command takes. Their help, in both languages, is data in `assets/help.toml`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::app::Account;
use ground::clock::Speed;
use ground::lang::Lang;

/// The seed of a new world when none is asked for: everyone then sees the same.
pub(super) const DEFAULT_SEED: u64 = 4;

/// The folder of the practice world within a state folder.
pub(super) const WORLD: &str = "world";
/// The folder of a served world within the state folder.
pub(super) const SERVED: &str = "served";

/// Which world to work in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WorldChoice {
    /// Simulated AWS: no account, no cost.
    #[default]
    Practice,
    /// The learner's account.
    Aws,
}

/// Options of every command.
#[derive(Args, Clone, Debug, Default)]
pub struct GlobalOptions {
    /// Language; by default that of the locale, else Spanish.
    #[arg(long, global = true, value_name = "es|en")]
    pub lang: Option<Lang>,
    /// World to work in.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "practice",
        env = "ESPERA_WORLD",
        hide_env = true
    )]
    pub world: WorldChoice,
    /// Practice speed.
    #[arg(long, global = true, value_name = "N|max")]
    pub speed: Option<Speed>,
    /// Seed of everything drawn by chance in practice.
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Scenario: a name that comes along, or a file.
    #[arg(long, global = true, value_name = "NAME|FILE")]
    pub scenario: Option<String>,
    /// Where progress and the practice world are kept.
    #[arg(long, global = true, value_name = "DIR", env = "ESPERA_STATE_DIR", hide_env = true)]
    pub state_dir: Option<PathBuf>,
    /// A folder of Hugo content instead of the lessons that come along.
    #[arg(long, global = true, value_name = "DIR")]
    pub lessons: Option<PathBuf>,
    /// AWS profile (world `aws`).
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Endpoint of an emulator instead of AWS (world `aws`).
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Unishop for linux/arm64, for the stacks of an account.
    #[arg(long, global = true, value_name = "FILE")]
    pub unishop: Option<PathBuf>,
    /// Mask account ids from the start.
    #[arg(long, global = true)]
    pub presenter: bool,
    /// ASCII symbols only.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Colours for a light background.
    #[arg(long, global = true)]
    pub light: bool,
}

impl GlobalOptions {
    /// The language asked for: the option, else the environment's locale, else Spanish.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang.unwrap_or_else(|| Lang::from_env(|name| std::env::var(name).ok()))
    }

    /// The folder that all worlds are kept in.
    ///
    /// # Errors
    /// When neither the option nor a home folder says where.
    pub fn base(&self) -> Result<PathBuf, etcetera::HomeDirError> {
        if let Some(dir) = &self.state_dir {
            return Ok(dir.clone());
        }
        use etcetera::BaseStrategy;
        let strategy = etcetera::choose_base_strategy()?;
        Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("espera"))
    }

    /// The folder the practice world and its progress are kept in.
    ///
    /// # Errors
    /// As `base`.
    pub fn practice_folder(&self) -> Result<PathBuf, etcetera::HomeDirError> {
        Ok(self.base()?.join("practice"))
    }

    /// The folder that progress in this account is kept in.
    ///
    /// # Errors
    /// As `base`.
    pub fn account_folder(&self, account: &Account) -> Result<PathBuf, etcetera::HomeDirError> {
        Ok(self.base()?.join("aws").join(account.folder()))
    }

    /// Where an earlier Espera kept progress by the profile's name, whichever account that meant.
    ///
    /// # Errors
    /// As `base`.
    pub fn profile_folder(&self) -> Result<PathBuf, etcetera::HomeDirError> {
        Ok(self.base()?.join("aws").join(safe_name(self.profile.as_deref().unwrap_or("default"))))
    }

    /// Where the credentials come from, in the order in which they are looked for.
    #[must_use]
    pub fn credentials_from(&self, env: impl Fn(&str) -> Option<String>) -> String {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        if let Some(profile) = &self.profile {
            return format!("--profile {profile}");
        }
        if set("AWS_ACCESS_KEY_ID").is_some() {
            return "AWS_ACCESS_KEY_ID".to_owned();
        }
        if let Some(profile) = set("AWS_PROFILE") {
            return format!("AWS_PROFILE={profile}");
        }
        let others = [
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        ];
        others.into_iter().find(|name| set(name).is_some()).unwrap_or("default").to_owned()
    }
}

/// A profile's name as the name of a folder.
fn safe_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_cannot_lead_out_of_the_state_folder() {
        let options = GlobalOptions {
            world: WorldChoice::Aws,
            state_dir: Some("/s".into()),
            profile: Some("../../etc".into()),
            ..GlobalOptions::default()
        };
        assert_eq!(options.profile_folder().unwrap(), PathBuf::from("/s/aws/______etc"));
    }

    #[test]
    fn where_the_credentials_come_from_is_said_as_it_is() {
        let env = |set: &'static [(&'static str, &'static str)]| {
            move |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
        };
        let plain = GlobalOptions::default();
        let named = GlobalOptions { profile: Some("lab".to_owned()), ..GlobalOptions::default() };
        assert_eq!(named.credentials_from(env(&[("AWS_PROFILE", "prod")])), "--profile lab");
        assert_eq!(plain.credentials_from(env(&[("AWS_PROFILE", "prod")])), "AWS_PROFILE=prod");
        let keys = env(&[("AWS_PROFILE", "prod"), ("AWS_ACCESS_KEY_ID", "AKIA")]);
        assert_eq!(plain.credentials_from(keys), "AWS_ACCESS_KEY_ID");
        assert_eq!(plain.credentials_from(env(&[("AWS_PROFILE", "")])), "default");
    }
}
