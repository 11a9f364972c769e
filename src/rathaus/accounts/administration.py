"""Rules of giving and taking rights: who may do it, and that somebody always can."""

from rathaus.core.actor import Actor

MANAGE = "accounts.manage"


def may_manage(actor: Actor, department: int | None) -> bool:
    """Whether rights in that department (`None`: in all of them) are theirs to give.

    Who administers one department gives nothing beyond it.
    """
    if department is None:
        return actor.departments(MANAGE) is None
    return actor.may(MANAGE, department)
