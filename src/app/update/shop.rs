//! Opening the shop in the learner's browser, through the edge.

use super::super::Model;
use super::super::model::{Said, Tone, World};
use super::super::msg::Effect;
use ground::tr;

/// Opens the shop, or says what is missing.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(edge) = &model.facts.edge else {
        let text = Said::with(|l| {
            tr!(
                l,
                "La tienda se abre por el borde, que aún no está: es el paso 5.",
                "The shop opens through the edge, which is not there yet: it is step 5."
            )
        });
        model.say(Tone::Info, text);
        return Vec::new();
    };
    if let Some(address) = model.world.shop(&edge.domain) {
        return vec![Effect::Open(address)];
    }
    let text = Said::with(|l| {
        tr!(
            l,
            "La práctica no tiene puerto en este equipo, y el navegador no puede llegar a ella. Cierra y vuelve a abrir Espera.",
            "Practice has no port on this machine, so no browser can reach it. Close Espera and open it again."
        )
    });
    model.say(Tone::Warning, text);
    Vec::new()
}

impl World {
    /// Where a browser reaches the distribution with this `*.cloudfront.net` name: in practice that is
    /// this machine. `None` when practice has no port.
    fn shop(&self, domain: &str) -> Option<String> {
        match self {
            World::Practice { endpoint, .. } => {
                let port = endpoint.as_deref()?.rsplit(':').next()?.trim_end_matches('/');
                let name = domain.split('.').next().unwrap_or_default();
                Some(format!("http://{name}.cloudfront.localhost:{port}/"))
            }
            World::Aws(_) => Some(format!("https://{domain}/")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Pace;
    use ground::clock::Speed;

    #[test]
    fn the_shop_is_where_the_world_has_its_edge() {
        let practice = |endpoint: Option<&str>| World::Practice {
            speed: Speed::Times(20.0),
            pace: Pace::Running,
            endpoint: endpoint.map(str::to_owned),
        };
        let domain = "d1abc.cloudfront.net";
        let at = practice(Some("http://127.0.0.1:4566")).shop(domain);
        assert_eq!(at.as_deref(), Some("http://d1abc.cloudfront.localhost:4566/"));
        assert_eq!(practice(None).shop(domain), None);
        let account = World::Aws(Box::default());
        assert_eq!(account.shop(domain).as_deref(), Some("https://d1abc.cloudfront.net/"));
    }
}
