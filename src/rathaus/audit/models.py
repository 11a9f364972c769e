"""The trail itself. All three tables only ever grow: a trigger refuses everything but INSERT."""

from dataclasses import fields

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.chain import Content, entry_hash

EXAMINED = "audit.examined"
TAKEN_OVER = "audit.taken_over"


class Act(models.TextChoices):
    """Whether somebody looked, changed something, or was turned away."""

    READ = "read", _("angesehen")
    CHANGE = "change", _("bearbeitet")
    REFUSED = "refused", _("abgewiesen")


class Entry(models.Model):
    """One deed. Names stand nowhere in it: people are ids, staff are their office."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=7, choices=Act)
    actor = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=9)
    office = models.TextField()
    did = models.CharField(max_length=120)
    thing_type = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=120)
    case = models.CharField(max_length=60, db_column="case_number")
    why = models.TextField()
    about = ArrayField(models.UUIDField())
    details = models.JSONField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_entry"
        verbose_name = _("Protokolleintrag")
        verbose_name_plural = _("Protokolleinträge")
        indexes = [
            GinIndex(fields=["about"], name="audit_entry_about"),
            models.Index(
                fields=["case", "seq"],
                condition=~models.Q(case=""),
                name="audit_entry_case",
            ),
            models.Index(
                fields=["-seq"],
                condition=models.Q(did=EXAMINED),
                name="audit_entry_examined",
            ),
            GinIndex(
                fields=["about"],
                condition=models.Q(did=TAKEN_OVER),
                name="audit_entry_taken_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.did}"

    @classmethod
    def chained(cls, content: Content, previous: bytes) -> "Entry":
        """The row for an entry that follows the one with the hash `previous`."""
        return cls(**vars(content), previous=previous, hash=entry_hash(content, previous))

    @property
    def content(self) -> Content:
        """What the row says, without its place in the chain."""
        said = {name.name: getattr(self, name.name) for name in fields(Content)}
        return Content(**{**said, "about": tuple(self.about)})


class Node(models.Model):
    """The hash of a complete Merkle subtree, see `trees`."""

    pk = models.CompositePrimaryKey("level", "position")
    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_node"
        verbose_name = _("Prüfsummenknoten")

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class Root(models.Model):
    """The fingerprint of the first `size` entries; once a day it is published."""

    size = models.BigIntegerField()
    root = models.BinaryField()
    at = models.DateTimeField()
    published_on = models.DateField(null=True, unique=True)

    class Meta:
        db_table = "audit_root"
        verbose_name = _("Fingerabdruck")
        verbose_name_plural = _("Fingerabdrücke")
        indexes = [models.Index(fields=["-size", "-at"], name="audit_root_newest")]

    def __str__(self) -> str:
        return f"{self.size}: {self.fingerprint}"

    @property
    def fingerprint(self) -> str:
        """The root as people compare it: 64 hexadecimal digits."""
        return bytes(self.root).hex()
