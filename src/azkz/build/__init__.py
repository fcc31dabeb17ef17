"""Builds an edition: checks, chapters, stage, site and PDF, and what is published."""

CHAPTERS = ("trade", "energy", "investment", "corridor", "culture", "agreement")
"""The chapters, in the order of the report."""
