"""The key-case programme (重点信访案件): campaigns as data, their cases as the evidence that the register holds.

    records      what screens, sheets and the command line get
    course       the state of a case on a day, from its dated facts: pure
    dossier      what the closing of a case is proved by, and what is missing
    evidence     the steps of a case that are proved, in order
    counts       cases by where they stood on a day, targets, due days: pure
    change       when handler or level may change
    data         the shipped programmes, and the check of a programme before it is written
    keeping      writing a programme: made, changed, reported, closed
    cases        lists of cases, and the file of one
    progress     a programme as of a day, and what it owes
    waiting      what waits for an act on a case, as queues of Today
    roster       leaders in charge and liaison officers; `rosterpaper`, the same as a paper
    rosterpaper  the roster as a paper
    programmes   `Desk.programmes`: all questions and writes, for one person on one day

Steps on a case are acts of matters (`models.steps.key_cases`). Source: domain reference, section 7 (provincial plan on
key petition cases, November 2011 to 2012).
"""
