"""Backups: two sealed files for each moment, kept in several places, and a workspace made again out of them."""
