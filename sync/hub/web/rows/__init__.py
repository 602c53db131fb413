"""What pages read: small questions over a county's rows at the hub, answered in records without anything of a person.

Every question names the county first. Of a sealed matter only what an outline holds is read at all: number, dates,
state, unit, clocks (`models.policy`); nobody at the city is a reader of one.
"""
