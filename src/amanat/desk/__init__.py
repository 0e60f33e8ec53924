"""The data protection officer's registers: erasures, legal holds, retention, requests, breaches, the record of processing."""
