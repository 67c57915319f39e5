"""Backups: one file of the whole database, packed, sealed where there is a passphrase, read back once it is written.

Inside is always a SQLite database at the revision of the store: of SQLite a copy by its own backup API, of PostgreSQL
one that is filled in one snapshot. So nothing has to be installed beside Jangbu, both databases have one file, one
check and one way back, and what was backed up of one can be restored into the other.
"""
