"""Data of the product: rules, calendars, code tables, letter wording, translations. No code."""
