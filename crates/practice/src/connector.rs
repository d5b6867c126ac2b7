//! The in-process way in: a connector for the SDK that takes its signed requests and answers them
//! without port or socket.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::BodyExt;

use super::Practice;
use super::cloud::WeakPractice;
use super::hosts::door;

impl Practice {
    /// The SDK's HTTP client that reaches this world without a socket.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(InProcess(self.clone()))
    }

    /// The same for what runs inside this world, which it must not keep alive.
    pub(super) fn resident_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(Resident(self.downgrade()))
    }
}

/// Practice AWS as the SDK's HTTP client.
#[derive(Clone, Debug)]
pub(super) struct InProcess(pub Practice);

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// The same for what runs inside the world: a program that it hosts. The world may be gone before it.
#[derive(Clone, Debug)]
pub(super) struct Resident(pub WeakPractice);

impl HttpClient for Resident {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Resident {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match self.0.upgrade() {
            Some(practice) => InProcess(practice).call(request),
            None => HttpConnectorFuture::ready(Err(ConnectorError::io("practice AWS is closed".into()))),
        }
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let (parts, body) = request.into_parts();
        match body.bytes().map(Bytes::copy_from_slice) {
            Some(bytes) => self.send(http::Request::from_parts(parts, bytes)),
            None => {
                // A body with a checksum behind it is a stream even when its content is in memory.
                let practice = self.clone();
                HttpConnectorFuture::new(async move {
                    let collected = body.collect().await.map_err(ConnectorError::user)?;
                    practice.send(http::Request::from_parts(parts, collected.to_bytes())).await
                })
            }
        }
    }
}

impl InProcess {
    /// Services answer at once; everything else in its own time.
    fn send(&self, request: http::Request<Bytes>) -> HttpConnectorFuture {
        if door(super::hosts::host_of(&request)).is_none() {
            return HttpConnectorFuture::ready(self.answer(request));
        }
        let practice = self.0.clone();
        HttpConnectorFuture::new(async move {
            let response = practice.reach(request).await.map_err(|e| ConnectorError::io(e.into()))?;
            HttpResponse::try_from(response.map(SdkBody::from))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }

    fn answer(&self, request: http::Request<Bytes>) -> Result<HttpResponse, ConnectorError> {
        let response = self.0.answer(request).map(SdkBody::from);
        HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
    }
}
