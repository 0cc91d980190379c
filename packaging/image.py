"""The Dockerfile of the image for two processors: a static program and nothing else."""

from description import DESCRIPTION, NAME, REPOSITORY, TARGETS, VERSION

ARCHITECTURES = {"x64": "amd64", "arm64": "arm64"}
# The number that images without a list of users give to nobody.
USER = "65532:65532"


def dockerfile():
    programs = "\n".join(
        f"FROM scratch AS {ARCHITECTURES[target.cpu]}\nCOPY --chmod=0755 dist/programs/{target.rust}/{target.program} /{NAME}\n"
        for target in TARGETS
        if target.os == "linux"
    )
    labels = {
        "io.modelcontextprotocol.server.name": DESCRIPTION["registry_name"],
        "org.opencontainers.image.title": NAME,
        "org.opencontainers.image.description": DESCRIPTION["summary"],
        "org.opencontainers.image.source": REPOSITORY,
        "org.opencontainers.image.licenses": DESCRIPTION["license"],
        "org.opencontainers.image.version": VERSION,
    }
    label = " \\\n      ".join(f'{name}="{value}"' for name, value in labels.items())
    return f"""# Written by packaging/image.py: `make docs` rewrites it. The image of the programs that `make release` leaves:
#   docker buildx build --platform linux/amd64,linux/arm64 .
ARG TARGETARCH

{programs}
FROM ${{TARGETARCH}}
LABEL {label}
COPY --chmod=0644 LICENSE dist/extras/THIRD-PARTY-LICENSES.txt /licenses/
USER {USER}
ENTRYPOINT ["/{NAME}"]
CMD ["stdio"]
"""
