"""The key-case programme (重点信访案件): campaigns as data, their cases as the evidence that the register holds.

    records      what screens, sheets and the command line get
    course       the state of a case on a day, from its dated facts: pure
    dossier      what the closing of a case is proved by, and what is missing
    evidence     the steps of a case that are proved, in order
    data         the shipped programmes, and the check of a programme before it is written
    keeping      writing a programme: made, changed, reported, closed
    cases        lists of cases, and the file of one
    progress     counts, targets and due days of a programme
    roster       leaders in charge and liaison officers
    rosterpaper  the roster as a paper
    programmes   `Desk.programmes`: all questions and writes, for one person on one day

Steps on a case are acts of matters (`models.steps.key_cases`). Source: domain reference, section 7 (provincial plan on
key petition cases, November 2011 to 2012).
"""
