"""Small registers of every released format, and how they were made."""
