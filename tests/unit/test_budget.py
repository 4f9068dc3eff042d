"""The size budget: small modules, small functions, shallow nesting, few parameters."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ("exts", "tools") for path in sorted((ROOT / folder).rglob("*.py"))]
MODULE_LINES, FUNCTION_LINES, FUNCTION_MEDIAN, FUNCTION_P95 = 400, 60, 8, 30
NESTING, PARAMETERS = 3, 6
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith, ast.Match)

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def body_lines(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


def depth(node: ast.AST, level: int = 0) -> int:
    # An elif is an If inside the else of another: the same depth to a reader.
    deepest = level
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, depth(child, level + (isinstance(child, BLOCKS) and not is_elif)))
    return deepest


def positional(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in names if name not in ("self", "cls")])


def is_kit_api(path: Path) -> bool:
    """Modules under Kit's names have Kit's parameters, however many."""
    return "modules" in path.parts


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_the_budget(path):
    text = path.read_text()
    assert text.count("\n") <= MODULE_LINES
    for function in functions(ast.parse(text)):
        assert body_lines(function) <= FUNCTION_LINES, function.name
        assert depth(function) <= NESTING, function.name
        assert is_kit_api(path) or positional(function) <= PARAMETERS, function.name


def test_functions_are_small_on_the_whole():
    sizes = [body_lines(function) for path in FILES for function in functions(ast.parse(path.read_text()))]
    assert median(sizes) <= FUNCTION_MEDIAN
    assert quantiles(sizes, n=20)[-1] <= FUNCTION_P95
