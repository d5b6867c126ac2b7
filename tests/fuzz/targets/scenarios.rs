//! Scenarios: read, and lived through for a while where they are taken.

use std::time::Duration;

use ground::lang::Lang;
use practice::scenario::Scenario;

use super::super::mutate::Trade;
use super::world::{ask, setup};
use super::{Seen, Target, kind};

pub struct Scenarios;

impl Target for Scenarios {
    fn trade(&self) -> Trade {
        Trade {
            words: &[
                "duration_scale",
                "[lag]",
                "[[fault]]",
                "[[failure]]",
                "aurora_ms",
                "table_ms",
                "round_trip_ms",
                "edge_ms",
                "api_ms",
                "commit_ms",
                "item_ms",
                "after_s",
                "region",
                "lasts_s",
                "stack",
                "resource",
                "reason",
                "=",
                "\"us-east-1\"",
                "\"us-west-1\"",
                "\"mars\"",
                "\"",
                "'''",
                "\"\"\"",
                "[",
                "]",
                "{",
                "}",
                ",",
                ".",
                "\n",
                "#",
                "true",
                "nan",
                "inf",
                "1979-05-27T07:32:00Z",
                "0x7fffffffffffffff",
                "1e3",
                "\\u00e9",
                "\\uD800",
            ],
            pairs: &[("[", "]"), ("{a = ", "}"), ("[[", "]]"), ("\"", "\""), ("a.", ""), ("[a.", "]\n")],
        }
    }

    fn taste(&mut self, input: &[u8]) -> Seen {
        let text = String::from_utf8_lossy(input);
        let scenario = match Scenario::parse(&text) {
            Ok(scenario) => scenario,
            Err(error) => {
                assert!(!error.text(Lang::Es).is_empty());
                return Seen { taken: false, kind: kind(&error.text(Lang::En)) };
            }
        };
        let practice = setup().scenario(scenario).open().practice;
        for seconds in [1, 600, 86_400 * 40] {
            ask(&practice, "cloudformation", "", "Action=DescribeStacks");
            practice.clock().advance(Duration::from_secs(seconds));
        }
        practice.inspect(|_| ());
        Seen { taken: true, kind: 2 }
    }
}
