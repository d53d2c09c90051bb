/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

/* Paths are BLOBs: file names are bytes. AUTOINCREMENT: an id never comes to mean another picture.
 * The embedding file's committed length stands in models.n_rows. */
static const char format_1[]
    = "CREATE TABLE folders ("
      "  id INTEGER PRIMARY KEY,"
      "  path BLOB NOT NULL UNIQUE);"

      "CREATE TABLE pictures ("
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
      "  path BLOB NOT NULL UNIQUE,"
      "  size INTEGER NOT NULL,"      /* bytes */
      "  mtime INTEGER NOT NULL,"     /* nanoseconds since 1970 */
      "  content_hash TEXT NOT NULL," /* hex SHA-256 */
      "  width INTEGER NOT NULL,"     /* upright */
      "  height INTEGER NOT NULL,"
      "  format TEXT,"
      "  taken_at INTEGER NOT NULL," /* local seconds since 1970, 0 unknown */
      "  camera TEXT,"
      "  lens TEXT,"
      "  perceptual_hash INTEGER NOT NULL,"
      "  luminance REAL NOT NULL,"
      "  contrast REAL NOT NULL,"
      "  colourfulness REAL NOT NULL,"
      "  average INTEGER NOT NULL);" /* 0xRRGGBB */
      "CREATE INDEX pictures_content_hash ON pictures (content_hash);"

      "CREATE TABLE failures ("
      "  id INTEGER PRIMARY KEY,"
      "  path BLOB NOT NULL UNIQUE,"
      "  size INTEGER NOT NULL," /* -1: try again at every run */
      "  mtime INTEGER NOT NULL,"
      "  reason TEXT NOT NULL);"

      "CREATE TABLE models ("
      "  id INTEGER PRIMARY KEY,"
      "  hash TEXT NOT NULL UNIQUE," /* hex SHA-256 */
      "  dimension INTEGER NOT NULL,"
      "  n_rows INTEGER NOT NULL);" /* of the embedding file, dead ones included */

      "CREATE TABLE embeddings ("
      "  picture INTEGER NOT NULL REFERENCES pictures ON DELETE CASCADE,"
      "  model INTEGER NOT NULL REFERENCES models,"
      "  row INTEGER NOT NULL,"
      "  PRIMARY KEY (picture, model)) WITHOUT ROWID;"
      "CREATE UNIQUE INDEX embeddings_row ON embeddings (model, row);"

      /* Contents that some picture no longer has: their thumbnails may go. */
      "CREATE TABLE orphans (content_hash TEXT PRIMARY KEY) WITHOUT ROWID;"
      "CREATE TRIGGER picture_deleted AFTER DELETE ON pictures BEGIN"
      "  INSERT OR IGNORE INTO orphans VALUES (OLD.content_hash); END;"
      "CREATE TRIGGER picture_changed AFTER UPDATE OF content_hash ON pictures"
      "  WHEN OLD.content_hash <> NEW.content_hash BEGIN"
      "  INSERT OR IGNORE INTO orphans VALUES (OLD.content_hash); END;";

/* Aesthetic scores, of one head per model: models.aesthetic_head is the SHA-256 of its file, and
 * when that changes all scores of the model are forgotten, so that no two heads are ever mixed.
 * Both are NULL until a head has been at work. */
static const char format_2[] = "ALTER TABLE models ADD COLUMN aesthetic_head TEXT;" /* hex */
                               "ALTER TABLE embeddings ADD COLUMN aesthetic REAL;";

/* What aesthetic scores are made of. pictures.measures: KALON_N_MEASURES little-endian f32, NULL
 * until an index run has seen the picture. models.aesthetic_models: which models were asked for
 * ("own:1,clip-iqa:0.5"), NULL for the model's own head; aesthetic_head is from here on the hash of
 * the blend, which for a head alone is the head's, and embeddings.aesthetic the blend's score. */
static const char format_3[]
    = "ALTER TABLE pictures ADD COLUMN measures BLOB;"
      "ALTER TABLE models ADD COLUMN aesthetic_models TEXT;"
      "CREATE TABLE scores ("
      "  picture INTEGER NOT NULL,"
      "  model INTEGER NOT NULL,"
      "  member TEXT NOT NULL," /* of the blend: "own", "clip-iqa", a head's id */
      "  score REAL NOT NULL,"
      "  PRIMARY KEY (picture, model, member),"
      "  FOREIGN KEY (picture, model) REFERENCES embeddings (picture, model) ON DELETE CASCADE) "
      "WITHOUT ROWID;";

/* What is left out, by folder or (folder NULL) by all of them, and how the last look through a
 * folder that came to its end found it. folders.scanned_at: seconds since 1970, 0 never. */
static const char format_4[]
    = "ALTER TABLE folders ADD COLUMN include_hidden INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE folders ADD COLUMN scanned_at INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE folders ADD COLUMN n_excluded INTEGER NOT NULL DEFAULT 0;"
      "CREATE TABLE excludes ("
      "  folder INTEGER REFERENCES folders ON DELETE CASCADE,"
      "  pattern BLOB NOT NULL);" /* names are bytes */
      "CREATE UNIQUE INDEX excludes_pattern ON excludes (ifnull (folder, 0), pattern);";

static const char *const migrations[] = { format_1, format_2, format_3, format_4 };

const KalonStorageFormat kalon_library_format = {
  .application_id = 0x4b616c6e, /* "Kaln" */
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
};
