"""What waits and what units owe: queues in full, triggers of supervision, its ledger, major matters, liability."""
