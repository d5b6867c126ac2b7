//! What the learner's own hands are given: a folder of commands, files of configuration, start files
//! for shells, and the variables that lead to them all. It lies in the state folder, for its owner alone.

use std::io;
use std::path::{Path, PathBuf};

use super::files::{self, private_folder, write};
use super::options::{GlobalOptions, WorldChoice};
use super::record::{FOLDER, Record};
use super::templates::PAGES;
use crate::runtime::{Dialect, Environment, Inherited, MARK};
use practice::keys::Keys;
use practice::{Proxy, Server};

/// The Region of whoever names none.
const REGION: &str = "us-east-1";
/// Hosts that no proxy is asked for.
const NO_PROXY: &str = "localhost,127.0.0.1,::1,.localhost";
/// The profile's name in configuration files.
pub(super) const PROFILE: &str = "espera";

const AWS: &str = include_str!("../../../assets/shell/aws.sh");
const OUTPUT: &str = include_str!("../../../assets/shell/output.sh");
const API: &str = include_str!("../../../assets/shell/api.sh");
const BASHRC: &str = include_str!("../../../assets/shell/bashrc");
const ZSHENV: &str = include_str!("../../../assets/shell/zshenv");
const ZSHRC: &str = include_str!("../../../assets/shell/zshrc");
const FISH: &str = include_str!("../../../assets/shell/config.fish");

/// Where a practice world is reached, and with which keys.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    endpoint: String,
    proxy: Option<(String, String)>,
    keys: Keys,
}

impl Ways {
    /// Those of a world that this process serves.
    pub(super) fn new(server: &Server, proxy: Option<&Proxy>, keys: &Keys) -> Ways {
        Ways {
            endpoint: server.url(),
            proxy: proxy.map(|proxy| (proxy.url(), proxy.certificate().to_owned())),
            keys: keys.clone(),
        }
    }

    /// What a client needs at the least, where nothing can be laid out.
    pub(super) fn environment(&self) -> Environment {
        let mut environment = Environment::default();
        environment.put("AWS_ENDPOINT_URL", &self.endpoint);
        environment.put("AWS_ACCESS_KEY_ID", self.keys.access_key());
        environment.put("AWS_SECRET_ACCESS_KEY", self.keys.secret());
        environment.put("AWS_DEFAULT_REGION", REGION);
        environment
    }
}

/// Lays out all that leads to a practice world and tells where that is, for `espera cloud env` and for
/// an Espera that looks on. Where the folder cannot be written, the variables that need no file are left.
pub(super) fn practice(
    state: &Path,
    templates: Option<&Path>,
    ways: &Ways,
    options: &GlobalOptions,
) -> Environment {
    let mut environment = Environment { inherited: Inherited::Cleaned, ..Environment::default() };
    let Ways { endpoint, proxy, keys } = ways;
    let folder = state.join(FOLDER);
    let config = folder.join("aws").join("config");
    let credentials = folder.join("aws").join("credentials");
    environment.put("AWS_ENDPOINT_URL", endpoint);
    environment.put("AWS_ACCESS_KEY_ID", keys.access_key());
    environment.put("AWS_SECRET_ACCESS_KEY", keys.secret());
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_DEFAULT_REGION", REGION);
    environment.put("AWS_PAGER", "");
    environment.put("AWS_CONFIG_FILE", text(&config));
    environment.put("AWS_SHARED_CREDENTIALS_FILE", text(&credentials));
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    if let Some((url, _)) = proxy {
        for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
            environment.put(name, url);
        }
        // Newer Node.js asks the proxy only when told to.
        environment.put("NODE_USE_ENV_PROXY", "1");
    }
    environment.put("NO_PROXY", NO_PROXY);
    environment.put("no_proxy", NO_PROXY);
    environment.put("ESPERA_ENDPOINT", endpoint);
    set_common(&mut environment, templates, options);
    if lay_files(&mut environment, &folder, ways, (&config, &credentials)).is_ok() {
        let _ = Record::of(endpoint, &environment).store(&folder);
    }
    environment
}

/// Lays out the commands for an account: there the shell stays the learner's own.
pub(super) fn account(state: &Path, templates: Option<&Path>, options: &GlobalOptions) -> Environment {
    let mut environment = Environment::default();
    environment.put("AWS_REGION", REGION);
    environment.put("AWS_DEFAULT_REGION", REGION);
    environment.put("AWS_PAGER", "");
    if let Some(profile) = &options.profile {
        environment.put("AWS_PROFILE", profile);
        environment.put("ESPERA_PROFILE", profile);
    }
    if let Some(url) = &options.endpoint_url {
        environment.put("AWS_ENDPOINT_URL", url);
    }
    // Left over from a practice shell that this Espera was opened in, it would lead back there.
    environment.put("ESPERA_ENDPOINT", "");
    set_common(&mut environment, templates, options);
    let folder = state.join(FOLDER);
    // Without commands of its own the shell is still the learner's.
    let _ = private_folder(&folder).and_then(|()| write_commands(&mut environment, &folder));
    let _ = write_start_files(&mut environment, &folder);
    environment
}

/// What both worlds' shells know of Espera.
fn set_common(environment: &mut Environment, templates: Option<&Path>, options: &GlobalOptions) {
    if let Some(dir) = templates {
        environment.put("ESPERA_TEMPLATES", text(dir));
        environment.put("ESPERA_PAGES", text(&dir.join(PAGES)));
    }
    // So that `espera` in there means the same world as here.
    if let Some(dir) = options.state_dir.as_deref().and_then(|dir| std::path::absolute(dir).ok()) {
        environment.put("ESPERA_STATE_DIR", text(&dir));
    }
    let world = match options.world {
        WorldChoice::Practice => "practice",
        WorldChoice::Aws => "aws",
    };
    environment.put("ESPERA_WORLD", world);
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Writes the files and names them.
fn lay_files(
    environment: &mut Environment,
    folder: &Path,
    ways: &Ways,
    (config, credentials): (&Path, &Path),
) -> io::Result<()> {
    private_folder(folder)?;
    private_folder(&folder.join("aws"))?;
    let mut more = String::new();
    if let Some((_, certificate)) = &ways.proxy {
        let bundle = folder.join("authority.pem");
        write(&bundle, certificate.as_bytes(), files::READ)?;
        more = format!("ca_bundle = {}\n", bundle.display());
        for name in
            ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"]
        {
            environment.put(name, text(&bundle));
        }
    }
    let settings = format!("region = {REGION}\nendpoint_url = {}\n{more}", ways.endpoint);
    write(config, format!("[default]\n{settings}\n[profile {PROFILE}]\n{settings}").as_bytes(), files::READ)?;
    let keys = format!(
        "aws_access_key_id = {}\naws_secret_access_key = {}\n",
        ways.keys.access_key(),
        ways.keys.secret()
    );
    write(credentials, format!("[default]\n{keys}\n[{PROFILE}]\n{keys}").as_bytes(), files::READ)?;
    write_commands(environment, folder)?;
    write_start_files(environment, folder)
}

/// The folder of commands, for systems whose shells run them.
fn write_commands(environment: &mut Environment, folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let bin = folder.join("bin");
    private_folder(&bin)?;
    write(&bin.join(MARK), b"", files::READ)?;
    for (name, script) in [("aws", AWS), ("output", OUTPUT), ("api", API)] {
        write(&bin.join(name), script.as_bytes(), files::RUN)?;
    }
    let program = std::env::current_exe()?;
    let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", text(&program).replace('\'', r"'\''"));
    write(&bin.join("espera"), script.as_bytes(), files::RUN)?;
    environment.bin = Some(bin);
    Ok(())
}

/// The files that shells read when they start, after the learner's own.
fn write_start_files(environment: &mut Environment, folder: &Path) -> io::Result<()> {
    let start = folder.join("start");
    private_folder(&start)?;
    private_folder(&start.join("zsh"))?;
    environment.put("ESPERA_START", text(&start));
    let scripts = [("env.sh", Dialect::Bash), ("env.fish", Dialect::Fish)];
    for (name, dialect) in scripts {
        write(&start.join(name), environment.script(dialect, &[]).as_bytes(), files::READ)?;
    }
    let own: [(PathBuf, &str); 4] = [
        (start.join("bashrc"), BASHRC),
        (start.join("zsh").join(".zshenv"), ZSHENV),
        (start.join("zsh").join(".zshrc"), ZSHRC),
        (start.join("config.fish"), FISH),
    ];
    for (file, content) in own {
        write(&file, content.as_bytes(), files::READ)?;
    }
    environment.start = Some(start);
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
