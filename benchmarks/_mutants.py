"""Mutants of a module by the operators of mutmut, and how one is put into the running program.

mutmut copies the tree and starts pytest anew for each mutant; that costs about a second each. Here
the tests are loaded once, and a mutant replaces the code of the functions that are already there,
decorated ones included. Only what stands inside functions is mutated, as in mutmut.
"""

import ast
import gc
import linecache
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import NEVER_MUTATE_FUNCTION_NAMES, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

Name = tuple[str, int]
"""A function's qualified name, and which one of that name in the module."""
Functions = Mapping[tuple[str, str, int], list[FunctionType]]


@dataclass(frozen=True)
class Mutant:
    """One small fault: the text `before` at a place of a module becomes `after`."""

    path: Path
    start: int
    end: int
    after: str
    lines: frozenset[int]

    @property
    def line(self) -> int:
        """The line on which the fault begins."""
        return _source(self.path).count("\n", 0, self.start) + 1

    @property
    def text(self) -> str:
        """The whole module with the fault in it."""
        source = _source(self.path)
        return source[: self.start] + self.after + source[self.end :]

    @property
    def description(self) -> str:
        """`path:line  before → after`."""
        before = " ".join(_source(self.path)[self.start : self.end].split())
        return f"{self.path}:{self.line}  {before}  →  {' '.join(self.after.split())}"


class _Finder(MutationVisitor):
    """mutmut's visitor, which also enters decorated functions and leaves out their defaults."""

    def __init__(self) -> None:
        nothing: set[int] = set()
        super().__init__(mutation_operators, IgnoredCode(nothing, nothing, nothing))
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []

    def _create_mutations(self, node: cst.CSTNode) -> None:
        known = len(self.mutations)
        super()._create_mutations(node)
        self.found += [
            (mutation.original_node, mutation.mutated_node)
            for mutation in self.mutations[known:]
            if mutation.contained_by_top_level_function is not None
        ]

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef):
            return node.name.value in NEVER_MUTATE_FUNCTION_NAMES
        return isinstance(node, cst.Param) or super()._skip_node_and_children(node)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module that changes the code of one of its functions."""
    source = _source(path)
    wrapper = MetadataWrapper(cst.parse_module(source))
    finder = _Finder()
    wrapper.visit(finder)
    positions = wrapper.resolve(PositionProvider)
    starts = _line_starts(source)
    statements = _statements(source)
    original = _functions_of(_compiled(source, path))
    seen: set[Mutant] = set()
    for node, mutated in finder.found:
        place = positions[node]
        start = starts[place.start.line - 1] + place.start.column
        end = starts[place.end.line - 1] + place.end.column
        after = wrapper.module.code_for_node(mutated)
        lines = _lines_of(place.start.line, place.end.line, statements)
        mutant = Mutant(path, start, end, after, lines)
        if mutant not in seen and _changes(mutant, original):
            seen.add(mutant)
            yield mutant


def apply(mutant: Mutant, functions: Functions) -> None:
    """Put the mutant's code into the functions that are alive in this process."""
    original = _functions_of(_compiled(_source(mutant.path), mutant.path))
    for name, code in _functions_of(_compiled(mutant.text, mutant.path)).items():
        if not _same(original.get(name), code):
            for function in functions.get((str(mutant.path), *name), ()):
                function.__code__ = code


def living_functions(paths: frozenset[str]) -> Functions:
    """All functions of these modules that exist in this process, by file and name."""
    numbers = {
        (path, code.co_qualname, code.co_firstlineno): name
        for path in paths
        for name, code in _functions_of(_compiled(_source(Path(path)), Path(path))).items()
    }
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for thing in gc.get_objects():
        if type(thing) is FunctionType:
            code = thing.__code__
            name = numbers.get((code.co_filename, code.co_qualname, code.co_firstlineno))
            if name is not None:
                found.setdefault((code.co_filename, *name), []).append(thing)
    return found


def _changes(mutant: Mutant, original: Mapping[Name, CodeType]) -> bool:
    """Whether it is a program at all, and another one than before."""
    try:
        mutated = _functions_of(_compiled(mutant.text, mutant.path))
    except SyntaxError:
        return False
    return any(not _same(original.get(name), code) for name, code in mutated.items())


def _functions_of(module: CodeType) -> Mapping[Name, CodeType]:
    """The code of each function and method; what is inside a function belongs to it."""
    found: dict[Name, CodeType] = {}
    seen: Counter[str] = Counter()
    waiting = [module]
    while waiting:
        for code in waiting.pop().co_consts:
            if isinstance(code, CodeType):
                name = code.co_qualname
                if code.co_flags & 0x2:  # CO_NEWLOCALS: a function, no class body
                    found[name, seen[name]] = code
                    seen[name] += 1
                else:
                    waiting.append(code)
    return found


def _same(one: CodeType | None, other: CodeType) -> bool:
    """Whether two codes do the same, wherever they stand."""
    if one is None or one.co_code != other.co_code or one.co_names != other.co_names:
        return False
    if len(one.co_consts) != len(other.co_consts):
        return False
    return all(
        _same(left, right)
        if isinstance(left, CodeType) and isinstance(right, CodeType)
        else (type(left), repr(left)) == (type(right), repr(right))
        for left, right in zip(one.co_consts, other.co_consts, strict=True)
    )


def _statements(source: str) -> list[tuple[int, int]]:
    """First and last line of each statement, the shortest first."""
    spans = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt)
    ]
    return sorted(spans, key=lambda span: span[1] - span[0])


def _lines_of(first: int, last: int, statements: list[tuple[int, int]]) -> frozenset[int]:
    """The lines of the innermost statement around a place: who runs one of them may meet it."""
    around = next(span for span in statements if span[0] <= first and last <= span[1])
    return frozenset(range(around[0], around[1] + 1))


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


@cache
def _source(path: Path) -> str:
    return "".join(linecache.getlines(str(path)))


def _compiled(source: str, path: Path) -> CodeType:
    return compile(source, str(path), "exec", dont_inherit=True)
