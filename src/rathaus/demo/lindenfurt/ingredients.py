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
        if gap.how not in DRAWN:
            raise LookupError(f"nobody knows how to draw !{gap.how} among {gap.among!r}")
        return DRAWN[gap.how](self, gap.among)

    def day(self, least: int, most: int) -> str:
        """A day between so many days after the filing and so many."""
        return (self.filed_on + timedelta(self.random.randint(least, most))).isoformat()

    def digits(self, count: int) -> str:
        """So many digits."""
        return "".join(self.random.choices("0123456789", k=count))

    def plate(self) -> str:
        """A number plate of the city."""
        letters = "".join(self.random.choices(LETTERS, k=2))
        return f"LF {self.random.randint(100, 999)} {letters}"

    def iban(self) -> str:
        """An account that no bank has."""
        account = "00000" + self.digits(11)  # no bank has this code
        return f"{AUSTRIA}{check_digits(AUSTRIA, account)}{account}"


DRAWN: Mapping[str, Callable[[Luck, Any], Any]] = {
    "one_of": lambda luck, among: luck.random.choice(among),
    "between": lambda luck, ends: luck.random.randint(*ends),
    "ago": lambda luck, ends: luck.day(-ends[1], -ends[0]),
    "ahead": lambda luck, ends: luck.day(*ends),
    "digits": lambda luck, wanted: wanted[0] + luck.digits(wanted[1] - len(wanted[0])),
    "plate": lambda luck, _nothing: luck.plate(),
    "iban": lambda luck, _nothing: luck.iban(),
    "home": lambda luck, _nothing: {**luck.home, "listed": True},
    "address": lambda luck, _nothing: {**luck.elsewhere(), "listed": True},
}


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
