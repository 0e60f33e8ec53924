"""What the policy promises: `visible_to`, levels of a file, consents."""
