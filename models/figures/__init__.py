"""Figures of a period: counted from the register's own rows, each with its formula, its version and its list.

`source` reads, `periods` names days, `gather` takes together what a period needs, `indicators` says what each figure
is, `report` computes, `frozen` submits and tells corrections, `behind` lists, `evaluation` compares units by duties
done, `contents` puts reports on paper. `desk` is what one person asks (`Desk.figures`).

Never a figure or a list of persons (domain reference, sections 12 and 16): things counted are items, dated facts and
duties, each of a matter.
"""
