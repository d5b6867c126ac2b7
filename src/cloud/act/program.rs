//! The shop's program as a zip in a bucket of each Region: Lambda takes it from there and so does the
//! instance. Espera makes the bucket before the stack and removes it at clean-up, if it is its own.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, PublicAccessBlockConfiguration, Tag, Tagging,
};
use sha2::{Digest, Sha256};

use super::super::facts::Role;
use super::super::{ActionError, Cloud, Settings, error, names};
use super::Notes;
use super::deploy::is_missing;

/// Metadata of the object: what its content sums up to, so that nothing is sent twice.
const SUM: &str = "espera-sha256";

impl Cloud {
    /// Puts the program where a Region's stack takes it from.
    pub(super) async fn bring_program(
        &self,
        role: Role,
        settings: &Settings,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        if settings.program.is_empty() {
            return Err(no_program());
        }
        let bucket = self.artifacts(role).await?;
        self.make_bucket(role, &bucket).await?;
        let sum: String = Sha256::digest(&settings.program).iter().map(|b| format!("{b:02x}")).collect();
        let s3 = &self.clients.at(role).s3;
        let head = s3.head_object().bucket(&bucket).key(names::PROGRAM).send().await;
        if head.is_ok_and(|h| h.metadata().and_then(|m| m.get(SUM)) == Some(&sum)) {
            return Ok(());
        }
        let body = ByteStream::from(settings.program.clone());
        let request = s3.put_object().bucket(&bucket).key(names::PROGRAM).metadata(SUM, &sum);
        request.content_type("application/zip").body(body).send().await?;
        let size = settings.program.len().div_ceil(1024);
        self.tell(
            note,
            format!("El programa de la tienda ({size} kB) está en {bucket}."),
            format!("The shop's program ({size} kB) is in {bucket}."),
        );
        Ok(())
    }

    /// Removes the program's bucket of a Region, if there is one and it is Espera's.
    pub(super) async fn remove_program(&self, role: Role, note: Notes<'_>) -> Result<(), ActionError> {
        let bucket = self.artifacts(role).await?;
        if !self.bucket_is_ours(role, &bucket).await? {
            return Ok(());
        }
        self.empty_bucket(role, &bucket).await?;
        match self.clients.at(role).s3.delete_bucket().bucket(&bucket).send().await {
            Ok(_) => self.tell(note, format!("{bucket}: borrado."), format!("{bucket}: deleted.")),
            Err(e) if is_missing(&e) => {}
            Err(e) => return Err(e.into()),
        }
        Ok(())
    }

    /// The bucket's name, which the template writes in the same way.
    async fn artifacts(&self, role: Role) -> Result<String, ActionError> {
        let who = self.clients.at(role).sts.get_caller_identity().send().await?;
        Ok(format!("{}{}-{}", names::ARTIFACTS, who.account().unwrap_or_default(), role.region()))
    }

    async fn make_bucket(&self, role: Role, bucket: &str) -> Result<(), ActionError> {
        let s3 = &self.clients.at(role).s3;
        match s3.head_bucket().bucket(bucket).send().await {
            Ok(_) if self.bucket_is_ours(role, bucket).await? => return Ok(()),
            Ok(_) => return Err(not_ours(bucket)),
            Err(_) => {}
        }
        // us-east-1 is where a bucket goes when no place is named; naming it is refused.
        let place = (role.region() != "us-east-1").then(|| {
            let constraint = BucketLocationConstraint::from(role.region());
            CreateBucketConfiguration::builder().location_constraint(constraint).build()
        });
        let made = s3.create_bucket().bucket(bucket).set_create_bucket_configuration(place).send().await;
        match made {
            Ok(_) => {}
            Err(e) if error::code_of(&e) == "BucketAlreadyOwnedByYou" => {}
            Err(e) if error::code_of(&e) == "BucketAlreadyExists" => return Err(not_ours(bucket)),
            Err(e) => return Err(e.into()),
        }
        let sound =
            |e: aws_sdk_s3::error::BuildError| ActionError::new("BadRequest", e.to_string(), e.to_string());
        let tag = Tag::builder().key(names::TAG.0).value(names::TAG.1).build().map_err(sound)?;
        let tagging = Tagging::builder().tag_set(tag).build().map_err(sound)?;
        s3.put_bucket_tagging().bucket(bucket).tagging(tagging).send().await?;
        let closed = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true)
            .build();
        s3.put_public_access_block().bucket(bucket).public_access_block_configuration(closed).send().await?;
        Ok(())
    }

    /// Whether a bucket carries the workshop's tag; one that is not there does not.
    async fn bucket_is_ours(&self, role: Role, bucket: &str) -> Result<bool, ActionError> {
        match self.clients.at(role).s3.get_bucket_tagging().bucket(bucket).send().await {
            Ok(found) => {
                Ok(found.tag_set().iter().any(|t| (t.key(), t.value()) == (names::TAG.0, names::TAG.1)))
            }
            Err(e) if is_missing(&e) => Ok(false),
            Err(e) => Err(e.into()),
        }
    }
}

fn no_program() -> ActionError {
    ActionError::new(
        "NoProgram",
        "Falta el programa de la tienda para linux/arm64. Constrúyelo con `cargo zigbuild --release --bin unishop --target aarch64-unknown-linux-gnu.2.34` (cargo-zigbuild) y dilo con --unishop FICHERO.",
        "The shop's program for linux/arm64 is missing. Build it with `cargo zigbuild --release --bin unishop --target aarch64-unknown-linux-gnu.2.34` (cargo-zigbuild) and name it with --unishop FILE.",
    )
}

fn not_ours(bucket: &str) -> ActionError {
    let (key, value) = names::TAG;
    ActionError::new(
        "NotOurs",
        format!(
            "El cubo {bucket} no lleva la etiqueta {key}={value}: Espera no lo hizo y no lo toca. Si es tuyo, ponle la etiqueta o bórralo."
        ),
        format!(
            "The bucket {bucket} lacks the tag {key}={value}: Espera did not make it and does not touch it. If it is yours, give it the tag or delete it."
        ),
    )
}
