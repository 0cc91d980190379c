# Written by packaging/image.py: `make docs` rewrites it. The image of the programs that `make release` leaves:
#   docker buildx build --platform linux/amd64,linux/arm64 .
ARG TARGETARCH

FROM scratch AS amd64
COPY --chmod=0755 dist/programs/x86_64-unknown-linux-musl/clerk-mcp /clerk-mcp

FROM scratch AS arm64
COPY --chmod=0755 dist/programs/aarch64-unknown-linux-musl/clerk-mcp /clerk-mcp

FROM ${TARGETARCH}
LABEL io.modelcontextprotocol.server.name="io.github.clerk-mcp/clerk-mcp" \
      org.opencontainers.image.title="clerk-mcp" \
      org.opencontainers.image.description="Look up and manage the users and organizations of a Clerk application, from a WebAssembly sandbox" \
      org.opencontainers.image.source="https://github.com/clerk-mcp/clerk-mcp" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.2.0"
COPY --chmod=0644 LICENSE dist/extras/THIRD-PARTY-LICENSES.txt /licenses/
USER 65532:65532
ENTRYPOINT ["/clerk-mcp"]
CMD ["stdio"]
