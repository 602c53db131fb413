"""Readers under fuzzing: what reaches them, and what they may answer (`tests.campaigns.fuzz` runs them)."""
