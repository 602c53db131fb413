"""The chief's reception day: plan, public notice, queue, briefs, docket, and what was promised on it.

A county bureau must have the system, and its chief deals with matters in person (Seed A Art. 6; SC-431 Art. 10;
REG-2022 Art. 18). Rooms: `rules` (which days a rule gives), `planning` (plan, substitutes), `days` (as they stand),
`notice` (public notice), `queue` (numbers at the counter), `briefs` and `brief_paper` (a page before each visitor),
`docket` (begin, close, seal), `promises` (instructions until they are proved), `desk` (all of it for one person). Steps
on a matter stand in the table of acts, in `models/steps/reception.py` and `models/steps/instructions.py`.
"""
