//! S3 (REST-XML 2006-03-01): buckets and objects. `operations` finds what a request is for by bucket, key,
//! method and sub-resource; providers and the edge use the functions that this file re-exports.

mod access;
mod address;
mod bucket;
mod checksum;
mod chunked;
mod delete;
mod errors;
mod limits;
mod listing;
mod multipart;
mod object;
mod operations;
mod policy;
mod settings;
mod state;
mod website;

pub use access::Reader;
pub(crate) use address::bucket_of_host;
pub use bucket::{create, name_is_valid, remove};
pub use object::{content, get as read};
pub(super) use operations::{Change, OPERATIONS, Read, find, without_operation};
pub use settings::{apply as configure, set_policy};
pub use state::{Blob, Bucket, S3, Stored, Version, Versioning};
