//! How AWS names things: the service part of an ARN, the prefix of an EC2 id, which generated names
//! must be lower case. For the generic provider and any family that has no better knowledge.

use super::Cx;

/// Types whose ids are `prefix-0123456789abcdef0`.
const PREFIXES: &[(&str, &str)] = &[
    ("AWS::EC2::VPC", "vpc"),
    ("AWS::EC2::Subnet", "subnet"),
    ("AWS::EC2::InternetGateway", "igw"),
    ("AWS::EC2::EgressOnlyInternetGateway", "eigw"),
    ("AWS::EC2::NatGateway", "nat"),
    ("AWS::EC2::RouteTable", "rtb"),
    ("AWS::EC2::SubnetRouteTableAssociation", "rtbassoc"),
    ("AWS::EC2::NetworkAcl", "acl"),
    ("AWS::EC2::SubnetNetworkAclAssociation", "aclassoc"),
    ("AWS::EC2::SecurityGroup", "sg"),
    ("AWS::EC2::SecurityGroupIngress", "sgr"),
    ("AWS::EC2::SecurityGroupEgress", "sgr"),
    ("AWS::EC2::DHCPOptions", "dopt"),
    ("AWS::EC2::VPCEndpoint", "vpce"),
    ("AWS::EC2::VPCPeeringConnection", "pcx"),
    ("AWS::EC2::FlowLog", "fl"),
    ("AWS::EC2::Instance", "i"),
    ("AWS::EC2::Volume", "vol"),
    ("AWS::EC2::LaunchTemplate", "lt"),
    ("AWS::EC2::NetworkInterface", "eni"),
    ("AWS::EC2::NetworkInterfaceAttachment", "eni-attach"),
    ("AWS::EC2::CustomerGateway", "cgw"),
    ("AWS::EC2::VPNGateway", "vgw"),
    ("AWS::EC2::VPNConnection", "vpn"),
    ("AWS::EC2::TransitGateway", "tgw"),
    ("AWS::EC2::TransitGatewayAttachment", "tgw-attach"),
    ("AWS::EC2::PrefixList", "pl"),
    ("AWS::EFS::FileSystem", "fs"),
    ("AWS::EFS::MountTarget", "fsmt"),
    ("AWS::EFS::AccessPoint", "fsap"),
];

/// The prefix of this type's ids, for the types that have one.
#[must_use]
pub fn id_prefix(kind: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(name, _)| *name == kind).map(|(_, prefix)| *prefix)
}

/// The service as ARNs and host names spell it: `AWS::ElasticLoadBalancingV2::...` is `elasticloadbalancing`.
#[must_use]
pub fn service(kind: &str) -> String {
    let family = kind.split("::").nth(1).unwrap_or("cloudformation");
    match family {
        "ElasticLoadBalancingV2" => "elasticloadbalancing".to_owned(),
        "StepFunctions" => "states".to_owned(),
        "Cognito" => "cognito-idp".to_owned(),
        "ApiGatewayV2" => "apigateway".to_owned(),
        "CertificateManager" => "acm".to_owned(),
        "EFS" => "elasticfilesystem".to_owned(),
        "OpenSearchService" | "Elasticsearch" => "es".to_owned(),
        "EMR" => "elasticmapreduce".to_owned(),
        other => other.to_ascii_lowercase(),
    }
}

/// The ARN of a resource whose name or id is `name`, as close to the service's own form as is known.
#[must_use]
pub fn arn_of(cx: &Cx<'_>, name: &str) -> String {
    let service = service(cx.kind);
    let resource = cx.kind.rsplit("::").next().unwrap_or_default().to_ascii_lowercase();
    let (region, account, rest) = match cx.kind {
        "AWS::S3::Bucket" => ("", "", name.to_owned()),
        "AWS::SNS::Topic" | "AWS::SQS::Queue" => {
            (cx.region, cx.account, name.rsplit('/').next().unwrap_or(name).to_owned())
        }
        "AWS::Lambda::Function" => (cx.region, cx.account, format!("function:{name}")),
        "AWS::Logs::LogGroup" => (cx.region, cx.account, format!("log-group:{name}:*")),
        "AWS::StepFunctions::StateMachine" => (cx.region, cx.account, format!("stateMachine:{name}")),
        "AWS::SecretsManager::Secret" => {
            (cx.region, cx.account, format!("secret:{name}-{}", cx.letters(6, ground::seed::UPPER)))
        }
        "AWS::CloudWatch::Alarm" => (cx.region, cx.account, format!("alarm:{name}")),
        "AWS::Events::Rule" => (cx.region, cx.account, format!("rule/{name}")),
        "AWS::IAM::ManagedPolicy" => ("", cx.account, format!("policy/{name}")),
        "AWS::IAM::InstanceProfile" => ("", cx.account, format!("instance-profile/{name}")),
        _ if service == "iam" || service == "cloudfront" => ("", cx.account, format!("{resource}/{name}")),
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => {
            (cx.region, cx.account, format!("loadbalancer/app/{name}/{}", cx.letters(16, ground::seed::HEX)))
        }
        _ if service == "rds" => {
            (cx.region, cx.account, format!("{}:{name}", resource.trim_start_matches("db")))
        }
        _ => (cx.region, cx.account, format!("{resource}/{name}")),
    };
    format!("arn:aws:{service}:{region}:{account}:{rest}")
}

/// What `Ref` gives where it is an ARN although the type's published identity is another.
#[must_use]
pub fn arn_for_ref(cx: &Cx<'_>) -> Option<String> {
    let Cx { region, account, .. } = *cx;
    match cx.kind {
        "AWS::CertificateManager::Certificate" => {
            let id = ground::seed::uuid(cx.hash("certificate"));
            Some(format!("arn:aws:acm:{region}:{account}:certificate/{id}"))
        }
        "AWS::ECS::Service" => {
            let cluster = cx.text("Cluster").unwrap_or_else(|| "default".to_owned());
            let cluster = cluster.rsplit('/').next().unwrap_or_default();
            let name = cx.text("ServiceName").unwrap_or_else(|| cx.name());
            Some(format!("arn:aws:ecs:{region}:{account}:service/{cluster}/{name}"))
        }
        _ => None,
    }
}

/// Whether a name that CloudFormation makes up for this type is lower case.
#[must_use]
pub fn lower_case(kind: &str) -> bool {
    matches!(
        kind.split("::").nth(1),
        Some("S3" | "RDS" | "ElastiCache" | "Redshift" | "Neptune" | "DocDB" | "OpenSearchService" | "ECR")
    )
}

/// Whether a name of this type is taken in all Regions once it is taken in one.
#[must_use]
pub fn global(kind: &str) -> bool {
    kind.starts_with("AWS::IAM::") || kind.starts_with("AWS::CloudFront::") || kind == "AWS::S3::Bucket"
}

/// The port a service of this type listens on.
#[must_use]
pub fn port(kind: &str) -> &'static str {
    match kind.split("::").nth(1) {
        Some("RDS" | "Neptune") => "3306",
        Some("ElastiCache" | "MemoryDB") => "6379",
        Some("Redshift") => "5439",
        Some("DocDB") => "27017",
        _ => "443",
    }
}
