"""The pages for people, and what they tell people to type."""

import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATTERNS = ("*.md", "docs/**/*.md", "exts/*/docs/*.md", "tools/kitless/*.md")
PAGES = sorted(path for pattern in PATTERNS for path in ROOT.glob(pattern))
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
FENCE = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^    [^\n]*\n|^\n(?=    ))+", re.MULTILINE)
INLINE = re.compile(r"`(?P<words>(?:[^`\n]|\n(?!\n))+)`")
PARTS = re.compile(
    rf"(?P<fence>{FENCE.pattern})|(?P<indented>{INDENTED.pattern})|(?P<inline>{INLINE.pattern})",
    re.MULTILINE | re.DOTALL,
)
PROGRAMS = r"tools/\S+|docs/\S+\.sh|\S*python\S*|isaac-sim\.sh|kit|kit/\S+|pip|git|docker|sbatch|srun|kubectl|osmo"
COMMAND = re.compile(rf"(?:[A-Z_]+=\S+ )*(?:\S*/)?(?:{PROGRAMS}) ")
MENTION = re.compile(r"tools/simslate \w+")
"""Inline, a command without what it is done to is only mentioned."""

VALUES = {"N": "2", "P": "0", "PORT": "0", "F": "0.5", "I/N": "1/2", "NAME": "BasicWriter", "ARGS…": "WORD"}
"""What stands for the capitals of usage lines; all other names are files that are there when the page is typed."""
AFTER = {
    "--format": "coco",
    "--on-conflict": "fail",
    "--ext-folder": "exts",
    "--enable": "simslate.recorder",
    "clone": "simslate.git",
}
"""What stands for them after words that not everything will do for."""


def text_of(page):
    return page.read_text(encoding="utf-8")


def blocks(page, language):
    return [block["code"] for block in FENCE.finditer(text_of(page)) if block["language"] == language]


def indented(page, start):
    """The indented blocks of a page that begin with ``start``, of which the README has some."""
    found = INDENTED.findall(FENCE.sub("", text_of(page)))
    return [code for block in found if (code := textwrap.dedent(block).strip()).startswith(start)]


def commands(page):
    """The commands of a page in its order.

    They are the lines of its blocks that are not marked as something else and are no JSON or Python, whatever program
    they begin with, and what stands in backticks and begins with a program that people type.
    """
    found = []
    for part in PARTS.finditer(text_of(page)):
        if part["inline"]:
            words = " ".join(part["words"].split())
            found += [words] if COMMAND.match(words) and not MENTION.fullmatch(words) else []
        elif part["indented"] or part["language"] in ("", "sh"):
            code = textwrap.dedent(part["indented"] or part["code"]).strip()
            found += [] if code.startswith(("{", "import ", "from ")) else _lines(code)
    return found


def _lines(code):
    """The commands of a block, without what is said of them; what is indented goes on with the line before."""
    whole = re.sub(r"\n +", " ", code).splitlines()
    return [said for line in whole if (said := re.split(r"\s{3,}|\s+# ", line)[0].strip())]


def spoken_out(line):
    """What a usage line stands for: one line for each of its alternatives, with all options and a value for each."""
    choice = re.search(r"(?<!\S)\[([^\[\]|]*)\|([^\[\]|]*)\]", line)
    if choice:
        return [
            each
            for option in choice.groups()
            for each in spoken_out(f"{line[: choice.start()]}{option.strip()}{line[choice.end() :]}")
        ]
    words = re.sub(r"(?<!\S)\[|\](?=[\s\]]|$)", "", line).split(" ")
    for place, word in enumerate(words):
        option = words[place - 1] if place else ""
        if option in AFTER and not word.islower():
            words[place] = AFTER[option]
        else:
            words[place] = VALUES.get(word, word)
    return [" ".join(word for word in words if word not in ("", "…", "..."))]
