"""Agencies, sites, workers, their memberships and sessions, and how they sign in. What a worker may see is said in `access`."""
