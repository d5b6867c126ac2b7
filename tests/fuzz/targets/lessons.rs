//! Lessons: read, laid out, searched, and their faults told.

use espera::ui::lesson::{Look, render, search};
use espera::ui::theme::Theme;
use ground::lang::Lang;
use ground::look::Scheme;
use lessons::Library;

use super::super::mutate::Trade;
use super::{Seen, Target, kind};

pub struct Lessons;

impl Target for Lessons {
    fn trade(&self) -> Trade {
        Trade {
            words: &[
                "*",
                "**",
                "_",
                "`",
                "```",
                "~~~",
                "~~",
                "[",
                "](",
                ")",
                "![",
                "[^1]",
                "[^1]: ",
                "[a]: b\n",
                "<",
                ">",
                "<b>",
                "</b>",
                "<div>",
                "<table>",
                "<tr>",
                "<td>",
                "<li>",
                "<pre>",
                "<details>",
                "<a href=\"",
                "<!--",
                "-->",
                "&amp;",
                "&#x41;",
                "&#0;",
                "{{<",
                ">}}",
                "{{%",
                "%}}",
                "{{< tabs >}}",
                "{{< /tabs >}}",
                "{{< tab \"x\" >}}",
                "{{% notice warning %}}",
                "{{% /notice %}}",
                "{{</* x */>}}",
                "{{< ref \"b\" >}}",
                "{{< figure src=\"x.png\" >}}",
                "{{< include \"b\" >}}",
                "{{% children %}}",
                "\"",
                "'",
                "# ",
                "## ",
                "- ",
                "* ",
                "1. ",
                "> ",
                "- [ ] ",
                "|",
                "|-|-|\n",
                "---\n",
                "+++\n",
                "\n\n",
                "\n",
                "  \n",
                "    ",
                "\t",
                ": ",
                "http://a.b",
                "www.a.b",
                "\\",
                "title: ",
                "weight = ",
                "=",
                "{",
                "}",
            ],
            pairs: &[
                ("*", "*"),
                ("**", "**"),
                ("[", "](b)"),
                ("[", "]"),
                ("![", "](b)"),
                ("> ", ""),
                ("- ", ""),
                ("1. ", ""),
                ("<b>", "</b>"),
                ("<div>\n\n", "\n\n</div>"),
                ("{{% expand %}}\n", "\n{{% /expand %}}"),
                ("{{< tab >}}", "{{< /tab >}}"),
                ("<a ", ">"),
                ("{{< ", " >}}"),
                ("`", "`"),
                ("<table><tr><td>", "</td></tr></table>"),
                ("(", ")"),
                ("a: [", "]"),
                ("a = [", "]"),
            ],
        }
    }

    fn taste(&mut self, input: &[u8]) -> Seen {
        let text = String::from_utf8_lossy(input);
        let library = Library::of_texts([
            ("a.md", text.as_ref()),
            ("b.md", "---\ntitle: Be\n---\n# Be\n\nbe *bold*\n"),
        ]);
        let page = library.find("a", Lang::En).unwrap();
        let parsed = library.parse(page);
        let theme = Theme::new(Scheme::Dark);
        for width in [12, 80] {
            let rendered = render(&parsed.document, width, &Look::new(&theme, Lang::Es));
            let wide = rendered.lines.iter().find(|line| line.width() > usize::from(width));
            assert!(wide.is_none(), "a line wider than {width}: {wide:?}");
            for line in &rendered.lines {
                let escapes = line.spans.iter().any(|s| s.content.chars().any(char::is_control));
                assert!(!escapes, "a control character: {line:?}");
            }
            let _ = search(&rendered, "be");
        }
        let mut seen = 0;
        for diagnostic in &parsed.diagnostics {
            seen ^= kind(&diagnostic.problem.message(Lang::En));
            assert!(!diagnostic.report(&page.source, Lang::Es).contains('\u{1b}'));
        }
        Seen { taken: parsed.diagnostics.is_empty(), kind: seen }
    }
}
