# This Source Code Form is subject to the terms of the Mozilla Public
# License, v. 2.0. If a copy of the MPL was not distributed with this
# file, You can obtain one at https://mozilla.org/MPL/2.0/.

"""What `./mach test-tidy` checks: the rules of this repository that rustfmt and clippy do not see.

`check_tree` looks at every file of the repository; `self_test` shows each check a file that it must
find fault with, and one that it must not.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Iterator, NamedTuple
from urllib.parse import unquote

try:
    import tomllib
except ImportError:  # Before Python 3.11.
    tomllib = None

LICENCE = (
    "This Source Code Form is subject to the terms of the Mozilla Public "
    "License, v. 2.0. If a copy of the MPL was not distributed with this "
    "file, You can obtain one at https://mozilla.org/MPL/2.0/."
)
LICENSED = {".rs", ".py", ".html", ".js", ".css", ".webidl"}
MAX_LINES = 600
# Written in pieces so that this file does not contain them.
MARKER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b|\b(?:to" r"do|unimple" r"mented)!\s*\(")
IGNORED_TEST = re.compile(r"#\[\s*ignore\b|#\[cfg_attr\(.*\bignore\b")
PURE_CORE = re.compile(r"components/(dom/src/|constellation/src/(arbiter|router))")
IMPURE = re.compile(
    r"\bInstant::now|\bSystemTime::now|\bthread::|\bcrossbeam_channel\b|\bipc_channel\b"
    r"|\bMutex\b|\bRwLock\b"
)
RUST_COMMENT = re.compile(r"(^|\s)//.*")
MD_CODE = re.compile(r"(?ms)^ *(```|~~~).*?^ *\1[^\n]*$|`[^`\n]+`")
MD_LINK = re.compile(r"(?m)\]\(\s*<?([^)\s>]+)|^ *\[[^\]^][^\]]*\]:\s+<?([^\s>]+)")
URL_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")

# For a folder of components/: the crates of ours that it may use. Folders not named may use all.
OWN_CRATES = {
    "shared": set(),
    "dom": {"sordino-traits"},
    "constellation": {"sordino-traits"},
    "platform": {"sordino-traits"},
    "media": {"sordino-traits"},
}
# For a foreign crate: the folders of components/ that may use it, except in their tests.
CONFINED_CRATES = {
    "gstreamer*": {"media"},
    "servo-*": {"media"},
    "rquickjs*": {"script_bindings", "script"},
    "ureq": {"shell"},
    "zbus*": {"platform"},
}


class Violation(NamedTuple):
    path: str
    line: int
    text: str


def source_files(root: Path) -> list[str]:
    """The files that git tracks or would add; without git, all but hidden and built ones."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        output = subprocess.run(listing, cwd=root, check=True, capture_output=True).stdout
        names = set(os.fsdecode(output).split("\0")) - {""}
    except (OSError, subprocess.CalledProcessError):
        names = set()
        for folder, folders, files in os.walk(root):
            folders[:] = [f for f in folders if not f.startswith(".") and f != "target"]
            names.update((Path(folder) / file).relative_to(root).as_posix() for file in files)
    return sorted(n for n in names if (root / n).is_file() and not (root / n).is_symlink())


def check_file(root: Path, path: str) -> Iterator[Violation]:
    """Everything that test-tidy has to say about one file."""
    data = (root / path).read_bytes()
    name, suffix = Path(path).name, Path(path).suffix
    script = data.startswith(b"#!") and suffix != ".rs"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or suffix == ".lock" or name == "LICENSE":
        if suffix in LICENSED:
            yield Violation(path, 1, "is not UTF-8 text, save it as UTF-8")
        return
    lines = text.split("\n")
    checks = [check_layout(lines), check_markers(lines)]
    if suffix in LICENSED or script:
        checks.append(check_licence(lines))
    if suffix in {".rs", ".py"} or script:
        checks.append(check_length(lines))
    if suffix == ".rs":
        checks.append(check_rust(lines, bool(PURE_CORE.match(path))))
    if suffix == ".webidl":
        checks.append(check_webidl(lines))
    if suffix == ".md":
        checks.append(check_links(root, path, text))
    if name == "Cargo.toml" and path.startswith("components/") and tomllib:
        checks.append(check_dependencies(path.split("/")[1], text))
    for check in checks:
        for line, problem in check:
            yield Violation(path, line, problem)


Findings = Iterator["tuple[int, str]"]


def check_layout(lines: list[str]) -> Findings:
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "has a tab, use spaces"
        if line != line.rstrip():
            yield number, "ends in white space, remove it"
    if lines[-1]:
        yield len(lines), "does not end in a newline, add one"
    elif lines[-2:-1] == [""]:
        yield len(lines) - 1, "ends in an empty line, remove it"


def check_markers(lines: list[str]) -> Findings:
    for number, line in enumerate(lines, 1):
        found = MARKER.search(line)
        if found:
            yield number, f"has the marker `{found.group()}`, finish it or take it out"


def check_licence(lines: list[str]) -> Findings:
    head = " ".join(line.strip(" /*#<!->") for line in lines[:8])
    if lines != [""] and LICENCE not in head:
        yield 1, "has no licence header, start it with the one of the other files"


def check_length(lines: list[str]) -> Findings:
    if len(lines) - 1 > MAX_LINES:
        yield MAX_LINES + 1, f"has {len(lines) - 1} lines, split it ({MAX_LINES} at most)"


def check_rust(lines: list[str], pure: bool) -> Findings:
    for number, line in enumerate(lines, 1):
        code = RUST_COMMENT.sub("", line)
        if IGNORED_TEST.search(code):
            yield number, "switches a test off, mend or remove the test"
        impure = IMPURE.search(code) if pure else None
        if impure:
            yield number, f"uses `{impure.group()}` in a pure core, let the caller pass a value in"


def check_webidl(lines: list[str]) -> Findings:
    links = re.findall(r"https?://[^\s>]+", "\n".join(lines))
    if all("mozilla.org/MPL" in link for link in links):
        yield 1, "does not name its specification, add its link in a comment"


def check_links(root: Path, path: str, text: str) -> Findings:
    # Code holds no links; its newlines stay, for the line numbers.
    text = MD_CODE.sub(lambda block: "\n" * block.group().count("\n"), text)
    for link in MD_LINK.finditer(text):
        target = unquote((link.group(1) or link.group(2)).partition("#")[0])
        if not target or URL_SCHEME.match(target):
            continue
        base = root if target.startswith("/") else (root / path).parent
        place = (base / target.lstrip("/")).resolve()
        line = text.count("\n", 0, link.start(link.lastindex)) + 1
        if root.resolve() not in [place, *place.parents]:
            yield line, f"links to `{target}` outside the repository, link inside it"
        elif not place.exists():
            yield line, f"links to `{target}`, which does not exist, correct the link"


def check_dependencies(folder: str, text: str) -> Findings:
    """Dependencies point one way only: a component stays usable without those above it."""
    if folder == "servo":  # A workspace of its own, above all others.
        return
    try:
        manifest = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        yield 1, f"is not valid TOML ({error}), mend it"
        return
    for table in [manifest, *manifest.get("target", {}).values()]:
        for kind in ("dependencies", "build-dependencies", "dev-dependencies"):
            for key, value in table.get(kind, {}).items():
                crate = value.get("package", key) if isinstance(value, dict) else key
                allowed = OWN_CRATES.get(folder)
                problem = None
                shared_by_tests = kind == "dev-dependencies" and crate == "sordino-tests"
                is_ours = crate.startswith("sordino-") and not shared_by_tests
                if is_ours and allowed is not None and crate not in allowed:
                    problem = ", ".join(sorted(allowed)) or "no crate of ours"
                    problem = f"depends on `{crate}`, {folder} may use {problem}"
                for pattern, folders in CONFINED_CRATES.items():
                    if kind == "dev-dependencies" or not fnmatch(crate.replace("_", "-"), pattern):
                        continue
                    if folder not in folders:
                        places = " and ".join(sorted(folders))
                        problem = f"depends on `{crate}`, only {places} may: go through it"
                if problem:
                    before = re.split(rf"(?m)^(?:\[.*\.)?\"?{re.escape(key)}\"?\b", text)[0]
                    yield before.count("\n") + 1, problem


def check_tree(root: Path) -> int:
    """Prints every violation, and returns the exit status that they deserve."""
    if not tomllib:
        print("tidy: Python before 3.11 cannot check the dependencies", file=sys.stderr)
    files = source_files(root)
    violations = [violation for path in files for violation in check_file(root, path)]
    for path, line, text in violations:
        print(f"{path}:{line}: {text}")
    print(f"tidy: files: {len(files)}, violations: {len(violations)}", flush=True)
    return 1 if violations else 0


def self_test() -> int:
    """Runs the checks on one small file a case, and compares what they say."""
    header = "".join(f"// {part}\n" for part in re.split(r"(?<=Public) |(?<=this) ", LICENCE))
    rust, spec = header + "fn f() {}\n", "// https://w3c.github.io/mediasession/\n"
    pure, arbiter = "components/dom/src/a.rs", "components/constellation/src/arbiter/a.rs"
    shared, dom, shell = (f"components/{c}/Cargo.toml" for c in ("shared", "dom", "shell"))
    hide = "".join  # Keeps the markers out of this file.
    cases = [  # File, its text, and the line and a word of the one violation, or None.
        ("a.rs", rust, None),
        ("a.html", "<!DOCTYPE html>\n<!-- " + header.replace("// ", "") + "-->\n", None),
        ("empty.py", "", None),
        ("a.py", "pass\n", (1, "licence")),
        ("script", "#!/bin/sh\ntrue\n", (1, "licence")),
        ("a.css", header.replace("2.0/", "1.1/"), (1, "licence")),
        ("a.txt", "one\n\ttwo\n", (2, "tab")),
        ("a.txt", "one \ntwo\n", (1, "white space")),
        ("a.txt", "one\r\n", (1, "white space")),
        ("a.txt", "one", (1, "newline")),
        ("a.txt", "one\n\n", (2, "empty line")),
        ("a.rs", rust + "\n" * (MAX_LINES - 5) + "// .\n", None),
        ("a.rs", rust + "\n" * (MAX_LINES - 4) + "// .\n", (MAX_LINES + 1, "split")),
        ("a.js", header + hide(["// TO", "DO later\n"]), (4, "marker")),
        ("a.rs", header + hide(["fn f() { to", "do!() }\n"]), (4, "marker")),
        ("a.rs", header + hide(["fn f() { unimple", "mented!() }\n"]), (4, "marker")),
        ("a.rs", header + '#[ignore = "slow"]\n', (4, "test off")),
        ("a.rs", header + "// Not #[ignore].\n", None),
        (pure, header + "// No Mutex here.\n//! See https://a.b/thread::x\n", None),
        (pure, header + "use std::sync::{Arc, Mutex};\n", (4, "`Mutex`")),
        (pure, header + "let now = Instant::now();\n", (4, "Instant::now")),
        (arbiter, header + "std::thread::spawn(f);\n", (4, "thread::")),
        ("components/constellation/src/manager.rs", header + "use std::thread::spawn;\n", None),
        ("a.webidl", header, (1, "specification")),
        ("a.webidl", header + spec, None),
        ("a.md", "[a](a.rs), [b](https://b.c), [c](#c)\n```\n[d](d.md)\n```\n`[e](e.md)`\n", None),
        ("a.md", "```\nx\n```\n![a](no.png)\n", (4, "does not exist")),
        ("a.md", "[a]: docs/no.md\n", (1, "does not exist")),
        ("a.md", "[a](../../etc)\n", (1, "outside")),
        ("latin1.py", "\udce9\n", (1, "UTF-8")),
    ]
    if tomllib:
        needs, dev_needs = "[package]\n[dependencies]\n", "[package]\n[dev-dependencies]\n"
        cases += [
            (dom, needs + "sordino-traits.workspace = true\n", None),
            (shared, needs + "sordino-dom.workspace = true\n", (3, "no crate of ours")),
            (dom, dev_needs + "sordino-media = {}\n", (3, "may use sordino-traits")),
            (dom, "[dependencies.sordino-media]\n", (1, "sordino-media")),
            (shell, needs + "a = '1'\ndbus = {package = 'zbus'}\n", (4, "only platform")),
            (shell, "[dependencies\n", (1, "TOML")),
            (shell, dev_needs + "zbus = '6'\n", None),
            (shell, "[target.'cfg(unix)'.dependencies]\ngstreamer-app = '1'\n", (2, "only media")),
        ]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for path, text, expected in cases:
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
            found = list(check_file(Path(folder), path))
            right = not found
            if expected:
                line, word = expected
                right = len(found) == 1 and found[0].line == line and word in found[0].text
            if not right:
                wrong += 1
                print(f"tidy self-test: {path} {text[-60:]!r}: expected {expected}, got {found}")
    print(f"tidy self-test: cases: {len(cases)}, wrong: {wrong}", flush=True)
    return 1 if wrong else 0
