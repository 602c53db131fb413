"""Tests of the rooms in models/."""
