//! Unishop alone: the shop as a server on an instance, or as a Lambda function.

fn main() {}
