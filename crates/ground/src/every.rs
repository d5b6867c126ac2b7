//! Enums that know all their variants.

/// Declares an enum together with `ALL`, its variants in order, so that no list can forget one.
///
/// ```
/// ground::every! {
///     #[derive(Clone, Copy, Debug, PartialEq)]
///     pub enum Side {
///         /// Where the sun rises.
///         East,
///         /// Where it sets.
///         West,
///     }
/// }
/// assert_eq!(Side::ALL, [Side::East, Side::West]);
/// ```
#[macro_export]
macro_rules! every {
    (
        $(#[$meta:meta])*
        $public:vis enum $name:ident {
            $($(#[$doc:meta])* $variant:ident),* $(,)?
        }
    ) => {
        $(#[$meta])*
        $public enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All of them, in order.
            $public const ALL: [$name; [$($name::$variant),*].len()] = [$($name::$variant),*];
        }
    };
}
