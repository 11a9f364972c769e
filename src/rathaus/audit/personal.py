"""The base of every table whose rows are about a person."""

from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models

from rathaus.audit.reading import UnaccountedRead, open_log

__all__ = ["PersonalModel", "PersonalQuerySet", "UnaccountedRead"]

M = TypeVar("M", bound="PersonalModel", covariant=True)


class PersonalQuerySet(models.QuerySet[M]):
    """Rows about people; the base of their query sets. The database layer notes what is read."""

    def about(self, person: UUID) -> Self:
        """The rows about one citizen."""
        return self.filter(**{self.model.subject_column: person})


class PersonalModel(models.Model):
    """Each concrete model has a `subject_id`: the id of the citizen that a row is about, or None.

    `subject_column` names the column that holds it, where it has another name; without such a
    column `subject_id` is a property, looked up with one more query per page. `impersonal` are the
    columns that say nothing about anybody and may be listed or grouped without naming the subject.
    """

    subject_column: ClassVar[str] = "subject_id"
    impersonal: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *values: Any, **options: Any) -> Self:
        """The row as an object; noted here too, since raw SQL passes by the compiler."""
        row = super().from_db(*values, **options)
        log = open_log()
        if log is not None:
            if cls.subject_column in row.__dict__:
                log.note(cls, row.__dict__[cls.subject_column])
            else:
                log.note_key(cls, row.pk)
        return row
