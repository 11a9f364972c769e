"""The meaning of a form written down as directly as possible: recursive, slow, unprepared."""

from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue

from rathaus.services.forms.conditions import (
    All,
    AnyOf,
    Comparison,
    In,
    Not,
    NotIn,
    OtherField,
    Present,
)
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.reading import is_blank, reader_for

COMPARE = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}


class BruteForce:
    """Asks for everything anew, each time."""

    def __init__(self, document: FormDocument, answers: Mapping[str, JsonValue], today: date):
        self.outline = Outline(document)
        self.answers = answers
        self.today = today

    def visible(self, identifier: str) -> bool:
        place = self.outline.by_id[identifier]
        conditions = [place.page.show, *(group.show for group in place.groups), place.field.show]
        return all(condition is None or self.holds(condition) for condition in conditions)

    def value(self, identifier: str) -> object:
        if not self.visible(identifier) or is_blank(self.answers.get(identifier)):
            return None
        field = self.outline.by_id[identifier].field
        return reader_for(field, self.outline)(self.answers[identifier], self.today).value

    def holds(self, condition: object) -> bool:
        if isinstance(condition, All):
            return all(self.holds(part) for part in condition.all)
        if isinstance(condition, AnyOf):
            return any(self.holds(part) for part in condition.any)
        if isinstance(condition, Not):
            return not self.holds(condition.negated)
        if isinstance(condition, Present):
            return self.value(condition.present) is not None
        path, operand = condition.sides
        answer = self.value(path)
        if answer is None:
            return False
        if isinstance(condition, In | NotIn):
            chosen = answer if isinstance(answer, frozenset) else {answer}
            return bool(chosen & set(operand)) is isinstance(condition, In)
        assert isinstance(condition, Comparison)
        other = self.value(operand.field) if isinstance(operand, OtherField) else operand
        [name] = condition.model_dump()
        return other is not None and COMPARE[name](answer, other)

    def visible_fields(self) -> frozenset[str]:
        return frozenset(i for i in self.outline.by_id if self.visible(i))
