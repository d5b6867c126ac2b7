//! XML trees made and written: configurations are kept as trees and echoed as they came.

use crate::wire::{Node, Xml};

/// An element with children.
#[must_use]
pub fn element(name: &str, children: Vec<Node>) -> Node {
    Node { name: name.to_owned(), text: String::new(), children }
}

/// An element with a text.
#[must_use]
pub fn leaf(name: &str, text: impl Into<String>) -> Node {
    Node { name: name.to_owned(), text: text.into(), children: Vec::new() }
}

/// CloudFront's lists: `<name><Quantity>n</Quantity><Items>…</Items></name>`, without `Items` when empty.
#[must_use]
pub fn list(name: &str, items: Vec<Node>) -> Node {
    let mut children = vec![leaf("Quantity", items.len().to_string())];
    if !items.is_empty() {
        children.push(element("Items", items));
    }
    element(name, children)
}

/// Writes a tree; white space between the elements of a parent is not part of it.
pub fn write(xml: &mut Xml, node: &Node) {
    xml.nest(&node.name, |xml| inside(xml, node));
}

/// Writes what is within a tree's root.
pub fn inside(xml: &mut Xml, node: &Node) {
    if node.children.is_empty() {
        xml.escape(&node.text);
    }
    node.children.iter().for_each(|child| write(xml, child));
}

/// The items of one of CloudFront's lists within `node`.
pub fn items<'n>(node: &'n Node, list: &str) -> impl Iterator<Item = &'n Node> {
    node.child(list).and_then(|l| l.child("Items")).into_iter().flat_map(|i| &i.children)
}

/// The trimmed text of a child; empty when it is not there.
#[must_use]
pub fn text<'n>(node: &'n Node, path: &str) -> &'n str {
    node.at(path).map_or("", str::trim)
}
