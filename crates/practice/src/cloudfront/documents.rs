//! What distributions refer to: origin access controls, cache policies, origin request policies and
//! response headers policies. All are a configuration with an id and an entity tag.

use serde::{Deserialize, Serialize};

use super::CloudFront;
use super::tree::text;
use crate::call::AwsError;
use crate::scene::Scene;
use crate::wire::Node;
use ground::clock::Moment;
use ground::seed;

/// What kind of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Signs requests to buckets.
    #[default]
    AccessControl,
    /// What the cache key is.
    CachePolicy,
    /// What reaches the origin.
    OriginRequestPolicy,
    /// What headers the viewer gets.
    ResponseHeadersPolicy,
}

impl Kind {
    /// The element's name; `…Config` is the configuration's and `…List` the list's.
    #[must_use]
    pub fn element(self) -> &'static str {
        match self {
            Kind::AccessControl => "OriginAccessControl",
            Kind::CachePolicy => "CachePolicy",
            Kind::OriginRequestPolicy => "OriginRequestPolicy",
            Kind::ResponseHeadersPolicy => "ResponseHeadersPolicy",
        }
    }

    /// The kind at a path of the API.
    #[must_use]
    pub fn at(path: &str) -> Option<Kind> {
        Some(match path {
            "origin-access-control" => Kind::AccessControl,
            "cache-policy" => Kind::CachePolicy,
            "origin-request-policy" => Kind::OriginRequestPolicy,
            "response-headers-policy" => Kind::ResponseHeadersPolicy,
            _ => return None,
        })
    }

    fn words(self) -> &'static str {
        match self {
            Kind::AccessControl => "origin access control",
            Kind::CachePolicy => "cache policy",
            Kind::OriginRequestPolicy => "origin request policy",
            Kind::ResponseHeadersPolicy => "response headers policy",
        }
    }

    /// The error of one that is not there.
    #[must_use]
    pub fn missing(self) -> AwsError {
        let message = format!("The specified {} does not exist.", self.words());
        AwsError::with_status(404, format!("NoSuch{}", self.element()), message)
    }
}

/// A configuration with its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub kind: Kind,
    pub id: String,
    /// Its entity tag.
    pub etag: String,
    /// When it was last changed.
    pub modified: Moment,
    /// The configuration: element `<Kind>Config`.
    pub config: Node,
    /// Whether it is AWS's own.
    pub managed: bool,
}

impl CloudFront {
    /// The account's own documents of a kind.
    pub fn documents(&self, kind: Kind) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(move |d| d.kind == kind)
    }

    /// Makes a document. Gives its id.
    ///
    /// # Errors
    /// A name that is missing or taken.
    pub fn create_document(
        &mut self,
        scene: &Scene<'_>,
        kind: Kind,
        config: Node,
    ) -> Result<String, AwsError> {
        let name = text(&config, "Name");
        if name.is_empty() {
            return Err(super::errors::argument("The parameter Name is required."));
        }
        if self.documents(kind).any(|d| text(&d.config, "Name") == name) {
            let code = format!("{}AlreadyExists", kind.element());
            let message = format!("The {} with the given name already exists.", kind.words());
            return Err(AwsError::with_status(409, code, message));
        }
        let minted = self.mint(scene.seed, "document");
        let id = match kind {
            Kind::AccessControl => minted,
            _ => seed::uuid(seed::hash(scene.seed, &[&minted])),
        };
        let etag = self.mint(scene.seed, "etag");
        let config = Node { name: format!("{}Config", kind.element()), ..config };
        let document = Document { kind, id: id.clone(), etag, modified: scene.now, config, managed: false };
        self.documents.insert(id.clone(), document);
        Ok(id)
    }

    /// Gives a document another configuration.
    ///
    /// # Errors
    /// A missing one.
    pub fn update_document(
        &mut self,
        scene: &Scene<'_>,
        kind: Kind,
        id: &str,
        config: Node,
    ) -> Result<(), AwsError> {
        let etag = self.mint(scene.seed, "etag");
        let document = self.documents.get_mut(id).filter(|d| d.kind == kind).ok_or_else(|| kind.missing())?;
        document.config = Node { name: format!("{}Config", kind.element()), ..config };
        document.etag = etag;
        document.modified = scene.now;
        Ok(())
    }

    /// Deletes a document.
    ///
    /// # Errors
    /// A missing one, or one a distribution refers to.
    pub fn delete_document(&mut self, kind: Kind, id: &str) -> Result<(), AwsError> {
        self.documents.get(id).filter(|d| d.kind == kind).ok_or_else(|| kind.missing())?;
        if self.distributions().any(|d| mentions(&d.config, id)) {
            let code = format!("{}InUse", kind.element());
            let message = format!(
                "Cannot delete the {} because it is attached to 1 or more distributions.",
                kind.words()
            );
            return Err(AwsError::with_status(409, code, message));
        }
        self.documents.remove(id);
        Ok(())
    }
}

fn mentions(node: &Node, id: &str) -> bool {
    node.text.trim() == id || node.children.iter().any(|c| mentions(c, id))
}
