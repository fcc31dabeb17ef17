"""Builds an edition: checks, chapters, stage, site and PDF, and what is published."""
