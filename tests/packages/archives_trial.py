"""The archives of a release, and what leads to them: cargo binstall, Homebrew, winget."""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

from described import NAME, PACKAGES, RELEASE, TARGETS, VERSION, archives, built, own
from install import PYTHON, ROOT
from trial import DEMO, contains, empty_home, equal, run, serves

READ_YAML = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"


def checks():
    yield "one runs where it is unpacked", one_runs_where_it_is_unpacked
    yield "equal programs give equal bytes", equal_programs_give_equal_bytes
    yield "cargo binstall finds them", cargo_binstall_finds_them
    yield "the formula names them", the_formula_names_them
    yield "the manifests of winget name them", the_manifests_of_winget_name_them


def one_runs_where_it_is_unpacked():
    target = own()
    with empty_home() as (home, env):
        with tarfile.open(PACKAGES / "archives" / target.archive_file) as archive:
            archive.extractall(home, filter="data")
        directory = home / target.archive
        equal(run([directory / NAME, "--version"], env).strip(), f"{NAME} {VERSION}")
        serves([directory / NAME, *DEMO], env)
        contains((directory / "LICENSE").read_text(), "MIT License")


def equal_programs_give_equal_bytes():
    with empty_home() as (home, _):
        for source in {target.path for target in built()}:
            # As a later build leaves them.
            source.touch()
        run([sys.executable, "-B", ROOT / "packaging/pack.py", "--out", home / "again"])
        again = {path.relative_to(home / "again"): path for path in (home / "again").rglob("*") if path.is_file()}
        for name, path in again.items():
            equal((name, path.read_bytes() == (PACKAGES / name).read_bytes()), (name, True))
        equal(len(again) >= 6, True)


def cargo_binstall_finds_them():
    manifest = tomllib.loads((ROOT / "host-harness/Cargo.toml").read_text())
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
    general = manifest["package"]["metadata"]["binstall"]
    # Windows has its own words for who runs there.
    known = {"x86_64-pc-windows-gnu": "x86_64-pc-windows-msvc", "aarch64-pc-windows-gnullvm": "aarch64-pc-windows-msvc"}
    for target in TARGETS:
        asked = known.get(target.rust, target.rust)
        chosen = general | general["overrides"].get(asked, {})
        words = {"repo": workspace["repository"], "version": VERSION, "name": NAME, "target": asked, "bin": NAME}
        words |= {"archive-suffix": {"tgz": ".tar.gz", "zip": ".zip"}[chosen["pkg-fmt"]]}
        words |= {"binary-ext": Path(target.program).suffix}
        filled = [re.sub(r"\{ ([\w-]+) \}", lambda word: words[word[1]], chosen[key]) for key in ["pkg-url", "bin-dir"]]
        equal(filled, [f"{RELEASE}/{target.archive_file}", f"{target.archive}/{target.program}"])


def the_formula_names_them():
    formula = PACKAGES / f"homebrew/{NAME}.rb"
    text = formula.read_text()
    sources = re.findall(r'url "(.*)"\n\s*sha256 "(.*)"', text)
    there = [target for target in built() if target.os != "win32"]
    wanted = {(f"{RELEASE}/{target.archive_file}", archives.sha256(PACKAGES, target)) for target in there}
    equal(set(sources), wanted)
    if shutil.which("ruby"):
        contains(run(["ruby", "-c", formula]), "Syntax OK")
    else:
        print("  the formula's syntax: skipped, ruby is not installed")


def the_manifests_of_winget_name_them():
    print("  the manifests' schema: skipped, `winget validate` needs Windows; a release runs it")
    there = [target for target in built() if target.os == "win32"]
    if not there:
        print("  the manifests: skipped, there is no program for Windows")
        return
    read = {}
    for path in PACKAGES.glob("winget/*.yaml"):
        done = subprocess.run([PYTHON, "-c", READ_YAML], input=path.read_text(), capture_output=True, text=True, check=True)
        manifest = json.loads(done.stdout)
        equal((manifest["PackageVersion"], manifest["ManifestVersion"]), (VERSION, "1.10.0"))
        read[manifest["ManifestType"]] = manifest
    equal(sorted(read), ["defaultLocale", "installer", "version"])
    installers = {(each["InstallerUrl"], each["InstallerSha256"]) for each in read["installer"]["Installers"]}
    wanted = {(f"{RELEASE}/{target.archive_file}", archives.sha256(PACKAGES, target).upper()) for target in there}
    equal(installers, wanted)
