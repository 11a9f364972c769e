"""What a file must be to be taken: which kinds, how large."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from rathaus.core.files.errors import EmptyFile, FileTooLarge, WrongKind
from rathaus.core.files.kinds import IMAGES, KINDS, PDF, Kind
from rathaus.core.files.names import ending


@dataclass(frozen=True)
class FileRules:
    """The kinds accepted in one place, and the largest size in bytes (`None`: the house's)."""

    kinds: tuple[Kind, ...]
    max_bytes: int | None = None

    @classmethod
    def of(cls, slugs: Iterable[str], max_bytes: int | None = None) -> "FileRules":
        """Rules by kind or ending: `FileRules.of(["pdf", "jpg"])`. `ValueError` for others."""
        kinds = []
        for slug in slugs:
            kind = next(
                (kind for kind in KINDS.values() if slug in (kind.slug, *kind.endings)), None
            )
            if kind is None:
                raise ValueError(f"unknown kind of file: {slug}")
            kinds.append(kind)
        return cls(tuple(dict.fromkeys(kinds)), max_bytes)

    @property
    def limit(self) -> int:
        """The largest accepted size in bytes."""
        house: int = settings.UPLOAD_MAX_BYTES
        return house if self.max_bytes is None else min(self.max_bytes, house)

    @cached_property
    def accept(self) -> str:
        """The `accept` attribute of a file field: `.pdf,.jpg,.jpeg`."""
        return ",".join(f".{suffix}" for kind in self.kinds for suffix in kind.endings)

    @property
    def names(self) -> str:
        """The accepted kinds for people: `PDF, JPG, PNG`."""
        return ", ".join(kind.endings[0].upper() for kind in self.kinds)

    def check_size(self, size: int) -> None:
        """Raise `EmptyFile` or `FileTooLarge`."""
        if size == 0:
            raise EmptyFile
        if size > self.limit:
            raise FileTooLarge(
                _(
                    "Die Datei hat %(size)s. Erlaubt sind höchstens %(limit)s. "
                    "Bitte verkleinern oder teilen Sie sie."
                )
                % {"size": filesizeformat(size), "limit": filesizeformat(self.limit)}
            )

    def check_kind(self, kind: Kind | None, name: str) -> Kind:
        """The kind, if it is accepted and the name's ending agrees. Raises `WrongKind`."""
        if kind is None and f".{ending(name)}" in self.accept.split(","):
            raise WrongKind(
                _(
                    "Der Name endet auf „.%(ending)s“, der Inhalt passt aber nicht dazu. "
                    "Bitte speichern Sie die Datei neu oder wählen Sie eine andere."
                )
                % {"ending": ending(name)}
            )
        if kind is None or kind not in self.kinds:
            raise WrongKind(
                _("Dieser Dateityp ist hier nicht möglich. Erlaubt sind: %(kinds)s.")
                % {"kinds": self.names}
            )
        if ending(name) and ending(name) not in kind.endings:
            raise WrongKind(
                _(
                    "Der Name endet auf „.%(ending)s“, der Inhalt ist aber eine Datei "
                    "vom Typ %(kind)s. Bitte prüfen Sie die Datei."
                )
                % {"ending": ending(name), "kind": kind.endings[0].upper()}
            )
        return kind


PROOFS = FileRules((PDF, *IMAGES))
EVERY_KIND = FileRules(tuple(KINDS.values()))
