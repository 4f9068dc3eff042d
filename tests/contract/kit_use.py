"""What of Kit a file uses, read from its syntax tree: symbols, calls and their keywords.

A symbol is dotted from its module on; ``()`` stands for an instance or a result: ``omni.usd.UsdContext().get_stage``.
Names are followed through imports, assignments, ``self`` and classes derived from Kit's, as far as a reader would.
"""

import ast
from dataclasses import dataclass, field
from pathlib import Path

ROOTS = ("carb", "omni", "isaacsim", "Semantics")


@dataclass(frozen=True)
class Use:
    """One place where a symbol is used; ``positional`` is None if it is not called there."""

    symbol: str
    place: str
    positional: int | None = None
    keywords: tuple[str, ...] = ()


@dataclass
class Scope:
    """What names stand for: a symbol, or None for what is not Kit's."""

    names: dict[str, str | None] = field(default_factory=dict)
    own: dict[str, str | None] = field(default_factory=dict)
    """Attributes of ``self``."""
    bases: tuple[str, ...] = ()
    """The Kit classes that the class around is derived from."""

    def inner(self):
        return Scope(dict(self.names), self.own, self.bases)


def uses_in(path, root, returns):
    """Return what the file at ``path`` uses; ``returns`` has the class of what a function returns, or None."""
    reader = _Reader(Path(path).relative_to(root).as_posix(), returns)
    reader.block(ast.parse(Path(path).read_text()).body, Scope())
    return reader.uses


def _is_kit(module):
    return module.partition(".")[0] in ROOTS


class _Reader:
    def __init__(self, name, returns):
        self.name = name
        self.returns = returns
        self.uses = []

    def note(self, symbol, node, call=None):
        if call is None and symbol.endswith("()"):
            return
        place = f"{self.name}:{node.lineno}"
        # With a * nobody can say what is given.
        if call is None or any(isinstance(argument, ast.Starred) for argument in call.args):
            self.uses.append(Use(symbol, place))
        elif all(keyword.arg for keyword in call.keywords):
            self.uses.append(Use(symbol, place, len(call.args), tuple(keyword.arg for keyword in call.keywords)))
        else:
            self.uses.append(Use(symbol, place))

    # --- statements, in their order

    def block(self, statements, scope):
        for statement in statements:
            self.statement(statement, scope)

    def statement(self, node, scope):
        if isinstance(node, ast.Import):
            self.imports(node, scope)
        elif isinstance(node, ast.ImportFrom):
            self.imports_from(node, scope)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.function(node, scope)
        elif isinstance(node, ast.ClassDef):
            self.class_(node, scope)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            self.assignment(node, scope)
        else:
            self.others(node, scope)

    def imports(self, node, scope):
        for alias in node.names:
            if _is_kit(alias.name):
                self.note(alias.name, node)
                bound = alias.asname or alias.name.partition(".")[0]
                scope.names[bound] = alias.name if alias.asname else bound

    def imports_from(self, node, scope):
        if node.level or not _is_kit(node.module):
            return
        for alias in node.names:
            scope.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            self.note(f"{node.module}.{alias.name}", node)

    def function(self, node, scope):
        for each in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.value(each, scope)
        inner = scope.inner()
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            # What an annotation says of Kit's classes holds for the argument.
            told = None if argument.annotation is None else self.value(argument.annotation, scope)
            inner.names[argument.arg] = f"{told}()" if told else None
        if node.args.args and node.args.args[0].arg == "self":
            inner.names["self"] = "self"
        self.block(node.body, inner)

    def class_(self, node, scope):
        bases = [self.value(base, scope) for base in node.bases]
        inner = Scope(dict(scope.names), {}, tuple(base for base in bases if base))
        for function in ast.walk(node):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner.own.setdefault(function.name, None)
        # Twice: what a method finds in self another one may put there further down.
        before = len(self.uses)
        self.block(node.body, inner)
        del self.uses[before:]
        self.block(node.body, inner)

    def assignment(self, node, scope):
        if node.value is None:
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=False):
                    self.bind(one, self.value(value, scope), scope)
                return
        value = self.value(node.value, scope)
        for target in targets:
            self.bind(target, value, scope)

    def bind(self, target, value, scope):
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
            if scope.bases and target.attr not in scope.own and value is None:
                self.value(target, scope)
            scope.own[target.attr] = value or scope.own.get(target.attr)
        else:
            self.value(target, scope)

    def others(self, node, scope):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.statement(child, scope)
            elif isinstance(child, ast.expr):
                self.value(child, scope)
            elif isinstance(child, ast.withitem):
                value = self.value(child.context_expr, scope)
                if child.optional_vars is not None:
                    self.bind(child.optional_vars, value, scope)
            else:
                self.others(child, scope)

    # --- expressions: what they stand for

    def value(self, node, scope):
        if isinstance(node, ast.Name):
            return scope.names.get(node.id)
        if isinstance(node, ast.Attribute):
            symbol = self.attribute(node, scope)
            if symbol is not None:
                self.note(symbol, node)
            return symbol
        if isinstance(node, ast.Call):
            return self.call(node, scope)
        if isinstance(node, ast.Await):
            return self.value(node.value, scope)
        if isinstance(node, ast.Lambda):
            inner = scope.inner()
            inner.names.update(dict.fromkeys(argument.arg for argument in node.args.args))
            self.value(node.body, inner)
            return None
        self.others(node, scope)
        return None

    def attribute(self, node, scope):
        """Return the symbol of ``a.b``, without a note of it."""
        if isinstance(node.value, ast.Name) and node.value.id == "self" and scope.names.get("self") == "self":
            if node.attr in scope.own:
                return scope.own[node.attr]
            return f"{scope.bases[-1]}().{node.attr}" if scope.bases else None
        if _is_super(node.value):
            return f"{scope.bases[-1]}().{node.attr}" if scope.bases else None
        owner = self.value(node.value, scope)
        return None if owner is None else f"{owner}.{node.attr}"

    def call(self, node, scope):
        function = node.func
        find = self.attribute if isinstance(function, ast.Attribute) else self.value
        symbol = find(function, scope)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self.value(argument, scope)
        if symbol is None or symbol == "self":
            return None
        self.note(symbol, node, node)
        if symbol in self.returns:
            return self.returns[symbol] and f"{self.returns[symbol]}()"
        return f"{symbol}()"


def _is_super(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
