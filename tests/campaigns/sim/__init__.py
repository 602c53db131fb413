"""The simulation of desks, hub and ways between them (`tests.campaigns.simulate` runs it)."""
