"""Takes away sealed files that no row knows: left by failed transactions and deleted rows."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage

from rathaus.core.clock import now
from rathaus.core.files.storage import file_store
from rathaus.core.models import StoredFile

# Long enough for every transaction that is still under way.
LEFT_ALONE = timedelta(hours=24)


def sweep_orphans() -> int:
    """Delete every file of the store that is older than a day and has no row; how many."""
    store = file_store()
    swept = 0
    for folder in store.listdir("")[0] if store.exists("") else []:
        names = set(_old_files(store, folder))
        known = set(
            StoredFile.objects.filter(storage_key__in=names).values_list("storage_key", flat=True)
        )
        for name in names - known:
            store.delete(name)
            swept += 1
    return swept


def _old_files(store: Storage, folder: str) -> Iterator[str]:
    newest = now() - LEFT_ALONE
    for name in store.listdir(folder)[1]:
        place = f"{folder}/{name}"
        if store.get_modified_time(place) < newest:
            yield place
