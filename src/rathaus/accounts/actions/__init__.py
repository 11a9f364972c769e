"""Everything that changes people, their rights and their sign-in."""

from rathaus.accounts.actions.establishing import PersonRecord, establish_person
from rathaus.accounts.actions.founding import CityReport, found_city
from rathaus.accounts.actions.nameless import nameless_person
from rathaus.accounts.actions.own_account import (
    BadPhone,
    NotYours,
    change_contact_email,
    change_phone,
    choose_password,
    end_other_sessions,
    end_own_session,
    erase,
    send_forgotten_password_link,
)
from rathaus.accounts.actions.people import (
    AddressTaken,
    AdministratorExists,
    deactivate,
    end_sessions,
    give_role,
    invite,
    invite_first_administrator,
    reactivate,
    reset_second_factor,
    send_password_link,
    take_role,
)
from rathaus.accounts.actions.roles import (
    RoleExists,
    UnknownRight,
    add_role,
    change_rights,
    grant_to_group,
    withdraw_from_group,
)
from rathaus.accounts.actions.safeguards import LastAdministrator, OwnRights, ReasonMissing
from rathaus.accounts.actions.signing_in import (
    NoRole,
    admit_citizen,
    admit_colleague,
    guest_for,
    sweep_ended_sessions,
    sweep_unconfirmed_guests,
)

__all__ = [
    "AddressTaken",
    "AdministratorExists",
    "BadPhone",
    "CityReport",
    "LastAdministrator",
    "NoRole",
    "NotYours",
    "OwnRights",
    "PersonRecord",
    "ReasonMissing",
    "RoleExists",
    "UnknownRight",
    "add_role",
    "admit_citizen",
    "admit_colleague",
    "change_contact_email",
    "change_phone",
    "change_rights",
    "choose_password",
    "deactivate",
    "end_other_sessions",
    "end_own_session",
    "end_sessions",
    "erase",
    "establish_person",
    "found_city",
    "give_role",
    "grant_to_group",
    "guest_for",
    "invite",
    "invite_first_administrator",
    "nameless_person",
    "reactivate",
    "reset_second_factor",
    "send_forgotten_password_link",
    "send_password_link",
    "sweep_ended_sessions",
    "sweep_unconfirmed_guests",
    "take_role",
    "withdraw_from_group",
]
