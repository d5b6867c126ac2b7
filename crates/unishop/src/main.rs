//! Unishop alone: `unishop serve` on an instance; as a Lambda function when Lambda started it.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use shop::Place;
use tracing_subscriber::filter::LevelFilter;
use unishop::{Consistency, Database, Encryption, MySql};

/// Unishop, the shop of the Espera workshop.
#[derive(Parser)]
#[command(name = "unishop", version)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Products and users over HTTP, with Aurora MySQL (or any MySQL) behind them.
    Serve(Box<Serve>),
    /// Baskets over HTTP, with DynamoDB behind them: what the Lambda function does, as a server. Credentials
    /// come from AWS_ACCESS_KEY_ID and its neighbours.
    Baskets(Box<ServeBaskets>),
}

#[derive(Args)]
struct Common {
    /// Where to listen.
    #[arg(long, env = "UNISHOP_LISTEN", default_value = "127.0.0.1:8080")]
    listen: String,
    /// The Region that answers name.
    #[arg(long, env = "UNISHOP_REGION")]
    region: String,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    common: Common,
    /// The primary makes tables and products where they are missing.
    #[arg(long, env = "UNISHOP_ROLE", default_value = "standby")]
    role: Role,
    /// HOST[:PORT] of the cluster's writer endpoint in this Region.
    #[arg(long, env = "UNISHOP_DATABASE_WRITER")]
    writer: String,
    /// HOST[:PORT] of its reader endpoint.
    #[arg(long, env = "UNISHOP_DATABASE_READER")]
    reader: Option<String>,
    /// Name of the database.
    #[arg(long, env = "UNISHOP_DATABASE_NAME", default_value = "unishop")]
    database: String,
    /// JSON file with `username` and `password`, as Secrets Manager keeps them.
    #[arg(long, env = "UNISHOP_DATABASE_SECRET")]
    secret: Option<PathBuf>,
    /// User, where there is no secret; its password comes from UNISHOP_DATABASE_PASSWORD.
    #[arg(long, env = "UNISHOP_DATABASE_USER", default_value = "unishop")]
    user: String,
    /// PEM file of the authority that the server must prove its name with; `system` for the system's
    /// own, `off` for no TLS (a database on this machine only).
    #[arg(long, env = "UNISHOP_DATABASE_CA", default_value = "system")]
    authority: String,
    /// How fresh reads on a replica must be: eventual, session or global.
    #[arg(long, env = "UNISHOP_READ_CONSISTENCY", default_value = "session")]
    consistency: Consistency,
}

#[derive(Args)]
struct ServeBaskets {
    #[command(flatten)]
    common: Common,
    /// The basket table.
    #[arg(long, env = "UNISHOP_BASKET_TABLE")]
    table: String,
    /// Another address of DynamoDB than AWS's own.
    #[arg(long, env = "AWS_ENDPOINT_URL_DYNAMODB")]
    endpoint: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Primary,
    Standby,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let line = Line::parse();
    tracing_subscriber::fmt().json().with_max_level(LevelFilter::INFO).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(run(line.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(error.as_ref()),
    }
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "unishop: {error}");
    ExitCode::FAILURE
}

async fn run(command: Option<Command>) -> Result<(), Failure> {
    match command {
        Some(Command::Serve(serve)) => catalogue(*serve).await,
        Some(Command::Baskets(serve)) => {
            let ServeBaskets { common, table, endpoint } = *serve;
            let baskets = unishop::baskets(table, common.region.clone(), endpoint);
            listen(&common.listen, shop::basket_routes(baskets, Place::new(common.region))).await
        }
        None => match std::env::var("AWS_LAMBDA_RUNTIME_API") {
            Ok(api) => function(&unishop::Runtime::new(api)).await,
            Err(_) => Err("say what to do: `unishop serve` or `unishop baskets`; --help tells more".into()),
        },
    }
}

async fn catalogue(serve: Serve) -> Result<(), Failure> {
    let database = database(&serve)?;
    let store = MySql::new(&database);
    if serve.role == Role::Primary {
        tokio::spawn(unishop::prepare(store.clone()));
    }
    let routes = shop::catalogue_routes(store, Place::new(serve.common.region));
    listen(&serve.common.listen, routes).await
}

/// Answers events until the runtime API fails; tells it first what keeps the function from starting.
async fn function(runtime: &unishop::Runtime) -> Result<(), Failure> {
    match function_routes() {
        Ok(routes) => Err(runtime.answer_events(routes).await.into()),
        Err(why) => {
            runtime.cannot_start(why.clone()).await?;
            Err(why.into())
        }
    }
}

fn function_routes() -> Result<axum::Router, String> {
    let need = |name: &str| std::env::var(name).map_err(|_| format!("the variable {name} is not set"));
    let region = need("AWS_REGION")?;
    let endpoint = std::env::var("AWS_ENDPOINT_URL_DYNAMODB").ok();
    let baskets = unishop::baskets(need("UNISHOP_BASKET_TABLE")?, region.clone(), endpoint);
    Ok(shop::basket_routes(baskets, Place::new(region)))
}

async fn listen(address: &str, routes: axum::Router) -> Result<(), Failure> {
    let listener = unishop::bind(address).await.map_err(|error| format!("{address}: {error}"))?;
    // The port may have been left to the system: whoever started it reads where it listens.
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    unishop::serve(listener, routes, ended()).await?;
    Ok(())
}

async fn ended() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut asked) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = asked.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

fn database(serve: &Serve) -> Result<Database, Failure> {
    let (user, password) = match &serve.secret {
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
            secret(&text).ok_or_else(|| format!("{}: it has no username and password", file.display()))?
        }
        None => (serve.user.clone(), std::env::var("UNISHOP_DATABASE_PASSWORD").unwrap_or_default()),
    };
    Ok(Database {
        writer: endpoint(&serve.writer)?,
        reader: serve.reader.as_deref().map(endpoint).transpose()?,
        name: serve.database.clone(),
        user,
        password,
        encryption: match serve.authority.as_str() {
            "system" => Encryption::System,
            "off" => Encryption::Off,
            file => Encryption::Authority(file.into()),
        },
        consistency: serve.consistency,
    })
}

fn secret(text: &str) -> Option<(String, String)> {
    let secret: serde_json::Value = serde_json::from_str(text).ok()?;
    let field = |name: &str| secret[name].as_str().map(str::to_owned);
    Some((field("username")?, field("password")?))
}

fn endpoint(text: &str) -> Result<(String, u16), String> {
    match text.rsplit_once(':') {
        None => Ok((text.to_owned(), 3306)),
        Some((host, port)) => {
            let port = port.parse().map_err(|_| format!("`{text}`: HOST or HOST:PORT"))?;
            Ok((host.to_owned(), port))
        }
    }
}
