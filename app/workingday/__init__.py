"""A whole working day at the desk without a screen: what `petition-desk demo` does, and what it writes down about it.

`day` is the day's folder and its checks; `counter` and `office` do the bureau's work,
`carrying` the sync and the keeping.
Every figure is read back after the work; every check is a boolean that is true when it holds.
"""
