"""Suggestions for screening: class, exit, department, level, procedure; learned from nothing, said from rules.

`facts` reads what was registered, `rules` the rows of `resources/routing.toml`, `inside` finds department and units,
`place` level and place, `simple` the simplified procedure, `acting` the act that would follow; `suggest` puts them
together and `tell` says them. A suggestion is shown with its
reason and article and never decides; nothing about a petitioner goes in.
"""

from models.routing.acting import ActSuggestion
from models.routing.facts import Facts, Unit, facts_of
from models.routing.inside import Inside, UnitSuggestion, department_word
from models.routing.place import Place
from models.routing.rules import Suggestion, organs
from models.routing.simple import Simplified
from models.routing.suggest import Routing, route, suggest
from models.routing.tell import told

__all__ = [
    "ActSuggestion",
    "Facts",
    "Inside",
    "Place",
    "Routing",
    "Simplified",
    "Suggestion",
    "Unit",
    "UnitSuggestion",
    "department_word",
    "facts_of",
    "organs",
    "route",
    "suggest",
    "told",
]
