//! Makes a static tool of each operation of Clerk's Backend API: its facts, and what was reviewed by hand. An operation that
//! nobody has reviewed does not build. Makes a static of each skill, with the digests of its files, and of each part of the views.

#[path = "build/kinds.rs"]
mod kinds;
#[path = "build/packed.rs"]
mod packed;
#[path = "build/print.rs"]
mod print;
#[path = "build/review.rs"]
mod review;
#[path = "build/shape.rs"]
mod shape;
#[path = "build/skills.rs"]
mod skills;
#[path = "build/targets.rs"]
mod targets;
#[path = "build/views.rs"]
mod views;

use std::path::Path;
use std::{env, fs};

use crate::shape::Facts;

const FACTS: &str = "src/operations/facts.json";
const REVIEWED: &str = "src/operations/reviewed.txt";
const SKILLS: &str = "skills";
const VIEWS: &str = "views";

fn main() {
    for file in ["build.rs", "build", FACTS, REVIEWED, SKILLS, VIEWS] {
        println!("cargo::rerun-if-changed={file}");
    }
    let read = |file: &str| fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut facts = Facts::read(&read(FACTS));
    let reviews = review::read(&read(REVIEWED), &facts);
    review::mark_secrets(&reviews, &mut facts);
    let directory = env::var_os("OUT_DIR").expect("cargo says where output goes");
    let write =
        |name: &str, text: String| fs::write(Path::new(&directory).join(name), text).expect("it can be written");
    write("operations.rs", print::all(&facts, &reviews));
    write("skills.rs", skills::all(Path::new(SKILLS)));
    write("views.rs", views::all(Path::new(VIEWS)));
}
