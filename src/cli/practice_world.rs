//! The practice world of this process, opened where it was left and wired.

use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::watch;

use super::context::Context;
use super::credentials::credentials;
use super::host::{Host, Loopback};
use super::options::{DEFAULT_SEED, GlobalOptions, WORLD};
use super::own_aws::OwnAws;
use super::scenario::scenario;
use super::start_error::StartError;
use super::templates::write_templates;
use super::workspace::Workspace;
use super::{kit, warning};
use crate::app::{Pace, World};
use crate::cloud::{Access, Cloud, Settings, Switchboard};
use crate::guest::Unishop;
use crate::runtime::{Environment, LazyEnvironment, News, WorldHandle};
use crate::switchboard::PracticeSwitches;
use ground::clock::{Clock, Moment};
use ground::disk::write_private;
use ground::lang::Said;
use practice::{self, Practice, Server};

/// Opens the world, and tells where it is to be found.
pub(super) fn open(
    options: &GlobalOptions,
    mut workspace: Workspace,
    mut settings: Settings,
    loopback: Loopback,
) -> Result<Context, StartError> {
    let clock = Clock::practice(Moment::from(SystemTime::now()), options.speed.unwrap_or_default());
    clock.stand_while_stopped();
    let asked = scenario(options)?;
    let practice = Practice::open(practice::Options {
        // A folder that cannot be used has been warned of; the world then lives in memory.
        folder: workspace.store.as_ref().map(|s| s.folder().join(WORLD)),
        seed: options.seed.unwrap_or(DEFAULT_SEED),
        scenario: asked.clone(),
        clock: clock.clone(),
        workload: Some(Arc::new(Unishop)),
    })?;
    if let Some(store) = &mut workspace.store {
        store.follow(practice.settler());
    }
    workspace.warnings.extend(warning::kept_settings(options, &asked, &practice));
    workspace.warnings.extend(practice.notices().iter().map(|n| Said::with(|l| n.text(l))));
    let host = Host::open(practice.clone(), loopback, &mut workspace.warnings);
    let endpoint = host.server.as_ref().map(Server::url);
    if let (Some(store), Some(endpoint)) = (&workspace.store, &endpoint) {
        // Where a second Espera finds this world; without it, it only cannot watch.
        let _ = write_private(&store.folder().join("endpoint"), endpoint.as_bytes());
    }
    let environment = lay_environment(&host, &workspace, &settings, options);
    settings.own_client = Some(Arc::new(OwnAws {
        // A world that nobody else reaches has no use for a client from outside.
        aws: host.server.as_ref().and_then(|_| Environment::own_aws(std::env::var_os("PATH").as_deref())),
        environment: environment.clone(),
        practice: Some(practice.clone()),
        clock: clock.clone(),
    }));
    let cloud = Cloud::new(Access::with_transport(
        practice.http_client(),
        credentials(practice.keys()),
        clock.clone(),
    ));
    let own: Arc<dyn Switchboard> = Arc::new(PracticeSwitches::of(&practice));
    let drill_context = workspace.drill_context(&cloud, practice.http_client(), &clock, vec![own]);
    let news = News {
        changed: Some(practice.changes()),
        trouble: Some(forward_trouble(practice.trouble())),
        ..News::silent()
    };
    let world = World::Practice { speed: clock.speed().unwrap_or_default(), pace: Pace::Running, endpoint };
    let world_handle = WorldHandle {
        clock,
        cloud,
        settings: Arc::new(settings),
        drill_context: Some(drill_context),
        environment,
        news,
    };
    Ok(Context { workspace, world, world_handle, host: Some(host) })
}

/// Lays out what the learner's own hands are given: nothing where nobody may come from outside.
fn lay_environment(
    host: &Host,
    workspace: &Workspace,
    settings: &Settings,
    options: &GlobalOptions,
) -> LazyEnvironment {
    let Some(server) = &host.server else {
        let _ = workspace.templates(settings);
        return Environment::default().into();
    };
    let ways = kit::Ways::new(server, host.proxy.as_ref(), host.practice.keys());
    let (folder, options) = (workspace.folder.clone(), options.clone());
    let (kept, settings) = (workspace.store.is_some(), settings.clone());
    LazyEnvironment::begin(move || {
        let templates = kept.then(|| write_templates(&folder, &settings).ok()).flatten();
        kit::practice(&folder, templates.as_deref(), &ways, &options)
    })
}

/// Trouble of the world, in both languages as it comes.
fn forward_trouble(mut from: watch::Receiver<Option<practice::Trouble>>) -> watch::Receiver<Option<Said>> {
    let (to, trouble) = watch::channel(None);
    tokio::spawn(async move {
        loop {
            let said = from.borrow_and_update().as_ref().map(|t| Said::with(|l| t.text(l)));
            if to.send(said).is_err() || from.changed().await.is_err() {
                return;
            }
        }
    });
    trouble
}
