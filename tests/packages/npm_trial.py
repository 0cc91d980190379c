"""npm: published to a registry on loopback, run by npx, installed, removed; and what goes wrong."""

import json
import os
import signal
import subprocess
import tarfile
import time
from contextlib import contextmanager

from described import NAME, PACKAGES, VERSION, own
from install import MODULES, NODE
from trial import DEMO, PATIENCE, contains, empty_home, equal, free_port, listens, run, server, serves, try_to

# A launcher on a platform that is not this one.
ELSEWHERE = "Object.defineProperty(process, 'platform', { value: 'sunos' }); require(process.argv[1])"


def checks():
    yield "npx starts it", npx_starts_it
    yield "it is installed and removed", it_is_installed_and_removed
    yield "a platform without a program is named", a_platform_without_a_program_is_named
    yield "a missing package is named", a_missing_package_is_named
    yield "a program that cannot start is named", a_program_that_cannot_start_is_named
    yield "it ends as the program ends", it_ends_as_the_program_ends
    yield "a signal ends both", a_signal_ends_both
    yield "a terminal's signal is not repeated", a_terminals_signal_is_not_repeated
    yield "the program knows who started it", the_program_knows_who_started_it
    yield "nothing is run when it is installed", nothing_is_run_when_it_is_installed


@contextmanager
def registry():
    """An empty home whose npm knows one registry, which has the packages."""
    port = free_port()
    with empty_home() as (home, env):
        settings = {
            "storage": str(home / "storage"),
            "uplinks": {},
            "packages": {"**": {"access": "$all", "publish": "$all"}},
            "log": {"type": "stdout", "level": "warn"},
            "max_body_size": "200mb",
        }
        # YAML, as JSON is.
        (home / "verdaccio.yaml").write_text(json.dumps(settings))
        (home / ".npmrc").write_text(
            f"registry=http://127.0.0.1:{port}/\n//127.0.0.1:{port}/:_authToken=of-nobody\nupdate-notifier=false\n"
        )
        command = [NODE, MODULES / "verdaccio/bin/verdaccio", "--config", home / "verdaccio.yaml"]
        with server([*command, "--listen", f"127.0.0.1:{port}"], port, cwd=home):
            for package in packages():
                run(["npm", "publish", package], env)
            yield home, env


def packages():
    """The package for this platform and the launcher: as in a release, what is needed comes first."""
    target = own()
    directory = PACKAGES / "npm"
    return [directory / f"{NAME}-{target.os}-{target.cpu}-{VERSION}.tgz", directory / f"{NAME}-{VERSION}.tgz"]


@contextmanager
def installed():
    with registry() as (home, env):
        run(["npm", "install", "--global", "--prefix", home / "prefix", NAME], env)
        yield home / "prefix", env


def npx_starts_it():
    with registry() as (home, env):
        equal(run(["npx", "-y", NAME, "--version"], env, cwd=home).strip(), f"{NAME} {VERSION}")
        serves(["npx", "-y", NAME, *DEMO], env)


def it_is_installed_and_removed():
    with installed() as (prefix, env):
        program = prefix / "bin" / NAME
        serves([program, *DEMO], env)
        run(["npm", "uninstall", "--global", "--prefix", prefix, NAME], env)
        equal((program.exists(), list((prefix / "lib/node_modules").glob("*"))), (False, []))


def a_platform_without_a_program_is_named():
    with installed() as (prefix, env):
        done = try_to(["node", "--eval", ELSEWHERE, prefix / f"lib/node_modules/{NAME}/launcher.js"], env)
        equal((done.returncode, done.stdout), (1, ""))
        contains(done.stderr, "there is no program for sunos-")
        contains(done.stderr, "Build it from source: https://github.com/clerk-mcp/clerk-mcp")


def a_missing_package_is_named():
    with registry() as (home, env):
        run(["npm", "install", "--omit=optional", NAME], env, cwd=home)
        done = try_to([home / "node_modules/.bin" / NAME, "--version"], env)
        equal((done.returncode, done.stdout), (1, ""))
        contains(done.stderr, f"the package {own().npm}")
        contains(done.stderr, "--include=optional")


def a_program_that_cannot_start_is_named():
    with installed() as (prefix, env):
        [program] = prefix.rglob(f"{own().npm}/bin/*")
        program.unlink()
        program.mkdir()
        done = try_to([prefix / "bin" / NAME, "--version"], env)
        equal((done.returncode, done.stdout), (1, ""))
        contains(done.stderr, "Install clerk-mcp again")


def it_ends_as_the_program_ends():
    with installed() as (prefix, env):
        done = try_to([prefix / "bin" / NAME, "no-such-command"], env)
        equal(done.returncode, 2)
        contains(done.stderr, "no-such-command")


def a_signal_ends_both():
    with serving(subprocess.DEVNULL) as (process, port):
        process.send_signal(signal.SIGTERM)
        # Of its own it would end by the signal, and leave the program serving.
        equal((process.wait(PATIENCE), listens(port)), (0, False))


def a_terminals_signal_is_not_repeated():
    controller, terminal = os.openpty()
    try:
        with serving(terminal) as (process, port):
            # The terminal itself would send it to the program, too.
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            equal((process.poll(), listens(port)), (None, True))
    finally:
        os.close(controller)
        os.close(terminal)


@contextmanager
def serving(stdin):
    with installed() as (prefix, env):
        port = free_port()
        command = [prefix / "bin" / NAME, "http", "--demo", "--listen", f"127.0.0.1:{port}"]
        with server(command, port, env=env, stdin=stdin) as process:
            yield process, port


def the_program_knows_who_started_it():
    script = "#!/bin/sh\necho ${CLERK_MCP_LAUNCHER:-itself}\n"
    with registry() as (home, env):
        run(["npx", "-y", NAME, "--version"], env, cwd=home)
        run(["npm", "install", "--global", "--prefix", home / "prefix", NAME], env)
        for program in home.rglob(f"{own().npm}/bin/{NAME}"):
            program.write_text(script)
        equal(run(["npx", "-y", NAME], env, cwd=home), "npx\n")
        equal(run([home / "prefix/bin" / NAME], env), "itself\n")


def nothing_is_run_when_it_is_installed():
    for package in PACKAGES.glob("npm/*.tgz"):
        with tarfile.open(package) as archive:
            equal("scripts" in json.load(archive.extractfile("package/package.json")), False)
