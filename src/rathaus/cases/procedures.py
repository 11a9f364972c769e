"""A procedure as a document: how a city handles one kind of case. `README.md` shows an example."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from rathaus.cases import placeholders
from rathaus.cases.deadlines import Ladder, Period, Unit, ladder_for
from rathaus.cases.decision_faults import DENYING, DecisionText
from rathaus.cases.law import Remedy, RemedyKind, law
from rathaus.cases.phases import Phase
from rathaus.cases.routing import RoutingRule
from rathaus.core.dated import in_force
from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.parts import LocalText, NumberPrefix, Part, ShortSlug, Text
from rathaus.core.documents.source import BadDocument, Location, Mistake, Source, read_yaml

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=250)]
Count = Annotated[int, Field(ge=1, le=1000)]
Signer = Literal["clerk", "head"]

# What `{{ … }}` in a decision may name, besides `angaben.<key>`.
PLACEHOLDERS = frozenset(
    {
        "abteilung",
        "aktenzeichen",
        "anschrift",
        "behörde",
        "eingelangt_am",
        "heute",
        "name",
        "stadt",
        "titel",
        "verfahren",
    }
)


class PeriodDocument(Part):
    """A length of time in exactly one unit, and the law that sets it."""

    months: Count | None = None
    weeks: Count | None = None
    days: Count | None = None
    working_days: Count | None = None
    basis: Line

    @model_validator(mode="after")
    def names_one_unit(self) -> Self:
        """Refuse a period without a unit or with several."""
        if len(self._named()) != 1:
            raise ValueError("genau eines davon angeben: months, weeks, days oder working_days")
        return self

    @property
    def period(self) -> Period:
        """As the rules count it."""
        unit, count = self._named()[0]
        return Period(count, unit, self.basis)

    def _named(self) -> list[tuple[Unit, int]]:
        counts = [(unit, getattr(self, unit.value)) for unit in Unit]
        return [(unit, count) for unit, count in counts if count is not None]


class CorrectionDocument(PeriodDocument):
    """How long a citizen has to correct, and whether the office's deadline rests meanwhile."""

    suspends: bool = False
    suspends_basis: str = ""

    @model_validator(mode="after")
    def suspends_by_law(self) -> Self:
        """Refuse a suspension that rests on no law."""
        if self.suspends and not self.suspends_basis:
            raise ValueError("wer hemmt (suspends), nennt die Grundlage in suspends_basis")
        return self


class RemedyDocument(PeriodDocument):
    """What can be done against the decision, in the words that end the document."""

    text: LocalText

    @property
    def remedy(self) -> Remedy:
        """As the law has its own."""
        return Remedy(self.period, self.text.plain())


def _named_or_own(value: object) -> str:
    is_word = isinstance(value, str) and value.lower() not in ("true", "false")
    return "named" if is_word else "own"


Named = Annotated[RemedyKind, Tag("named")]


class WarningDocument(Part):
    """Days before the last day from which a clerk is warned."""

    soon: Count
    urgent: Count

    @model_validator(mode="after")
    def rises(self) -> Self:
        """Refuse a ladder whose upper rung comes first."""
        if self.urgent >= self.soon:
            raise ValueError("urgent kommt nach soon, die Zahl muss also kleiner sein")
        return self


class StateDocument(Part):
    """A finer state inside a phase."""

    slug: ShortSlug
    phase: Phase
    label: LocalText


class RoutingDocument(Part):
    """Cases whose answer `key` is one of `values` go to `department`."""

    key: Line
    values: Annotated[tuple[Line, ...], Field(min_length=1)]
    department: ShortSlug


class TemplateDocument(Part):
    """Words for a decision: the ruling (Spruch) and the reasons (Begründung).

    A blank line starts a paragraph; `{{ name }}` is a placeholder. Without `remedy` it is a plain
    letter that decides nothing; `remedy` may name one that is not the procedure's. `signed_by` says
    who issues it, else the procedure says.
    """

    slug: ShortSlug
    name: LocalText
    outcome: Annotated[
        str, StringConstraints(pattern="^(granted|partly_granted|refused|rejected|settled)$")
    ]
    title: Line
    ruling: Text
    reasons: str = ""
    remedy: Annotated[Named | Annotated[bool, Tag("own")], Discriminator(_named_or_own)] = True
    signed_by: Signer | None = None

    @model_validator(mode="after")
    def names_known_placeholders(self) -> Self:
        """Refuse a placeholder that nothing will ever fill."""
        for text in (self.title, self.ruling, self.reasons):
            placeholders.check(text, PLACEHOLDERS)
        return self


class ProcedureDocument(Part):
    """Everything the program must know to handle one kind of case."""

    procedure: ShortSlug
    name: LocalText
    department: ShortSlug
    authority: Line | None = None
    number_prefix: NumberPrefix | None = None
    legal_basis: tuple[Line, ...] = ()
    deadline: PeriodDocument | None = None
    correction: CorrectionDocument | None = None
    remedy: Annotated[
        Named | Annotated[RemedyDocument, Tag("own")], Discriminator(_named_or_own)
    ] = RemedyKind.COMPLAINT
    warning: WarningDocument | None = None
    signed_by: Signer = "head"
    states: tuple[StateDocument, ...] = ()
    routing: tuple[RoutingDocument, ...] = ()
    templates: tuple[TemplateDocument, ...] = ()

    @model_validator(mode="after")
    def names_are_unique(self) -> Self:
        """Refuse two states or two templates of one name."""
        for names in ([s.slug for s in self.states], [t.slug for t in self.templates]):
            if len(names) != len(set(names)):
                raise ValueError(f"ein Name steht zweimal: {', '.join(sorted(names))}")
        return self

    def deadline_on(self, day: date) -> Period:
        """The time for the decision of a case that comes in on that day."""
        return self.deadline.period if self.deadline else in_force(law().decision, day)

    def correction_on(self, day: date) -> Period:
        """The time for a correction ordered on that day."""
        return self.correction.period if self.correction else in_force(law().correction, day)

    def remedy_on(self, day: date, template: str = "") -> Remedy:
        """What can be done against a decision of that template delivered on that day."""
        begun = self.template(template)
        named = self.remedy if begun is None or isinstance(begun.remedy, bool) else begun.remedy
        if isinstance(named, RemedyDocument):
            return named.remedy
        return in_force(law().remedies[named], day)

    def ladder_on(self, day: date, period: Period) -> Ladder:
        """From when on a clerk is warned in a case with that time for the decision."""
        if self.warning:
            return Ladder(soon=self.warning.soon, urgent=self.warning.urgent)
        return ladder_for(period, in_force(law().warnings, day))

    @property
    def suspends(self) -> bool:
        """Whether the office's own deadline rests while a correction is awaited."""
        return self.correction is not None and self.correction.suspends

    @property
    def suspension_basis(self) -> str:
        """The law by which it rests; empty where it does not."""
        return self.correction.suspends_basis if self.correction else ""

    def routing_rules(self) -> list[RoutingRule]:
        """The routing as the rule module takes it."""
        return [
            RoutingRule(rule.key, frozenset(rule.values), rule.department) for rule in self.routing
        ]

    def is_formal(self, outcome: str) -> bool:
        """Whether such an outcome must be a Bescheid: as its templates say, else if it denies.

        Where no template is one, nothing is: what the city gives of its own accord it refuses by
        letter.
        """
        told = [bool(each.remedy) for each in self.templates if each.outcome == outcome]
        if told:
            return all(told)
        is_ever = not self.templates or any(template.remedy for template in self.templates)
        return is_ever and outcome in DENYING

    def rights_to_sign(self, text: DecisionText) -> tuple[str, ...]:
        """The rights of which one is needed to issue the text.

        What a template lets the clerk sign is the head's again once it says another outcome.
        """
        begun = self.template(text.template)
        signer = begun.signed_by if begun and begun.outcome == text.outcome else None
        by_clerk = (signer or self.signed_by) == "clerk"
        return ("cases.decide", "cases.handle") if by_clerk else ("cases.decide",)

    def template(self, slug: str) -> TemplateDocument | None:
        """The decision template of that name."""
        return next((template for template in self.templates if template.slug == slug), None)


def parse_procedures(
    text: str, *, departments: Collection[str] | None = None
) -> Sequence[ProcedureDocument]:
    """The procedures of a YAML file: one mapping, or several under `procedures:`.

    Raises `BadDocument` with line and reason of every mistake; where the city's departments are
    given, a procedure of any other is one.
    """
    source = read_yaml(text)
    values = source.values
    if not isinstance(values, dict):
        raise BadDocument(Mistake(1, "ein Verfahren beginnt mit „procedure:“ oder „procedures:“"))
    listed = values.get("procedures")
    places: list[Location] = [()]
    if isinstance(listed, list):
        places = [("procedures", number) for number in range(len(listed))]
    documents = [checked(ProcedureDocument, source, at=place) for place in places]
    if departments is not None:
        found = zip(places, documents, strict=True)
        unknown = [flaw for entry in found for flaw in _elsewhere(*entry, source, departments)]
        if unknown:
            raise BadDocument(*unknown)
    return documents


def _elsewhere(
    place: Location, document: ProcedureDocument, source: Source, known: Collection[str]
) -> Iterator[Mistake]:
    """Departments that a procedure names and the city does not have."""
    named: list[tuple[Location, str]] = [(("department",), document.department)]
    for number, rule in enumerate(document.routing):
        named.append((("routing", number, "department"), rule.department))
    for at, slug in named:
        if slug not in known:
            line = source.line_of((*place, *at))
            yield Mistake(line, f"die Abteilung „{slug}“ gibt es nicht")
