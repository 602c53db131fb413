"""What waits in a programme for an act on a case: three queues of Today (`models.queues`), as SQL.

    plans           a case without an approved plan        draw_plan, approve_plan    PU CH DL
    case_limits     a case near or past its plan's limit   record_round               HO HU PU
    case_closings   solved, its dossier not reported       report_case_closing        PU

Only cases of programmes that are not closed wait. A case is open while it is neither excluded nor solved; what the city
is to review waits for the city. Reports of the programme itself belong to no matter: `progress.owed`.
"""

from __future__ import annotations

_CASE = (
    "key_case k JOIN programme p ON p.id=k.programme CROSS JOIN matter o ON o.id=k.matter WHERE p.closed_on IS NULL"
    " AND k.removed IS NULL AND k.exclusion IS NULL AND k.closed_on IS NULL"
)
_BEGUN = "max(k.entered_on, coalesce(k.rebound_on, ''))"
_ANEW = (
    "coalesce((SELECT max(e.born) FROM event e WHERE e.key_case=k.id AND e.kind='key_rebound' AND e.withdrawn IS NULL"
    " AND e.on_date={plan}.drawn_on), 0)"
)
"""A plan drawn up on the very day of a rebound counts when it was recorded after it (`evidence.CaseRows.counts`)."""
_FILED_BY = "(SELECT min(t.on_date) FROM milestone t WHERE t.programme=p.id AND t.kind='filing' AND t.removed IS NULL)"
_IN_FORCE = (
    "(SELECT c.id FROM case_plan c WHERE c.key_case=k.id AND c.removed IS NULL AND c.approved_on IS NOT NULL"
    f" AND c.drawn_on>={_BEGUN} AND c.born>={_ANEW.format(plan='c')} ORDER BY c.approved_on DESC, c.id DESC LIMIT 1)"
)

PLANS = (
    f"SELECT k.matter AS matter, {_BEGUN} AS since, CASE WHEN {_FILED_BY}>={_BEGUN} THEN {_FILED_BY} END AS due,"
    " o.unit AS unit, p.name AS note, k.id AS row, CASE WHEN EXISTS(SELECT 1 FROM case_plan d WHERE d.key_case=k.id"
    f" AND d.removed IS NULL AND d.drawn_on>={_BEGUN} AND d.born>={_ANEW.format(plan='d')}) THEN 'approve_plan'"
    " ELSE 'draw_plan' END AS act"
    f" FROM {_CASE} AND k.solved_on IS NULL AND {_IN_FORCE} IS NULL"
)
LIMITS = (
    "SELECT k.matter AS matter, f.approved_on AS since, f.limit_on AS due, f.unit AS unit, p.name AS note, k.id AS row,"
    f" :act AS act FROM {_CASE.replace(' WHERE ', f' JOIN case_plan f ON f.id={_IN_FORCE} WHERE ', 1)}"
    " AND k.solved_on IS NULL AND f.limit_on<=:soon"
)
CLOSINGS = (
    "SELECT k.matter AS matter, k.solved_on AS since, NULL AS due, o.unit AS unit, p.name AS note, k.id AS row,"
    f" :act AS act FROM {_CASE} AND k.solved_on IS NOT NULL AND NOT EXISTS(SELECT 1 FROM case_review w WHERE"
    f" w.key_case=k.id AND w.removed IS NULL AND w.reviewed_on IS NULL AND w.reported_on>={_BEGUN})"
)
