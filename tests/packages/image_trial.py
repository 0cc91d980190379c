"""The image: made for two processors, pushed to a registry on loopback, pulled, and run without a container engine."""

import json
import os
import shutil
import subprocess
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from described import DESCRIPTION, VERSION, built, own
from install import ROOT
from trial import PATIENCE, contains, empty_home, equal, free_port, run, server, serves, try_to

NUMBER = 65532
# Of another instance than the emulator's.
KEY = "sk_test_0000000000000000000000000000000000000000"
OTHERS = ROOT / "dist/extras/THIRD-PARTY-LICENSES.txt"
ARCHITECTURES = {"x64": "amd64", "arm64": "arm64"}
# Where tests/hosts leaves it, too.
REGISTRY = [shutil.which("docker-registry"), ROOT / "target/hosts/bin/docker-registry"]


def missing():
    """The reason why it cannot be tried here, if there is one."""
    if own() not in programs():
        return f"dist/programs/ has no static program for {own().rust}"
    if not OTHERS.is_file():
        return f"{OTHERS} is not there, which `make release` leaves"
    if not shutil.which("buildah") or not any(path and Path(path).is_file() for path in REGISTRY):
        return "it needs Debian's packages buildah and docker-registry"
    return None if os.geteuid() == 0 else "it is run by chroot, which only root may"


def programs():
    """The targets that an image can be of."""
    return [target for target in built() if target.os == "linux" and is_static(target.path)]


def is_static(program):
    """Whether it names no loader, which would stand at its beginning."""
    with program.open("rb") as file:
        return b"/ld-" not in file.read(8192)


def checks():
    yield "pushed, pulled and run", pushed_pulled_and_run


@contextmanager
def registry(home):
    port = free_port()
    settings = {"version": "0.1", "http": {"addr": f"127.0.0.1:{port}"},
                "storage": {"filesystem": {"rootdirectory": f"{home}/blobs"}}}
    # YAML, as JSON is.
    (home / "registry.yml").write_text(json.dumps(settings))
    program = next(path for path in REGISTRY if path and Path(path).is_file())
    env = os.environ | {"OTEL_TRACES_EXPORTER": "none"}
    with server([program, "serve", home / "registry.yml"], port, env=env):
        yield f"127.0.0.1:{port}/clerk-mcp"


def pushed_pulled_and_run():
    with empty_home() as (home, env), registry(home) as address:
        (home / "policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
        options = ["--root", home / "images", "--runroot", home / "run", "--storage-driver", "vfs"]

        def buildah(command, *arguments):
            return run(["buildah", *options, command, *arguments], env)

        made_for = sorted(ARCHITECTURES[target.cpu] for target in programs())
        policy = ["--signature-policy", home / "policy.json"]
        platforms = ["--platform", ",".join(f"linux/{each}" for each in made_for)]
        for tag in [VERSION, "again"]:
            made = [*platforms, "--manifest", tag, "--file", ROOT / "Dockerfile", ROOT]
            buildah("build", *policy, "--isolation", "chroot", "--timestamp", "0", *made)
            buildah("manifest", "push", *policy, "--all", "--tls-verify=false", tag, f"docker://{address}:{tag}")
        equal(sorted(index(address, VERSION)), made_for)
        # Equal programs give equal images.
        equal(index(address, "again"), index(address, VERSION))
        container = buildah("from", *policy, "--tls-verify=false", f"docker://{address}:{VERSION}").splitlines()[-1]
        it_is_described(json.loads(buildah("inspect", container))["OCIv1"])
        it_runs(Path(buildah("mount", container).strip()), env)
        buildah("rm", container)


def index(address, tag):
    """The hash of the image for each processor, as the registry has them under a name."""
    host, name = address.split("/")
    request = urllib.request.Request(f"http://{host}/v2/{name}/manifests/{tag}")
    request.add_header("Accept", "application/vnd.oci.image.index.v1+json")
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        images = json.load(response)["manifests"]
    return {image["platform"]["architecture"]: image["digest"] for image in images}


def it_is_described(image):
    config = image["config"]
    equal(image["architecture"], ARCHITECTURES[own().cpu])
    equal((config["User"], config["Entrypoint"], config["Cmd"]), (f"{NUMBER}:{NUMBER}", ["/clerk-mcp"], ["stdio"]))
    equal(config["Labels"]["io.modelcontextprotocol.server.name"], DESCRIPTION["registry_name"])


def it_runs(root, env):
    # No shell, and nothing else either.
    equal(sorted(path.name for path in root.iterdir()), ["clerk-mcp", "licenses"])
    inside = ["chroot", f"--userspec={NUMBER}:{NUMBER}", root, "/clerk-mcp"]
    env = {"PATH": env["PATH"] + ":/usr/sbin:/sbin"}
    serves([*inside, "stdio", "--demo"], env)
    port = free_port()
    listen = ["http", "--demo", "--listen", f"127.0.0.1:{port}"]
    with server([*inside, *listen], port, env=env, stdin=subprocess.DEVNULL) as process:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=PATIENCE) as response:
            equal(json.load(response)["status"], "ok")
        owner = Path(f"/proc/{process.pid}").stat().st_uid
        equal(owner, NUMBER)
        process.terminate()
        equal(process.wait(PATIENCE), 0)
    # With a key, whoever reaches the address could use it.
    refused = try_to([*inside, "http", "--listen", "0.0.0.0:0"], env | {"CLERK_SECRET_KEY": KEY})
    equal(refused.returncode, 2)
    contains(refused.stderr, "CLERK_MCP_AUTH_TOKEN")
