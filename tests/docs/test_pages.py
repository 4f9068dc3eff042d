"""The pages for people: links lead somewhere, commands are commands, JSON is read, messages are said."""

import ast
import json
import os
import re
import shlex

import pytest

import kit_selfcheck
from simslate.recorder.cli import _parser
from simslate.recorder.config import Job
from simslate.recorder.labels import Rules
from simslate.recorder.taxonomy import Taxonomy

from .pages import COMMAND, FENCE, NAMES, PAGES, ROOT, blocks, commands, indented, spoken_out, text_of

LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
PICTURE_BYTES = 150_000
each_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)


def anchors(page):
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


# --- links


def broken(page, target):
    """Why a link leads nowhere; None if it does."""
    path, _, anchor = target.partition("#")
    found = (page.parent / path).resolve() if path else page
    if not found.exists():
        return f"{target}: is not there"
    if ROOT not in (found, *found.parents):
        return f"{target}: leads out of the project"
    if anchor and anchor not in anchors(found):
        return f"{target}: {found.name} has no such heading"
    return None


@each_page
def test_links_lead_somewhere(page):
    targets = [target for target in LINK.findall(FENCE.sub("", text_of(page))) if "://" not in target]
    assert [why for target in targets if (why := broken(page, target))] == []


def test_a_broken_link_is_found():
    start = ROOT / "docs/getting_started.md"
    assert broken(start, "no_such_page.md") == "no_such_page.md: is not there"
    assert broken(start, "jobs.md#no-such-heading") == "jobs.md#no-such-heading: jobs.md has no such heading"
    assert broken(start, "jobs.md#render-products") is None


def test_every_page_can_be_reached_from_the_readme():
    seen, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in seen:
            seen.add(page)
            links = (target.partition("#")[0] for target in LINK.findall(text_of(page)) if "://" not in target)
            ahead += [(page.parent / link).resolve() for link in links if link.endswith(".md")]
    pages = {page for page in PAGES if page.name != "CHANGELOG.md"}
    assert pages - seen == set()


@pytest.mark.parametrize("name", ["docs/getting_started.md", "docs/labels.md"])
def test_pictures_of_the_pages_for_newcomers_are_small(name):
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", text_of(ROOT / name))
    assert pictures
    assert all((ROOT / "docs" / picture).stat().st_size < PICTURE_BYTES for picture in pictures)


# --- commands


COMMANDS = next(action.choices for action in _parser()._actions if isinstance(action.choices, dict))


def parsed(words):
    """Hold the words of a command of tools/simslate against its parser; SystemExit if they are none."""
    if words[0] in ("window", "exec"):
        # They have parsers of their own in other processes: tests/docs/test_typed.py types them.
        return
    if words[1:] == ["--help"]:
        assert words[0] in COMMANDS
        return
    _parser().parse_args(words)


def check(line):
    """Raise for a line that is no command as it stands."""
    words = [word for word in shlex.split(line) if not re.match(r"[A-Z_]+=", word)]
    program, *rest = words
    if program == "tools/simslate" and rest:
        parsed(rest)
    elif program in ("isaac-sim.sh", "kit"):
        script, *rest = shlex.split(rest[rest.index("--exec") + 1]) if "--exec" in rest else ["tools/kit_main.py"]
        assert script == "tools/kit_main.py"
        if rest:
            parsed(rest)
        assert "--ext-folder" in words or "config/simslate.kit" in words
    elif program.endswith(("python.sh", "bin/python", "python")) and rest[0].startswith("tools/"):
        assert (ROOT / rest[0]).is_file()
        if rest[0] == "tools/kit_selfcheck.py":
            kit_selfcheck._parser().parse_args(rest[1:])
        if rest[0] == "tools/kit_main.py":
            parsed(rest[1:])
    elif program.startswith("tools/"):
        assert os.access(ROOT / program, os.X_OK), program


@each_page
def test_commands_are_commands(page):
    for line in (each for usage in commands(page) for each in spoken_out(usage)):
        try:
            check(line)
        except (SystemExit, AssertionError, ValueError, IndexError) as error:
            pytest.fail(f"{page.name}: `{line}`: {error!r}")


@pytest.mark.parametrize(
    "line",
    [
        "tools/simslate recrod config/tabletop.json",
        "tools/simslate record config/tabletop.json --frame",
        "tools/simslate export DIR --format cocoa --to OUT",
        "tools/no_such_tool x",
        'isaac-sim.sh --ext-folder exts --exec "tools/kit_main.py recrod JOB.json"',
        "python.sh tools/kit_selfcheck.py --refrence DIR",
    ],
)
def test_what_is_no_command_is_found(line):
    with pytest.raises((SystemExit, AssertionError)):
        check(line)


def test_all_pages_are_looked_at_and_all_blocks_say_what_they_are():
    hidden = {path for folder in ROOT.glob(".*") for path in folder.rglob("*.md")}
    # docs/jobs.md is made from that one.
    assert set(ROOT.rglob("*.md")) - hidden - {ROOT / "tools/job_reference.md"} == set(PAGES)
    languages = {block["language"] for page in PAGES for block in FENCE.finditer(text_of(page))}
    assert languages <= {"", "sh", "json", "python", "text"}
    # What is marked as text is not typed.
    texts = [line for page in PAGES for block in blocks(page, "text") for line in block.splitlines()]
    assert [line for line in texts if COMMAND.match(line)] == []


def test_commands_are_found_where_they_stand():
    assert "tools/simslate record config/tabletop.json" in commands(ROOT / "README.md")
    assert "tools/simslate taxonomy FILE --lock" in commands(ROOT / "docs/troubleshooting.md")
    assert sum(len(commands(page)) for page in PAGES) > 50


# --- JSON and Python


JSON = [(page, code) for page in PAGES for code in [*blocks(page, "json"), *indented(page, "{")]]


def whole(code):
    """The values of a block: one, one per line, or members of an object."""
    try:
        return [json.loads(code)]
    except json.JSONDecodeError:
        if code.lstrip().startswith('"'):
            return [json.loads(f"{{{line}}}") for line in code.strip().splitlines()]
        return [json.loads(line) for line in code.strip().splitlines()]


@pytest.mark.parametrize(("page", "code"), JSON, ids=[page.stem for page, _ in JSON])
def test_json_is_read(page, code):
    for value in whole(code):
        if "rules" in value:
            Rules.from_json(value, page)
        elif "classes" in value and "version" in value:
            Taxonomy.from_json(value, page)
        elif "render_products" in value:
            Job.from_json(value, page)
        elif set(value) <= {"writer", "output"}:
            job = {"version": 1, "render_products": [{"camera": "/C", "resolution": [1, 1]}], "writer": {"name": "W"}}
            Job.from_json({**job, **value}, page)


PYTHON = [(page, code) for page in PAGES for code in [*blocks(page, "python"), *indented(page, ("import ", "from "))]]


def test_the_readme_has_code_that_is_tried():
    assert [page for page, _ in JSON].count(ROOT / "README.md") >= 2
    assert [page for page, _ in PYTHON].count(ROOT / "README.md") >= 2


@pytest.mark.parametrize(("page", "code"), PYTHON, ids=[page.stem for page, _ in PYTHON])
def test_python_is_python(page, code):
    compile(code, str(page), "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def test_the_writer_of_the_page_is_that_of_the_snippet():
    code = blocks(ROOT / "docs/writers.md", "python")[0]
    tree = ast.parse((ROOT / "docs/snippets/custom_writer.py").read_text())
    classes = [node for each in (ast.parse(code), tree) for node in each.body if isinstance(node, ast.ClassDef)]
    assert ast.dump(classes[0]) == ast.dump(classes[1])


# --- messages


def said(source):
    """The texts that a program may say, with … for what is filled in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_messages_of_the_troubleshooting_page_are_said():
    table = text_of(ROOT / "docs/troubleshooting.md").split("## No message")[0]
    told = re.findall(r"^\| `([^`]+)` \| ", table, re.MULTILINE)
    folders = (ROOT / "exts/simslate.recorder/simslate", ROOT / "tools/kitless")
    sources = [path.read_text() for folder in folders for path in folder.rglob("*.py")]
    # To parse all of them would take seconds.
    heads = [max(message.split("…"), key=len)[:12] for message in told]
    texts = [text for source in sources if any(head in source for head in heads) for text in said(source)]
    texts.append((ROOT / "tools/venv.sh").read_text())
    assert len(told) > 20
    assert [message for message in told if not any(message in text for text in texts)] == []
