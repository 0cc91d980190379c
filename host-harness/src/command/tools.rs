//! `clerk-mcp tools`.

use std::process::ExitCode;

use rmcp::model::JsonObject;
use serde_json::json;

use super::print;
use crate::cli::Options;
use crate::component::Tool;
use crate::preparation::{egress, load, load_profiles, named, origin};
use crate::profiles::Profiles;
use crate::server::{is_final, list_of_several, name_of, to_mcp};
use crate::terminal::style::RED;
use crate::terminal::table::{self, Cell, Rank};
use crate::terminal::{self, is_read_by_person};

pub(super) async fn list(options: &Options, instance: Option<&str>, as_json: bool) -> anyhow::Result<ExitCode> {
    let profiles = Profiles::of(options)?;
    let options = match instance {
        Some(name) => &named(profiles.as_ref(), name)?.options,
        None => options,
    };
    let tools = match &profiles {
        Some(profiles) if instance.is_none() => {
            let loaded = load_profiles(options, profiles).await?;
            let names = profiles.all.iter().map(|profile| profile.name.clone());
            list_of_several(names.zip(loaded).collect(), profiles.default).await?
        }
        _ => {
            let (component, policy) = load(options, egress(options, origin(options)?)).await?;
            component.list_tools(&policy).await?
        }
    };
    if is_read_by_person(as_json) {
        terminal::print(&table_of(&tools, terminal::width()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let of_each = |value: fn(&Tool) -> &str| -> JsonObject {
        tools.iter().map(|tool| (tool.name.clone(), value(tool).into())).collect()
    };
    let (toolsets, dangers) = (of_each(|tool| &tool.toolset), of_each(|tool| name_of(tool.danger)));
    let tools = tools.into_iter().map(to_mcp).collect::<Result<Vec<_>, _>>()?;
    print(&format!("{:#}", json!({ "tools": tools, "toolsets": toolsets, "dangers": dangers })))
}

/// Names are what people type.
const RANKS: [Rank; 4] = [Rank::WHOLE, Rank::whole_or_none(2), Rank::whole_or_none(1), Rank { order: 3, least: 12 }];

/// The tools for a person.
fn table_of(tools: &[Tool], width: usize) -> String {
    let headings = ["NAME", "TOOLSET", "DANGER", "TITLE"].map(Cell::heading).to_vec();
    let row = |tool: &Tool| {
        let danger = Cell::new(name_of(tool.danger));
        let danger = if is_final(tool.danger) { danger.styled(RED) } else { danger };
        vec![Cell::new(&*tool.name), Cell::new(&*tool.toolset), danger, Cell::new(&*tool.title)]
    };
    let rows: Vec<_> = std::iter::once(headings).chain(tools.iter().map(row)).collect();
    table::lines(&rows, &RANKS, width).join("\n")
}
