"""People, and what staff may do where."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from rathaus.audit.personal import PersonalModel
from rathaus.core.clock import now

NAMELESS = "nameless"  # in place of an identifier: the one person who stands for all without a name


class PersonManager(BaseUserManager["Person"]):
    """Makes people; how they sign in is decided elsewhere."""

    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: object
    ) -> Person:
        """A person who signs in by e-mail code unless a password is given."""
        person = self.model(email=(email or "").strip().lower() or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(PersonalModel, AbstractBaseUser):
    """Somebody who uses the house: a guest known by e-mail, a citizen known by eID, or a member of
    staff.
    """

    class Kind(models.TextChoices):
        GUEST = "guest", _("Gast")
        CITIZEN = "citizen", _("Bürgerin oder Bürger")
        STAFF = "staff", _("Mitarbeiterin oder Mitarbeiter")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(_("Art"), max_length=8, choices=Kind, default=Kind.GUEST)
    # The key of guests and staff; citizens are known by their eID and only get mail there, as a
    # whole family may.
    email = models.EmailField(_("E-Mail"), null=True, blank=True)  # noqa: DJ001 - unique if set
    given_name = models.CharField(_("Vorname"), max_length=200, blank=True)
    family_name = models.CharField(_("Nachname"), max_length=200, blank=True)
    birth_date = models.DateField(_("Geburtsdatum"), null=True, blank=True)
    address = models.JSONField(_("Anschrift"), default=dict, blank=True)
    phone = models.CharField(_("Telefon"), max_length=60, blank=True)
    identifier_hash = models.CharField(
        max_length=64, unique=True, null=True, blank=True, editable=False
    )
    is_active = models.BooleanField(_("aktiv"), default=True)
    created_at = models.DateTimeField(_("angelegt"), default=now, editable=False)
    # Whom a read of this row concerns: staff are known by their office, so theirs concerns nobody.
    subject_id = models.GeneratedField(
        expression=models.Case(models.When(~models.Q(kind="staff"), then="id")),
        output_field=models.UUIDField(null=True),
        db_persist=True,
    )

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(kind__in=["guest", "staff"]),
                name="one_sign_in_per_email",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "family_name", "given_name"], name="people_by_name")
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_nameless(self) -> bool:
        """Whether this row stands for all who did not say who they are: nobody can be reached."""
        return self.identifier_hash == NAMELESS

    @property
    def full_name(self) -> str:
        """Given and family name, else the e-mail address, else a word for nobody in particular."""
        return f"{self.given_name} {self.family_name}".strip() or self.email or str(_("Unbekannt"))


class Department(models.Model):
    """An office of the city to which cases are routed and in which rights are held."""

    slug = models.SlugField(unique=True)
    name = models.JSONField(_("Name"))
    number_prefix = models.CharField(_("Kürzel im Aktenzeichen"), max_length=8)
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=60, blank=True)
    address = models.TextField(_("Anschrift"), blank=True)

    class Meta:
        verbose_name = _("Abteilung")
        verbose_name_plural = _("Abteilungen")

    def __str__(self) -> str:
        return str(self.name.get("de", self.slug))


class Role(models.Model):
    """A named set of rights; which rights there are is known to the domains."""

    slug = models.SlugField(unique=True)
    name = models.JSONField(_("Name"))
    rights = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        verbose_name = _("Rolle")
        verbose_name_plural = _("Rollen")

    def __str__(self) -> str:
        return str(self.name.get("de", self.slug))


class GroupGrant(models.Model):
    """What a group of the city's directory stands for: a role in one department, or in all."""

    group = models.CharField(_("Gruppe im Verzeichnis"), max_length=200)
    role = models.ForeignKey(Role, models.CASCADE, related_name="group_grants")
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, related_name="group_grants"
    )

    class Meta:
        verbose_name = _("Gruppenzuordnung")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "role", "department"],
                nulls_distinct=False,
                name="one_grant_once_per_group",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.role_id} in {self.department_id or 'all'}"


class Membership(models.Model):
    """A role held by a member of staff in one department, or in all of them (`department` empty).

    `from_directory` marks what came from the city's directory at sign-in and goes with the next
    one; the rest was given by hand and stays.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    from_directory = models.BooleanField(_("aus dem Verzeichnis"), default=False)

    class Meta:
        verbose_name = _("Zugehörigkeit")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "department"],
                nulls_distinct=False,
                name="one_role_once_per_department",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role_id} in {self.department_id or 'all'}"
