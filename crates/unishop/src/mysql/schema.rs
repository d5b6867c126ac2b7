//! The tables, their statements, and rows as wire types.

use sqlx::Row;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use uuid::Uuid;

use shop::products;
use shop::store::StoreError;
use shop::wire::{Unicorn, User};

const UNICORNS: &str = "CREATE TABLE IF NOT EXISTS unicorns (uuid CHAR(36) CHARACTER SET ascii PRIMARY KEY, \
     name VARCHAR(60) NOT NULL, description VARCHAR(200) NOT NULL, price DECIMAL(6,2) NOT NULL, \
     image VARCHAR(60) NOT NULL) CHARACTER SET utf8mb4";
// Compared byte by byte: what counts as the same e-mail is decided before it comes here.
const USERS: &str = "CREATE TABLE IF NOT EXISTS unicorn_user (uuid CHAR(36) CHARACTER SET ascii PRIMARY KEY, \
     email VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE, \
     first_name VARCHAR(100) NOT NULL, last_name VARCHAR(100) NOT NULL) CHARACTER SET utf8mb4";
const ADD_UNICORN: &str =
    "INSERT IGNORE INTO unicorns (uuid, name, description, price, image) VALUES (?, ?, ?, ?, ?)";

pub(super) const ALL_UNICORNS: &str =
    "SELECT uuid, name, description, price + 0e0 AS price, image FROM unicorns ORDER BY name";
pub(super) const USER_BY_EMAIL: &str =
    "SELECT uuid, email, first_name, last_name FROM unicorn_user WHERE email = ?";
pub(super) const ADD_USER: &str =
    "INSERT INTO unicorn_user (uuid, email, first_name, last_name) VALUES (?, ?, ?, ?)";
pub(super) const PING: &str = "SELECT 1";

/// Tables and products, where they are missing.
pub(super) async fn prepare(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    sqlx::query(UNICORNS).execute(&mut *connection).await?;
    sqlx::query(USERS).execute(&mut *connection).await?;
    for product in products() {
        sqlx::query(ADD_UNICORN)
            .bind(product.uuid.to_string())
            .bind(product.name)
            .bind(product.description)
            .bind(product.price)
            .bind(product.image)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) fn unicorn(row: &MySqlRow) -> Result<Unicorn, StoreError> {
    Ok(Unicorn {
        uuid: id(row)?,
        name: row.try_get("name").map_err(strange)?,
        description: row.try_get("description").map_err(strange)?,
        price: row.try_get("price").map_err(strange)?,
        image: row.try_get("image").map_err(strange)?,
    })
}

pub(super) fn user(row: &MySqlRow) -> Result<User, StoreError> {
    Ok(User {
        uuid: id(row)?,
        email: row.try_get("email").map_err(strange)?,
        first_name: row.try_get("first_name").map_err(strange)?,
        last_name: row.try_get("last_name").map_err(strange)?,
    })
}

fn id(row: &MySqlRow) -> Result<Uuid, StoreError> {
    let text: String = row.try_get("uuid").map_err(strange)?;
    Uuid::parse_str(&text).map_err(|_| StoreError::Broken("an id in the database is no UUID".into()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn strange(error: sqlx::Error) -> StoreError {
    StoreError::Broken(error.to_string())
}
