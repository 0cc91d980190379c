//! What the operator allows, as the command line and the environment say it, and what a request wants less of. What of it
//! makes sense, the component says: it applies the policy.

use crate::cli::Options;
use crate::component::{Component, Confirm, Masks, Mode, Policy, PrivateMetadata};
use crate::policy_options::{ConfirmOption, DEFAULT_PAGE_BYTES, MaskOption, ModeOption, PrivateMetadataOption};
use axum::http::HeaderMap;
use clap::ValueEnum as _;

/// The name of all toolsets together.
const ALL: &str = "all";

/// The policy that allows and lists everything, to ask a component what it has.
pub(crate) fn everything() -> Policy {
    Policy {
        mode: Mode::Full,
        production: false,
        confirm: Confirm::Token,
        toolsets: vec![ALL.into()],
        tools: Vec::new(),
        exclude_tools: Vec::new(),
        private_metadata: PrivateMetadata::Show,
        ask_metadata: false,
        page_bytes: DEFAULT_PAGE_BYTES,
        keeps_secrets: true,
        masks: Masks { emails: false, phones: false },
        organizations: Vec::new(),
        users: Vec::new(),
    }
}

/// The policy under which a component lists all that this one allows.
pub(crate) fn unabridged(policy: &Policy) -> Policy {
    let toolsets = if policy.toolsets.is_empty() { vec![ALL.into()] } else { policy.toolsets.clone() };
    Policy { toolsets, ..policy.clone() }
}

impl From<ModeOption> for Mode {
    fn from(mode: ModeOption) -> Self {
        match mode {
            ModeOption::ReadOnly => Self::ReadOnly,
            ModeOption::Standard => Self::Standard,
            ModeOption::Full => Self::Full,
        }
    }
}

impl Masks {
    /// These, and another one.
    fn and(self, mask: MaskOption) -> Self {
        match mask {
            MaskOption::Emails => Self { emails: true, ..self },
            MaskOption::Phones => Self { phones: true, ..self },
        }
    }
}

/// The operator's policy.
///
/// # Errors
///
/// Which options contradict each other, or mean nothing.
pub(crate) async fn read(options: &Options, component: &Component) -> anyhow::Result<Policy> {
    anyhow::ensure!(
        !options.read_only || options.mode.is_none_or(|mode| mode == ModeOption::ReadOnly),
        "--read-only (CLERK_READ_ONLY) contradicts --mode {} (CLERK_MODE): leave one of them out",
        options
            .mode
            .and_then(|mode| mode.to_possible_value())
            .map_or_else(String::new, |value| value.get_name().into()),
    );
    let mode = if options.read_only { ModeOption::ReadOnly } else { options.mode.unwrap_or(ModeOption::Standard) };
    let policy = Policy {
        mode: mode.into(),
        confirm: match options.confirm {
            ConfirmOption::Off => Confirm::Off,
            ConfirmOption::Token => Confirm::Token,
            ConfirmOption::Elicit => Confirm::Elicit,
            ConfirmOption::TokenOnly => Confirm::TokenOnly,
        },
        toolsets: names(&options.toolsets, "--toolsets (CLERK_TOOLSETS)", "toolset")?,
        tools: Some(names(&options.tools, "--tools (CLERK_TOOLS)", "tool")?)
            .filter(|one| !one.is_empty())
            .into_iter()
            .collect(),
        exclude_tools: names(&options.exclude_tools, "--exclude-tools (CLERK_EXCLUDE_TOOLS)", "tool")?,
        private_metadata: match options.private_metadata {
            PrivateMetadataOption::Show => PrivateMetadata::Show,
            PrivateMetadataOption::Keys => PrivateMetadata::Keys,
            PrivateMetadataOption::Hide => PrivateMetadata::Hide,
        },
        ask_metadata: options.ask_metadata,
        page_bytes: options.page_bytes,
        keeps_secrets: options.secrets_dir.is_some(),
        masks: options.mask.iter().fold(everything().masks, |masks, mask| masks.and(*mask)),
        organizations: options.organization.iter().cloned().collect(),
        users: options.user.iter().cloned().collect(),
        ..everything()
    };
    match component.check_policy(&policy).await?.into_iter().next() {
        Some(problem) => anyhow::bail!(problem),
        None => Ok(policy),
    }
}

/// An allow list that came out empty must not allow everything.
fn names(given: &[String], setting: &str, what: &str) -> anyhow::Result<Vec<String>> {
    let names = trimmed(given.iter().map(String::as_str));
    anyhow::ensure!(
        given.is_empty() || !names.is_empty(),
        "{setting} names no {what}: name some, or leave it out (unset the variable) for no restriction"
    );
    Ok(names)
}

fn trimmed<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// Headers by which a request wants less than the operator allows. Their names are those of GitHub's MCP server.
const MODE: &str = "x-mcp-mode";
const READ_ONLY: &str = "x-mcp-readonly";
const TOOLSETS: &str = "x-mcp-toolsets";
const TOOLS: &str = "x-mcp-tools";
const EXCLUDE_TOOLS: &str = "x-mcp-exclude-tools";
const ASK_METADATA: &str = "x-mcp-ask-metadata";
const MASK: &str = "x-mcp-mask";
const ORGANIZATION: &str = "x-mcp-organization";

/// All of them, in the order in which a refusal names them.
const NARROWING: [&str; 8] = [MODE, READ_ONLY, TOOLSETS, TOOLS, EXCLUDE_TOOLS, ASK_METADATA, MASK, ORGANIZATION];
/// How they begin. No header of the protocol begins so.
const PREFIX: &str = "x-mcp-";

/// Why a request cannot have the policy it wants.
pub(crate) enum Unwilling {
    /// It is more than the operator allows.
    Wider(String),
    Malformed(String),
}

/// What a request wants instead of the operator's policy, never more than that allows; none where it wants nothing.
///
/// # Errors
///
/// It wants more, or cannot be understood.
pub(crate) fn narrowed(policy: &Policy, headers: &HeaderMap) -> Result<Option<Policy>, Unwilling> {
    // Whoever wants less counts on getting no more, also by a name that there is not.
    if let Some(unknown) = headers.keys().find(|name| is_unknown(name.as_str())) {
        return Err(Unwilling::Malformed(format!(
            "{unknown}: there is no such header; a request narrows what it may do by {}",
            NARROWING.join(", ")
        )));
    }
    let mut narrow = policy.clone();
    if let Some(mode) = mode(headers)? {
        let rank = |mode: Mode| [Mode::ReadOnly, Mode::Standard, Mode::Full].iter().position(|other| *other == mode);
        if rank(mode.into()) > rank(policy.mode) {
            return Err(Unwilling::Wider(format!("{MODE}: the operator allows less than this mode (--mode)")));
        }
        narrow.mode = mode.into();
    }
    if let Some(toolsets) = list(headers, TOOLSETS)? {
        let is_any = policy.toolsets.is_empty() || policy.toolsets.iter().any(|name| name == ALL);
        let is_allowed = |name: &&String| is_any || policy.toolsets.contains(name);
        if let Some(more) = toolsets.iter().find(|name| !is_allowed(name)) {
            return Err(Unwilling::Wider(format!("{TOOLSETS}: the operator does not allow {more:?} (--toolsets)")));
        }
        narrow.toolsets = toolsets;
    }
    narrow.tools.extend(list(headers, TOOLS)?);
    narrow.exclude_tools.extend(list(headers, EXCLUDE_TOOLS)?.into_iter().flatten());
    if let Some(ask) = flag(headers, ASK_METADATA)? {
        if policy.ask_metadata && !ask {
            return Err(Unwilling::Wider(format!("{ASK_METADATA}: the operator has metadata ask (--ask-metadata)")));
        }
        narrow.ask_metadata = ask;
    }
    for name in list(headers, MASK)?.into_iter().flatten() {
        let mask = MaskOption::from_str(&name, true).map_err(|_| malformed(MASK, "emails, phones or both"))?;
        narrow.masks = narrow.masks.and(mask);
    }
    // That it is the same one as the operator has named, the component says, which knows slugs.
    narrow.organizations.extend(text(headers, ORGANIZATION)?.map(|name| name.trim().to_owned()));
    let wanted = NARROWING.iter().any(|name| headers.contains_key(*name));
    Ok(wanted.then_some(narrow))
}

/// Whether a header, whose name is in lower case, is of this kind and none of those that there are.
fn is_unknown(name: &str) -> bool {
    // Some proxies pass on underscores for hyphens, and some servers take one for the other.
    name.replace('_', "-").starts_with(PREFIX) && !NARROWING.contains(&name)
}

fn mode(headers: &HeaderMap) -> Result<Option<ModeOption>, Unwilling> {
    let read_only = flag(headers, READ_ONLY)?.unwrap_or_default();
    let mode = text(headers, MODE)?.map(|text| ModeOption::from_str(&text, true)).transpose();
    let mode = mode.map_err(|_| malformed(MODE, "read-only, standard or full"))?;
    Ok(if read_only { Some(ModeOption::ReadOnly) } else { mode })
}

fn malformed(name: &str, takes: &str) -> Unwilling {
    Unwilling::Malformed(format!("{name}: it takes {takes}"))
}

/// A header that is true or false.
fn flag(headers: &HeaderMap, name: &str) -> Result<Option<bool>, Unwilling> {
    match text(headers, name)?.map(|text| text.to_ascii_lowercase()).as_deref() {
        None => Ok(None),
        Some("false" | "0") => Ok(Some(false)),
        Some("true" | "1") => Ok(Some(true)),
        Some(_) => Err(malformed(name, "true or false")),
    }
}

/// Names with commas in between.
fn list(headers: &HeaderMap, name: &str) -> Result<Option<Vec<String>>, Unwilling> {
    let Some(text) = text(headers, name)? else { return Ok(None) };
    match trimmed(text.split(',')) {
        names if names.is_empty() => Err(Unwilling::Malformed(format!("{name}: it names nothing; leave it out"))),
        names => Ok(Some(names)),
    }
}

/// A header's value; that of several of the same name together.
fn text(headers: &HeaderMap, name: &str) -> Result<Option<String>, Unwilling> {
    let values: Result<Vec<&str>, _> = headers.get_all(name).iter().map(|value| value.to_str()).collect();
    let values = values.map_err(|_| Unwilling::Malformed(format!("{name}: it is not ASCII")))?;
    Ok((!values.is_empty()).then(|| values.join(",")))
}
