"""Stub files (.pyi) of Kit, made from what is recorded of it: names, parameters, and what functions return.

The record has no types: everything is Any, but for the objects that functions are known to return. A class that has
been seen in use only is open, which means that other members of it are Any, too.
"""

import keyword

_INIT = "def __init__(self, *args: Any, **kwargs: Any) -> None: ..."
_OPEN = (
    "def __getattr__(self, name: str) -> Any: ...",
    "def __setattr__(self, name: str, value: Any) -> None: ...",
    "def __enter__(self) -> Any: ...",
    "def __exit__(self, *args: Any) -> None: ...",
)


def write_stubs(folder, api, reviewed):
    """Write a package for each module of Kit into ``folder``."""
    modules = {name: members for name, members in api.items() if not name.startswith("_")}
    for symbol in reviewed["symbols"]:
        if not any(symbol.startswith(f"{name}.") for name in modules):
            modules[symbol.rpartition(".")[0]] = {}
    made_by = {cls.rpartition(".")[0] for cls in reviewed["returns"].values() if cls}
    for module, recorded in modules.items():
        members = {**_reviewed_members(module, modules, reviewed), **recorded}
        below = {name for name in members if f"{module}.{name}" in modules}
        lines = ["from typing import Any", *(f"import {each}" for each in sorted(made_by))]
        lines += [f"from {module} import {name} as {name}" for name in sorted(below)]
        for name, facts in members.items():
            if name not in below and _is_name(name):
                lines += _Stub(f"{module}.{name}", name, reviewed).lines(facts)
        place = folder.joinpath(*module.split("."), "__init__.pyi")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n".join(lines) + "\n")


def _reviewed_members(module, modules, reviewed):
    """Return the names that a module has by the reviewed list, as if they had been seen in use."""
    found = {}
    for symbol in reviewed["symbols"]:
        rest = symbol.removeprefix(f"{module}.")
        is_below = any(symbol.startswith(f"{name}.") for name in modules if len(name) > len(module))
        if rest != symbol and not is_below:
            found[rest.partition(".")[0].removesuffix("()")] = {"kind": "observed"}
    return found


class _Stub:
    """One name of a module."""

    def __init__(self, symbol, name, reviewed):
        self.symbol, self.name = symbol, name
        self.symbols, self.returns = reviewed["symbols"], reviewed["returns"]

    def lines(self, facts):
        """Return the lines that declare it."""
        kind = facts["kind"]
        if kind in ("class", "enum"):
            return self.class_(facts)
        if kind == "function":
            return self.function(self.name, self.symbol, facts)
        if kind == "observed" and (facts.get("observed_members") or self.name[0].isupper()):
            return self.observed(facts)
        return [f"{self.name}: Any"]

    def class_(self, facts):
        members = {name: about for name, about in facts.get("members", {}).items() if _is_name(name)}
        # The members of bases are not repeated here, and widgets take what no signature tells.
        is_open = facts.get("bases") or not members or facts.get("signature_known") is False
        body = [_INIT] if "__init__" not in members else []
        for name, about in members.items():
            if about["kind"] == "function":
                body += self.function(name, f"{self.symbol}().{name}", about, own="self")
            else:
                body.append(f"{name}: Any")
        body += self.seen_members(facts, members)
        return [f"class {self.name}:", *_indented([*(_OPEN if is_open else ()), *body])]

    def function(self, name, symbol, facts, own=""):
        returns = "None" if name == "__init__" else self.returns.get(symbol) or "Any"
        words = "async " if facts.get("async") or facts.get("awaitable") or name.endswith("_async") else ""
        if facts.get("static"):
            own, static = "", ["@staticmethod"]
        else:
            static = []
        form = facts.get("signature", ["*args", "**kwargs"])
        if len(facts.get("overloads", ())) > 1:
            form = ["*args", "**kwargs"]
        return [*static, f"{words}def {name}({_parameters(form, own)}) -> {returns}: ..."]

    def observed(self, facts):
        """Return what was seen, class or module, as a class: the members of a module are static ones then."""
        form = self.symbols.get(self.symbol, {}).get("signature")
        making = [_INIT] if form is None else self.function("__init__", "", {"signature": form}, own="self")
        body = [*making, *_OPEN] if self.name[0].isupper() else []
        return [f"class {self.name}:", *_indented([*body, *self.seen_members(facts, ())])]

    def seen_members(self, facts, known):
        """Return what else was seen of the class or module itself, and what is reviewed of its instances."""
        seen = {_head(member) for member in facts.get("observed_members", ())}
        prefixes = f"{self.symbol}.", f"{self.symbol}()."
        reviewed = [key[len(self.symbol) :] for key in self.symbols if key.startswith(prefixes)]
        seen |= {_head(key[1:]) for key in reviewed if key.startswith(".")}
        lines = []
        for name in sorted(name for name in seen if _is_name(name) and name not in known):
            lines += self.seen_member(name, facts.get("observed_calls", {}).get(name))
        for key in reviewed:
            name = key.removeprefix("().")
            if key != name and _is_name(name) and name not in seen:
                lines += self.reviewed_method(name)
        return lines

    def seen_member(self, name, call):
        symbol = f"{self.symbol}.{name}"
        if name[0].isupper():
            return _Stub(symbol, name, {"symbols": self.symbols, "returns": self.returns}).observed({})
        form = self.symbols.get(symbol, {}).get("signature")
        if form is None and call is not None:
            form = ["*args", *(f"{word}=..." for word in call["kwargs"])]
        if form is None:
            return [f"{name}: Any"]
        return self.function(name, symbol, {"signature": form, "static": True})

    def reviewed_method(self, name):
        symbol = f"{self.symbol}().{name}"
        form = self.symbols[symbol].get("signature")
        return [f"{name}: Any"] if form is None else self.function(name, symbol, {"signature": form}, own="self")


def _indented(lines):
    return [f"    {line}" for line in lines or ["..."]]


def _head(member):
    return member.partition(".")[0].removesuffix("()")


def _is_name(text):
    return text.isidentifier() and not keyword.iskeyword(text)


def _parameters(form, own):
    """Return recorded parameters as those of a stub: defaults are ``...``, and everything is Any."""
    texts = [own] if own else []
    for text in form:
        name, has_default, _ = text.partition("=")
        if name == "*":
            texts.append("*")
        elif name != "self":
            # Bindings number the parameters that have no name.
            name = f"__{name}" if name.startswith("arg") and name[3:].isdecimal() else name
            texts.append(f"{name}: Any{' = ...' if has_default else ''}")
    return ", ".join(texts)
