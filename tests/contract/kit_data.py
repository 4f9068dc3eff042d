"""What is known of Kit: the recorded API, and where that has nothing, a small reviewed list with its sources."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

API_FILE = Path(__file__).parents[2].parent / "shared" / "facts" / "kit_api.json"
REVIEWED_FILE = Path(__file__).with_name("reviewed_symbols.json")


def load_api():
    return json.loads(API_FILE.read_text())


def load_reviewed():
    return json.loads(REVIEWED_FILE.read_text())


class KitData:
    """Answers whether Kit has a symbol, and whether it can be called so."""

    def __init__(self, api, reviewed):
        self.api = {name: members for name, members in api.items() if not name.startswith("_")}
        self.reviewed = reviewed["symbols"]
        self.used = set()
        """The reviewed symbols that were needed."""

    def complaint(self, use):
        """Return what is wrong with a use of Kit, or None."""
        found = self.find(use.symbol)
        if found is not None and (use.positional is None or fits(use, found.calls)):
            return None
        reviewed = self.find_reviewed(use.symbol)
        if reviewed is not None and (use.positional is None or fits(use, reviewed)):
            return None
        if found is None and reviewed is None:
            return f"{use.place}: {use.symbol} is not known to be in Kit"
        return f"{use.place}: {use.symbol} is not known to take {use.positional} arguments and {list(use.keywords)}"

    def find_reviewed(self, symbol):
        key = next((key for key in self.reviewed if fnmatchcase(symbol, key)), None)
        if key is not None:
            self.used.add(key)
        return self.reviewed.get(key)

    def find(self, symbol):
        """Return where the recorded API has a symbol, None if it has not."""
        packages = [module for module in self.api if f"{module}.".startswith(f"{symbol}.")]
        if packages:
            return Found(self.api, packages[0], {})
        module, rest = split(symbol, self.api)
        name = rest.partition(".")[0].removesuffix("()")
        if module is None or name not in self.api[module]:
            return None
        return self.member(self.api[module], name, rest[len(name) :].removeprefix("."))

    def member(self, holder, name, rest):
        """Return where ``rest`` is of the entry ``name`` of ``holder``."""
        entry = holder[name]
        if rest in ("", "()"):
            return Found(holder, name, entry)
        if rest in entry.get("observed_members", ()):
            return Found(entry["observed_members"], rest, entry.get("observed_calls", {}).get(rest, {}))
        head, _, below = rest.removeprefix("().").partition(".")
        for owner in self.with_bases(entry):
            if head in owner.get("members", {}):
                return self.member(owner["members"], head, below)
            seen = f"().{head}"
            if not below and seen in owner.get("observed_members", ()):
                return Found(owner["observed_members"], seen, owner.get("observed_calls", {}).get(seen, {}))
        return None

    def with_bases(self, entry):
        """Yield a class and those that it is derived from."""
        yield entry
        for base in entry.get("bases", ()):
            name = base.rpartition(".")[2]
            # Where a class is defined and where it is offered differ by a module with an underscore.
            offering = base.rpartition(".")[0].partition("._")[0]
            if name in self.api.get(offering, ()):
                yield from self.with_bases(self.api[offering][name])


@dataclass(frozen=True)
class Found:
    """An entry of the recorded API: it is ``holder[key]``, and ``calls`` has the forms of calls that are known."""

    holder: dict
    key: str
    calls: dict


def split(symbol, api):
    """Return the longest module that ``symbol`` begins with, None if there is none, and the rest."""
    parts = symbol.split(".")
    for count in range(len(parts), 0, -1):
        module = ".".join(parts[:count])
        if module in api:
            return module, ".".join(parts[count:])
    return None, symbol


def fits(use, facts):
    """Whether a call fits one of the forms that are known."""
    if "keywords" in facts:
        return set(use.keywords) <= set(facts["keywords"]) and use.positional <= facts.get("positional", 0)
    if facts.get("signature_known") is False or "max_positional" in facts:
        return set(use.keywords) <= set(facts.get("kwargs", ())) and use.positional <= facts.get("max_positional", 0)
    members = facts.get("members", {})
    if facts.get("kind") == "class" and "__init__" in members:
        facts = members["__init__"]
    forms = facts.get("overloads") or [facts["signature"]] if "signature" in facts else []
    return any(fits_form(use, form) for form in forms)


def fits_form(use, form):
    positional, keyword_only, required, takes_any, takes_more = [], [], set(), False, False
    is_after_star = False
    for text in form:
        name, has_default, _ = text.partition("=")
        if name == "self":
            continue
        if name.startswith("**"):
            takes_any = True
        elif name.startswith("*"):
            is_after_star, takes_more = True, name != "*"
        else:
            (keyword_only if is_after_star else positional).append(name)
            if not has_default:
                required.add(name)
    if use.positional > len(positional) and not takes_more:
        return False
    given = {*positional[: use.positional], *use.keywords}
    known = {*positional[use.positional :], *keyword_only}
    return (takes_any or set(use.keywords) <= known) and required <= given
