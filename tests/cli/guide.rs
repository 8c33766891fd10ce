//! The guide for rule authors, and its list of words, are true: its files are written, its commands are run in their order, and what it shows is what they say.
//!
//! A block ` ```rhai pack.rhai ` or ` ```jsonl cases/first.jsonl ` is a file; a ` ```console ` block holds commands after `$`, each with what it
//! prints. `DULY_UPDATE_GUIDE=1 cargo test --all-features --test cli guide` writes what they print now into the guide.

use std::fs;
use std::path::Path;
use std::process::Command;

const PAGES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/rules/WORDS.md"),
];

/// The guide with the output of every command as it is now.
fn played(guide: &str, folder: &Path) -> String {
    let mut shown = String::new();
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        shown += line;
        shown.push('\n');
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match info.split_once(' ') {
            Some((_, name)) => {
                let path = folder.join(name);
                fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder");
                fs::write(path, block.join("\n") + "\n").expect("written");
                shown += &block.join("\n");
                shown.push('\n');
            }
            None if info == "console" => {
                for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
                    shown += &format!("$ {command}\n{}", run(command, folder));
                }
            }
            None => {
                shown += &block.join("\n");
                shown.push('\n');
            }
        }
        shown += "```\n";
    }
    shown
}

/// What a command prints. A command that fails says so in its last line.
fn run(command: &str, folder: &Path) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    let [tool, args @ ..] = words.as_slice() else {
        return String::new();
    };
    assert_eq!(*tool, "duly", "the guide runs the tool and nothing else");
    let output = Command::new(env!("CARGO_BIN_EXE_duly"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the tool runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    let mut said = text(&output.stdout);
    let more = text(&output.stderr);
    if !said.is_empty() && !more.is_empty() {
        said.push('\n');
    }
    said += &more;
    let code = output.status.code().expect("it ends by itself");
    let said: Vec<&str> = said.lines().map(str::trim_end).collect();
    let end = if code == 0 {
        String::new()
    } else {
        format!("[exit {code}]\n")
    };
    if said.is_empty() {
        return end;
    }
    format!("{}\n{end}", said.join("\n"))
}

// Whoever follows the guide sees what the guide shows, to the letter.
#[test]
fn the_guide_shows_what_its_commands_print() {
    for page in PAGES {
        let guide = fs::read_to_string(page).expect("the guide");
        let folder = tempfile::tempdir().expect("a folder");
        let now = played(&guide, folder.path());
        if std::env::var_os("DULY_UPDATE_GUIDE").is_some() {
            fs::write(page, &now).expect("written");
        }
        let differs = guide
            .lines()
            .zip(now.lines())
            .enumerate()
            .find(|(_, (said, is))| said != is);
        if let Some((at, (said, is))) = differs {
            assert_eq!(said, is, "{page}:{}", at + 1);
        }
        assert_eq!(guide, now);
    }
}
