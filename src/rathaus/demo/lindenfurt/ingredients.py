"""What stories are made of: YAML files whose gaps (`!one_of [a, b]`) a seeded `Luck` fills in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any  # ingredients are whatever a form asks for

import yaml

Words = Mapping[str, str]
AUSTRIA = "AT"
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True)
class Gap:
    """A value that is still open: how it is drawn, and among what."""

    how: str
    among: Any


class _Loader(yaml.SafeLoader):
    """YAML with gaps."""


def _gap(loader: _Loader, how: str, node: yaml.Node) -> Gap:
    if isinstance(node, yaml.SequenceNode):
        return Gap(how, loader.construct_sequence(node, deep=True))
    return Gap(how, None)


_Loader.add_multi_constructor("!", _gap)


def read(file: Path) -> dict[str, Any]:
    """The ingredients in a file."""
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    return content


@dataclass(frozen=True)
class Luck:
    """Fills gaps; the same seed fills them in the same way.

    `filed_on` is the day that `!ago` and `!ahead` count from, `home` the applicant's address, and
    `elsewhere` draws another one.
    """

    random: Random
    filed_on: date
    home: Mapping[str, str]
    elsewhere: Callable[[], Mapping[str, str]]

    def fill(self, value: Any, words: Words) -> Any:
        """The value without gaps, its texts with their words."""
        match value:
            case Gap():
                return self.fill(self._drawn(value), words)
            case str():
                return value.format_map(words)
            case Mapping():
                return {key: self.fill(part, words) for key, part in value.items()}
            case list():
                return [self.fill(part, words) for part in value]
            case _:
                return value

    def _drawn(self, gap: Gap) -> Any:
        match gap.how, gap.among:
            case "one_of", among:
                return self.random.choice(among)
            case "between", (least, most):
                return self.random.randint(least, most)
            case "ago", (least, most):
                return (self.filed_on - timedelta(self.random.randint(least, most))).isoformat()
            case "ahead", (least, most):
                return (self.filed_on + timedelta(self.random.randint(least, most))).isoformat()
            case "digits", (beginning, length):
                return beginning + self.digits(length - len(beginning))
            case "plate", None:
                return self._plate()
            case "iban", None:
                return self._iban()
            case "home", None:
                return {**self.home, "listed": True}
            case "address", None:
                return {**self.elsewhere(), "listed": True}
        raise LookupError(f"nobody knows how to draw !{gap.how} among {gap.among!r}")

    def digits(self, count: int) -> str:
        """So many digits."""
        return "".join(self.random.choices("0123456789", k=count))

    def _plate(self) -> str:
        letters = "".join(self.random.choices(LETTERS, k=2))
        return f"LF {self.random.randint(100, 999)} {letters}"

    def _iban(self) -> str:
        account = "00000" + self.digits(11)  # no bank has this code
        return f"{AUSTRIA}{check_digits(AUSTRIA, account)}{account}"


def check_digits(country: str, account: str) -> str:
    """The two digits that make an IBAN of country and account (ISO 7064, mod 97-10)."""
    spelled = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{98 - int(spelled) % 97:02}"


def merged(base: Mapping[str, Any], scene: Mapping[str, Any]) -> dict[str, Any]:
    """What every scene has, with what this one says itself."""
    return {**base, **scene}


def repeated(scenes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each scene as often as it says."""
    return [scene for scene in scenes for _ in range(scene.get("times", 1))]
