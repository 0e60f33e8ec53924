"""Tests that cross rooms, and what all tests stand on: a workspace (plugin), databases, a browser, PostgreSQL."""
