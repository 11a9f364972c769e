"""Six invented offices, each with habits that no estimate is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Matter:
    """A kind of matter: what the plan says and what is true, in minutes."""

    name: str
    planned: float
    median: float
    spread: float
    weight: float
    skill: str = ""


@dataclass(frozen=True)
class Desk:
    """A counter: its skills, when it is open (hours), whether another clerk may sit there."""

    name: str
    skills: frozenset[str]
    hours: tuple[tuple[float, float], ...]
    pace: float
    rotates: bool = False


@dataclass(frozen=True)
class Office:
    """A location and its habits; rates are per hour, shares from 0 to 1, times in minutes."""

    name: str
    matters: tuple[Matter, ...]
    desks: tuple[Desk, ...]
    walk_ins_hourly: float
    burst: int
    booked_every: float
    no_show: float
    impatient: float
    breaks: float = 0.08
    day_spread: float = 0.10
    outages: float = 0.0
    drift: float = 0.0
    out_of_turn: float = 0.03
    forgotten: float = 0.01
    stays_late: float = 0.0


ALL = frozenset({"", "id", "car", "family", "tax"})
PLAIN = frozenset({""})
REGISTER = (
    Matter("wohnsitz", 12, 9, 0.45, 5),
    Matter("auskunft", 5, 4, 0.7, 3),
    Matter("meldezettel", 8, 7, 0.4, 3),
    Matter("strafregister", 10, 8, 0.5, 1),
)
PASSPORTS = (
    Matter("reisepass", 15, 16, 0.35, 5, "id"),
    Matter("personalausweis", 15, 13, 0.35, 4, "id"),
    Matter("abholung", 5, 3, 0.5, 3, "id"),
)
CARS = (
    Matter("zulassung", 20, 24, 0.5, 4, "car"),
    Matter("fuehrerschein", 15, 13, 0.5, 3, "car"),
    Matter("parkpickerl", 10, 8, 0.6, 4),
)
FAMILY = (
    Matter("geburt", 25, 22, 0.5, 2, "family"),
    Matter("namensaenderung", 30, 35, 0.6, 1, "family"),
    Matter("heirat", 40, 48, 0.4, 1, "family"),
    Matter("urkunde", 8, 6, 0.5, 4),
)


def desks(
    count: int, paces: tuple[float, ...], skills: tuple[frozenset[str], ...], **habits: bool
) -> tuple[Desk, ...]:
    """Counters with staggered lunches; every third opens later, every fourth closes earlier."""
    return tuple(
        Desk(
            name=f"{number + 1}",
            skills=skills[number % len(skills)],
            hours=(
                (8.0 + 0.5 * (number % 3 == 2), 11.75 + 0.5 * (number % 2)),
                (12.25 + 0.5 * (number % 2), 16.0 - 1.0 * (number % 4 == 3)),
            ),
            pace=paces[number % len(paces)],
            **habits,
        )
        for number in range(count)
    )


OFFICES = (
    Office(
        "citizens", (*REGISTER, *PASSPORTS), desks(8, (0.85, 1.0, 1.25, 1.1), (ALL, ALL, PLAIN)),
        22, 14, 10, 0.14, 0.4,
    ),
    Office(
        "passports", PASSPORTS, desks(4, (0.9, 1.3), (ALL,), rotates=True),
        4, 4, 7, 0.17, 0.3, breaks=0.12,
    ),
    Office(
        "small town", (*REGISTER, *CARS[2:]), desks(2, (0.8, 1.2), (ALL,)),
        8, 6, 30, 0.11, 0.5, day_spread=0.2, stays_late=0.5,
    ),
    Office(
        "cars", CARS, desks(5, (1.0, 0.7, 1.4), (ALL, PLAIN | {"car"}, PLAIN)),
        12, 12, 20, 0.13, 0.5, day_spread=0.15, out_of_turn=0.08,
    ),
    Office(
        "registry", (*FAMILY, *REGISTER[:1]), desks(4, (1.0, 1.15, 0.9), (ALL, PLAIN)),
        5.5, 4, 20, 0.12, 0.2, forgotten=0.04, breaks=0.15,
    ),
    Office(
        "troubled", (*REGISTER, *CARS), desks(6, (0.9, 1.1, 1.3), (ALL, ALL, PLAIN), rotates=True),
        14, 10, 12, 0.16, 0.6, outages=0.15, drift=0.10, day_spread=0.2,
    ),
)  # fmt: skip
