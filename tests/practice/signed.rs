//! Requests signed by AWS's own signer, for the tests of the door.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::{Request, Response};
use practice::keys::Keys;
use practice::{Gate, Practice};

/// Who signs, for what, and when.
#[derive(Clone, Debug)]
pub struct Signer {
    pub credentials: Credentials,
    pub service: &'static str,
    pub region: &'static str,
    pub at: SystemTime,
    /// In the query, good for so long; else in the header.
    pub expires: Option<Duration>,
}

impl Signer {
    pub fn new(keys: &Keys, service: &'static str) -> Signer {
        let credentials = Credentials::from_keys(keys.access_key(), keys.secret(), None);
        Signer { credentials, service, region: "us-east-1", at: SystemTime::now(), expires: None }
    }

    /// Signs what `body` says of the body; gives the signature too.
    pub fn sign_as(&self, mut request: Request<Bytes>, body: SignableBody<'_>) -> (Request<Bytes>, String) {
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        if self.expires.is_some() {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
            settings.expires_in = self.expires;
        }
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(self.at)
            .settings(settings)
            .build()
            .expect("parameters")
            .into();
        let uri = format!("http://localhost{}", request.uri());
        let headers = request.headers().iter().map(|(n, v)| (n.as_str(), v.to_str().expect("text")));
        let signable =
            SignableRequest::new(request.method().as_str(), uri.clone(), headers, body).expect("a request");
        let (instructions, signature) = sign(signable, &parameters).expect("signs").into_parts();
        *request.uri_mut() = uri.parse().expect("an address");
        instructions.apply_to_request_http1x(&mut request);
        let path = request.uri().path_and_query().expect("a path").as_str().parse().expect("an address");
        *request.uri_mut() = path;
        request.headers_mut().insert("host", http::HeaderValue::from_static("localhost"));
        (request, signature)
    }

    pub fn sign(&self, request: Request<Bytes>) -> Request<Bytes> {
        let body = request.body().clone();
        let unsigned = self.expires.is_some() && self.service == "s3";
        let body = if unsigned { SignableBody::UnsignedPayload } else { SignableBody::Bytes(&body) };
        self.sign_as(request, body).0
    }
}

/// What the door answers.
pub async fn ask(practice: &Practice, request: Request<Bytes>) -> Response<Bytes> {
    ask_at(practice, request, &Gate::default()).await
}

pub async fn ask_at(practice: &Practice, request: Request<Bytes>, gate: &Gate) -> Response<Bytes> {
    practice.receive(request, gate).await.expect("an answer")
}

/// The status, and the code of an error in whatever protocol.
pub fn verdict(answer: &Response<Bytes>) -> (u16, String) {
    let text = String::from_utf8_lossy(answer.body());
    let after = |mark: &str, end: &str| Some(text.split_once(mark)?.1.split_once(end)?.0.to_owned());
    let json =
        || after("\"__type\":\"", "\"").map(|kind| kind.rsplit('#').next().unwrap_or_default().to_owned());
    let code = if answer.status().is_success() { None } else { after("<Code>", "</Code>").or_else(json) };
    (answer.status().as_u16(), code.unwrap_or_default())
}

pub fn text(answer: &Response<Bytes>) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}
