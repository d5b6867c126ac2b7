//! A catalogue in memory that can be taken away: for what the routes do, whichever store is behind.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use shop::wire::{NewUser, Unicorn, User};
use shop::{Catalogue, StoreError, products};
use uuid::Uuid;

#[derive(Clone, Debug, Default)]
pub struct Memory {
    users: Arc<Mutex<Vec<User>>>,
    away: Arc<Mutex<Option<StoreError>>>,
}

impl Memory {
    /// From now on every request fails so; `None` brings the store back.
    pub fn fails(&self, with: Option<StoreError>) {
        *self.away.lock().unwrap() = with;
    }

    pub fn away() -> StoreError {
        StoreError::Away { retry_after: Duration::from_secs(7) }
    }

    fn there(&self) -> Result<(), StoreError> {
        self.away.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl Catalogue for Memory {
    async fn unicorns(&self) -> Result<Vec<Unicorn>, StoreError> {
        self.there().map(|()| products())
    }

    async fn user(&self, email: &str) -> Result<Option<User>, StoreError> {
        self.there()?;
        Ok(self.users.lock().unwrap().iter().find(|user| user.email == email).cloned())
    }

    async fn add_user(&self, new: NewUser) -> Result<User, StoreError> {
        self.there()?;
        let mut users = self.users.lock().unwrap();
        if let Some(there) = users.iter().find(|user| user.email == new.email) {
            return if Some(there.uuid) == new.uuid { Ok(there.clone()) } else { Err(StoreError::Taken) };
        }
        let NewUser { uuid, email, first_name, last_name } = new;
        let user = User { uuid: uuid.unwrap_or_else(Uuid::new_v4), email, first_name, last_name };
        users.push(user.clone());
        Ok(user)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.there()
    }
}
