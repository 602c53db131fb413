"""Papers from the city bureau: the inbox, one paper with what it would write, taking in, sending back, answering."""
