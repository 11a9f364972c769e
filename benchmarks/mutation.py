"""Mutation score of the rules: how many small faults put into them does a test notice?

The faults are those of mutmut (`_mutants.py`). The pure tests run once under a tracer, so that each
fault is shown only to the tests that run its lines; each fault gets a process of its own, forked
after loading. A fault that makes a test fail or run for ever is found; one that nobody runs is not.
"""

import argparse
import gc
import importlib.util
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import _lru_cache_wrapper
from itertools import pairwise
from pathlib import Path
from types import FrameType, ModuleType

import django
import pytest
from _mutants import Functions, Mutant, apply, living_functions, mutants_of
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from rathaus.operate.measuring import report

OWN_INSTALLATION = True

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = PROJECT / "src" / "rathaus"
RULES = (
    "core/calendar/*.py",
    "core/contrast.py",
    "core/database_away.py",
    "core/dated.py",
    "core/money.py",
    "core/localized.py",
    "core/search/*.py",
    "audit/chain.py",
    "audit/merkle.py",
    "audit/occurrences.py",
    "audit/verify.py",
    "accounts/administration.py",
    "accounts/devices.py",
    "accounts/identifiers.py",
    "accounts/sealing.py",
    "accounts/session_limits.py",
    "accounts/providers/id_token.py",
    "appointments/average_rule.py",
    "appointments/calling_order.py",
    "appointments/free_slots.py",
    "appointments/handling_times.py",
    "appointments/limits.py",
    "appointments/needs.py",
    "appointments/opening.py",
    "appointments/queue_futures.py",
    "appointments/queue_log.py",
    "appointments/quotas.py",
    "appointments/spans.py",
    "appointments/spread.py",
    "appointments/stretches.py",
    "appointments/waiting_time.py",
    "cases/case_number.py",
    "cases/deadlines.py",
    "cases/decision_faults.py",
    "cases/law.py",
    "cases/phases.py",
    "cases/placeholders.py",
    "cases/routing.py",
    "payments/balancing.py",
    "payments/due_dates.py",
    "payments/epc.py",
    "payments/levies.py",
    "payments/matching.py",
    "payments/mentions.py",
    "payments/references.py",
    "payments/typed_amounts.py",
    "services/catalogue.py",
    "services/forms/*.py",
)
TESTS = (
    "core/tests/test_calendar.py",
    "core/search/tests/test_*.py",
    "audit/tests/test_audit_chain.py",
    "audit/tests/test_audit_merkle.py",
    "accounts/tests/test_accounts_rules.py",
    "appointments/tests/test_average_rule.py",
    "appointments/tests/test_calling_order.py",
    "appointments/tests/test_free_slots.py",
    "appointments/tests/test_handling_times.py",
    "appointments/tests/test_queue_futures.py",
    "appointments/tests/test_waiting_time.py",
    "cases/tests/test_case_rules.py",
    "cases/tests/test_deadlines.py",
    "cases/tests/test_decision_faults.py",
    "payments/tests/test_balancing.py",
    "payments/tests/test_due_dates.py",
    "payments/tests/test_epc.py",
    "payments/tests/test_levies.py",
    "payments/tests/test_matching.py",
    "payments/tests/test_mentions.py",
    "payments/tests/test_references.py",
    "payments/tests/test_typed_amounts.py",
    "services/forms/tests/test_*.py",
    "**/tests/test_*_rules_*.py",
)
FIXTURES = SOURCES / "services" / "forms" / "tests" / "conftest.py"
ARGUMENTS = (
    "--noconftest", "--import-mode=importlib", "--assert=plain", "--tb=no", "--capture=no", "-qq",
    "--no-header", "--no-summary", f"--rootdir={PROJECT}", f"--config-file={os.devnull}",
    "-p", "no:django", "-p", "no:cacheprovider", "-p", "no:xdist",
)  # fmt: skip
EXAMPLES = 10
SLOWEST_TEST = 0.5
QUICK = "cases/"
KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"


class Trace:
    """Which test runs which lines of the rules, and how long each test takes."""

    def __init__(self, paths: frozenset[str]) -> None:
        self.paths = paths
        self.tests_of: dict[tuple[str, int], set[pytest.Item]] = defaultdict(set)
        self.seconds: dict[pytest.Item, float] = {}

    def run(self, items: Sequence[pytest.Item]) -> None:
        """Run every test once; one that fails without any fault ends the measurement.

        Each makes its fixtures anew, so that their lines are its lines too.
        """
        cached = list(_cached_rules())
        for item in items:
            for rule in cached:
                rule.cache_clear()
            lines: set[tuple[str, int]] = set()
            started = time.process_time()
            sys.settrace(self._tracer(lines))
            try:
                passed = _passes(item, None)
            finally:
                sys.settrace(None)
            if not passed:
                raise pytest.UsageError(f"{item.nodeid} fails without any fault")
            self.seconds[item] = time.process_time() - started
            for line in lines:
                self.tests_of[line].add(item)

    def tests_for(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that run a line of the fault, the quickest first, without the slowest."""
        tests: set[pytest.Item] = set()
        for line in mutant.lines:
            tests |= self.tests_of.get((str(mutant.path), line), set())
        quick = (test for test in tests if self.seconds[test] <= SLOWEST_TEST)
        return sorted(quick, key=lambda test: (self.seconds[test], test.nodeid))

    def _tracer(self, lines: set[tuple[str, int]]) -> object:
        def inside(frame: FrameType, event: str, _: object) -> object:
            if event == "line":
                lines.add((frame.f_code.co_filename, frame.f_lineno))
            return inside

        def enter(frame: FrameType, event: str, _: object) -> object:
            return inside if frame.f_code.co_filename in self.paths else None

        return enter


class Measurement:
    """A plugin of pytest: when the tests are loaded, it shows them one fault after the other."""

    def __init__(self, mutants: Sequence[Mutant], *, show_survivors: bool) -> None:
        self.mutants = mutants
        self.show_survivors = show_survivors
        self.outcomes: dict[Mutant, str] = {}
        self.tests = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop."""
        _soften_properties(session.items)
        self.tests = len(session.items)
        paths = frozenset(str(mutant.path) for mutant in self.mutants)
        trace = Trace(paths)
        trace.run(session.items)
        functions = living_functions(paths)
        for rule in _cached_rules():
            rule.cache_clear()
        gc.freeze()
        if _shown(None, session.items, trace, functions) != SURVIVED:
            raise pytest.UsageError("a test fails in a process of its own without any fault")
        for mutant in self.mutants:
            self.outcomes[mutant] = outcome = _outcome(mutant, trace, functions)
            if outcome == SURVIVED and self.show_survivors:
                print(mutant.description, flush=True)
        return True


def _soften_properties(items: Iterable[pytest.Item]) -> None:
    """Fewer examples, the same each time, and no search for the smallest one."""
    for item in items:
        test = getattr(item, "obj", None)
        chosen = getattr(test, "_hypothesis_internal_use_settings", None)
        if chosen is not None:
            test._hypothesis_internal_use_settings = settings(
                chosen,
                max_examples=min(chosen.max_examples, EXAMPLES),
                derandomize=True,
                database=None,
                deadline=None,
                phases=(Phase.explicit, Phase.generate),
            )


def _cached_rules() -> Iterator["_lru_cache_wrapper[object]"]:
    """What they answered without a fault must not hide it, nor which lines a test runs."""
    for thing in gc.get_objects():
        if type(thing) is _lru_cache_wrapper and thing.__module__.startswith("rathaus."):
            yield thing


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=following)
    return not any(report.failed for report in reports)


def _outcome(mutant: Mutant, trace: Trace, functions: Functions) -> str:
    tests = trace.tests_for(mutant)
    if not tests:
        return SURVIVED
    return _shown(mutant, tests, trace, functions)


def _shown(
    mutant: Mutant | None, tests: Sequence[pytest.Item], trace: Trace, functions: Functions
) -> str:
    """What the tests say in a process of their own; without a fault they must say nothing."""
    child = os.fork()
    if child == 0:
        _meet(mutant, tests, functions, limit=2 + 5 * sum(trace.seconds[test] for test in tests))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return TIMEOUT if os.WTERMSIG(status) == signal.SIGPROF else KILLED
    return SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED


def _meet(
    mutant: Mutant | None, tests: Sequence[pytest.Item], functions: Functions, *, limit: float
) -> None:
    """In a process of its own: 0 if no test notices the fault; the system ends what runs on."""
    noticed = True
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        gc.disable()  # a collection would copy all memory that is shared with the parent
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, limit)
        if mutant:
            apply(mutant, functions)
        noticed = not all(_passes(test, after) for test, after in pairwise([*tests, None]))
    finally:
        os._exit(int(noticed))


def _rules(pattern: str) -> list[Path]:
    return sorted(
        path
        for rule in RULES
        for path in SOURCES.glob(rule)
        if fnmatch(str(path.relative_to(SOURCES)), f"*{pattern}*")
    )


def _fixtures() -> ModuleType:
    """The fixtures of the forms, which need no Django; those of other folders do."""
    spec = importlib.util.spec_from_file_location("forms_fixtures", FIXTURES)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(FIXTURES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(mutants: Sequence[Mutant], *, folder: str, show_survivors: bool) -> Measurement:
    """Show the faults to the tests below a folder."""
    measurement = Measurement(mutants, show_survivors=show_survivors)
    files = {path for pattern in TESTS for path in SOURCES.glob(pattern)}
    chosen = sorted(str(path) for path in files if path.is_relative_to(SOURCES / folder))
    code = pytest.main([*ARGUMENTS, *chosen], plugins=[measurement, _fixtures()])
    if code != pytest.ExitCode.OK:
        raise SystemExit(f"the tests cannot be run: {code!r}")
    return measurement


def _table(outcomes: Mapping[Mutant, str]) -> None:
    """One line for each module."""
    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, outcome in outcomes.items():
        by_module[str(mutant.path.relative_to(SOURCES))][outcome] += 1
    print(f"{'module':<38} {'killed':>7} {'timeout':>8} {'survived':>9} {'score %':>8}")
    for module, counts in sorted(by_module.items()):
        print(
            f"{module:<38} {counts[KILLED]:>7} {counts[TIMEOUT]:>8} {counts[SURVIVED]:>9}"
            f" {_score(counts):>8.1f}"
        )
    print()


def _score(counts: Mapping[str, int]) -> float:
    found = counts[KILLED] + counts[TIMEOUT]
    return 100 * found / max(1, found + counts[SURVIVED])


def main() -> None:
    """Measure all rules, or those of one domain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the rules of cases alone")
    parser.add_argument("--only", default="", help="part of a module's path")
    parser.add_argument("--survivors", action="store_true", help="name what no test noticed")
    options = parser.parse_args()
    started = time.monotonic()
    folder = QUICK if options.quick else ""
    mutants = [mutant for path in _rules(folder or options.only) for mutant in mutants_of(path)]
    measurement = measure(mutants, folder=folder, show_survivors=options.survivors)
    outcomes = measurement.outcomes
    _table(outcomes)
    counts = Counter(outcomes.values())
    report(
        "mutation",
        {
            "score_percent": round(_score(counts), 2),
            "killed": counts[KILLED],
            "survived": counts[SURVIVED],
            "timeout": counts[TIMEOUT],
            "mutants": len(mutants),
            "tests": measurement.tests,
            "seconds": round(time.monotonic() - started, 1),
        },
    )


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))  # what tests of several domains share
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.test")
    django.setup()  # names that are translated when they are shown
    main()
