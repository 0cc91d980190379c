//! Prints the skills in `skills/` as statics of the component: their frontmatter, and of each file its digest, its size and the
//! tools that it names.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::packed::packed;

const SKILL_MD: &str = "SKILL.md";
const REFERENCES: &str = "references";

/// All skills in the order of their names: a static of each, and one of all.
pub(crate) fn all(directory: &Path) -> String {
    let (mut statics, mut names) = (String::new(), String::new());
    for name in entries(directory) {
        let constant = name.replace('-', "_").to_uppercase();
        let skill = skill(&directory.join(&name), &name);
        let _ = writeln!(statics, "pub(crate) static {constant}: Skill = {skill};");
        let _ = write!(names, "&{constant}, ");
    }
    format!("{statics}pub(crate) static SKILLS: &[&Skill] = &[{names}];\n")
}

fn skill(directory: &Path, name: &str) -> String {
    let text = read(&directory.join(SKILL_MD));
    let Some((given, description)) = frontmatter(&text) else {
        panic!("{name}: {SKILL_MD} begins with `---`, a line `name`, a line `description`, and `---`")
    };
    assert_eq!(given, name, "the name of a skill is that of its folder");
    let mut files = file(directory, SKILL_MD);
    if directory.join(REFERENCES).is_dir() {
        for reference in entries(&directory.join(REFERENCES)) {
            files += &file(directory, &format!("{REFERENCES}/{reference}"));
        }
    }
    format!("Skill {{ name: {name:?}, description: {description:?}, files: &[{files}] }}")
}

/// The name and the description: plain YAML in a line each.
fn frontmatter(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.strip_prefix("---\nname: ")?.split_once('\n')?;
    let (description, rest) = rest.strip_prefix("description: ")?.split_once('\n')?;
    rest.starts_with("---\n").then_some((name, description))
}

/// A file of the folder of this skill.
fn file(skill: &Path, path: &str) -> String {
    let whole = format!("{}/{path}", skill.display());
    let text = read(Path::new(&whole));
    let digest = Sha256::digest(text.as_bytes()).iter().fold(String::from("sha256:"), |mut digest, byte| {
        let _ = write!(digest, "{byte:02x}");
        digest
    });
    let (tools, text) = (tools(&text), packed(&text));
    format!("File {{ path: {path:?}, digest: {digest:?}, tools: &{tools:?}, text: {text} }}, ")
}

/// The words that begin as the names of tools do.
fn tools(text: &str) -> Vec<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("clerk_")).collect::<BTreeSet<_>>().into_iter().collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names in a directory, in order.
fn entries(directory: &Path) -> BTreeSet<String> {
    let found = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let name = |entry: Result<fs::DirEntry, _>| entry.ok()?.file_name().into_string().ok();
    found.map(|entry| name(entry).expect("a name that is text")).collect()
}
