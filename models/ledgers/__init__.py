"""Ledgers (台账) of a period: items, receptions, key cases, supervision, major matters, as papers and workbooks.

    ledger.Ledgers(register, person, on)      what one person asks
    items, receptions, key_cases, supervision, major       one room for each ledger: its columns and its rows

A ledger follows the days on which things happened, never persons: there is none by petitioner, and none that counts
anyone's visits (domain reference, 12 and 16). Rows are read portion by portion while they are written, so that a year
of ten thousand items needs no more memory than a month. Every statement asks the policy; of an outline only number,
days, unit and state are told, and how many outlines there are stands under the table.
"""
