//! What a client of AWS finds around it: variables to set, inherited ones to take away, and the folder
//! that comes first on its PATH. For a child process, or as text for any other terminal.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

/// What becomes of the variables a child would inherit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inherited {
    /// They stay: the learner's own account is what they are about.
    #[default]
    Kept,
    /// Those that lead clients of AWS anywhere are taken away.
    Cleaned,
}

/// Variables, commands and start files for the learner's own hands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// What becomes of inherited variables.
    pub inherited: Inherited,
    /// Variables by name, in order.
    pub set: Vec<(String, String)>,
    /// The folder of `aws`, `output`, `api` and `espera`, first on the PATH.
    pub bin: Option<PathBuf>,
    /// The folder of the start files that shells read last.
    pub start: Option<PathBuf>,
}

/// An environment whose files are being laid out beside everything else, so that a start does not wait for them.
#[derive(Clone, Debug)]
pub struct LazyEnvironment(Arc<LazyLock<Environment, Laying>>);

type Laying = Box<dyn FnOnce() -> Environment + Send>;

impl LazyEnvironment {
    /// Begins on a thread of its own; without one, it is done when it is asked for.
    #[must_use]
    pub fn begin(lay: impl FnOnce() -> Environment + Send + 'static) -> LazyEnvironment {
        let laid = LazyEnvironment(Arc::new(LazyLock::new(Box::new(lay))));
        let laying = laid.clone();
        let _ = std::thread::Builder::new().name("kit".into()).spawn(move || {
            let _ = laying.get();
        });
        laid
    }

    /// What is there. Waits until it is.
    #[must_use]
    pub fn get(&self) -> &Environment {
        &self.0
    }
}

impl From<Environment> for LazyEnvironment {
    fn from(environment: Environment) -> LazyEnvironment {
        let laid = LazyEnvironment(Arc::new(LazyLock::new(Box::new(move || environment))));
        LazyLock::force(&laid.0);
        laid
    }
}

impl Environment {
    /// The value of a variable that is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.set.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Sets a variable, or sets it anew.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.set.iter_mut().find(|(n, _)| n == name) {
            Some(entry) => entry.1 = value,
            None => self.set.push((name.to_owned(), value)),
        }
    }

    /// Whether an inherited variable is taken away.
    #[must_use]
    pub fn removes(&self, name: &str) -> bool {
        self.inherited == Inherited::Cleaned && leads_elsewhere(name) && self.get(name).is_none()
    }

    /// Prepares a child process.
    pub fn apply(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| self.removes(name)) {
                command.env_remove(name);
            }
        }
        command.envs(self.set.iter().map(|(n, v)| (n, v)));
        if let Some(path) = self.path(std::env::var_os("PATH").as_deref()) {
            command.env("PATH", path);
        }
    }

    /// The PATH with the folder of commands first; `None` when there is no such folder.
    #[must_use]
    pub fn path(&self, inherited: Option<&OsStr>) -> Option<std::ffi::OsString> {
        let bin = self.bin.clone()?;
        let others: Vec<PathBuf> =
            inherited.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
        let others = others.into_iter().filter(|dir| *dir != bin);
        std::env::join_paths(std::iter::once(bin.clone()).chain(others)).ok()
    }

    /// The learner's own `aws`: the first on the PATH that is not one of Espera's.
    #[must_use]
    pub fn own_aws(path: Option<&OsStr>) -> Option<PathBuf> {
        let names: &[&str] = if cfg!(windows) { &["aws.exe", "aws.cmd"] } else { &["aws"] };
        std::env::split_paths(path?)
            .filter(|dir| !dir.join(MARK).exists())
            .flat_map(|dir| names.iter().map(move |name| dir.join(name)))
            .find(|file| is_program(file))
    }
}

/// A file that tells a folder of Espera's commands from others.
pub const MARK: &str = ".espera";

/// Whether a file can be run.
pub(super) fn is_program(file: &Path) -> bool {
    let Ok(meta) = std::fs::metadata(file) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        meta.is_file() && meta.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    meta.is_file()
}

/// Variables beside those of AWS, proxies and boto that say whom a client trusts or where it goes.
pub(super) const OTHERS: [&str; 12] = [
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_USE_ENV_PROXY",
    "CDK_DEFAULT_ACCOUNT",
    "CDK_DEFAULT_REGION",
    "CLOUDSDK_PROXY_ADDRESS",
    "AMAZON_SESSION_TOKEN",
    "EC2_REGION",
    "ESPERA_ENDPOINT",
];

/// Whether a variable leads a client of AWS to an account, an address, a proxy or an authority.
fn leads_elsewhere(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let families = ["AWS_", "BOTO_", "SAM_CLI_"];
    families.iter().any(|family| upper.starts_with(family))
        || upper.ends_with("_PROXY")
        || OTHERS.contains(&upper.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_leads_elsewhere_is_taken_away_and_nothing_else() {
        let mut sealed = Environment { inherited: Inherited::Cleaned, ..Environment::default() };
        sealed.put("AWS_REGION", "us-east-1");
        for name in [
            "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE",
            "AWS_SESSION_TOKEN",
            "AWS_ENDPOINT_URL_STS",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "AWS_USE_FIPS_ENDPOINT",
            "AWS_ROLE_ARN",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_SOMETHING_OF_NEXT_YEAR",
            "HTTP_PROXY",
            "https_proxy",
            "All_Proxy",
            "no_proxy",
            "BOTO_CONFIG",
            "SSL_CERT_FILE",
            "CDK_DEFAULT_ACCOUNT",
        ] {
            assert!(sealed.removes(name), "{name}");
        }
        for name in ["AWS_REGION", "HOME", "PATH", "LANG", "MY_AWS_THING", "PROXY", "ESPERA_TEMPLATES"] {
            assert!(!sealed.removes(name), "{name}");
        }
        let own = Environment::default();
        assert!(!own.removes("AWS_PROFILE"), "in an account the shell stays the learner's");
    }

    #[test]
    fn the_commands_come_first_and_once() {
        let with = Environment { bin: Some("/s/bin".into()), ..Environment::default() };
        let path = |old: &str| with.path(Some(OsStr::new(old))).unwrap();
        assert_eq!(path("/usr/bin:/s/bin:/bin"), "/s/bin:/usr/bin:/bin");
        assert_eq!(Environment::default().path(None), None);
    }
}
