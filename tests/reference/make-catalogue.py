#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make tests/services/catalogue-N.db: a small catalogue as this version of Kalon writes it.

  kalon-cli --library /tmp/library index FOLDER && make-catalogue.py /tmp/library OUT.db

Keeps three pictures under made-up paths, one failure, and packs the file. To be run once when a
format is new; the file is then never made again.
"""

import sqlite3
import sys

library, out = sys.argv[1:]
database = sqlite3.connect(f"{library}/catalogue.db")
database.execute("PRAGMA foreign_keys = ON")
keep = [row[0] for row in database.execute("SELECT id FROM pictures ORDER BY id LIMIT 3")]
database.execute(f"DELETE FROM pictures WHERE id NOT IN ({','.join(map(str, keep))})")
database.execute("DELETE FROM folders")
database.execute("DELETE FROM failures")
database.execute("DELETE FROM orphans")
for i, identifier in enumerate(keep):
    database.execute("UPDATE pictures SET path = ? WHERE id = ?",
                     (b"/photos/caf\xe9 %d.jpg" % i, identifier))
database.execute("INSERT INTO folders (path) VALUES (?)", (b"/photos",))
database.execute("INSERT INTO failures (path, size, mtime, reason) VALUES (?, 0, 1, ?)",
                 (b"/photos/empty.jpg", "The file is empty."))
database.commit()
database.execute("PRAGMA journal_mode = DELETE")
database.execute("PRAGMA page_size = 512")
database.execute("VACUUM INTO ?", (out,))
