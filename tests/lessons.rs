//! Lessons as readers and authors meet them: content read into a structure, laid out at every width,
//! and bad input told with its place.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use espera::ui::lesson::{Look, Marks, Rendered, render, search};
use espera::ui::theme::Theme;
use ground::lang::Lang;
use ground::look::{Charset, Scheme};
use lessons::document::{BlockKind, CalloutKind, Document, Inline, Target, Task, plain};
use lessons::{LessonError, Library, Severity};
use proptest::prelude::*;

#[path = "lessons/hostile.rs"]
mod hostile;

fn document(text: &str) -> std::sync::Arc<Document> {
    Library::of_texts([("a.md", text), ("b.md", "---\ntitle: Be\n---\n")]).lesson("a", Lang::Es)
}

fn diagnostics(text: &str) -> Vec<String> {
    let library = Library::of_texts([("a.md", text)]);
    let page = library.find("a", Lang::En).unwrap();
    library.parse(page).diagnostics.iter().map(|d| d.report(&page.source, Lang::En)).collect()
}

fn laid(document: &Document, width: u16) -> Rendered {
    render(document, width, &Look::new(&Theme::new(Scheme::Dark), Lang::Es))
}

fn lines(text: &str, width: u16) -> Vec<String> {
    let rendered = laid(&document(text), width);
    (0..rendered.lines.len()).map(|l| rendered.text(l).trim_end().to_owned()).collect()
}

fn site() -> Library {
    Library::open(Path::new("tests/fixtures/hugo")).unwrap()
}

#[test]
fn lists_nest_with_tasks_and_blocks_within() {
    let d = document("1. uno\n   - dos\n     - [x] tres\n\n   ```sh\n   ls\n   ```\n5. cuatro");
    let BlockKind::List { start: Some(1), items } = &d.blocks[0].kind else { panic!("{d:?}") };
    assert_eq!(items.len(), 2);
    let BlockKind::List { start: None, items: two } = &items[0].blocks[1].kind else { panic!("{items:?}") };
    let BlockKind::List { items: three, .. } = &two[0].blocks[1].kind else { panic!("{two:?}") };
    assert_eq!(three[0].task, Some(Task::Done));
    assert!(matches!(&items[0].blocks[2].kind, BlockKind::Code { language: Some(l), .. } if l == "sh"));
}

#[test]
fn a_notice_keeps_its_list_together() {
    let text = "1. uno\n\n   {{% notice tip \"*Ojo*\" %}}\n   - a\n\n   b\n   {{% /notice %}}\n2. dos";
    let d = document(text);
    let [only] = d.blocks.as_slice() else { panic!("{d:?}") };
    let BlockKind::List { items, .. } = &only.kind else { panic!("{only:?}") };
    let BlockKind::Callout { tone: CalloutKind::Tip, title: Some(title), body } = &items[0].blocks[1].kind
    else {
        panic!("{items:?}")
    };
    assert_eq!(plain(title), "Ojo");
    assert!(
        matches!(body[0].kind, BlockKind::List { .. }) && matches!(body[1].kind, BlockKind::Paragraph(_))
    );
}

#[test]
fn both_forms_of_shortcode_work_wherever_they_stand() {
    let d = document("antes {{< youtube x1 >}} después\n{{% notice info %}}dentro{{% /notice %}}\nfin");
    let kinds: Vec<_> = d.blocks.iter().map(|b| &b.kind).collect();
    assert!(
        matches!(
            kinds.as_slice(),
            [BlockKind::Paragraph(_), BlockKind::Callout { .. }, BlockKind::Paragraph(_)]
        ),
        "{kinds:?}"
    );
    let links = d.links();
    assert_eq!(links[0].target, Target::Url("https://www.youtube.com/watch?v=x1".into()));
}

#[test]
fn references_lead_to_pages_of_the_library() {
    let d = document("[x]({{< ref \"b\" >}}#y) {{% relref \"b.md\" %}} [z](../b/)");
    let to = |a: Option<&str>| Target::Page { path: "b".into(), anchor: a.map(str::to_owned) };
    let links = d.links();
    let targets: Vec<_> = links.iter().map(|l| l.target.clone()).collect();
    assert_eq!(targets, [to(Some("y")), to(None), to(None)]);
    assert_eq!(links[1].label, "Be");
}

#[test]
fn shortcodes_in_code_are_read_and_commented_ones_are_literal() {
    let d = document("```\n{{< ref \"b\" >}} {{</* ref \"b\" */>}}\n```\n\n`{{%/* notice */%}}`");
    assert_eq!(d.code_blocks(), ["b {{< ref \"b\" >}}"]);
    assert_eq!(lines("`{{%/* notice */%}}`", 40), ["{{% notice %}}"]);
}

#[test]
fn html_that_does_no_harm_is_shown_sensibly() {
    let text = "a<br>b &lt;x&gt; <script>evil()</script><your-bucket>\n\n<details><summary>**S**</summary>\n\n*in*\n\n</details>\n\n<table><tr><td>1</td><td>2</td></tr></table>\n\n<p align=\"center\"><img src=\"p.png\" alt=\"P\"/></p>";
    let d = document(text);
    let BlockKind::Paragraph(runs) = &d.blocks[0].kind else { panic!("{d:?}") };
    assert!(runs.contains(&Inline::Break));
    assert_eq!(plain(runs), "a b <x> <your-bucket>");
    let BlockKind::Expand { title: Some(_), body } = &d.blocks[1].kind else { panic!("{d:?}") };
    assert_eq!(body.len(), 1);
    assert!(matches!(&d.blocks[2].kind, BlockKind::Table(t) if t.rows[0].len() == 2));
    assert!(matches!(&d.blocks[3].kind, BlockKind::Image(i) if i.alt == "P"));
}

#[test]
fn a_site_is_read_with_its_parameters_pictures_and_languages() {
    let library = site();
    let names: Vec<_> = library.pages(Lang::Es).map(|p| p.path.as_str()).collect();
    assert_eq!(names, ["", "everything", "labs", "labs/setup", "labs/hidden"]);
    let page = library.find("everything", Lang::Es).unwrap();
    let parsed = library.parse(page);
    assert!(parsed.diagnostics.iter().all(|d| d.severity() == Severity::Warning), "{:?}", parsed.diagnostics);
    let images: Vec<_> = laid(&parsed.document, 80).images;
    assert!(matches!(&images[0].source, Target::File(f) if f.ends_with("static/images/cloud.png")));
    assert!(parsed.document.code_blocks().iter().any(|c| c.contains("\"123456789012\", \"x\": 1")));
    let children = laid(&library.lesson("", Lang::Es), 60);
    let listed: Vec<_> = children.links.iter().map(|l| l.label.as_str()).collect();
    assert_eq!(listed, ["De todo un poco", "Laboratorios", "Preparación"]);
    assert!(matches!(Library::open(Path::new("src")), Err(LessonError::Empty(_))));
    assert!(matches!(library.find("nada", Lang::Es), Err(LessonError::NoSuchPage(_))));
}

#[test]
fn a_sites_own_shortcodes_are_read_where_they_only_put_things_in_place() {
    let library = site();
    let page = library.find("labs/setup", Lang::Es).unwrap();
    let parsed = library.parse(page);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let BlockKind::List { items, .. } = &parsed.document.blocks[1].kind else {
        panic!("{:?}", parsed.document)
    };
    assert_eq!(
        plain_of(&Document { blocks: items[0].blocks.clone(), footnotes: vec![] }),
        "Elige unishop-primary"
    );
    assert!(matches!(items[1].blocks[1].kind, BlockKind::Callout { .. }), "{items:?}");
}

#[test]
fn a_page_comes_in_the_readers_language_else_in_another() {
    let library = Library::of_texts([
        ("es/uno.md", "hola"),
        ("en/uno.md", "hello"),
        ("dos.en.md", "only"),
        ("tres.md", "neutral"),
    ]);
    let text = |name: &str, lang| plain_of(&library.lesson(name, lang));
    assert_eq!((text("uno", Lang::Es), text("uno", Lang::En)), ("hola".into(), "hello".into()));
    assert_eq!((text("dos", Lang::Es), text("tres", Lang::En)), ("only".into(), "neutral".into()));
    assert_eq!(library.pages(Lang::Es).count(), 3);
}

fn plain_of(document: &Document) -> String {
    match document.blocks.first().map(|b| &b.kind) {
        Some(BlockKind::Paragraph(runs)) => plain(runs),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_author_is_told_the_place() {
    let found = diagnostics("+++\ntitle = \"a\"\n+++\n\ntexto\n\n  {{% notice warning %}}\nabierto\n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("--> a.md:7:3"), "{}", found[0]);
    assert!(found[0].contains("7 |   {{% notice warning %}}\n  |   ^^^^^^"), "{}", found[0]);
    let found = diagnostics("+++\ntitle = a\n+++\n");
    assert!(found[0].contains("--> a.md:2:9"), "{}", found[0]);
    let found = diagnostics("[x](nope.md) {{< ref \"gone\" >}} {{< what >}} {{< img");
    let kinds: Vec<_> = found.iter().map(|f| f.split(':').next().unwrap()).collect();
    assert_eq!(kinds, ["warning", "warning", "warning", "error"], "{found:?}");
}

#[test]
fn escape_codes_never_reach_the_screen() {
    let text = "# T\u{1b}[2J\n\n\u{1b}]0;x\u{7}a\u{8}b &#27;[31m {{< img src=\"\u{1b}[1m.png\" >}}\n\n```\n\u{9b}c\u{0}\n```".replace('\0', "");
    for line in lines(&text, 40) {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn what_turns_the_direction_of_writing_is_shown_in_no_way_of_writing_it() {
    let entity = "A &#x202E; B &#8207; <b title=\"&#x2066;\">c&#xE0041;</b> [d&#x202e;](a.md \"&#x61c;\") \
                  ![e&#x2028;](f.png)\n\n``` sh&#x202e;\n&#x202e;\n```\n\n| &#x202e; |\n|---|\n| &#x202e; |\n";
    let literal = "A \u{202E} B \u{200F} `c\u{2066}`\n";
    for text in [entity, literal] {
        let library = Library::of_texts([("a.md", text)]);
        let parsed = library.parse(library.find("a", Lang::Es).unwrap());
        let kept = format!("{:?}", parsed.document);
        // Rust writes such characters as escapes when it shows what a value holds.
        let told = ["\\u{202e}", "\\u{200f}", "\\u{2066}", "\\u{2028}", "\\u{61c}", "\\u{e0041}"];
        assert!(!told.iter().any(|sign| kept.contains(sign)), "{kept}");
        for line in lines(text, 40) {
            assert!(!line.contains(ground::lang::is_unprintable), "{line:?}");
        }
    }
    let found = diagnostics(literal);
    assert!(found.len() == 1 && found[0].contains("3 "), "a literal one is warned of: {found:?}");
}

#[test]
fn bad_files_are_refused_with_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
    write("good.md", b"hola");
    write("binary.md", b"\x00\x01");
    write("latin.md", b"a\xf1o");
    write("huge.md", &vec![b'a'; 10 * 1024 * 1024 + 1]);
    let library = Library::open(dir.path()).unwrap();
    assert_eq!(library.all().count(), 1);
    let messages: Vec<_> = library.unreadable.iter().map(|e| e.message(Lang::En)).collect();
    assert_eq!(messages.len(), 3);
    for (message, word) in messages.iter().zip(["zero byte", "10 at most", "UTF-8"]) {
        assert!(message.contains(word), "{messages:?}");
    }
}

#[test]
fn a_lesson_at_the_limit_is_still_read() {
    let deep = format!("{}x\n\n{}y\n\n{}", ">".repeat(5000), "- ".repeat(3000), "*a **b ".repeat(20_000));
    let mut document = document(&deep);
    assert!(laid(&document, 40).lines.iter().all(|l| l.width() <= 40));
    let many = "{{< a >}}".repeat(20_000) + &"{{% /a %}}".repeat(20_000) + &"<b><div>".repeat(20_000);
    document = self::document(&many);
    assert!(laid(&document, 40).lines.iter().all(|l| l.width() <= 40));
}

#[test]
fn long_items_hang_under_their_text() {
    assert_eq!(lines("10. uno dos tres\n11. x", 12), ["10. uno dos", "    tres", "11. x"]);
    assert_eq!(lines("> cita muy larga", 12), ["▌ cita muy", "▌ larga"]);
}

#[test]
fn tables_shrink_then_become_records() {
    let text = "|Recurso|Estado|\n|-|-:|\n|tabla global|la réplica se está creando|";
    assert_eq!(lines(text, 60)[0], "Recurso      │                     Estado");
    let narrow = lines(text, 30);
    assert!(narrow.len() > 3 && narrow[0].contains('│'), "{narrow:#?}");
    assert_eq!(lines(text, 12), ["Recurso:", "tabla global", "Estado: la", "réplica se", "está creando"]);
}

#[test]
fn a_long_name_in_a_table_stays_whole_while_other_columns_can_give() {
    let text = "|Ves|Causa|Remedio|\n|-|-|-|\n|`InvalidGlobalClusterStateFault`|Ya hay una conmutación en marcha|Espera a que acabe|";
    for width in [56_u16, 60, 68, 76] {
        let shown = lines(text, width);
        assert!(shown[0].contains('│'), "{shown:#?}");
        assert!(shown.iter().any(|l| l.contains("InvalidGlobalClusterStateFault")), "{shown:#?}");
        assert!(shown.iter().all(|l| l.chars().count() <= usize::from(width)), "{shown:#?}");
    }
}

#[test]
fn a_table_is_never_wider_than_its_room() {
    for cells in [["a", "b"], ["a b", "c d e"], ["a", "una palabra larguísima"], ["表 格", "👩\u{200D}👧 x"]]
    {
        for columns in 1..=12 {
            let row = |cell: &str| format!("{}|\n", format!("|{cell}").repeat(columns));
            let text = format!("{}{}{}{}", row(cells[0]), row("-"), row(cells[1]), row(cells[0]));
            let quoted: String = text.lines().map(|line| format!(">   {line}\n")).collect();
            let quoted = quoted.replacen(">   ", "> - ", 1);
            let (table, quoted) = (document(&text), document(&quoted));
            for width in 12..=80 {
                for document in [&table, &quoted] {
                    let wide = laid(document, width);
                    let wide = wide.lines.iter().find(|line| line.width() > usize::from(width));
                    assert!(wide.is_none(), "{columns} columns in {width}: {wide:?}\n{text}");
                }
            }
        }
    }
}

#[test]
fn links_and_code_know_where_they_stand() {
    let r = laid(
        &document(
            "Ve a [la consola de AWS](https://aws.amazon.com) ya.\n\n```sh\nls -l\n```\n\n## Fin {#fin}",
        ),
        14,
    );
    let link = &r.links[0];
    assert!(link.places.len() > 1, "{link:?}");
    for place in &link.places {
        let cells: String =
            r.text(place.line).chars().skip(place.columns.start.into()).take(place.columns.len()).collect();
        assert!("la consola de AWS".contains(&cells), "{cells:?}");
        assert_eq!(r.link_at(place.line, place.columns.start), Some(0));
    }
    let code = &r.code[0];
    assert_eq!((code.text.as_str(), code.language.as_deref()), ("ls -l", Some("sh")));
    assert!(code.lines.clone().any(|l| r.text(l).contains("ls -l")));
    assert_eq!(r.text(r.anchor("fin").unwrap()), "Fin");
}

#[test]
fn what_the_app_copies_is_what_the_screen_marks() {
    let library = site();
    let document = library.lesson("everything", Lang::Es);
    let rendered = laid(&document, 72);
    let marked: Vec<_> = rendered.code.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(document.code_blocks(), marked);
    let targets: Vec<_> = rendered.links.iter().map(|l| &l.target).collect();
    assert_eq!(
        document.links().iter().map(|l| l.target.clone()).collect::<Vec<_>>().iter().collect::<Vec<_>>(),
        targets
    );
}

#[test]
fn without_unicode_and_colour_only_the_authors_signs_are_beyond_ascii() {
    let theme = Theme::new(Scheme::Plain);
    let look = Look { symbols: Charset::Ascii, marks: Marks::Text, ..Look::new(&theme, Lang::En) };
    let text = "# A\n\n- [x] b[^1]\n\n> [!NOTE]\n> c\n\n|a|b|\n|-|-|\n|1|2|\n\n***\n\n{{< zzz >}}\n\n![p](x.png)\n\n[^1]: d";
    let rendered = render(&document(text), 40, &look);
    for (i, line) in rendered.lines.iter().enumerate() {
        assert!(rendered.text(i).is_ascii(), "{}", rendered.text(i));
        assert!(line.spans.iter().all(|s| s.style.fg.is_none() && s.style.bg.is_none()));
    }
}

#[test]
fn the_same_lesson_speaks_the_readers_language() {
    let theme = Theme::default();
    let d = document("{{% notice warning %}}x{{% /notice %}}");
    let said = |lang| render(&d, 40, &Look::new(&theme, lang)).text(0);
    assert!(said(Lang::Es).contains("Atención") && said(Lang::En).contains("Warning"));
}

#[test]
fn search_finds_whatever_the_accents() {
    let r = laid(&document("La Región y la región."), 40);
    assert_eq!(search(&r, "REGION").len(), 2);
}

/// Pieces of which lessons are made, well formed and not.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "{{% notice info %}}",
        "{{% /notice %}}",
        "{{< tabs >}}",
        "{{< tab name=\"x\" >}}",
        "{{< /tab >}}",
        "{{< /tabs >}}",
        "{{< ref \"a\" >}}",
        "{{</* x */>}}",
        "{{<",
        "%}}",
        "{{% expand `q` %}}",
        "<details>",
        "</details>",
        "<table><tr><td>",
        "</table>",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<li>",
        "<ul>",
        "<pre>",
        "<code>",
        "<a href=x>",
        "</a>",
        "<!--",
        "-->",
        "&#27;",
        "\n\n",
        "\n",
        "- ",
        "1. ",
        "> ",
        "# ",
        "    ",
        "\t",
        "```\n",
        "|a|b|\n|-|-|\n|c|d|\n",
        "[x](y)",
        "![i](j)",
        "[^1]",
        "[^1]: n\n",
        "**",
        "*",
        "`",
        "~~",
        "***\n",
        "+++\n",
        "---\n",
        "https://example.com/a/b",
        ": def\n",
        "[!NOTE]",
        "日本語",
        "👩‍👩‍👧",
        "❤️",
        "\u{1b}[31m",
        "\u{301}",
        "ﷺ",
        "supercalifragilisticexpialidocious",
        "{{< img \"a.png\" >}}",
        "{{< prev_next_button />}}",
        "{{< children >}}",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 2 => "[a-zñ ]{0,12}", 1 => any::<String>()]
}

#[test]
fn a_code_block_cannot_smuggle_a_control_code_in_its_language() {
    let library = Library::of_texts([("a.md", "~~~~&#27;\ncode\n~~~~\n")]);
    let page = library.find("a", Lang::Es).unwrap();
    let theme = Theme::new(Scheme::Plain);
    let rendered = render(&library.parse(page).document, 10, &Look::new(&theme, Lang::Es));
    assert!((0..rendered.lines.len()).all(|i| !rendered.text(i).chars().any(char::is_control)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_laid_out_within_its_width(pieces in prop::collection::vec(piece(), 0..40), width in 10u16..130) {
        let text = pieces.concat();
        let library = Library::of_texts([("a.md", text.as_str())]);
        let page = library.find("a", Lang::Es).unwrap();
        let parsed = library.parse(page);
        for diagnostic in &parsed.diagnostics {
            prop_assert!(!diagnostic.report(&page.source, Lang::Es).is_empty());
        }
        let theme = Theme::new(Scheme::Plain);
        for marks in [Marks::Style, Marks::Text] {
            let rendered = render(&parsed.document, width, &Look { marks, ..Look::new(&theme, Lang::Es) });
            for (i, line) in rendered.lines.iter().enumerate() {
                prop_assert!(line.width() <= usize::from(width), "{} > {width}: {:?}", line.width(), rendered.text(i));
                prop_assert!(!rendered.text(i).chars().any(char::is_control), "{:?}", rendered.text(i));
            }
            for place in rendered.links.iter().flat_map(|l| &l.places) {
                prop_assert!(place.line < rendered.lines.len() && place.columns.end <= width);
            }
            let marked: Vec<_> = rendered.code.iter().map(|c| c.text.as_str()).collect();
            prop_assert_eq!(parsed.document.code_blocks(), marked);
            prop_assert_eq!(parsed.document.links().len(), rendered.links.len());
        }
    }
}

#[test]
fn pictures_stand_alone_at_an_edge_or_on_a_line_of_their_own() {
    let kinds = |text: &str| -> String {
        let sign = |k: &BlockKind| if matches!(k, BlockKind::Image(_)) { 'I' } else { 'P' };
        document(text).blocks.iter().map(|b| sign(&b.kind)).collect()
    };
    assert_eq!(kinds("uno ![a](b)"), "PI");
    assert_eq!(kinds("![a](b) ![c](d)"), "II");
    assert_eq!(kinds("uno\n![a](b)\ndos"), "PIP");
    assert_eq!(kinds("pulsa ![a](b) ya"), "P");
}

#[test]
fn the_lessons_of_the_program_are_without_fault_in_both_languages() {
    let library = espera::course::lessons::library();
    for page in library.all() {
        let parsed = library.parse(page);
        let told: Vec<_> = parsed.diagnostics.iter().map(|d| d.report(&page.source, Lang::En)).collect();
        assert!(told.is_empty(), "{told:?}");
    }
    let order = |lang| library.pages(lang).map(|p| p.path.clone()).collect::<Vec<_>>();
    assert_eq!(order(Lang::Es), order(Lang::En));
    let course = espera::course::Course::embedded().unwrap();
    let steps: Vec<_> = course.steps.iter().map(|step| step.id.clone()).collect();
    assert_eq!(order(Lang::Es).into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>(), steps);
}

/// Every price of the course is the sum of the parts that cost something.
#[test]
fn prices_are_the_sums_of_their_parts() {
    let read = |text: &str| text.parse::<toml::Table>().unwrap();
    let prices = read(include_str!("../assets/data/prices.toml"));
    let hour = |region: &str| -> f64 {
        let parts = [
            ("AWS::RDS::DBInstance", "db.r6g.large"),
            ("AWS::EC2::Instance", "t4g.small"),
            ("public IPv4", "any"),
        ];
        parts.iter().map(|(kind, size)| prices["hour"][kind][size][region].as_float().unwrap()).sum()
    };
    let cents = |usd: f64| (usd * 100.0).round() as i64;
    let sum = |name: &str| prices["sum"][name].as_float().unwrap();
    let (primary, both) = (hour("us-east-1"), hour("us-east-1") + hour("us-west-1"));
    assert_eq!((cents(primary), cents(both)), (cents(sum("primary_hour")), cents(sum("both_hour"))));
    assert!(
        (both * 3.0 - sum("three_hours")).abs() < 0.25 && (both * 168.0 - sum("forgotten_week")).abs() < 2.5
    );
    let mut told = 0;
    for line in include_str!("../lessons/course.toml").lines() {
        let Some(price) = line.strip_prefix("usd_per_hour = ") else { continue };
        let price = cents(price.parse().unwrap());
        let known = [0, cents(primary), cents(both), cents(both) - cents(primary)];
        assert!(known.contains(&price), "{line}: not one of {known:?}");
        told += i32::from(price > 0);
    }
    assert!(told >= 5, "only {told} prices are told");
}
