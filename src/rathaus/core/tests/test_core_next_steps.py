"""What an applicant still does in a case: asked of every domain, shown in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.template import engines

from rathaus.core import domain as registry
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.domain import Domain, NextStep, next_steps, register

PAY = NextStep("Gebühr bezahlen", "fällig bis 22.12.2026", "Bezahlen", "/zahlen/", order=10)
BOOK = NextStep("Termin buchen", action="Termin wählen", address="/termine/", order=20)
SIGNED = NextStep("Unterschreiben", done=True, order=30)


@dataclass
class Asked:
    """A domain that notes what it is asked and knows some steps."""

    steps: list[NextStep]
    questions: list[tuple[Actor, str]] = field(default_factory=list)

    def __call__(self, applicant: Actor, number: str) -> Iterator[NextStep]:
        self.questions.append((applicant, number))
        return iter(self.steps)


@pytest.fixture(autouse=True)
def no_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_domains", {})


def test_every_domain_is_asked_about_the_case_and_the_steps_come_in_order() -> None:
    appointments, payments = Asked([SIGNED, BOOK]), Asked([PAY])
    register(Domain(slug="appointments", name="Termine", next_steps=appointments))
    register(Domain(slug="silent", name="Stille"))
    register(Domain(slug="payments", name="Zahlungen", next_steps=payments))

    assert next_steps(ANONYMOUS, "BÜ-2026-000001") == [PAY, BOOK, SIGNED]
    assert appointments.questions == payments.questions == [(ANONYMOUS, "BÜ-2026-000001")]


def test_a_step_leads_to_where_it_is_done_and_says_what_is_done_already() -> None:
    template = engines["django"].from_string('{% cotton kern.next-steps :steps="steps" / %}')
    shown = template.render({"steps": [PAY, SIGNED]})
    assert 'href="/zahlen/"' in shown
    assert "fällig bis 22.12.2026" in shown
    assert shown.count('class="next-steps__step next-steps__step--done"') == 1
    assert shown.count("(erledigt)") == 1
    assert shown.count("<a ") == 1
