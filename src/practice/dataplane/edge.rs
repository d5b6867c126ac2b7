//! The edge: a viewer's request through a distribution's origins, as CloudFront carries it out.
