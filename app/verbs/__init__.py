"""The verbs of the command line, a room for each kind of work. No rules here: each calls the desk."""
