//! Lessons made to be slow: whatever sign is repeated, however deep it nests, reading, laying out and telling
//! its faults take time in proportion to the text.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use espera::ui::lesson::{Highlighter, Look, render};
use espera::ui::theme::Theme;
use ground::lang::Lang;
use ground::look::Scheme;
use lessons::Library;

/// A way to make a text of about so many bytes.
pub type Maker = Box<dyn Fn(usize) -> String>;

/// What is repeated: a head, the part that comes again and again, a tail. `{i}` in a part is its number.
const REPEATED: &[(&str, &str, &str)] = &[
    ("", "*", ""),
    ("", "**a", ""),
    ("", "*a_", ""),
    ("", "a**b", ""),
    ("", "*a ", ""),
    ("", " *a", ""),
    ("", "_", ""),
    ("", "_a", ""),
    ("", "~", ""),
    ("", "~~a", ""),
    ("", "~a~", ""),
    ("", "`", ""),
    ("", "`a", ""),
    ("", "a``b`", ""),
    ("", "[", ""),
    ("", "]", ""),
    ("", "[a", ""),
    ("", "[a](", ""),
    ("", "[a](b", ""),
    ("", "[a](<b", ""),
    ("", "[a](b \"", ""),
    ("", "![", ""),
    ("", "![a](b ", ""),
    ("", "[]", ""),
    ("", "[a][b]", ""),
    ("", "[a][", ""),
    ("", "](", ""),
    ("[", "a](b)[", ""),
    ("", "[a](b) ", ""),
    ("", "[^{i}] ", ""),
    ("", "[^{i}]: a\n\n", ""),
    ("", "[^a", ""),
    ("", "[^a]: ", ""),
    ("", "[a{i}]: b\n", ""),
    ("", "[a]: b\n", ""),
    ("", "[a{i}]\n", "\n\n[a0]: b\n"),
    ("", "[a]: <", ""),
    ("", "[a]: b '", ""),
    ("[a]: b\n\n", "[a] ", ""),
    ("", "\\", ""),
    ("", "\\*", ""),
    ("", "&", ""),
    ("", "&#", ""),
    ("", "&amp;", ""),
    ("", "&amp", ""),
    ("", "&#1234567;", ""),
    ("", "<", ""),
    ("", "<a", ""),
    ("", "<a ", ""),
    ("", "<a href=\"", ""),
    ("", "<a href='x' ", ""),
    ("<a ", "b ", ""),
    ("<a ", "b='c' ", ">"),
    ("", "<!--", ""),
    ("", "<!", ""),
    ("", "<!A", ""),
    ("", "<?", ""),
    ("", "<![CDATA[", ""),
    ("", "</", ""),
    ("", "</a", ""),
    ("a ", "<!-- ", ""),
    ("a ", "<? ", ""),
    ("a ", "<!A ", ""),
    ("a ", "<![CDATA[ ", ""),
    ("", "<b>", ""),
    ("", "</b>", ""),
    ("", "<b></b>", ""),
    ("", "<div>", ""),
    ("", "<div>\n\n", ""),
    ("", "<p>", ""),
    ("", "<ul><li>", ""),
    ("", "<li>", ""),
    ("", "<table><tr><td>", ""),
    ("<table>", "<tr><td>", ""),
    ("<table><tr>", "<td>", ""),
    ("<table>", "<td>a</td><tr>", ""),
    ("", "<details>", ""),
    ("", "<summary>", ""),
    ("", "<pre>", ""),
    ("", "<a href=x>", ""),
    ("", "<img src=x>", ""),
    ("", "<script>", ""),
    ("", "<x>", ""),
    ("", "<sup>", ""),
    ("", "<kbd>", ""),
    ("", "<h1>", ""),
    ("", "<br>", ""),
    ("", "<a\"", ""),
    ("", "<a='", ""),
    ("", "<http://a", ""),
    ("", "<a@b", ""),
    ("", "{{", ""),
    ("", "{{<", ""),
    ("", "{{%", ""),
    ("", "{{< ", ""),
    ("", "{{< tabs >}}", ""),
    ("", "{{< tabs >}}\n", ""),
    ("", "{{< tabs", ""),
    ("", "{{< x \"", ""),
    ("", "{{< x `", ""),
    ("", "{{< x “", ""),
    ("", "{{</*", ""),
    ("", "{{</* a */>}}", ""),
    ("", "{{< /x >}}", ""),
    ("", "{{< img \"a\" >}}", ""),
    ("", "{{< img >}}", ""),
    ("", "{{< x >}}{{< y >}}", ""),
    ("", "{{< x >}}{{< /x >}}", ""),
    ("", "{{% notice %}}a{{% /notice %}}\n", ""),
    ("", "{{< tab{i} >}}", ""),
    ("", "{{< {i} >}}", ""),
    ("", "{{< x/", ""),
    ("{{< x ", "a=b ", ">}}"),
    ("{{< x ", "a ", ">}}"),
    ("{{< x ", "a ", ""),
    ("{{< x \"", "\\\"", ""),
    ("", "{{< ref \"b\" >}}", ""),
    ("", "{{% children %}}", ""),
    ("", "{{< prev_next_button >}}", ""),
    ("", "{{< include \"b\" >}}", ""),
    ("", "{{< include \"b.md\" >}}\n", ""),
    ("", "{{< attachments >}}", ""),
    ("", "{{< kbd a >}} ", ""),
    ("", "{{%notice", ""),
    ("", "{{< x\n", ""),
    ("", "{{< x a=\"", ""),
    ("", "{{< figure src=a title=\"*a*\" >}}", ""),
    ("{{% notice note \"", "*a ", "\" %}}a{{% /notice %}}"),
    ("", "> ", ""),
    ("", ">", ""),
    ("", "> a\n", ""),
    ("", ">a\n\n", ""),
    ("", "- ", ""),
    ("", "-", ""),
    ("", "- a\n", ""),
    ("", "1. ", ""),
    ("", "1) ", ""),
    ("", "* ", ""),
    ("", "+ ", ""),
    ("", "- [ ] a\n", ""),
    ("", "- [ ] ", ""),
    ("", "> - ", ""),
    ("", "- > ", ""),
    ("", "1. > ", ""),
    ("", "- \n\n", ""),
    ("", "- a\n\n", ""),
    ("", "{i}. a\n", ""),
    ("", "\t", "a"),
    ("", " ", "a"),
    ("", "a\t", ""),
    ("", "|", ""),
    ("", "|a", ""),
    ("a|b\n-|-\n", "x|", ""),
    ("a|b\n-|-\n", "x|y\n", ""),
    ("a|b\n-|-\n", "`x|", ""),
    ("a|b\n-|-\n", "\\|", ""),
    ("|a", "|a", "\n|-|-\n"),
    ("", "|-", ""),
    ("", "|-|\n", ""),
    ("", "a|b\n-|-\n", ""),
    ("", "#", ""),
    ("", "# ", ""),
    ("", "# a\n", ""),
    ("", "# a{i}\n", ""),
    ("# ", "a ", ""),
    ("# ", "{", ""),
    ("# a {", "#a ", "}"),
    ("", "# a {#b}\n", ""),
    ("", "a\n=\n", ""),
    ("", "=", ""),
    ("a\n", "=", ""),
    ("", "---\n", ""),
    ("", "***\n", ""),
    ("", "+++\n", ""),
    ("", "* * ", ""),
    ("", "~~~\n", ""),
    ("", "```\n", ""),
    ("", "``` a\n", ""),
    ("", "```a`\n", ""),
    ("```", "a", "\n"),
    ("```\n", "a", ""),
    ("```\n", "a\n", ""),
    ("```\n", "\t", ""),
    ("```\n", "日", ""),
    ("```\n", "a", "é"),
    ("```yaml\n", "a: ", ""),
    ("```yaml\n", "a: b\n", ""),
    ("```bash\n", "$(", ""),
    ("```bash\n", "a \"$b\"\n", ""),
    ("```html\n", "<", ""),
    ("```js\n", "{", ""),
    ("```json\n", "[", ""),
    ("", "```yaml\na: b\n```\n", ""),
    ("", "```mermaid\na\n```\n", ""),
    ("", "a\n: b\n", ""),
    ("", ": ", ""),
    ("a\n", ": ", ""),
    ("a\n\n", ": b\n\n", ""),
    ("", "$", ""),
    ("", "$$a", ""),
    ("", "\n", ""),
    ("", "a\n", ""),
    ("", "a\n\n", ""),
    ("", "a ", ""),
    ("", "a  \n", ""),
    ("", "a\\\n", ""),
    ("", "    a\n", ""),
    ("", "    a\n\n", ""),
    ("", "a", ""),
    ("", "é", ""),
    ("", "日", ""),
    ("", "a", "é"),
    ("", "a", "日"),
    ("", "。", ""),
    ("", "\u{a0}", ""),
    ("", "👩\u{200d}", ""),
    ("a", "\u{301}", ""),
    ("", "a\u{301}", ""),
    ("", "\u{1f1ea}", ""),
    ("", "\u{200b}", ""),
    ("", "\u{1f3fb}", ""),
    ("", "\u{915}\u{94d}", ""),
    ("", "\u{1100}", ""),
    ("", "http://a", ""),
    ("", "http://a ", ""),
    ("", "http://a)", ""),
    ("http://a", ")", ""),
    ("http://a", "(", ""),
    ("http://a", ").", ""),
    ("http://a(", "!)", ""),
    ("", "www.a.", ""),
    ("", "www.", ""),
    ("", "h", ""),
    ("", "ht", ""),
    ("", "hw.", ""),
    ("http://a", "a", ""),
    ("http://a", "/b", ""),
    ("[a](", "b", ")"),
    ("[a](", "(", ""),
    ("[a](", "../", ")"),
    ("[a](", "a/", ")"),
    ("[a](", "%41", ")"),
    ("[", "a", "](b)"),
    ("![a](/", "b/", ")"),
    ("", "[a](b{i}.md) ", ""),
    ("", "![a](b{i}.png) ", ""),
    ("", "![a](b{i}.png)\n\n", ""),
    ("<a href=\"http://a", "b", "\">"),
    ("<a href=\"", "&amp;", "\">"),
    ("", "\r", ""),
    ("", "\r\n", ""),
    ("", "\u{1b}]", ""),
    ("", "\u{1b}[", ""),
    ("", "\u{1b}]a\n", ""),
    ("\u{1b}]", "a", ""),
    ("", "\u{1b}", ""),
    ("", "\u{feff}", ""),
    ("", "\u{202e}", ""),
    ("", "\u{e000}", ""),
    ("", "\u{e000}1\u{e001}", ""),
    ("", "\u{7}", ""),
    ("---\na: ", "[", ""),
    ("---\na: ", "[", "\n---\nb"),
    ("---\na: ", "{a: ", "\n---\nb"),
    ("---\n", "- ", "\n---\nb"),
    ("---\n", "? ", "\n---\nb"),
    ("---\na: ", "&a ", "\n---\nb"),
    ("---\na: ", "!!", "\n---\nb"),
    ("---\na: \"", "\\", "\n---\nb"),
    ("---\na: \"", "\\n", "\"\n---\nb"),
    ("---\na: |\n", " a\n", "\n---\nb"),
    ("---\n", "a{i}: b\n", "---\nb"),
    ("---\n", "a: b\n", "---\nb"),
    ("---\na: ", "a ", "\n---\nb"),
    ("---\n", "#\n", "---\nb"),
    ("---\na: &a [x]\nb: [", "*a,", "]\n---\nb"),
    ("---\na: '", "'", "\n---\nb"),
    ("---\n", "a", "\n---\nb"),
    ("---\n", "%", "\n---\nb"),
    ("---\n", "---\na\n", ""),
    ("+++\na = ", "[", "\n+++\nb"),
    ("+++\na = [", "1,", "]\n+++\nb"),
    ("+++\n", "a{i} = 1\n", "+++\nb"),
    ("+++\n", "a.", "a = 1\n+++\nb"),
    ("+++\n", "a.b{i} = 1\n", "+++\nb"),
    ("+++\n[", "a.", "a]\n+++\nb"),
    ("+++\n", "[a{i}]\n", "+++\nb"),
    ("+++\n", "[[a]]\n", "+++\nb"),
    ("+++\na = ", "{a = ", "\n+++\nb"),
    ("+++\na = \"", "\\u00e9", "\"\n+++\nb"),
    ("+++\na = '''", "'", "\n+++\nb"),
    ("+++\na = ", "1", "\n+++\nb"),
    ("+++\n", "#", "\n+++\nb"),
    ("+++\n", "a = [\n", "+++\nb"),
    ("{\"a\":", "{\"a\":", ""),
    ("{\"a\":", "[", ""),
    ("{", "\"a{i}\":1,", "\"b\":1}"),
    ("{\"a\":\"", "\\u00e9", "\"}"),
    ("{\"a\":", "1", "}"),
    ("{", "\n", ""),
    ("{", " ", ""),
    ("", "{", ""),
];

fn repeated(head: &str, part: &str, tail: &str, bytes: usize) -> String {
    let mut out = head.to_owned();
    if !part.contains("{i}") {
        out.push_str(&part.repeat(bytes / part.len() + 1));
    }
    let mut i = 0;
    while out.len() < bytes {
        out.push_str(&part.replace("{i}", &i.to_string()));
        i += 1;
    }
    out.push_str(tail);
    out
}

/// Every way to make a slow lesson, with its name.
pub fn makers() -> Vec<(String, Maker)> {
    let mut out: Vec<(String, Maker)> = Vec::new();
    for (head, part, tail) in REPEATED {
        let name = format!("{head:?} {part:?}* {tail:?}");
        out.push((name, Box::new(|bytes| repeated(head, part, tail, bytes))));
    }
    let mut add = |name: &str, make: fn(usize) -> String| out.push((name.to_owned(), Box::new(make)));
    add("list indented ever deeper", |n| stairs(n, |depth| format!("{}- a\n", "  ".repeat(depth))));
    add("quotes ever deeper", |n| stairs(n, |depth| format!("{}a\n", "> ".repeat(depth))));
    add("code runs ever longer", |n| stairs(n, |depth| format!("{}a", "`".repeat(depth))));
    add("fences ever longer", |n| stairs(n, |depth| format!("{}\na\n", "`".repeat(depth + 3))));
    add("deep quote then blank lines", |n| format!("{}a\n{}", "> ".repeat(n / 4), "\n".repeat(n / 2)));
    add("deep quote then lines", |n| format!("{}a\n{}", "> ".repeat(n / 4), "a\n".repeat(n / 4)));
    add("deep list then blank lines", |n| format!("{}a\n{}", "- ".repeat(n / 4), "\n".repeat(n / 2)));
    add("deep list then lines", |n| format!("{}a\n{}", "- ".repeat(n / 4), "a\n".repeat(n / 4)));
    add("deep list then items", |n| format!("{}a\n{}", "- ".repeat(n / 4), "- a\n".repeat(n / 8)));
    add("shortcodes within each other", |n| {
        let times = n / 24;
        format!("{}a{}", "{{% expand %}}".repeat(times), "{{% /expand %}}".repeat(times))
    });
    add("shortcodes within each other, indented", |n| {
        let mut out = String::new();
        for _ in 0..n / 32 {
            out.push_str("   {{% notice %}}\n");
        }
        out + &"   {{% /notice %}}\n".repeat(n / 32)
    });
    add("a wide table with a short row", |n| {
        let cells = "<td>".repeat(n / 8);
        format!("<table><tr>{cells}{}", "<tr><td>".repeat(n / 16))
    });
    add("a wide head over short rows", |n| {
        let columns = n / 12;
        format!("{}|\n{}|\n{}", "|a".repeat(columns), "|-".repeat(columns), "|a|\n".repeat(n / 8))
    });
    add("links with a long address around blocks", |n| {
        format!("<a href=\"http://{}\">{}", "a".repeat(n / 2), "<hr>".repeat(n / 8))
    });
    add("brackets that close", |n| format!("{}a{}", "[".repeat(n / 2), "]".repeat(n / 2)));
    add("links within links", |n| format!("{}a{}", "[".repeat(n / 8), "](b)".repeat(n / 8)));
    add("emphasis that closes", |n| format!("{}b{}", "*a ".repeat(n / 6), " c*".repeat(n / 6)));
    add("a reference with a long address", |n| {
        format!("[a]: {}\n\n{}", "b".repeat(n / 2), "[a] ".repeat(n / 8))
    });
    add("many wrong links", |n| {
        (0..n / 8).fold(String::new(), |mut o, i| {
            let _ = write!(o, "[a]({i}) ");
            o
        })
    });
    out
}

fn stairs(bytes: usize, step: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    for depth in 0.. {
        if out.len() >= bytes {
            break;
        }
        out.push_str(&step(depth));
    }
    out
}

/// Reads, lays out, colours and reports a lesson; the times of each.
fn times(text: &str, highlighter: &Highlighter) -> [Duration; 4] {
    let mut out = [Duration::ZERO; 4];
    let start = Instant::now();
    let library = Library::of_texts([("a.md", text), ("b.md", "---\ntitle: Be\n---\nbe *bold*\n")]);
    let page = library.find("a", Lang::En).unwrap();
    let parsed = library.parse(page);
    out[0] = start.elapsed();
    let theme = Theme::new(Scheme::Dark);
    let look = Look::new(&theme, Lang::Es);
    let start = Instant::now();
    let plain = render(&parsed.document, 60, &look);
    out[1] = start.elapsed();
    let start = Instant::now();
    drop(render(&parsed.document, 60, &Look { highlight: Some(highlighter), ..look }));
    let _ = espera::ui::lesson::search(&plain, "a");
    out[2] = start.elapsed();
    let start = Instant::now();
    for diagnostic in &parsed.diagnostics {
        let _ = diagnostic.report(&page.source, Lang::Es);
    }
    out[3] = start.elapsed();
    out
}

/// `HOSTILE=64 cargo test --test lessons hostile::figures -- --ignored --nocapture`: the times at so many kB and
/// at four times as many.
#[test]
#[ignore = "prints times; a person judges them"]
fn figures() {
    let small = std::env::var("HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(32usize) * 1024;
    let wanted = std::env::var("ONLY").unwrap_or_default();
    let highlighter = Highlighter::new();
    for (name, make) in makers().iter().filter(|(name, _)| name.contains(&wanted)) {
        let one = times(&make(small), &highlighter);
        let total = |t: &[Duration; 4]| t.iter().sum::<Duration>();
        if total(&one) > Duration::from_secs(8) {
            println!("SLOW {:>8.0?} {one:.0?} {name}", total(&one));
            continue;
        }
        let four = times(&make(4 * small), &highlighter);
        let ratio = total(&four).as_secs_f64() / total(&one).as_secs_f64().max(0.002);
        let mark = if ratio > 7.0 { "RATIO" } else { "" };
        println!("{mark:5} {ratio:>5.1} {:>8.0?} {four:.0?} {name}", total(&four));
    }
}

/// Sizes rather than times: what is told and what is laid out stays in proportion to the text.
#[test]
fn what_comes_of_a_hostile_lesson_is_in_proportion_to_it() {
    let theme = Theme::new(Scheme::Dark);
    for (name, make) in makers() {
        let text = make(3_000);
        let library = Library::of_texts([("a.md", text.as_str()), ("b.md", "---\ntitle: Be\n---\nbe\n")]);
        let page = library.find("a", Lang::En).unwrap();
        let parsed = library.parse(page);
        assert!(parsed.diagnostics.len() <= 201, "{name}: {} problems", parsed.diagnostics.len());
        let told: usize = parsed.diagnostics.iter().map(|d| d.report(&page.source, Lang::Es).len()).sum();
        assert!(told < 300_000, "{name}: {told} bytes of messages");
        let rendered = render(&parsed.document, 60, &Look::new(&theme, Lang::Es));
        let cells: usize = rendered.lines.iter().map(|l| l.width()).sum();
        assert!(cells < 100 * text.len() + 10_000, "{name}: {cells} cells");
        assert!(rendered.lines.iter().all(|l| l.width() <= 60), "{name}");
    }
}

#[test]
fn many_problems_are_counted_after_the_first_two_hundred() {
    let text = "{{< tabs >}}\n\n".repeat(5_000);
    let library = Library::of_texts([("a.md", text.as_str())]);
    let page = library.find("a", Lang::En).unwrap();
    let diagnostics = &library.parse(page).diagnostics;
    assert_eq!(diagnostics.len(), 201);
    let last = diagnostics.last().unwrap().report(&page.source, Lang::En);
    assert!(last.contains("4800 errors and 0 warnings"), "{last}");
    let last = diagnostics.last().unwrap().report(&page.source, Lang::Es);
    assert!(last.contains("4800 errores y 0 avisos"), "{last}");
}

/// A folder with everything in it that is called a lesson and is none.
#[cfg(unix)]
#[test]
fn what_is_called_a_lesson_and_is_none_is_told_and_not_waited_for() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("good.md"), "# Good\n").unwrap();
    let piped = std::process::Command::new("mkfifo").arg(at("pipe.md")).status().is_ok_and(|s| s.success());
    symlink("/dev/zero", at("zero.md")).unwrap();
    symlink(at("ring.md"), at("ring.md")).unwrap();
    symlink(folder.path(), at("link.md")).unwrap();
    std::fs::create_dir(at("folder.md")).unwrap();
    std::fs::write(at("folder.md/inner.md"), "# Inner\n").unwrap();
    // By a short name: a socket's has some hundred bytes at most, and TMPDIR may be longer than that.
    let short = tempfile::tempdir_in("/tmp").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(short.path().join("s")).unwrap();
    symlink(short.path().join("s"), at("socket.md")).unwrap();
    let (told, hears) = std::sync::mpsc::channel();
    let path = folder.path().to_owned();
    // On a thread, so that a test that waits for a pipe fails rather than stands.
    std::thread::spawn(move || {
        let library = Library::open(&path).unwrap();
        let said = |lang| library.unreadable.iter().map(|e| e.message(lang)).collect::<Vec<_>>().join("\n");
        let _ = told.send((library.all().count(), said(Lang::En), said(Lang::Es)));
    });
    let (pages, english, spanish) = hears.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(pages, 2, "{english}");
    for (name, en, es) in [
        ("zero.md", "a device", "un dispositivo"),
        ("link.md", "a folder", "una carpeta"),
        ("socket.md", "a socket", "un socket"),
        ("ring.md", "can't be opened", "no se puede abrir"),
        ("pipe.md", "a pipe", "una tubería"),
    ] {
        if name == "pipe.md" && !piped {
            continue;
        }
        let line = |text: &str| text.lines().find(|l| l.contains(name)).map(str::to_owned);
        assert!(line(&english).is_some_and(|l| l.contains(en)), "{name}: {english}");
        assert!(line(&spanish).is_some_and(|l| l.contains(es)), "{name}: {spanish}");
    }
}
