"""Measurements: whole processes on synthetic sites, compared within one run."""
