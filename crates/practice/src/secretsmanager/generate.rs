//! Generated passwords, as `GenerateSecretString` describes them.

use serde_json::{Map, Value};

use ground::seed;

/// How a secret is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generator {
    /// Characters of the password.
    pub length: u64,
    /// Characters left out.
    pub exclude: String,
    /// Whether punctuation is used.
    pub punctuation: bool,
    /// A JSON object the password is put into, and under which key.
    pub within: Option<(String, String)>,
}

impl Default for Generator {
    fn default() -> Self {
        Generator { length: 32, exclude: String::new(), punctuation: true, within: None }
    }
}

/// The secret that follows from `draw`: the password, or the object with the password in it.
#[must_use]
pub fn generate(draw: u64, generator: &Generator) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const PUNCTUATION: &[u8] = b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    let punctuation = if generator.punctuation { PUNCTUATION } else { b"" };
    let excluded = generator.exclude.as_bytes();
    let alphabet: Vec<u8> =
        LETTERS.iter().chain(punctuation).copied().filter(|c| !excluded.contains(c)).collect();
    let length = usize::try_from(generator.length.clamp(1, 4096)).unwrap_or(32);
    let password = seed::letters(draw, length, &alphabet);
    let Some((template, key)) = &generator.within else { return password };
    let mut object: Map<String, Value> = serde_json::from_str(template).unwrap_or_default();
    object.insert(key.clone(), Value::String(password));
    Value::Object(object).to_string()
}
