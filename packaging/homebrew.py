"""The formula of the Homebrew tap, with the hashes of the archives."""

import archives
from description import DESCRIPTION, NAME, RELEASE, REPOSITORY, VERSION, built
from packing import text

SYSTEMS = {"darwin": "macos", "linux": "linux"}
PROCESSORS = {"arm64": "arm", "x64": "intel"}
# Where the formula puts what an archive has besides the program.
PLACES = {
    f"completions/{NAME}.bash": f'bash_completion.install "completions/{NAME}.bash" => "{NAME}"',
    f"completions/_{NAME}": f'zsh_completion.install "completions/_{NAME}"',
    f"completions/{NAME}.fish": f'fish_completion.install "completions/{NAME}.fish"',
    f"man/{NAME}.1": f'man1.install "man/{NAME}.1"',
}


def pack(out):
    targets = [target for target in built() if target.os in SYSTEMS]
    if targets:
        path = out / f"homebrew/{NAME}.rb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text(formula(out, targets)).contents)


def formula(out, targets):
    installed = [line for name, line in PLACES.items() if name in archives.additions()]
    lines = "".join(f"    {line}\n" for line in [f'bin.install "{NAME}"', *installed])
    return f"""# Written by packaging/homebrew.py.
class {NAME.title().replace("-", "")} < Formula
  desc "MCP server for Clerk whose tools run in a WebAssembly sandbox"
  homepage "{REPOSITORY}"
  version "{VERSION}"
  license "{DESCRIPTION["license"]}"
{"".join(system(out, name, targets) for name in SYSTEMS)}
  def install
{lines}  end

  test do
    assert_match "count", shell_output("#{{bin}}/{NAME} call clerk_count_users --demo")
  end
end
"""


def system(out, name, targets):
    blocks = "".join(source(out, target) for target in targets if target.os == name)
    return f"\n  on_{SYSTEMS[name]} do\n{blocks}  end\n" if blocks else ""


def source(out, target):
    return f"""    on_{PROCESSORS[target.cpu]} do
      url "{RELEASE}/{target.archive_file}"
      sha256 "{archives.sha256(out, target)}"
    end
"""
