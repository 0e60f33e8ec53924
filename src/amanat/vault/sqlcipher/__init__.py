"""The embedded database: Django's SQLite backend on an encrypted SQLCipher file (ENGINE = "amanat.vault.sqlcipher").

Here is how a connection is opened, keyed and checked; where the key comes from is the business of `amanat.vault.keys`.
"""
