"""Sync and what follows from working apart: the ways, conflicts, what waits, agreement, workstations."""
