"""Stands in for pip, without the network: is that which would be installed an extra of ours, or in one of them?"""

import re
import sys
import tomllib
from pathlib import Path

extras = tomllib.loads(Path("pyproject.toml").read_text())["project"]["optional-dependencies"]
names = {re.match(r"[\w-]+", requirement)[0] for extra in extras.values() for requirement in extra}
known = {f"simslate[{extra}]" for extra in extras} | names
verb, *wanted = sys.argv[1:]
if verb != "install" or not wanted or not known.issuperset(wanted):
    sys.exit(f"pip: {sys.argv[1:]} is none of {sorted(known)}")
