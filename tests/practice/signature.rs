//! Signatures as AWS judges them, made by AWS's own signer: every protocol, presigned URLs, chunked
//! bodies, sessions, clocks that are wrong; and whom the door lets in without one.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SigningSettings};
use aws_sigv4::sign::v4;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use practice::{self, Gate, Practice};
use proptest::prelude::*;

use crate::signed::{Signer, ask, ask_at, text, verdict};
use crate::world::{image, setup};

fn practice() -> Practice {
    setup().open().practice
}

fn form(body: &str) -> Request<Bytes> {
    let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    request.body(Bytes::from(body.to_owned())).expect("a request")
}

fn json(target: &str, body: &str) -> Request<Bytes> {
    let request = Request::post("/")
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", target);
    request.body(Bytes::from(body.to_owned())).expect("a request")
}

fn plain(method: &str, path: &str, body: &'static str) -> Request<Bytes> {
    Request::builder().method(method).uri(path).body(Bytes::from_static(body.as_bytes())).expect("a request")
}

fn sample(service: &str) -> Request<Bytes> {
    match service {
        "cloudformation" => form("Action=ListStacks&Version=2010-05-15"),
        "rds" => form("Action=DescribeDBClusters&Version=2014-10-31"),
        "sts" => form("Action=GetCallerIdentity&Version=2011-06-15"),
        "monitoring" => form("Action=ListMetrics&Version=2010-08-01"),
        "ec2" => form("Action=DescribeRegions&Version=2016-11-15"),
        "dynamodb" => json("DynamoDB_20120810.ListTables", "{}"),
        "ssm" => json("AmazonSSM.GetParametersByPath", r#"{"Path":"/"}"#),
        "secretsmanager" => json("secretsmanager.ListSecrets", "{}"),
        "cloudfront" => plain("GET", "/2020-05-31/distribution", ""),
        _ => plain("GET", "/", ""),
    }
}

const SERVICES: [&str; 10] = [
    "cloudformation",
    "rds",
    "sts",
    "monitoring",
    "ec2",
    "dynamodb",
    "ssm",
    "secretsmanager",
    "cloudfront",
    "s3",
];

/// Codes for an unknown key, a wrong signature, one too old and one of the future, in each service.
fn words(service: &str) -> [(u16, &'static str); 4] {
    match service {
        "ec2" => {
            [(401, "AuthFailure"), (401, "AuthFailure"), (400, "RequestExpired"), (400, "RequestExpired")]
        }
        "dynamodb" | "ssm" | "secretsmanager" => [
            (400, "UnrecognizedClientException"),
            (400, "InvalidSignatureException"),
            (400, "InvalidSignatureException"),
            (400, "InvalidSignatureException"),
        ],
        "s3" => [
            (403, "InvalidAccessKeyId"),
            (403, "SignatureDoesNotMatch"),
            (403, "RequestTimeTooSkewed"),
            (403, "RequestTimeTooSkewed"),
        ],
        _ => [
            (403, "InvalidClientTokenId"),
            (403, "SignatureDoesNotMatch"),
            (403, "SignatureDoesNotMatch"),
            (403, "SignatureDoesNotMatch"),
        ],
    }
}

#[tokio::test]
async fn each_service_takes_what_is_signed_rightly_and_refuses_the_rest_in_its_words() {
    let practice = practice();
    for service in SERVICES {
        let signer = Signer::new(practice.keys(), service);
        let good = ask(&practice, signer.sign(sample(service))).await;
        assert_eq!(good.status(), 200, "{service}: {}", text(&good));
        let [unknown, wrong, old, new] = words(service).map(|(status, code)| (status, code.to_owned()));

        let stranger = Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", practice.keys().secret(), None);
        let answer =
            ask(&practice, Signer { credentials: stranger, ..signer.clone() }.sign(sample(service))).await;
        assert_eq!(verdict(&answer), unknown, "{service}: {}", text(&answer));

        let forged = Credentials::from_keys(practice.keys().access_key(), "espera-practice-secret", None);
        let answer =
            ask(&practice, Signer { credentials: forged, ..signer.clone() }.sign(sample(service))).await;
        assert_eq!(verdict(&answer), wrong, "{service}: {}", text(&answer));

        let minutes = if service == "s3" { 15 } else { 5 } * 60;
        for (late, expected) in [(minutes - 20, None), (minutes + 20, Some(&old))] {
            let at = SystemTime::now() - Duration::from_secs(late);
            let answer = ask(&practice, Signer { at, ..signer.clone() }.sign(sample(service))).await;
            let fine = (200, String::new());
            assert_eq!(&verdict(&answer), expected.unwrap_or(&fine), "{service} {late}: {}", text(&answer));
        }
        let at = SystemTime::now() + Duration::from_secs(minutes + 60);
        let answer = ask(&practice, Signer { at, ..signer.clone() }.sign(sample(service))).await;
        assert_eq!(verdict(&answer), new, "{service}: {}", text(&answer));

        let mut changed = signer.sign(sample(service));
        *changed.uri_mut() = format!("{}?x=y", changed.uri().path()).parse().expect("an address");
        assert_eq!(verdict(&ask(&practice, changed).await), wrong, "{service}");
    }
}

#[tokio::test]
async fn a_body_that_is_not_the_one_signed_is_refused() {
    let practice = practice();
    let mut request =
        Signer::new(practice.keys(), "cloudformation").sign(form("Action=ListStacks&Version=2010-05-15"));
    *request.body_mut() = Bytes::from_static(b"Action=DeleteStack&StackName=victim&Version=2010-05-15");
    assert_eq!(verdict(&ask(&practice, request).await), (403, "SignatureDoesNotMatch".into()));
    let s3 = Signer::new(practice.keys(), "s3");
    assert_eq!(ask(&practice, s3.sign(plain("PUT", "/pages", ""))).await.status(), 200);
    let mut request = s3.sign(plain("PUT", "/pages/a.txt", "hello"));
    *request.body_mut() = Bytes::from_static(b"other");
    let answer = ask(&practice, request).await;
    assert_eq!(verdict(&answer), (400, "XAmzContentSHA256Mismatch".into()), "{}", text(&answer));
}

#[tokio::test]
async fn what_is_signed_too_late_is_told_by_how_much() {
    let practice = practice();
    let at = UNIX_EPOCH + Duration::from_secs(1_577_836_800);
    let answer =
        ask(&practice, Signer { at, ..Signer::new(practice.keys(), "sts") }.sign(sample("sts"))).await;
    let told = text(&answer);
    assert!(told.contains("Signature expired: 20200101T000000Z is now earlier than 20"), "{told}");
    assert!(told.contains(" - 5 min.)"), "{told}");
}

#[tokio::test]
async fn presigned_urls_are_good_as_long_as_they_say() {
    let practice = practice();
    let s3 = Signer::new(practice.keys(), "s3");
    ask(&practice, s3.sign(plain("PUT", "/pages", ""))).await;
    ask(&practice, s3.sign(plain("PUT", "/pages/a%20b.txt", "hello"))).await;
    let hour = Signer { expires: Some(Duration::from_secs(3600)), ..s3.clone() };
    let answer = ask(&practice, hour.sign(plain("GET", "/pages/a%20b.txt", ""))).await;
    assert_eq!((answer.status().as_u16(), text(&answer)), (200, "hello".into()));
    let answer = ask(&practice, hour.sign(plain("PUT", "/pages/new.txt", "made"))).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    let mut other = hour.sign(plain("GET", "/pages/new.txt", ""));
    *other.method_mut() = http::Method::DELETE;
    assert_eq!(verdict(&ask(&practice, other).await), (403, "SignatureDoesNotMatch".into()));
    let old = Signer { at: SystemTime::now() - Duration::from_secs(3700), ..hour.clone() };
    let answer = ask(&practice, old.sign(plain("GET", "/pages/new.txt", ""))).await;
    assert_eq!(verdict(&answer), (403, "AccessDenied".into()));
    assert!(
        text(&answer).contains("<Message>Request has expired</Message><X-Amz-Expires>3600"),
        "{}",
        text(&answer)
    );
    // A query to another service: AWS takes it by GET when it is signed.
    let query = Signer { service: "sts", ..hour.clone() };
    let answer =
        ask(&practice, query.sign(plain("GET", "/?Action=GetCallerIdentity&Version=2011-06-15", ""))).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    for (query, code) in [
        ("X-Amz-Algorithm=AWS4-HMAC-SHA256", "AuthorizationQueryParametersError"),
        ("X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Credential=x", "InvalidRequest"),
        ("AWSAccessKeyId=K&Signature=x", "AccessDenied"),
        ("AWSAccessKeyId=K&Signature=x&Expires=1", "InvalidAccessKeyId"),
    ] {
        let mut request = plain("GET", &format!("/pages/new.txt?{query}"), "");
        request.headers_mut().insert("host", http::HeaderValue::from_static("localhost"));
        let answer = ask(&practice, request).await;
        assert_eq!(verdict(&answer).1, code, "{query}: {}", text(&answer));
    }
}

#[tokio::test]
async fn a_chunked_body_is_held_against_every_signature_in_it() {
    let practice = practice();
    let signer = Signer::new(practice.keys(), "s3");
    ask(&practice, signer.sign(plain("PUT", "/pages", ""))).await;
    for trailer in [None, Some("x-amz-checksum-crc32")] {
        for wrong in [None, Some("chunk"), Some("signature"), Some("cut")] {
            let answer = ask(&practice, chunked(&signer, trailer, wrong)).await;
            let expected =
                if wrong.is_none() { (200, String::new()) } else { (403, "SignatureDoesNotMatch".into()) };
            assert_eq!(verdict(&answer), expected, "{trailer:?} {wrong:?}: {}", text(&answer));
        }
    }
    let got = ask(&practice, signer.sign(plain("GET", "/pages/chunked", ""))).await;
    assert_eq!(text(&got), "hello, world");
}

/// An upload in two chunks, each chained to the one before, with a signed trailer if asked for.
fn chunked(signer: &Signer, trailer: Option<&'static str>, wrong: Option<&str>) -> Request<Bytes> {
    let kind = match trailer {
        None => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        Some(_) => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    };
    let mut request = plain("PUT", "/pages/chunked", "");
    request.headers_mut().insert("content-encoding", http::HeaderValue::from_static("aws-chunked"));
    if let Some(trailer) = trailer {
        request.headers_mut().insert("x-amz-trailer", http::HeaderValue::from_static(trailer));
    }
    let (mut request, mut before) = signer.sign_as(request, SignableBody::Precomputed(kind.to_owned()));
    let identity = signer.credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(signer.region)
        .name(signer.service)
        .time(signer.at)
        .settings(SigningSettings::default())
        .build()
        .expect("parameters");
    let mut body = String::new();
    for chunk in ["hello, ", "world", ""] {
        let bytes = Bytes::from_static(chunk.as_bytes());
        before = v4::sign_chunk(&bytes, &before, &parameters).expect("signs").into_parts().1;
        let sent = if wrong == Some("chunk") { chunk.replace("world", "w0rld") } else { chunk.to_owned() };
        body.push_str(&format!("{:x};chunk-signature={before}\r\n{sent}", chunk.len()));
        if !chunk.is_empty() {
            body.push_str("\r\n");
        }
    }
    match trailer {
        None => body.push_str("\r\n"),
        Some(name) => {
            let value = STANDARD.encode(crc32fast::hash(b"hello, world").to_be_bytes());
            let mut headers = aws_smithy_runtime_api::http::Headers::new();
            headers.insert(name, value.clone());
            let signed = v4::sign_trailer(&headers, &before, &parameters).expect("signs").into_parts().1;
            body.push_str(&format!("{name}:{value}\r\nx-amz-trailer-signature:{signed}\r\n\r\n"));
        }
    }
    match wrong {
        Some("signature") => body = body.replacen("chunk-signature=", "chunk-signature=0", 1),
        Some("cut") => body.truncate(body.len() / 2),
        _ => {}
    }
    *request.body_mut() = Bytes::from(body);
    request
}

#[tokio::test]
async fn a_session_is_good_with_its_token_and_no_other() {
    let practice = practice();
    let signer = Signer::new(practice.keys(), "sts");
    let answer = text(&ask(&practice, signer.sign(form("Action=GetSessionToken&Version=2011-06-15"))).await);
    let part = |name: &str| {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        answer.split_once(&open).and_then(|(_, rest)| rest.split_once(&close)).expect("a part").0.to_owned()
    };
    let (key, secret, token) = (part("AccessKeyId"), part("SecretAccessKey"), part("SessionToken"));
    for service in SERVICES {
        let session = |token: Option<String>| Signer {
            credentials: Credentials::from_keys(&*key, &*secret, token),
            ..Signer::new(practice.keys(), service)
        };
        let good = ask(&practice, session(Some(token.clone())).sign(sample(service))).await;
        assert_eq!(good.status(), 200, "{service}: {}", text(&good));
        let without = ask(&practice, session(None).sign(sample(service))).await;
        assert!(without.status().is_client_error(), "{service}");
        let other = ask(&practice, session(Some(token.replace('E', "F"))).sign(sample(service))).await;
        assert!(other.status().is_client_error(), "{service}");
    }
    // The world's own keys have no token: whoever sends one means another identity.
    let keys = practice.keys();
    let credentials = Credentials::from_keys(keys.access_key(), keys.secret(), Some("a-real-token".into()));
    let answer = ask(&practice, Signer { credentials, ..signer }.sign(sample("sts"))).await;
    assert_eq!(verdict(&answer), (403, "InvalidClientTokenId".into()));
    assert!(text(&answer).contains("The security token included in the request is invalid."));
}

#[tokio::test]
async fn broken_headers_are_told_what_they_lack() {
    let practice = practice();
    for (value, code) in [
        ("AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00", "IncompleteSignature"),
        (
            "AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/sts/aws4_request, Signature=0",
            "IncompleteSignature",
        ),
        ("Bearer x", "IncompleteSignature"),
        ("", "IncompleteSignature"),
    ] {
        let mut request = form("Action=GetCallerIdentity&Version=2011-06-15");
        request.headers_mut().insert("host", http::HeaderValue::from_static("localhost"));
        request.headers_mut().insert("authorization", value.parse().expect("a header"));
        let answer = ask(&practice, request).await;
        assert_eq!(verdict(&answer), (400, code.into()), "{value}: {}", text(&answer));
    }
    let mut older = plain("GET", "/pages/a", "");
    older.headers_mut().insert("host", http::HeaderValue::from_static("localhost"));
    older.headers_mut().insert("authorization", http::HeaderValue::from_static("AWS K:c2ln"));
    let answer = ask(&practice, older).await;
    assert_eq!(verdict(&answer), (400, "InvalidRequest".into()));
    assert!(text(&answer).contains("Please use AWS4-HMAC-SHA256."));
}

#[tokio::test]
async fn any_credentials_are_taken_where_that_is_asked_for() {
    let practice = practice();
    let gate = Gate { credentials: practice::Credentials::Any, ..Gate::default() };
    let stranger = Credentials::from_keys("test", "test", None);
    let signer = Signer { credentials: stranger, ..Signer::new(practice.keys(), "cloudformation") };
    let made = form(
        "Action=CreateStack&Version=2010-05-15&StackName=a&TemplateBody=%7B%22Resources%22%3A%7B%22Q%22%3A%7B%22Type%22%3A%22AWS%3A%3ASQS%3A%3AQueue%22%7D%7D%7D",
    );
    assert_eq!(ask_at(&practice, signer.sign(made), &gate).await.status(), 200);
    // Even so, nothing changes by an address that any page can name.
    let by_get = "/?Action=DeleteStack&StackName=a&Version=2010-05-15&X-Amz-Credential=K%2F20260101%2Fus-east-1%2Fcloudformation%2Faws4_request";
    let mut request = plain("GET", by_get, "");
    request.headers_mut().insert("host", http::HeaderValue::from_static("localhost"));
    let before = image(&practice);
    let answer = ask_at(&practice, request, &gate).await;
    assert_eq!(answer.status(), 400, "{}", text(&answer));
    assert_eq!(image(&practice), before);
}

#[tokio::test]
async fn orders_to_espera_need_the_keys_and_looking_does_not() {
    let practice = practice();
    let order = || {
        let mut request = plain("POST", "/_espera/regions/us-east-1/break", "");
        request.headers_mut().insert("host", http::HeaderValue::from_static("localhost"));
        request
    };
    let broken = |p: &Practice| p.inspect(|w| w.faults.broken_since("us-east-1").is_some());
    let answer = ask(&practice, order()).await;
    assert!(
        answer.status() == 403 && text(&answer).contains("--user") && !broken(&practice),
        "{}",
        text(&answer)
    );
    let with = |value: String| {
        let mut request = order();
        request.headers_mut().insert("authorization", value.parse().expect("a header"));
        request
    };
    let wrong = STANDARD.encode(format!("{}:no", practice.keys().access_key()));
    assert_eq!(ask(&practice, with(format!("Basic {wrong}"))).await.status(), 403);
    assert!(!broken(&practice));
    let right = STANDARD.encode(format!("{}:{}", practice.keys().access_key(), practice.keys().secret()));
    assert_eq!(ask(&practice, with(format!("Basic {right}"))).await.status(), 200);
    assert!(broken(&practice));
    let mend = plain("POST", "/_espera/regions/us-east-1/mend", "");
    let signed = Signer::new(practice.keys(), "espera").sign(mend);
    assert_eq!(ask(&practice, signed).await.status(), 200);
    assert!(!broken(&practice));
    let mut health = plain("GET", "/_espera/health", "");
    health.headers_mut().insert("host", http::HeaderValue::from_static("localhost"));
    assert_eq!(ask(&practice, health).await.status(), 200);
}

fn part() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 ~._+=:@!$&'()*,;é%/-]{0,12}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_signer_writes_verifies(
        parts in proptest::collection::vec(part(), 0..4),
        pairs in proptest::collection::vec((part(), part()), 0..4),
        header in "[!-~]{1,8}( {1,3}[!-~]{1,8})?",
        presigned: bool,
        service in proptest::sample::select(vec!["s3", "cloudfront"]),
    ) {
        use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
        const SET: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
        let encode = |text: &str| utf8_percent_encode(text, SET).to_string();
        let path: String = parts.iter().map(|p| format!("/{}", encode(p))).collect();
        let query: Vec<String> = pairs.iter().map(|(n, v)| format!("q{}={}", encode(n), encode(v))).collect();
        let uri = format!("/a{path}?{}", query.join("&"));
        let practice = practice();
        let mut signer = Signer::new(practice.keys(), service);
        signer.expires = presigned.then(|| Duration::from_secs(60));
        let mut request = plain("GET", &uri, "");
        request.headers_mut().insert("x-amz-meta-note", header.parse().expect("a header"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let answer = runtime.block_on(ask(&practice, signer.sign(request)));
        let (status, code) = verdict(&answer);
        prop_assert!(!code.contains("Signature"), "{uri}: {status} {code} {}", text(&answer));
    }
}
