"""The evidence: rows with their sources, as known on a day, and quantities made from them."""

from azkz.ledger.arithmetic import counted, growth, share, total
from azkz.ledger.matches import Match
from azkz.ledger.quantity import Quantity, Unknown, Value
from azkz.ledger.records import Claim, Event, Indicator, Leg, Observation, Place, Source
from azkz.ledger.series import Series
from azkz.ledger.units import PERCENT, TIMES, Unit
from azkz.ledger.vintage import Ledger

__all__ = [
    "PERCENT",
    "TIMES",
    "Claim",
    "Event",
    "Indicator",
    "Ledger",
    "Leg",
    "Match",
    "Observation",
    "Place",
    "Quantity",
    "Series",
    "Source",
    "Unit",
    "Unknown",
    "Value",
    "counted",
    "growth",
    "share",
    "total",
]
