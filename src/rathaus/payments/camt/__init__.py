"""What a bank tells of an account: camt.052, 053 and 054 (ISO 20022) read as plain values."""

from rathaus.payments.camt.archive import documents_in
from rathaus.payments.camt.faults import BadStatement, Fault
from rathaus.payments.camt.movements import Kind, Movement, movements
from rathaus.payments.camt.reading import read_message
from rathaus.payments.camt.values import Message, Statement

__all__ = [
    "BadStatement",
    "Fault",
    "Kind",
    "Message",
    "Movement",
    "Statement",
    "documents_in",
    "movements",
    "read_message",
]
