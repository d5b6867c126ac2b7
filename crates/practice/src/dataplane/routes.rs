//! Route keys of HTTP APIs (`GET /orders/open/{id}`, `ANY /x/{proxy+}`, `$default`): which one
//! takes a request. A full match comes before a greedy one, and that before `$default`.

use http::Method;

/// The value that belongs to the best route for a request.
pub(super) fn best<'r, T>(
    routes: impl Iterator<Item = (&'r str, T)>,
    method: &Method,
    path: &str,
) -> Option<T> {
    let ranked = routes.filter_map(|(key, value)| Some((rank(key, method, path)?, value)));
    ranked.max_by_key(|(rank, _)| *rank).map(|(_, value)| value)
}

/// How closely a route fits: whether it is not `$default`, not greedy, which segments are written out
/// (a bit each, the first the highest), and whether it names the method.
type Rank = (bool, bool, u64, bool);

fn rank(key: &str, method: &Method, path: &str) -> Option<Rank> {
    if key == "$default" {
        return Some((false, false, 0, false));
    }
    let (verb, pattern) = key.split_once(' ')?;
    if verb != "ANY" && verb != method.as_str() {
        return None;
    }
    let mut asked = segments(path);
    let (mut greedy, mut literal, mut place) = (false, 0, 1_u64 << 63);
    for wanted in segments(pattern) {
        match wanted.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Some(name) if name.ends_with('+') => {
                asked.next()?;
                greedy = true;
                break;
            }
            Some(_) => {
                asked.next()?;
            }
            None if asked.next()? == wanted => literal |= place,
            None => return None,
        }
        place >>= 1;
    }
    (greedy || asked.next().is_none()).then_some((true, !greedy, literal, verb != "ANY"))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best_route(method: Method, path: &str) -> Option<&'static str> {
        let keys = [
            "GET /orders",
            "POST /orders/open",
            "GET /orders/open/{id}",
            "GET /health/{proxy+}",
            "ANY /user",
            "POST /user",
            "GET /orders/{any}/new",
        ];
        best(keys.into_iter().map(|key| (key, key)), &method, path)
    }

    #[test]
    fn the_closest_route_takes_the_request() {
        assert_eq!(best_route(Method::GET, "/orders"), Some("GET /orders"));
        assert_eq!(best_route(Method::GET, "/orders/open/7"), Some("GET /orders/open/{id}"));
        assert_eq!(best_route(Method::GET, "/orders/open/new"), Some("GET /orders/open/{id}"));
        assert_eq!(best_route(Method::GET, "/health/a/b"), Some("GET /health/{proxy+}"));
        assert_eq!(best_route(Method::POST, "/user"), Some("POST /user"));
        assert_eq!(best_route(Method::PUT, "/user"), Some("ANY /user"));
        assert_eq!(best_route(Method::GET, "/health"), None);
        assert_eq!(best_route(Method::DELETE, "/orders"), None);
        assert_eq!(best([("$default", 1)].into_iter(), &Method::GET, "/x"), Some(1));
    }
}
