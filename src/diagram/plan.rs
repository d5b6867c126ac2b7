//! What a diagram file says: nodes and what they stand for, and layouts with places. For `draw`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::cloud::facts::Role;

/// A diagram: its nodes, and its layouts from the largest to the smallest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    #[serde(rename = "node")]
    pub nodes: Vec<Node>,
    #[serde(rename = "layout")]
    pub layouts: Vec<Layout>,
}

/// A part of the architecture.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Node {
    pub id: NodeId,
    /// An AWS name: the same in both languages.
    pub name: String,
    /// The resource types it stands for.
    pub kinds: Vec<String>,
}

/// The parts whose facts are known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum NodeId {
    Edge,
    Pages,
    Api,
    Function,
    Instance,
    Database,
    Table,
}

/// The ways that requests and data take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LinkId {
    /// The edge asks a Region for pages.
    Serve,
    /// The API calls the function.
    Api,
    /// The function reads and writes the table.
    Function,
    /// The instance reads and writes the database.
    Instance,
    /// The database's writer sends commits to its reader.
    Database,
    /// The table's replicas send each other items.
    Table,
}

/// One arrangement for panes of at least `size` columns and rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layout {
    /// For people who read the file and for tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "names the layout in the file"))]
    pub id: String,
    pub size: (u16, u16),
    pub frames: Vec<Frame>,
    pub nodes: Vec<Placed>,
    pub links: Vec<Wire>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frame {
    pub region: Role,
    pub at: (u16, u16),
    pub size: (u16, u16),
}

/// A node's place; without a Region it is the edge's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Placed {
    pub region: Option<Role>,
    pub node: NodeId,
    pub at: (u16, u16),
    pub width: u16,
    pub form: Form,
}

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    Box,
    Line,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub link: LinkId,
    pub region: Option<Role>,
    pub path: Vec<(u16, u16)>,
}

impl Plan {
    /// The node called `id`; the file names each once.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.iter().find(|n| n.id == id)
    }
}

/// The diagram of the module.
pub(super) fn hot_standby() -> &'static Plan {
    #[expect(clippy::expect_used, reason = "the file is embedded and a test reads it")]
    static PLAN: LazyLock<Plan> = LazyLock::new(|| {
        toml::from_str(include_str!("../../assets/diagrams/hot-standby.toml")).expect("embedded diagram")
    });
    &PLAN
}
