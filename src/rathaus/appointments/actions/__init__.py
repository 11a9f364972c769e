"""Everything that changes an appointment: permission first, one transaction, one audit entry."""

from rathaus.appointments.actions.answering import accept as accept_proposal
from rathaus.appointments.actions.answering import accept_by_link as accept_proposal_by_link
from rathaus.appointments.actions.answering import close_outdated as close_outdated_entries
from rathaus.appointments.actions.answering import decline as decline_proposal
from rathaus.appointments.actions.answering import decline_by_link as decline_proposal_by_link
from rathaus.appointments.actions.answering import expire as expire_proposal
from rathaus.appointments.actions.answering import expire_proposals, withdraw_with_booking
from rathaus.appointments.actions.attending import arrive, finish, miss
from rathaus.appointments.actions.changing import (
    cancel,
    cancel_by_link,
    confirm,
    confirm_by_link,
)
from rathaus.appointments.actions.forgetting import forget_guests
from rathaus.appointments.actions.holding import Held, Whom, book, hold
from rathaus.appointments.actions.moving import move, move_by_link
from rathaus.appointments.actions.offering import offer_freed
from rathaus.appointments.actions.reminding import remind
from rathaus.appointments.actions.sweeping import sweep_holds
from rathaus.appointments.actions.taking_over import take_over_bookings
from rathaus.appointments.actions.taking_over_waiting import take_over_waiting
from rathaus.appointments.actions.waiting import Waits, confirm_waiting_by_link, place_of
from rathaus.appointments.actions.waiting import join as join_waitlist
from rathaus.appointments.actions.waiting import leave as leave_waitlist
from rathaus.appointments.actions.waiting import leave_by_link as leave_waitlist_by_link

__all__ = [
    "Held",
    "Waits",
    "Whom",
    "accept_proposal",
    "accept_proposal_by_link",
    "arrive",
    "book",
    "cancel",
    "cancel_by_link",
    "close_outdated_entries",
    "confirm",
    "confirm_by_link",
    "confirm_waiting_by_link",
    "decline_proposal",
    "decline_proposal_by_link",
    "expire_proposal",
    "expire_proposals",
    "finish",
    "forget_guests",
    "hold",
    "join_waitlist",
    "leave_waitlist",
    "leave_waitlist_by_link",
    "miss",
    "move",
    "move_by_link",
    "offer_freed",
    "place_of",
    "remind",
    "sweep_holds",
    "take_over_bookings",
    "take_over_waiting",
    "withdraw_with_booking",
]
