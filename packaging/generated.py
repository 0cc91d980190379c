"""Files of the repository that are written from the description, because their readers look for them there."""

import re

import image
import lines
import plugins
import registry

# Parts of pages, between markers.
PAGES = ["README.md", "docs/install.md"]


def files():
    return {"server.json": registry.server(), "Dockerfile": image.dockerfile()} | plugins.files()


def expected(root):
    """The text that each file has to have, by its path."""
    pages = {page: filled(read(root / page)) for page in PAGES}
    return files() | pages


def filled(page):
    """The page with its generated parts written anew."""

    def part(found):
        made = lines.PARTS[found[1]]()
        return f"<!-- {found[1]} -->\n\n{made}\n\n<!-- /{found[1]} -->"

    names = "|".join(lines.PARTS)
    return re.sub(rf"<!-- ({names}) -->.*?<!-- /\1 -->", part, page, flags=re.DOTALL)


def stale(root):
    return [path for path, wanted in expected(root).items() if read(root / path) != wanted] + left_over(root)


def left_over(root):
    """Copies of skills that there are no more."""
    found = (path.relative_to(root).as_posix() for path in (root / plugins.SKILLS).rglob("*.md"))
    return sorted(set(found) - plugins.skills().keys())


def write(root):
    for path in left_over(root):
        (root / path).unlink()
        print(f"removed {path}")
    for path, wanted in expected(root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        if read(root / path) != wanted:
            (root / path).write_text(wanted, "utf-8")
            print(f"wrote {path}")
    return 0


def read(path):
    return path.read_text("utf-8") if path.is_file() else ""
