"""Workbooks of others in and out: reading them, mapping their columns, and the work of bringing a whole file in, batch by batch."""
