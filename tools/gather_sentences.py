"""Gathers what pipelines/ and canvas/ say to people: those rooms know no Qt, so their words are read from the source.
Of desktop/, which translates its own words, only errors with words that are not marked are read.

Read are the syntax trees: every text of several words that is not a docstring, a key, a query, a log message or a name
of a step. The fields of an f-string and of a text for `format` become {0}, {1} …; a field that chooses between two
texts, there or in a line before, becomes two templates. `resources/sentences.json` is the sorted list of them.
`tools.translate` gives the same texts to Qt's tools under the context "sentences"; `desktop.spoken` finds them again in
what is said.

python -m tools.gather_sentences           writes the list
python -m tools.gather_sentences --check   only says whether it is fresh; exit code 1 if it is not
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from desktop.step_names import STEPS

ROOT = Path(__file__).resolve().parents[1]
LISTED = ROOT / "resources" / "sentences.json"
CONTEXT = "sentences"
ROOMS = ("pipelines", "canvas", "desktop")
RAISING_ROOM = "desktop/"
"""Where only the words of errors are read: the window translates its others itself."""
SILENT_FOLDERS = frozenset({"starter", "commands", "miniatures", "recipes"})
"""Rooms of the command line, of tests, and of other programs' formats."""
SILENT_FILES = frozenset(
    {"pipelines/cli.py", "pipelines/client/fake.py", "desktop/demo.py", "desktop/headless.py", "desktop/theme.py"}
)
SILENT_CALLS = frozenset(
    {
        *("cast", "TypeVar", "namedtuple", "Thread"),
        *("execute", "executemany", "executescript", "rows", "one", "want", "_freed"),
        *("compile", "fromhex", "search", "match", "sub", "startswith", "endswith", "removeprefix"),
        *("replace", "split", "rsplit", "strip", "partition", "insert", "write", "set", "with_name"),
        *("debug", "info", "warning", "error", "exception", "critical", "AssertionError"),
        *("transaction", "_do", "_preset", "PaintLayer", "GroupLayer"),
    }
)
"""Whose texts are types, queries, patterns, bytes, notes in the log, and names of steps, presets and layers."""
SILENT_KEYWORDS = frozenset({"name", "thread_name_prefix", "help", "metavar", "description", "prog", "label", "source"})
TABLES = {"pipelines/contract/models.py": frozenset({"ModelKind"}), "pipelines/engine/thrift.py": frozenset({"Stage"})}
"""Classes whose texts are said within sentences, single words too."""
SINGLE_WORDS = frozenset(
    {
        *("inpaint", "edit", "edit-plus", "depth", "refiner", "layered", "control", "upscale", "{0}-channel"),
        *("prompt", "negative_prompt", "width", "height", "num_inference_steps", "guidance_scale", "strength", "seed"),
        *("num_images_per_prompt", "clip_skip", "variation_strength", "image", "mask", "scale", "opacity", "loras"),
        *("embeddings", "controls", "references", "regions"),
    }
)
"""Words of their own that are shown or said: variants of models, and fields of requests."""
SYSTEM_WORDS = frozenset(
    {
        *("No such file or directory", "Permission denied", "Operation not permitted", "Read-only file system"),
        *("No space left on device", "Disk quota exceeded", "Is a directory", "Not a directory", "File exists"),
        *("Directory not empty", "File name too long", "Input/output error", "Device or resource busy"),
        *("Too many open files", "Invalid argument", "Cannot allocate memory", "Stale file handle"),
        *("Connection refused", "Connection reset by peer", "Network is unreachable", "No route to host", "timed out"),
        *("database disk image is malformed", "file is not a database", "database is locked", "disk I/O error"),
        *("attempt to write a readonly database", "unable to open database file", "database or disk is full"),
        *("Broken pipe", "The system cannot find the path specified", "The system cannot find the file specified"),
        *("Access is denied", "File is not a zip file"),
    }
)
"""What the computer itself says most often, and so stands in many fields."""
MOST_WAYS = 8
"""Templates at most that one text with choices becomes; beyond, its choices are fields."""
_QUERY = re.compile(
    r"\b(SELECT|INSERT|DELETE|UPDATE|CREATE|DROP|ALTER|PRAGMA|WHERE|UNION|JOIN)\b|[<>=:] \?|= [A-Z]+$|^ NOT |<|_ "
    r"|^python3 |^could not create a "
)
"""What is no sentence although it has several words: SQL, XML, a command, other libraries' words."""
_RAISED = re.compile(r"raise \w+\(\s*f?[\"']")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
_NAMED = re.compile(r"\{(?:[a-z_]\w*)?(?:[.:!][^{}]*)?\}")
_PHRASE = re.compile(r"^(an?|the|its?|of|in|on) |^\{0\} is |[.…?!]$", re.IGNORECASE)

Text = tuple[str | None, ...]
"""Literal pieces in their order; None is a field."""


@dataclass(frozen=True)
class Source:
    """One source file."""

    path: str
    """Relative to the repository, with slashes."""
    tree: ast.Module

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Every node's parent."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def templates(self) -> Iterator[str]:
        """What the file says; some come several times."""
        tables = TABLES.get(self.path, frozenset())
        for node in self.parents:
            if not is_text(node) or self._is_part(node):
                continue
            in_table = self._in_table(node, tables)
            if not in_table and not self._is_said(node):
                continue
            known = self._local_texts(node)
            for text in (node, *_instead(node)):
                found = map(template, texts_of(text, known))
                yield from (words for words in found if in_table or self._is_worded(words, node))

    def _is_part(self, node: ast.AST) -> bool:
        """Whether it belongs to a larger text, which is read as a whole."""
        parent = self.parents.get(node)
        if isinstance(parent, ast.Attribute) and parent.attr == "format":
            parent = self.parents.get(parent)
        return isinstance(parent, (ast.FormattedValue, ast.JoinedStr)) or (parent is not None and is_text(parent))

    def _in_table(self, node: ast.AST, names: frozenset[str]) -> bool:
        given = self.parents.get(node)
        above = self.parents.get(given) if isinstance(given, ast.Assign) else None
        return isinstance(above, ast.ClassDef) and above.name in names

    def _is_said(self, node: ast.AST) -> bool:
        """Whether a text stands where texts for people stand."""
        child, parent = node, self.parents.get(node)
        while isinstance(parent, (ast.BoolOp, ast.IfExp, ast.GeneratorExp, ast.ListComp, ast.Starred)):
            child, parent = parent, self.parents.get(parent)
        if self.path.startswith(RAISING_ROOM):
            return (
                isinstance(parent, ast.Call)
                and self._is_raised(parent)
                and isinstance(node, (ast.Constant, ast.JoinedStr))
            )
        if isinstance(
            parent, (ast.Expr, ast.Compare, ast.Attribute, ast.arguments, ast.Assert, ast.SetComp, ast.Subscript)
        ):
            return isinstance(parent, ast.Subscript) and child is parent.value
        if isinstance(parent, (ast.arg, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef)):  # types in quotes
            return isinstance(parent, ast.AnnAssign) and child is parent.value
        if isinstance(parent, ast.keyword):
            return parent.arg not in SILENT_KEYWORDS and _called(self.parents.get(parent)) not in SILENT_CALLS
        if isinstance(parent, ast.Call):
            name = _called(parent)
            return child in parent.args[1:] if name == "get" else child is not parent.func and name not in SILENT_CALLS
        return True

    def _is_worded(self, words: str, node: ast.AST) -> bool:
        """Whether a template has words of its own, and is no query and no key."""
        literal = re.sub(r"\{\d+\}", " ", words)
        if _QUERY.search(literal) or not _WORD.search(literal) or words[0] in " ,":
            return False
        parent = self.parents.get(node)
        while isinstance(parent, (ast.IfExp, ast.BoolOp)):
            parent = self.parents.get(parent)
        if isinstance(parent, ast.Call) and _called(parent).startswith("_") and self._is_raised(parent):
            return True
        is_phrase = _PHRASE.search(words) is not None
        if " " not in words.strip() or (len(_WORD.findall(literal)) < 2 and not is_phrase):
            return False
        is_listed = isinstance(parent, (ast.Tuple, ast.List, ast.Set))
        return is_phrase or not (is_listed or (isinstance(parent, ast.Dict) and node in parent.keys))

    def _is_raised(self, call: ast.Call) -> bool:
        return isinstance(self.parents.get(call), ast.Raise)

    def _local_texts(self, node: ast.AST) -> Mapping[str, ast.AST]:
        """The names of the function around a node that are given a text with words, and nothing else."""
        return self._texts_in.get(self._function_of(node), {})

    def _function_of(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
            node = self.parents[node]
        return node

    @cached_property
    def _texts_in(self) -> dict[ast.AST, dict[str, ast.AST]]:
        given: dict[ast.AST, dict[str, list[ast.AST]]] = {}
        for node, parent in self.parents.items():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found = given.setdefault(self._function_of(node), {}).setdefault(node.id, [])
                found.append(parent.value if isinstance(parent, ast.Assign) else parent)
        return {
            function: {name: values[0] for name, values in found.items() if _is_one_text(values)}
            for function, found in given.items()
            if not isinstance(function, ast.Module)
        }


def _is_one_text(values: Sequence[ast.AST]) -> bool:
    return len(values) == 1 and is_text(values[0]) and any(map(_WORD.search, map(template, texts_of(values[0]))))


def sources() -> Iterator[Source]:
    """Every file that may say something to the person at the window."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if path in SILENT_FILES or SILENT_FOLDERS & set(file.parts):
                continue
            code = file.read_text("utf-8")
            if not path.startswith(RAISING_ROOM) or _RAISED.search(code):
                yield Source(path, ast.parse(code))


def sentences() -> list[str]:
    """All templates, sorted, each once. Names of steps are the window's own words already."""
    found = {template for source in sources() for template in source.templates()}
    return sorted((found - set(STEPS)) | SINGLE_WORDS | SYSTEM_WORDS)


def template(text: Text) -> str:
    """The text with numbered fields; fields that touch are one."""
    pieces: list[str] = []
    numbers = itertools.count()
    for is_known, group in itertools.groupby(text, key=lambda piece: piece is not None):
        pieces.append("".join(filter(None, group)) if is_known else f"{{{next(numbers)}}}")
    return "".join(pieces)


def is_text(node: ast.AST) -> bool:
    """Whether an expression is a text, or put together of texts, for certain."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return is_text(left) or is_text(right)
        case ast.IfExp(body=body, orelse=orelse):
            return is_text(body) and is_text(orelse)
        case ast.Call(func=ast.Attribute(attr="format", value=value)):
            return is_text(value)
    return False


def texts_of(node: ast.AST, known: Mapping[str, ast.AST] | None = None) -> list[Text]:
    """Every text that an expression can become; what is not known before it runs is a field. `known`: names' texts."""
    names = known or {}
    ways: list[list[Text]] = [[(None,)]]
    match node:
        case ast.Constant(value=str(words)):
            ways = [[_with_fields(words)]]
        case ast.JoinedStr(values=values):
            ways = [texts_of(value, names) for value in values]
        case ast.FormattedValue(value=ast.Name(id=name)) if name in names:
            ways = [texts_of(names[name])]
        case ast.FormattedValue(value=(ast.IfExp() | ast.Constant()) as value):
            ways = [texts_of(value, names)]
        case ast.IfExp(body=body, orelse=orelse) if is_text(node):
            ways = [[*texts_of(body, names), *texts_of(orelse, names)]]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            ways = [texts_of(left, names), texts_of(right, names)]
        case ast.Call(func=ast.Attribute(attr="format", value=value)) if is_text(value):
            ways = [texts_of(value, names)]
    found = [tuple(itertools.chain.from_iterable(way)) for way in itertools.product(*ways)]
    if len(found) <= MOST_WAYS:
        return found
    return [tuple(itertools.chain.from_iterable(way[0] if len(way) == 1 else (None,) for way in ways))]


def _with_fields(words: str) -> Text:
    """A constant; what `format` will fill in is a field."""
    first, *rest = _NAMED.split(words)
    return (first, *itertools.chain.from_iterable((None, piece) for piece in rest))


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """Texts that stand in a field for what may be missing: {name or 'a folder of another kind'}."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.FormattedValue) and isinstance(inner.value, ast.BoolOp):
            yield from filter(is_text, inner.value.values)


def _called(node: ast.AST | None) -> str:
    """The last name of what is called; empty where nothing is."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name
    return ""


def written(found: Sequence[str]) -> str:
    """The list as its file holds it."""
    return json.dumps(found, ensure_ascii=False, indent=0) + "\n"


def as_source(found: Sequence[str]) -> str:
    """A source file for Qt's tools that names every template."""
    return "".join(
        f"QT_TRANSLATE_NOOP({json.dumps(CONTEXT)}, {json.dumps(words, ensure_ascii=False)})\n" for words in found
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the tool; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing")
    is_check = parser.parse_args(arguments).check
    found = sentences()
    known = json.loads(LISTED.read_text("utf-8")) if LISTED.is_file() else []
    new, gone = sorted(set(found) - set(known)), sorted(set(known) - set(found))
    if is_check:
        for words in (*(f"not gathered: {words}" for words in new), *(f"gone: {words}" for words in gone)):
            print(words)
        return 0 if found == known else 1
    LISTED.write_text(written(found), "utf-8")
    print(f"{len(found)} sentences; {len(new)} are new, {len(gone)} are gone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
