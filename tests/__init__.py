"""Tests of Petition Desk: the folders mirror the rooms; `campaigns` holds the long runs."""
