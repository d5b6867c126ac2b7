//! An account as the world: whose it is, where what is kept about it lies, and that one is never taken for
//! another.

use std::sync::Arc;

use super::context::Context;
use super::kit;
use super::options::GlobalOptions;
use super::own_aws::OwnAws;
use super::start_error::StartError;
use super::workspace::Workspace;
use crate::app::{Account, Seat, World};
use crate::cloud::{Access, ActionError, Cloud, Run};
use crate::progress::Progress;
use crate::runtime::{Environment, LazyEnvironment, News, WorldHandle};
use ground::clock::Clock;
use ground::lang::Said;
use ground::tr;

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
    let (mut workspace, mut settings) = Workspace::open(options, options.account_folder(&account)?)?;
    belong_to(&mut workspace, &account, options)?;
    cloud.take_up(workspace.progress.run.clone().unwrap_or_else(Run::begin));
    let templates = workspace.templates(&settings);
    let environment = LazyEnvironment::from(kit::account(&workspace.folder, templates.as_deref(), options));
    settings.own_client = Some(Arc::new(OwnAws {
        aws: Environment::own_aws(std::env::var_os("PATH").as_deref()),
        environment: environment.clone(),
        practice: None,
        clock: clock.clone(),
    }));
    let http = access.http().filter(|_| workspace.seat == Seat::Learner);
    let drill_context = http.map(|http| workspace.drill_context(&cloud, http, &clock, Vec::new()));
    let news = News::silent();
    let world_handle =
        WorldHandle { clock, cloud, settings: Arc::new(settings), drill_context, environment, news };
    Ok(Context { workspace, world: World::Aws(Box::new(account)), world_handle, host: None })
}

/// Ties what is kept to the account it is about. Progress that does not say so, or says another, is
/// never believed.
fn belong_to(
    workspace: &mut Workspace,
    account: &Account,
    options: &GlobalOptions,
) -> Result<(), StartError> {
    let key = account.folder();
    match &workspace.progress.account {
        Some(kept) if *kept == key => {}
        Some(kept) => {
            return Err(StartError::OtherAccount {
                folder: workspace.folder.clone(),
                kept: kept.clone(),
                now: key,
            });
        }
        None => {
            let older = options.profile_folder()?;
            if older != workspace.folder && older.join("progress.json").exists() {
                let older = older.display().to_string();
                workspace.warnings.push(Said::with(|l| {
                    tr!(
                        l,
                        "En {older} hay progreso de una Espera anterior, que no dice de qué cuenta es: no se usa. Cuando no lo quieras, borra esa carpeta.",
                        "{older} holds progress of an earlier Espera, which does not say of which account: it is not used. Delete that folder when you no longer want it."
                    )
                }));
            }
            workspace.progress =
                Progress { lang: workspace.progress.lang, account: Some(key), ..Progress::default() };
        }
    }
    if workspace.progress.run.is_none() {
        workspace.progress.run = Some(Run::begin());
        // Kept before anything is made, so that nothing can be made by a run nobody remembers.
        if let Some(store) = &workspace.store {
            store.save(&workspace.progress)?;
        }
    }
    Ok(())
}
