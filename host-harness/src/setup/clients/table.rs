//! The table of clients. Facts are from each client's documentation, those of the command line also from running it.

use super::super::edit::Format;
use super::super::entry::{CommandField, Fixed, HttpShape, Shape};
use super::{Client, Files};

/// A command, its arguments and its environment in fields of their own, as most clients have it.
const PLAIN: Shape = Shape { first: &[], command: CommandField::Apart("command"), environment: "env", last: &[] };
const TYPED: Shape = Shape { first: &[("type", Fixed::Text("stdio"))], ..PLAIN };
const URL: HttpShape = HttpShape { first: &[], url: "url", last: &[] };
const TYPED_URL: HttpShape = HttpShape { first: &[("type", Fixed::Text("http"))], ..URL };

/// The client that others resemble.
const USUAL: Client = Client {
    name: "",
    title: "",
    format: Format::Json,
    servers: "mcpServers",
    shape: PLAIN,
    http: Some(URL),
    user: Files::everywhere(&[]),
    project: None,
    directory: None,
    signs: &[],
    programs: &[],
    afterwards: "Start a new session.",
};

pub(crate) const CLIENTS: &[Client] = &[
    Client {
        name: "claude-code",
        title: "Claude Code",
        shape: TYPED,
        http: Some(TYPED_URL),
        user: Files::everywhere(&["~/.claude.json"]),
        project: Some(".mcp.json"),
        directory: Some(("CLAUDE_CONFIG_DIR", ".claude.json")),
        signs: &["~/.claude", "~/.claude.json"],
        programs: &["claude"],
        afterwards: "Start a new session; /mcp shows the server.",
        ..USUAL
    },
    Client {
        name: "claude-desktop",
        title: "Claude Desktop",
        http: None,
        user: Files {
            linux: &["$XDG_CONFIG_HOME/Claude/claude_desktop_config.json"],
            macos: &["~/Library/Application Support/Claude/claude_desktop_config.json"],
            windows: &["%APPDATA%/Claude/claude_desktop_config.json"],
        },
        signs: &["$XDG_CONFIG_HOME/Claude", "~/Library/Application Support/Claude", "%APPDATA%/Claude"],
        afterwards: "Quit Claude Desktop and start it again: closing its window is not enough.",
        ..USUAL
    },
    Client {
        name: "cursor",
        title: "Cursor",
        shape: TYPED,
        user: Files::everywhere(&["~/.cursor/mcp.json"]),
        project: Some(".cursor/mcp.json"),
        signs: &["~/.cursor"],
        programs: &["cursor", "cursor-agent"],
        afterwards: "Switch the server on in Cursor's settings, under MCP, if it is not.",
        ..USUAL
    },
    Client {
        name: "vscode",
        title: "VS Code",
        servers: "servers",
        shape: TYPED,
        http: Some(TYPED_URL),
        user: Files {
            linux: &["$XDG_CONFIG_HOME/Code/User/mcp.json"],
            macos: &["~/Library/Application Support/Code/User/mcp.json"],
            windows: &["%APPDATA%/Code/User/mcp.json"],
        },
        project: Some(".vscode/mcp.json"),
        signs: &["$XDG_CONFIG_HOME/Code", "~/Library/Application Support/Code", "%APPDATA%/Code", "~/.vscode"],
        programs: &["code"],
        afterwards: "Run \"MCP: List Servers\" and start the server; tools are there in agent mode.",
        ..USUAL
    },
    Client {
        name: "codex",
        title: "Codex",
        format: Format::Toml,
        servers: "mcp_servers",
        user: Files::everywhere(&["~/.codex/config.toml"]),
        project: Some(".codex/config.toml"),
        directory: Some(("CODEX_HOME", "config.toml")),
        signs: &["~/.codex"],
        programs: &["codex"],
        ..USUAL
    },
    Client {
        name: "gemini",
        title: "Gemini CLI",
        http: Some(HttpShape { url: "httpUrl", ..URL }),
        user: Files::everywhere(&["~/.gemini/settings.json"]),
        project: Some(".gemini/settings.json"),
        signs: &["~/.gemini"],
        programs: &["gemini"],
        ..USUAL
    },
    Client {
        name: "windsurf",
        title: "Windsurf",
        http: Some(HttpShape { url: "serverUrl", ..URL }),
        user: Files::everywhere(&["~/.codeium/windsurf/mcp_config.json"]),
        signs: &["~/.codeium/windsurf"],
        programs: &["windsurf"],
        afterwards: "Refresh the MCP servers in Cascade.",
        ..USUAL
    },
    Client {
        name: "zed",
        title: "Zed",
        servers: "context_servers",
        user: Files {
            linux: &["$XDG_CONFIG_HOME/zed/settings.json"],
            macos: &["~/.config/zed/settings.json"],
            windows: &["%APPDATA%/Zed/settings.json"],
        },
        project: Some(".zed/settings.json"),
        signs: &["$XDG_CONFIG_HOME/zed", "~/.config/zed", "%APPDATA%/Zed"],
        programs: &["zed", "zeditor"],
        afterwards: "Zed starts the server by itself; the agent panel's settings show it.",
        ..USUAL
    },
    Client {
        name: "cline",
        title: "Cline",
        http: Some(HttpShape { first: &[("type", Fixed::Text("streamableHttp"))], ..URL }),
        user: Files {
            linux: &[
                "~/.cline/data/settings/cline_mcp_settings.json",
                "$XDG_CONFIG_HOME/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
            ],
            macos: &[
                "~/.cline/data/settings/cline_mcp_settings.json",
                "~/Library/Application Support/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
            ],
            windows: &[
                "~/.cline/data/settings/cline_mcp_settings.json",
                "%APPDATA%/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
            ],
        },
        signs: &["~/.cline"],
        programs: &["cline"],
        afterwards: "Cline starts the server by itself; its MCP panel shows it.",
        ..USUAL
    },
    Client {
        name: "goose",
        title: "Goose",
        format: Format::Yaml,
        servers: "extensions",
        shape: Shape {
            first: &[
                ("enabled", Fixed::Flag(true)),
                ("type", Fixed::Text("stdio")),
                ("name", Fixed::Name),
                ("description", Fixed::Text("Clerk's users and organizations")),
            ],
            command: CommandField::Apart("cmd"),
            environment: "envs",
            last: &[("timeout", Fixed::Number(300))],
        },
        http: Some(HttpShape {
            first: &[
                ("enabled", Fixed::Flag(true)),
                ("type", Fixed::Text("streamable_http")),
                ("name", Fixed::Name),
                ("description", Fixed::Text("Clerk's users and organizations")),
            ],
            url: "uri",
            last: &[("timeout", Fixed::Number(300))],
        }),
        user: Files {
            linux: &["$XDG_CONFIG_HOME/goose/config.yaml"],
            macos: &["~/.config/goose/config.yaml"],
            windows: &["%APPDATA%/Block/goose/config/config.yaml"],
        },
        signs: &["$XDG_CONFIG_HOME/goose", "~/.config/goose", "%APPDATA%/Block/goose"],
        programs: &["goose"],
        ..USUAL
    },
    Client {
        name: "opencode",
        title: "opencode",
        servers: "mcp",
        shape: Shape {
            first: &[("type", Fixed::Text("local"))],
            command: CommandField::Together,
            environment: "environment",
            last: &[("enabled", Fixed::Flag(true))],
        },
        http: Some(HttpShape {
            first: &[("type", Fixed::Text("remote"))],
            url: "url",
            last: &[("enabled", Fixed::Flag(true))],
        }),
        user: Files {
            linux: &[
                "$XDG_CONFIG_HOME/opencode/opencode.json",
                "$XDG_CONFIG_HOME/opencode/opencode.jsonc",
                "$XDG_CONFIG_HOME/opencode/config.json",
            ],
            macos: &["~/.config/opencode/opencode.json", "~/.config/opencode/opencode.jsonc"],
            windows: &["~/.config/opencode/opencode.json", "~/.config/opencode/opencode.jsonc"],
        },
        project: Some("opencode.json"),
        signs: &["$XDG_CONFIG_HOME/opencode", "~/.config/opencode"],
        programs: &["opencode"],
        ..USUAL
    },
    Client {
        name: "copilot-cli",
        title: "GitHub Copilot CLI",
        shape: Shape { first: &[("type", Fixed::Text("local"))], last: &[("tools", Fixed::Texts(&["*"]))], ..PLAIN },
        http: Some(HttpShape { last: &[("tools", Fixed::Texts(&["*"]))], ..TYPED_URL }),
        user: Files::everywhere(&["~/.copilot/mcp-config.json"]),
        directory: Some(("COPILOT_HOME", "mcp-config.json")),
        signs: &["~/.copilot"],
        programs: &["copilot"],
        ..USUAL
    },
    Client {
        name: "kiro",
        title: "Kiro",
        user: Files::everywhere(&["~/.kiro/settings/mcp.json"]),
        project: Some(".kiro/settings/mcp.json"),
        signs: &["~/.kiro"],
        programs: &["kiro"],
        afterwards: "Kiro starts the server by itself; its MCP panel shows it.",
        ..USUAL
    },
    Client {
        name: "lm-studio",
        title: "LM Studio",
        user: Files::everywhere(&["~/.lmstudio/mcp.json"]),
        signs: &["~/.lmstudio"],
        programs: &["lms"],
        afterwards: "Switch the server on under Program, Integrations.",
        ..USUAL
    },
];
