"""Write into a built site what serves those without a network.

    python -m extensions.offline SITE

numpy-handbook.zip holds the pages for reading from the disk, where a
browser opens no folder's index.html, loads no module, and fetches nothing
for a script. The pages are those of the site, but for links and scripts.

offline.mjs keeps the pages that were visited; it learns which site it is.
"""

import json
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ROOT = Path(__file__).parent.parent
ARCHIVE = "numpy-handbook.zip"
OUTSIDE = (ARCHIVE, "handbook.apkg")  # of the archive
READ = (  # of the site, by whoever opens a page
    "**/index.html",
    "**/*.css",
    "assets/*.svg",
    "assets/*.woff2",
    "assets/javascripts/*.js",
)
LINK = re.compile(r'(?<=href=")(?![a-z]+:)([^"#]+)')
SCRIPTS = {
    'assets/handbook.mjs" type="module"': 'assets/handbook.js"',
    # there is none from the disk, and the theme starts nothing after it
    '"navigation.instant", ': "",
}
# from the disk a browser starts no worker but one whose text is there
WORKER = """\
window.Worker = class extends Worker {
  constructor() { super(URL.createObjectURL(new Blob([%s]))); }
};
"""


def script() -> str:
    """Return the script of the pages as one that is no module."""
    bundled = subprocess.run(
        [
            Path(sys.executable).with_name("node"),
            ROOT / "node_modules/esbuild/bin/esbuild",
            ROOT / "docs/assets/handbook.mjs",
            "--bundle",
            "--format=iife",
            "--minify",
            "--external:./practice.mjs",
            "--external:./mock.mjs",
            "--banner:js=var handbook = document.currentScript.src;",
            "--define:import.meta.url=handbook",
        ],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return bundled.stdout


def page(text: str, folder: Path, web: str) -> str:
    """Return a page whose links name files.

    The folder is where its own files are, and web the site's address.
    """

    def file(match: re.Match[str]) -> str:
        path = match[1]
        name = path.split("/")[-1]
        if name in OUTSIDE:
            return web + name
        if name.endswith(".ipynb"):  # a browser would show it as text
            content = b64encode((folder / path).read_bytes()).decode()
            return f"data:application/x-ipynb+json;base64,{content}"
        if name in ("", ".", ".."):
            return f"{path.removesuffix('/')}/index.html"
        return path

    text = LINK.sub(file, text)
    for old, new in SCRIPTS.items():
        text = text.replace(old, new)
    return re.sub(
        r'(?=<script src="([^"]*)assets/javascripts/bundle)',
        r'<script src="\1search/worker.js"></script>',
        text,
    )


def searched(site: Path) -> str:
    """Return the index of the search as a script that the theme loads."""
    found = json.loads((site / "search/search_index.json").read_bytes())
    for document in found["docs"]:
        path, mark, anchor = document["location"].partition("#")
        document["location"] = f"{path}index.html{mark}{anchor}"
    return f"var __index = {json.dumps(found)}"


def archive(site: Path) -> None:
    """Write the archive, the same bytes for the same site."""
    paths = sorted({path for kind in READ for path in site.glob(kind)})
    files = {p.relative_to(site).as_posix(): p.read_bytes() for p in paths}
    home = files["index.html"].decode()
    address = re.search(r'<link rel="canonical" href="([^"]*)', home)
    web = address[1] if address else ""
    for name in files:
        if name.endswith(".html"):
            folder = (site / name).parent
            text = page(files[name].decode(), folder, web)
            files[name] = text.encode()
    (own,) = site.glob("assets/javascripts/workers/search.*.js")
    source = json.dumps(own.read_text(encoding="utf-8"))
    files["assets/handbook.js"] = script().encode()
    files["search/worker.js"] = (WORKER % source).encode()
    files["search/search_index.js"] = searched(site).encode()
    with ZipFile(site / ARCHIVE, "w", ZIP_DEFLATED) as out:
        for name, content in files.items():
            info = ZipInfo(f"numpy-handbook/{name}")
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            out.writestr(info, content)


def worker(site: Path) -> None:
    """Write the service worker, another one for another site."""
    version = sha256()
    for path in sorted(site.rglob("*")):
        if path.is_file() and "sitemap" not in path.name:  # it has a date
            version.update(path.read_bytes())
    text = (ROOT / "extensions/offline.mjs").read_text(encoding="utf-8")
    text = text.replace(
        'VERSION = ""', f'VERSION = "{version.hexdigest()}"'
    )
    (site / "offline.mjs").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    archive(Path(sys.argv[1]))
    worker(Path(sys.argv[1]))
