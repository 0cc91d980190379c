//! Writes the body of each function of `wit/wassette.wit`: a call of the tool of the same name.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use heck::ToSnakeCase as _;
use wit_parser::{Function, Resolve, Type, TypeDefKind, WorldItem};

fn main() -> anyhow::Result<()> {
    println!("cargo::rerun-if-changed=wit");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path("wit")?;
    let world = &resolve.worlds[resolve.select_world(&[package], None)?];
    let mut source = String::from("impl Guest for Wassette {\n");
    for item in world.exports.values() {
        if let WorldItem::Function(function) = item {
            write_function(&mut source, &resolve, function)?;
        }
    }
    source.push_str("}\n");
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    Ok(fs::write(Path::new(&out).join("functions.rs"), source)?)
}

fn write_function(source: &mut String, resolve: &Resolve, function: &Function) -> anyhow::Result<()> {
    let name = function.name.to_snake_case();
    let parameters = || function.params.iter().map(|parameter| (parameter.name.to_snake_case(), parameter.ty));
    write!(source, "fn {name}(")?;
    for (parameter, kind) in parameters() {
        write!(source, "{parameter}: {}, ", rust(resolve, kind))?;
    }
    write!(source, ") -> String {{\n    call({name:?}, vec![")?;
    for (parameter, _) in parameters() {
        write!(source, "({parameter:?}, {parameter}.into()), ")?;
    }
    source.push_str("])\n}\n");
    Ok(())
}

fn rust(resolve: &Resolve, kind: Type) -> String {
    match kind {
        Type::Bool => "bool".into(),
        Type::U32 => "u32".into(),
        Type::String => "String".into(),
        Type::Id(id) => match resolve.types[id].kind {
            TypeDefKind::Option(inner) => format!("Option<{}>", rust(resolve, inner)),
            TypeDefKind::List(inner) => format!("Vec<{}>", rust(resolve, inner)),
            _ => unsupported(kind),
        },
        _ => unsupported(kind),
    }
}

fn unsupported(kind: Type) -> ! {
    panic!("the interface has no parameters of this type: {kind:?}")
}
