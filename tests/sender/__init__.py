"""For tests: a kind of packet (`letter`) that makes an agency of that name, so that anybody sees that it was opened, and how often."""
