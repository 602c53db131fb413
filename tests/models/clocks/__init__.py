"""Tests of models.clocks, with a second clock written apart from the first."""
