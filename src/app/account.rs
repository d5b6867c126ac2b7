//! The account a learner works in, as the screen and every question name it.

use crate::cloud::facts::Identity;
use crate::cloud::{ActionId, Claim};
use ground::lang::{Lang, printable};
use ground::tr;

/// Whose cloud it is and how the program came to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Who the credentials belong to, as STS says.
    pub identity: Identity,
    /// Where the credentials come from: `--profile x`, `AWS_PROFILE=x`, `AWS_ACCESS_KEY_ID`, `default`.
    pub from: String,
    /// The emulator that stands for AWS, if one does.
    pub endpoint: Option<String>,
}

impl Account {
    /// `123456789012 (alias)`, without the alias where there is none.
    #[must_use]
    pub fn title(&self) -> String {
        let id = &self.identity.account;
        match &self.identity.alias {
            Some(alias) => format!("{id} ({})", printable(alias)),
            None => id.clone(),
        }
    }

    /// What a question about this account says first: account, identity and where the credentials are from.
    #[must_use]
    pub fn describe(&self, lang: Lang) -> Vec<String> {
        let (title, who, from) = (self.title(), printable(self.identity.name()), printable(&self.from));
        let mut lines = vec![
            tr!(lang, "Cuenta: {title}", "Account: {title}"),
            tr!(lang, "Como: {who} (credenciales: {from})", "As: {who} (credentials: {from})"),
        ];
        if let Some(endpoint) = &self.endpoint {
            let endpoint = printable(endpoint);
            lines.push(tr!(lang, "Emulador: {endpoint}", "Emulator: {endpoint}"));
        }
        lines
    }

    /// What is typed to agree to what cannot be taken back: the account's last four digits.
    #[must_use]
    pub fn word_to_type(&self) -> &str {
        let id = &self.identity.account;
        id.get(id.len().saturating_sub(4)..).unwrap_or(id)
    }

    /// The name of the folder for what is kept about this account: partition, id, and the emulator.
    #[must_use]
    pub fn folder(&self) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let key = format!("{}-{}", self.identity.partition(), self.identity.account);
        match &self.endpoint {
            Some(endpoint) => {
                let address = endpoint.split_once("://").map_or(endpoint.as_str(), |(_, rest)| rest);
                format!("{key}-{}", address.trim_end_matches('/').chars().map(safe).collect::<String>())
            }
            None => key.chars().map(safe).collect(),
        }
    }
}

/// What is asked about an action that an earlier session began.
#[must_use]
pub fn resume_question(title: &str, lang: Lang) -> String {
    tr!(
        lang,
        "«{title}» quedó a medias. Con sí se retoma en esta cuenta: se crea, cambia o borra lo que falte. Con no, Espera lo olvida; lo que AWS empezó sigue su curso.",
        "\"{title}\" was cut off. With yes it goes on in this account: what is missing is created, changed or deleted. With no Espera forgets it; what AWS began goes on."
    )
}

/// Something of another run, in a line.
#[must_use]
pub fn describe_claim(claim: &Claim, lang: Lang) -> String {
    let (region, name) = (&claim.region, printable(&claim.name));
    match &claim.run {
        Some(run) => {
            let run = printable(run);
            tr!(lang, "{region}: {name} (taller {run})", "{region}: {name} (run {run})")
        }
        None => tr!(lang, "{region}: {name} (sin taller)", "{region}: {name} (no run)"),
    }
}

/// What is asked about things of another run.
#[must_use]
pub fn take_over_question(action: ActionId, lang: Lang) -> String {
    match action {
        ActionId::CleanUp => tr!(
            lang,
            "Lleva la etiqueta de Espera, pero no lo hizo este estado: lo hiciste desde otro sitio, o es de otra persona de la cuenta. Con sí pasa a ser tuyo y se borra. Con no se deja y se limpia lo demás.",
            "It bears Espera's tag, but this state did not make it: you did from elsewhere, or somebody else in the account did. With yes it becomes yours and is deleted. With no it is left and the rest is cleaned up."
        ),
        _ => tr!(
            lang,
            "Lleva la etiqueta de Espera, pero no lo hizo este estado: lo hiciste desde otro sitio, o es de otra persona de la cuenta. Con sí pasa a ser tuyo y la acción sigue. Con no, no se toca.",
            "It bears Espera's tag, but this state did not make it: you did from elsewhere, or somebody else in the account did. With yes it becomes yours and the action goes on. With no it is not touched."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partition_account_and_emulator_each_have_a_folder_of_their_own() {
        let identity = Identity {
            account: "123456789012".to_owned(),
            arn: "arn:aws-cn:iam::123456789012:user/ana".to_owned(),
            alias: Some("lab".to_owned()),
        };
        let account = Account { identity, from: "default".to_owned(), endpoint: None };
        assert_eq!(account.folder(), "aws-cn-123456789012");
        let emulated = Account { endpoint: Some("http://127.0.0.1:4566/".to_owned()), ..account.clone() };
        assert_eq!(emulated.folder(), "aws-cn-123456789012-127-0-0-1-4566");
        let outside = Account { endpoint: Some("http://../../etc".to_owned()), ..account.clone() };
        assert!(!outside.folder().contains(['/', '.']));
        assert_eq!((account.title().as_str(), account.word_to_type()), ("123456789012 (lab)", "9012"));
        assert!(account.describe(Lang::En)[1].starts_with("As: user/ana"));
    }
}
