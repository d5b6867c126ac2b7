//! Tables of operations: each service keeps one, and its requests are found in it. Whether a request is written down follows from the type of what carries it out.

/// One of two ways to carry something out: with a world to look at, or with one to change.
#[derive(Clone, Copy, Debug)]
pub enum Run<R, C> {
    /// It is given no more than a look at the world.
    Reads(R),
    /// It is given the world.
    Changes(C),
}

/// What carrying something out does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing; it need not be written down.
    Reads,
    /// Maybe something: it is written down first, and carried out again when the world is opened.
    Changes,
}

/// One operation of a service, under AWS's name, with what carries it out: each service says what its own
/// are given.
#[derive(Clone, Copy, Debug)]
pub struct Operation<R, C> {
    name: &'static str,
    address: Address,
    run: Run<R, C>,
}

/// What makes a request one for an operation.
#[derive(Clone, Copy, Debug)]
enum Address {
    /// It names the operation.
    Name,
    /// Its method, and its path and query as the service's model writes them: `/{Bucket}?acl`.
    Uri(&'static str, &'static str),
}

impl<R, C> Run<R, C> {
    /// What it does to the world, which its type says.
    pub fn effect(&self) -> Effect {
        match self {
            Run::Reads(_) => Effect::Reads,
            Run::Changes(_) => Effect::Changes,
        }
    }

    /// The same of another kind.
    pub fn map<S, D>(self, reads: impl FnOnce(R) -> S, changes: impl FnOnce(C) -> D) -> Run<S, D> {
        match self {
            Run::Reads(read) => Run::Reads(reads(read)),
            Run::Changes(change) => Run::Changes(changes(change)),
        }
    }
}

impl<R: Copy, C: Copy> Operation<R, C> {
    /// One that leaves the world as it is.
    pub(super) const fn reads(name: &'static str, read: R) -> Self {
        Operation { name, address: Address::Name, run: Run::Reads(read) }
    }

    /// One that may change its service's state.
    pub(super) const fn changes(name: &'static str, change: C) -> Self {
        Operation { name, address: Address::Name, run: Run::Changes(change) }
    }

    /// The same, asked for by method and path rather than by name.
    pub(super) const fn at(self, method: &'static str, uri: &'static str) -> Self {
        Operation { address: Address::Uri(method, uri), ..self }
    }

    /// Whether it is asked for by this method and path, and by this query, if any.
    pub(super) fn is_at(&self, method: &str, path: &str, query: &str) -> bool {
        let Address::Uri(own, uri) = self.address else { return false };
        let asked = |rest: &str| match query {
            "" => rest.is_empty(),
            query => rest.strip_prefix('?') == Some(query),
        };
        own == method && uri.strip_prefix(path).is_some_and(asked)
    }

    /// What carries it out.
    pub(super) fn run(&self) -> Run<R, C> {
        self.run
    }

    /// What is told of it.
    pub(super) fn entry(&self) -> Entry {
        let uri = match self.address {
            Address::Name => None,
            Address::Uri(method, uri) => Some((method, uri)),
        };
        Entry { name: self.name, effect: self.run.effect(), uri }
    }
}

/// What is told of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name: `DescribeStacks`.
    pub name: &'static str,
    /// What it does to the world.
    pub effect: Effect,
    /// The method it is asked for by, with its path and query, unless requests name it.
    pub uri: Option<(&'static str, &'static str)>,
}

/// A table whose operations are found by name, and so stand in the order of their names: one that does not
/// is refused while it is compiled.
pub(super) const fn by_name<const N: usize, R: Copy, C: Copy>(
    operations: [Operation<R, C>; N],
) -> [Operation<R, C>; N] {
    let mut next = 1;
    while next < N {
        assert!(is_before(operations[next - 1].name, operations[next].name), "operations are not in order");
        next += 1;
    }
    operations
}

/// `<` for texts, where only constants are known.
const fn is_before(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return one[at] < other[at];
        }
        at += 1;
    }
    one.len() < other.len()
}

/// The operation of this name in such a table.
pub(super) fn find<R, C>(table: &'static [Operation<R, C>], name: &str) -> Option<&'static Operation<R, C>> {
    let place = table.binary_search_by(|operation| operation.name.cmp(name)).ok()?;
    table.get(place)
}
