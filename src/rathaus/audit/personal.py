"""The base of every table whose rows are about a person."""

from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar, cast

from django.db import models
from django.db.models.query import RawQuerySet

from rathaus.audit.reading import UnaccountedRead, open_log

__all__ = ["PersonalModel", "PersonalQuerySet", "UnaccountedRead"]

M = TypeVar("M", bound=models.Model, covariant=True)


class AccountedRaw(RawQuerySet):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows of a hand-written SELECT, noted one by one."""

    def iterator(self) -> Iterator[Any]:
        """Each row, after it was noted."""
        for row in super().iterator():
            log = open_log()
            if log is not None:
                log.note_key(cast(type[PersonalModel], type(row)), row.pk)
            yield row


class PersonalQuerySet(models.QuerySet[M]):
    """Rows about people. Reads are noted below, by the database layer; only raw SQL needs help."""

    def raw(
        self,
        raw_query: Any,
        params: Any = (),
        translations: dict[str, str] | None = None,
        using: str | None = None,
    ) -> "RawQuerySet[M]":
        """A hand-written SELECT that names the primary key, as Django asks."""
        options = {"params": params, "translations": translations, "using": using or self.db}
        return AccountedRaw(raw_query, self.model, **options)


class PersonalModel(models.Model):
    """Each concrete model has a `subject_id`: the id of the citizen that a row is about, or None.

    `subject_column` names the column that holds it, where it has another name; without such a
    column `subject_id` is a property, looked up with one more query per page. `impersonal` are the
    columns that say nothing about anybody and may be listed or grouped without naming the subject.
    """

    subject_column: ClassVar[str] = "subject_id"
    impersonal: ClassVar[frozenset[str]] = frozenset()

    objects: ClassVar[Any] = PersonalQuerySet.as_manager()  # each model narrows the type

    class Meta:
        abstract = True
