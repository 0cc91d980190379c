"""PyPI: uploaded to a registry on loopback, run by uvx, installed by pip, removed."""

import shutil
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

from described import NAME, PACKAGES, VERSION, own
from install import BIN, PYTHON
from trial import DEMO, contains, empty_home, equal, free_port, run, server, serves, try_to


def checks():
    yield "the wheels are in order", the_wheels_are_in_order
    yield "uvx starts it", uvx_starts_it
    yield "pip installs and removes it", pip_installs_and_removes_it
    yield "a system without a wheel is told so", a_system_without_a_wheel_is_told_so


def wheels():
    return sorted(PACKAGES.glob("pypi/*.whl"))


@contextmanager
def registry():
    port = free_port()
    with empty_home() as (home, env):
        (home / "wheels").mkdir()
        command = [BIN / "pypi-server", "run", "--interface", "127.0.0.1", "--port", str(port), "-P", ".", "-a", "."]
        with server([*command, "--disable-fallback", home / "wheels"], port):
            upload = [BIN / "twine", "upload", "--repository-url", f"http://127.0.0.1:{port}", "--non-interactive"]
            run([*upload, "--username", "nobody", "--password", "nothing", *wheels()], env)
            # uv may bring no Python of its own.
            uv = {"UV_DEFAULT_INDEX": f"http://127.0.0.1:{port}/simple", "UV_PYTHON_DOWNLOADS": "never"}
            pip = {"PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
            yield home, env | uv | pip | {"PIP_CONFIG_FILE": "/dev/null"}


def the_wheels_are_in_order():
    run([BIN / "twine", "check", "--strict", *wheels()])
    # W007: there are no modules, only a program.
    run([BIN / "check-wheel-contents", "--ignore", "W007", *wheels()])
    for wheel in wheels():
        with zipfile.ZipFile(wheel) as archive:
            contains(archive.read(f"clerk_mcp-{VERSION}.dist-info/METADATA").decode(), "<!-- mcp-name: io.github.")


def uvx_starts_it():
    with registry() as (home, env):
        equal(run([BIN / "uvx", NAME, "--version"], env, cwd=home).strip(), f"{NAME} {VERSION}")
        serves([BIN / "uvx", NAME, *DEMO], env)


def pip_installs_and_removes_it():
    with registry() as (home, env):
        run([sys.executable, "-m", "venv", home / "venv"], env)
        pip = [home / "venv/bin/python", "-m", "pip"]
        run([*pip, "install", NAME], env)
        program = home / "venv/bin" / NAME
        serves([program, *DEMO], env)
        run([*pip, "uninstall", "--yes", NAME], env)
        equal((program.exists(), list(home.glob("venv/lib/*/site-packages/clerk_mcp*"))), (False, []))


def a_system_without_a_wheel_is_told_so():
    with empty_home() as (home, env):
        (home / "wheels").mkdir()
        [wheel] = PACKAGES.glob(f"pypi/*{own().wheel}.whl")
        shutil.copy(wheel, home / "wheels" / wheel.name.replace(own().wheel, "win_arm64"))
        offline = ["--no-index", "--find-links", home / "wheels"]
        done = try_to([PYTHON, "-m", "pip", "install", *offline, "--target", home / "x", NAME], env)
        equal((done.returncode != 0, Path(home / "x").exists()), (True, False))
        contains(done.stderr, "No matching distribution found")
