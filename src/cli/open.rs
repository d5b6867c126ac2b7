//! Opens the world that the options ask for, and wires everything to it.

use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::watch;

use super::context::{Context, Loopback, Parts};
use super::credentials::credentials;
use super::follow::follow;
use super::hands::OwnAws;
use super::options::{DEFAULT_SEED, GlobalOptions, WORLD, WorldChoice};
use super::record::Record;
use super::scenario::scenario;
use super::start_error::StartError;
use super::templates::write_templates;
use super::{account, kept, kit};
use crate::app::{Pace, Watched, World};
use crate::clock::{Clock, Moment, Speed};
use crate::cloud::{Access, Cloud, Settings, Switchboard};
use crate::disk::write_private;
use crate::lang::Said;
use crate::practice::keys::Keys;
use crate::practice::{self, Gate, Practice};
use crate::runtime::{Environment, Laid};
use crate::tr;

/// Where nothing can listen: the address of a world that has told none.
const NOWHERE: &str = "http://127.0.0.1:0";

impl Context {
    /// Wires the world the options ask for. Call it within a tokio runtime.
    ///
    /// # Errors
    /// When the world cannot be opened; a state folder that cannot be used is a warning only.
    pub async fn open(options: &GlobalOptions, loopback: Loopback) -> Result<Context, StartError> {
        match options.world {
            WorldChoice::Practice => {
                let parts = Parts::load(options, options.practice_folder()?)?;
                Context::practice(options, parts, loopback).await
            }
            WorldChoice::Aws => account::open(options).await,
        }
    }

    async fn practice(
        options: &GlobalOptions,
        mut parts: Parts,
        loopback: Loopback,
    ) -> Result<Context, StartError> {
        if parts.in_use {
            return Context::watching(parts).await;
        }
        let clock = Clock::practice(Moment::from(SystemTime::now()), options.speed.unwrap_or_default());
        clock.stand_while_stopped();
        let asked = scenario(options)?;
        let practice = Practice::open(practice::Options {
            // A folder that cannot be used has been warned of; the world then lives in memory.
            folder: parts.store.as_ref().map(|s| s.folder().join(WORLD)),
            seed: options.seed.unwrap_or(DEFAULT_SEED),
            scenario: asked.clone(),
            clock: clock.clone(),
        })?;
        if let Some(store) = &mut parts.store {
            store.follow(practice.settler());
        }
        parts.warnings.extend(kept::notice(options, &asked, &practice));
        parts.warnings.extend(practice.notices().iter().map(|n| Said::with(|l| n.text(l))));
        let server = match loopback {
            Loopback::Open => match practice.serve(0) {
                Ok(server) => Some(server),
                Err(error) => {
                    parts.warnings.push(Said::with(|l| error.text(l)));
                    None
                }
            },
            Loopback::Closed => None,
        };
        let endpoint = server.as_ref().map(practice::Server::url);
        let proxy = server.as_ref().and_then(|server| {
            match practice.proxy(Some(server.address()), Gate::default()) {
                Ok(proxy) => Some(proxy),
                Err(error) => {
                    parts.warnings.push(Said::with(|l| error.text(l)));
                    None
                }
            }
        });
        let driven = practice.clone();
        tokio::spawn(async move { driven.drive().await });
        if let (Some(store), Some(endpoint)) = (&parts.store, &endpoint) {
            // Where a second Espera finds this world; without it, it only cannot watch.
            let _ = write_private(&store.folder().join("endpoint"), endpoint.as_bytes());
        }
        let cloud =
            Cloud::new(Access::fixed(practice.http_client(), credentials(practice.keys()), clock.clone()));
        let environment = match &server {
            Some(server) => {
                let ways = kit::Ways::new(server, proxy.as_ref(), practice.keys());
                let (folder, options) = (parts.folder.clone(), options.clone());
                let (kept, settings) = (parts.store.is_some(), Settings::clone(&parts.settings));
                Laid::begin(move || {
                    let templates = kept.then(|| write_templates(&folder, &settings).ok()).flatten();
                    kit::practice(&folder, templates.as_deref(), &ways, &options)
                })
            }
            None => {
                let _ = parts.templates();
                Environment::default().into()
            }
        };
        parts.hands(OwnAws {
            // A world that nobody else reaches has no use for a client from outside.
            aws: server.as_ref().and_then(|_| Environment::own_aws(std::env::var_os("PATH").as_deref())),
            environment: environment.clone(),
            practice: Some(practice.clone()),
            clock: clock.clone(),
        });
        let world =
            World::Practice { speed: clock.speed().unwrap_or_default(), pace: Pace::Running, endpoint };
        let (sender, trouble) = watch::channel(None);
        forward_trouble(practice.trouble(), sender);
        let changed = practice.changed();
        let own: Arc<dyn Switchboard> = Arc::new(practice.switchboard());
        let stage = parts.stage(&cloud, practice.http_client(), &clock, vec![own]);
        let mut context =
            parts.into_context(clock, cloud, world, environment, changed, trouble, Some(practice));
        context.stage = Some(stage);
        context.kept = vec![Box::new(server), Box::new(proxy)];
        Ok(context)
    }

    /// Looks on at the world of the Espera that holds this state.
    async fn watching(mut parts: Parts) -> Result<Context, StartError> {
        let endpoint =
            std::fs::read_to_string(parts.folder.join("endpoint")).ok().filter(|url| !url.is_empty());
        let clock = Clock::practice(Moment::from(SystemTime::now()), Speed::Times(1.0));
        let address = endpoint.clone().unwrap_or_else(|| NOWHERE.to_owned());
        let keys = match Keys::of(&parts.folder.join(WORLD)) {
            Some(keys) => keys,
            None => {
                let folder = parts.folder.join(WORLD).display().to_string();
                parts.warnings.push(Said::with(|l| {
                    tr!(
                        l,
                        "Aquí no se pueden leer las claves de ese mundo de práctica ({folder}): sin ellas no contesta. Ábrelo con el usuario que lo tiene abierto.",
                        "The keys of that practice world cannot be read here ({folder}): it does not answer without them. Open it as the user who has it open."
                    )
                }));
                Keys::random()?
            }
        };
        let access = Access::endpoint(address, credentials(&keys), clock.clone());
        let cloud = Cloud::new(access);
        let watched = follow(cloud.clone(), clock.clone()).await;
        let (speed, pace) = match *watched.borrow() {
            Watched::Going(speed, pace) => (speed, pace),
            Watched::Silent => (clock.speed().unwrap_or_default(), Pace::Running),
        };
        let record = Record::read(&parts.folder).filter(|record| endpoint.as_ref() == Some(&record.endpoint));
        let environment = record.map(|record| record.environment).unwrap_or_default().into();
        let world = World::Practice { speed, pace, endpoint };
        let (keep_changed, changed) = watch::channel(0);
        let (keep_trouble, trouble) = watch::channel(None);
        let mut context = parts.into_context(clock, cloud, world, environment, changed, trouble, None);
        context.watched = Some(watched);
        context.kept = vec![Box::new(keep_changed), Box::new(keep_trouble)];
        Ok(context)
    }
}

fn forward_trouble(mut from: watch::Receiver<Option<practice::Trouble>>, to: watch::Sender<Option<Said>>) {
    tokio::spawn(async move {
        loop {
            let said = from.borrow_and_update().as_ref().map(|t| Said::with(|l| t.text(l)));
            if to.send(said).is_err() || from.changed().await.is_err() {
                // Kept alive by the receivers' side: a closed channel must not look like news.
                to.closed().await;
                return;
            }
        }
    });
}
