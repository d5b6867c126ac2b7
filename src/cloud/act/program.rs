//! The shop's program as a zip in a bucket of each Region: Lambda takes it from there and so does the
//! instance. Espera makes the bucket before the stack and removes it at clean-up, if it is its own: owned
//! by the account, which S3 checks at each call, and tagged by this run.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLocationConstraint, CreateBucketConfiguration, PublicAccessBlockConfiguration, Tag, Tagging,
};
use sha2::{Digest, Sha256};

use super::super::access::upload_timeouts;
use super::super::action::Notes;
use super::super::facts::{Role, Whose};
use super::super::ours::{OurBucket, unclaimed_error};
use super::super::{ActionError, Claim, Cloud, Settings, error, names};
use super::unfinished::Unfinished;

/// Metadata of the object: what its content sums up to, so that nothing is sent twice.
const SUM: &str = "espera-sha256";

impl Cloud {
    /// Puts the program where a Region's stack takes it from; answers its SHA-256.
    pub(super) async fn bring_program(
        &self,
        role: Role,
        settings: &Settings,
        note: Notes<'_>,
    ) -> Result<String, ActionError> {
        if settings.program.is_empty() {
            return Err(no_program_error());
        }
        let bucket = match self.program_bucket(role).await? {
            Some(bucket) => bucket,
            None => self.make_bucket(role).await?,
        };
        let sum: String = Sha256::digest(&settings.program).iter().map(|b| format!("{b:02x}")).collect();
        let (s3, name, owner) = (&self.clients.at(role).s3, &bucket.name, &bucket.owner);
        let head =
            s3.head_object().bucket(name).key(names::PROGRAM).expected_bucket_owner(owner).send().await;
        if head.is_ok_and(|h| h.metadata().and_then(|m| m.get(SUM)) == Some(&sum)) {
            return Ok(sum);
        }
        let body = ByteStream::from(settings.program.clone());
        let request = s3.put_object().bucket(name).key(names::PROGRAM).metadata(SUM, &sum);
        let request = request.expected_bucket_owner(owner).content_type("application/zip").body(body);
        // Megabytes over a slow line take longer than any other call may.
        let slowly = aws_sdk_s3::config::Config::builder().timeout_config(upload_timeouts());
        request.customize().config_override(slowly).send().await?;
        let size = settings.program.len().div_ceil(1024);
        self.tell(
            note,
            format!("El programa de la tienda ({size} kB) está en {name}."),
            format!("The shop's program ({size} kB) is in {name}."),
        );
        Ok(sum)
    }

    /// Removes the program's bucket of a Region, if there is one and it is ours.
    pub(super) async fn remove_program(
        &self,
        role: Role,
        unfinished: &mut Unfinished,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let item = format!("{} ({})", names::ARTIFACTS.trim_end_matches('-'), role.region());
        let bucket = match self.program_bucket(role).await {
            // Somebody else's is none of ours.
            Err(e) if e.code == "NotOurs" => {
                self.tell_text(note, e.text);
                return Ok(());
            }
            found => unfinished.take(self, &item, found, note)?.flatten(),
        };
        let Some(bucket) = bucket else { return Ok(()) };
        let name = &bucket.name;
        let emptied = self.empty_bucket(&bucket).await;
        if unfinished.take(self, name, emptied, note)?.is_none() {
            return Ok(());
        }
        let delete = self.clients.at(role).s3.delete_bucket().bucket(name);
        let done = match delete.expected_bucket_owner(&bucket.owner).send().await {
            Ok(_) => {
                self.tell(note, format!("{name}: borrado."), format!("{name}: deleted."));
                Ok(())
            }
            Err(e) if error::is_missing(&e) => Ok(()),
            Err(e) => Err(e.into()),
        };
        unfinished.take(self, name, done, note).map(drop)
    }

    /// The program's bucket of a Region, if there is one.
    ///
    /// # Errors
    /// When it is not ours: another account's, without the workshop's tag, or another run's.
    pub(super) async fn program_bucket(&self, role: Role) -> Result<Option<OurBucket>, ActionError> {
        let bucket = self.artifacts(role).await?;
        let (s3, name) = (&self.clients.at(role).s3, &bucket.name);
        let asked = s3.get_bucket_tagging().bucket(name).expected_bucket_owner(&bucket.owner).send().await;
        let tags = match asked {
            Ok(found) => found.tag_set,
            Err(e) if error::code_of(&e) == "NoSuchTagSet" => Vec::new(),
            Err(e) if error::is_missing(&e) => return Ok(None),
            Err(e) if error::code_of(&e) == "AccessDenied" => return Err(not_the_accounts_error(name)),
            Err(e) => return Err(e.into()),
        };
        // Made by us and not tagged yet when something cut us off: there is nothing in it to be lost.
        if tags.is_empty() && self.is_empty(&bucket).await? {
            return self.mark(&bucket).await.map(|()| Some(bucket));
        }
        let tag = |key: &str| tags.iter().find(|t| t.key() == key).map(Tag::value);
        let run = tag(names::RUN_TAG);
        match self.owner.whose_bucket(name, tag(names::TAG.0), run) {
            Whose::Ours => Ok(Some(bucket)),
            Whose::Claimable if !self.owner.is_declined(name) => Err(unclaimed_error(
                Claim {
                    region: role.region().to_owned(),
                    id: name.clone(),
                    name: name.clone(),
                    run: run.map(str::to_owned),
                },
                format!("El cubo {name} es de Espera, pero no de este estado"),
                format!("The bucket {name} is Espera's, but not of this state"),
            )),
            Whose::Claimable | Whose::Foreign => Err(not_ours_error(name)),
        }
    }

    async fn is_empty(&self, bucket: &OurBucket) -> Result<bool, ActionError> {
        let list = self.clients.at(bucket.role).s3.list_objects_v2().bucket(&bucket.name).max_keys(1);
        let listed = list.expected_bucket_owner(&bucket.owner).send().await?;
        Ok(listed.contents().is_empty())
    }

    /// The bucket's name, which the template writes in the same way.
    async fn artifacts(&self, role: Role) -> Result<OurBucket, ActionError> {
        let owner = self.account().await?;
        let name = format!("{}{owner}-{}", names::ARTIFACTS, role.region());
        Ok(OurBucket { role, name, owner })
    }

    async fn make_bucket(&self, role: Role) -> Result<OurBucket, ActionError> {
        let bucket = self.artifacts(role).await?;
        let (s3, name) = (&self.clients.at(role).s3, &bucket.name);
        // us-east-1 is where a bucket goes when no place is named; naming it is refused.
        let place = (role.region() != "us-east-1").then(|| {
            let constraint = BucketLocationConstraint::from(role.region());
            CreateBucketConfiguration::builder().location_constraint(constraint).build()
        });
        let made = s3.create_bucket().bucket(name).set_create_bucket_configuration(place).send().await;
        match made {
            Ok(_) => {}
            Err(e) if error::code_of(&e) == "BucketAlreadyOwnedByYou" => {}
            Err(e) if error::code_of(&e) == "BucketAlreadyExists" => {
                return Err(not_the_accounts_error(name));
            }
            Err(e) => return Err(e.into()),
        }
        self.mark(&bucket).await?;
        Ok(bucket)
    }

    /// Tags a new bucket as ours and closes it to the public.
    async fn mark(&self, bucket: &OurBucket) -> Result<(), ActionError> {
        let (s3, name, owner) = (&self.clients.at(bucket.role).s3, &bucket.name, &bucket.owner);
        let sound =
            |e: aws_sdk_s3::error::BuildError| ActionError::new("BadRequest", e.to_string(), e.to_string());
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build().map_err(sound);
        let closed = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true)
            .build();
        let close = s3.put_public_access_block().bucket(name).expected_bucket_owner(owner);
        close.public_access_block_configuration(closed).send().await?;
        let tagging = Tagging::builder()
            .tag_set(tag(names::TAG.0, names::TAG.1)?)
            .tag_set(tag(names::RUN_TAG, &self.run_so_far().id)?)
            .build()
            .map_err(sound)?;
        let put = s3.put_bucket_tagging().bucket(name).expected_bucket_owner(owner);
        put.tagging(tagging).send().await?;
        Ok(())
    }
}

/// A bucket of the name that ours would have, owned by another account: names of buckets are everybody's,
/// and this one can be guessed.
fn not_the_accounts_error(bucket: &str) -> ActionError {
    ActionError::new(
        "NotOurs",
        format!(
            "El cubo {bucket} es de otra cuenta, o no tienes permiso para verlo (s3:GetBucketTagging). Espera no pone ni toma nada de un cubo ajeno: usa otra cuenta o avisa a quien administra esta."
        ),
        format!(
            "The bucket {bucket} belongs to another account, or you may not see it (s3:GetBucketTagging). Espera puts nothing into a stranger's bucket and takes nothing from it: use another account, or tell whoever runs this one."
        ),
    )
}

fn no_program_error() -> ActionError {
    ActionError::new(
        "NoProgram",
        "Falta el programa de la tienda para linux/arm64. Constrúyelo con `cargo zigbuild --release -p unishop --target aarch64-unknown-linux-gnu.2.34` (cargo-zigbuild) y dilo con --unishop FICHERO.",
        "The shop's program for linux/arm64 is missing. Build it with `cargo zigbuild --release -p unishop --target aarch64-unknown-linux-gnu.2.34` (cargo-zigbuild) and name it with --unishop FILE.",
    )
}

fn not_ours_error(bucket: &str) -> ActionError {
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
