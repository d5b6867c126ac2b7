//! What the terminal says it is (`TERM`), and whether a screen can be drawn on such a one.

use std::ffi::OsStr;
use std::path::PathBuf;

/// Kinds without a cursor that can be sent to a place, by name.
const LINEAR: [&str; 10] =
    ["", "dumb", "unknown", "network", "dialup", "emacs", "plugboard", "patch", "su", "tty33"];

/// How names of terminals begin that obey what a screen is drawn with, whether or not this machine has a
/// description of them: small images have none at all.
const KNOWN: [&str; 31] = [
    "xterm",
    "screen",
    "tmux",
    "rxvt",
    "linux",
    "vt",
    "ansi",
    "alacritty",
    "kitty",
    "foot",
    "wezterm",
    "st-",
    "konsole",
    "gnome",
    "vte",
    "iterm",
    "putty",
    "cygwin",
    "contour",
    "ghostty",
    "mintty",
    "eterm",
    "fbterm",
    "cons25",
    "dtterm",
    "nsterm",
    "apple",
    "rio",
    "mlterm",
    "ms-",
    "zellij",
];

/// The terminal's own name when no screen can be drawn on it; `None` when one can.
pub fn linear_terminal() -> Option<String> {
    // Windows' consoles give no name and can all do it.
    if !cfg!(unix) {
        return None;
    }
    let name = std::env::var_os("TERM").unwrap_or_default();
    (!can_draw(&name, has_description)).then(|| ground::lang::printable(&name.to_string_lossy()).into_owned())
}

fn can_draw(name: &OsStr, described: impl Fn(&str) -> bool) -> bool {
    let Some(name) = name.to_str() else { return false };
    let lower = name.to_ascii_lowercase();
    let linear = LINEAR.iter().any(|l| lower == *l || (*l == "dumb" && lower.starts_with("dumb-")));
    !linear && (lower == "st" || KNOWN.iter().any(|known| lower.starts_with(known)) || described(name))
}

/// Whether the system has a description of such a terminal, where such descriptions usually lie.
fn has_description(name: &str) -> bool {
    let Some(first) = name.chars().next().filter(|_| !name.contains('/')) else { return false };
    let folders = [first.to_string(), format!("{:x}", u32::from(first))];
    let own = std::env::var_os("TERMINFO").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".terminfo"));
    let listed = std::env::var_os("TERMINFO_DIRS").unwrap_or_default();
    let listed: Vec<PathBuf> = std::env::split_paths(&listed).filter(|p| !p.as_os_str().is_empty()).collect();
    let usual = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"];
    let mut roots = own.into_iter().chain(home).chain(listed).chain(usual.map(PathBuf::from));
    roots.any(|root| folders.iter().any(|folder| root.join(folder).join(name).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_drawn_on_what_can_show_it() {
        for name in ["xterm-256color", "tmux-256color", "linux", "vt100", "xterm-kitty", "st-256color", "st"]
        {
            assert!(can_draw(OsStr::new(name), |_| false), "{name}");
        }
        for name in ["", "dumb", "dumb-emacs-ansi", "unknown", "emacs", "nonsense"] {
            assert!(!can_draw(OsStr::new(name), |_| false), "{name}");
        }
        assert!(can_draw(OsStr::new("wyse60"), |name| name == "wyse60"));
        assert!(!can_draw(OsStr::new("dumb"), |_| true), "described, and yet it shows no screen");
    }
}
