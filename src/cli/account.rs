//! An account as the world: whose it is, where what is kept about it lies, and that one is never taken for
//! another.

use tokio::sync::watch;

use super::context::{Context, Parts};
use super::hands::OwnAws;
use super::kit;
use super::options::GlobalOptions;
use super::start_error::StartError;
use crate::app::{Account, World};
use crate::clock::Clock;
use crate::cloud::{Access, ActionError, Cloud, Run};
use crate::lang::Said;
use crate::progress::Progress;
use crate::runtime::{Environment, Laid};
use crate::tr;

/// The account that the options lead to: how it is reached, the cloud, and whose it is.
///
/// # Errors
/// When there are no credentials, STS refuses them, or nobody answers.
pub(super) async fn account(
    options: &GlobalOptions,
    clock: &Clock,
) -> Result<(Access, Cloud, Account), StartError> {
    let lang = options.lang();
    let said = |error: ActionError| StartError::Aws(error.text.get(lang).to_owned());
    let asked = Access::account(options.profile.clone(), options.endpoint_url.clone(), clock.clone()).await;
    let access = asked.map_err(said)?;
    let cloud = Cloud::new(access.clone());
    let identity = cloud.caller().await.map_err(said)?;
    let from = options.credentials_from(|name| std::env::var(name).ok());
    let account = Account { identity, from, endpoint: options.endpoint_url.clone() };
    Ok((access, cloud, account))
}

/// The world of an account: what is kept is kept by the account that the credentials are of.
pub(super) async fn open(options: &GlobalOptions) -> Result<Context, StartError> {
    let clock = Clock::wall();
    let (access, cloud, account) = account(options, &clock).await?;
    let mut parts = Parts::load(options, options.account_folder(&account)?)?;
    parts.belong_to(&account, options)?;
    cloud.take_up(parts.progress.run.clone().unwrap_or_else(Run::begin));
    let environment = Laid::from(kit::account(&parts.folder, parts.templates().as_deref(), options));
    parts.hands(OwnAws {
        aws: Environment::own_aws(std::env::var_os("PATH").as_deref()),
        environment: environment.clone(),
        practice: None,
        clock: clock.clone(),
    });
    let (keep_changed, changed) = watch::channel(0);
    let (keep_trouble, trouble) = watch::channel(None);
    let world = World::Aws(Box::new(account));
    let http = access.http();
    let stage = http.filter(|_| !parts.in_use).map(|http| parts.stage(&cloud, http, &clock, Vec::new()));
    let mut context = parts.into_context(clock, cloud, world, environment, changed, trouble, None);
    context.stage = stage;
    context.kept = vec![Box::new(keep_changed), Box::new(keep_trouble)];
    Ok(context)
}

impl Parts {
    /// Ties what is kept to the account it is about. Progress that does not say so, or says another, is
    /// never believed.
    fn belong_to(&mut self, account: &Account, options: &GlobalOptions) -> Result<(), StartError> {
        let key = account.folder();
        match &self.progress.account {
            Some(kept) if *kept == key => {}
            Some(kept) => {
                return Err(StartError::OtherAccount {
                    folder: self.folder.clone(),
                    kept: kept.clone(),
                    now: key,
                });
            }
            None => {
                let older = options.profile_folder()?;
                if older != self.folder && older.join("progress.json").exists() {
                    let older = older.display().to_string();
                    self.warnings.push(Said::with(|l| {
                        tr!(
                            l,
                            "En {older} hay progreso de una Espera anterior, que no dice de qué cuenta es: no se usa. Cuando no lo quieras, borra esa carpeta.",
                            "{older} holds progress of an earlier Espera, which does not say of which account: it is not used. Delete that folder when you no longer want it."
                        )
                    }));
                }
                self.progress =
                    Progress { lang: self.progress.lang, account: Some(key), ..Progress::default() };
            }
        }
        if self.progress.run.is_none() {
            self.progress.run = Some(Run::begin());
            // Kept before anything is made, so that nothing can be made by a run nobody remembers.
            if let Some(store) = &self.store {
                store.save(&self.progress)?;
            }
        }
        Ok(())
    }
}
