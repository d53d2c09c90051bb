/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feedback/kalon-feedback-private.h"

#include "errors/kalon-errors.h"

G_DEFINE_FINAL_TYPE (KalonFeedback, kalon_feedback, G_TYPE_OBJECT)

/* AUTOINCREMENT: the id of a thumb that was taken back never comes to mean another. */
static const char format_1[]
    = "CREATE TABLE profiles ("
      "  id INTEGER PRIMARY KEY,"
      "  name TEXT NOT NULL UNIQUE);"
      "INSERT INTO profiles (id, name) VALUES (1, '" KALON_PROFILE_DEFAULT "');"
      "CREATE TABLE active (profile INTEGER NOT NULL REFERENCES profiles);"
      "INSERT INTO active VALUES (1);"

      "CREATE TABLE thumbs ("
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
      "  profile INTEGER NOT NULL REFERENCES profiles ON DELETE CASCADE,"
      "  time INTEGER NOT NULL,"   /* seconds since 1970 */
      "  query TEXT NOT NULL,"     /* as typed */
      "  query_key TEXT NOT NULL," /* case folded, without white space around it */
      "  liked INTEGER NOT NULL,"
      "  picture TEXT NOT NULL);" /* hex SHA-256: the chosen one */
      "CREATE INDEX thumbs_query ON thumbs (profile, query_key);"

      "CREATE TABLE shown ("
      "  thumb INTEGER NOT NULL REFERENCES thumbs ON DELETE CASCADE,"
      "  position INTEGER NOT NULL,"
      "  picture TEXT NOT NULL,"
      "  PRIMARY KEY (thumb, position)) WITHOUT ROWID;"

      "CREATE TABLE parts ("
      "  profile INTEGER NOT NULL REFERENCES profiles ON DELETE CASCADE,"
      "  part INTEGER NOT NULL," /* KalonProfilePart */
      "  model TEXT NOT NULL,"   /* hex SHA-256 */
      "  bytes BLOB NOT NULL,"   /* safetensors */
      "  PRIMARY KEY (profile, part, model)) WITHOUT ROWID;";

static const char *const migrations[] = { format_1 };

static const KalonStorageFormat format = {
  .application_id = 0x4b616c54, /* "KalT" */
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
};

static void
kalon_feedback_finalize (GObject *object)
{
  KalonFeedback *self = KALON_FEEDBACK (object);

  /* A database that could not be opened leaves none. */
  g_clear_pointer (&self->storage, kalon_storage_free);
  G_OBJECT_CLASS (kalon_feedback_parent_class)->finalize (object);
}

static void
kalon_feedback_class_init (KalonFeedbackClass *class)
{
  G_OBJECT_CLASS (class)->finalize = kalon_feedback_finalize;
}

static void
kalon_feedback_init (KalonFeedback *self)
{
}

KalonFeedback *
kalon_feedback_open (const char *library_directory, GError **error)
{
  g_autoptr (KalonFeedback) self = g_object_new (KALON_TYPE_FEEDBACK, NULL);
  g_autofree char *path
      = library_directory != NULL
            ? g_build_filename (library_directory, "taste.db", NULL)
            : g_build_filename (g_get_user_data_dir (), "kalon", "taste.db", NULL);

  self->storage = kalon_storage_open (path, &format, error);
  if (self->storage == NULL
      || !kalon_storage_execute (self->storage, "PRAGMA secure_delete = ON", error))
    return NULL;
  return g_steal_pointer (&self);
}

guint64
kalon_feedback_get_version (KalonFeedback *self)
{
  g_return_val_if_fail (KALON_IS_FEEDBACK (self), 0);

  return (guint64) kalon_storage_get_version (self->storage) << 32 | self->n_changes;
}

void
kalon_thumb_free (KalonThumb *thumb)
{
  if (thumb == NULL)
    return;
  g_free (thumb->query);
  g_strfreev (thumb->pictures);
  g_free (thumb);
}

char *
kalon_feedback_dup_query_key (const char *query)
{
  g_autofree char *valid = g_utf8_make_valid (query, -1);
  g_autofree char *folded = g_utf8_casefold (g_strstrip (valid), -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);
}

static gboolean
insert_shown (KalonFeedback *self, gint64 thumb, guint position, const char *picture,
              GError **error)
{
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage, "INSERT INTO shown VALUES (?, ?, ?)", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, thumb);
  kalon_statement_bind_int (statement, 2, position);
  kalon_statement_bind_text (statement, 3, picture);
  return kalon_statement_run (statement, error);
}

static gboolean
insert_thumb (KalonFeedback *self, const KalonThumb *thumb, const char *key, gint64 *id,
              GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage,
      "INSERT INTO thumbs (id, profile, time, query, query_key, liked, picture) "
      "VALUES (nullif (?, 0), (SELECT profile FROM active), ?, ?, ?, ?, ?)",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, thumb->id);
  kalon_statement_bind_int (statement, 2, thumb->time);
  kalon_statement_bind_text (statement, 3, thumb->query);
  kalon_statement_bind_text (statement, 4, key);
  kalon_statement_bind_int (statement, 5, thumb->liked);
  kalon_statement_bind_text (statement, 6, thumb->pictures[thumb->chosen]);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  *id = kalon_storage_get_last_insert_id (self->storage);
  return TRUE;
}

static gboolean
take_back (KalonFeedback *self, const char *key, const char *picture, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage,
      "DELETE FROM thumbs WHERE profile = (SELECT profile FROM active) AND query_key = ? AND "
      "picture = ?",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, key);
  kalon_statement_bind_text (statement, 2, picture);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_feedback_store (KalonFeedback *self, const KalonThumb *thumb, gint64 *id, GError **error)
{
  g_autofree char *key = kalon_feedback_dup_query_key (thumb->query);

  if (!take_back (self, key, thumb->pictures[thumb->chosen], error)
      || !insert_thumb (self, thumb, key, id, error))
    return FALSE;
  for (guint i = 0; thumb->pictures[i] != NULL; i++)
    if ((i < KALON_FEEDBACK_MAX_SHOWN || i == thumb->chosen)
        && !insert_shown (self, *id, i, thumb->pictures[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
store_whole (KalonFeedback *self, const KalonThumb *thumb, gint64 *id, GError **error)
{
  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  if (!kalon_feedback_store (self, thumb, id, error))
    {
      kalon_storage_rollback (self->storage);
      return FALSE;
    }
  self->n_changes++;
  return kalon_storage_commit (self->storage, error);
}

/* (transfer container): each content once, where it was first: a picture is no better than its
 * copy.
 * @chosen: which of @pictures; then, which of these. */
static const char **
list_distinct (const char *const *pictures, guint *chosen)
{
  g_autoptr (GPtrArray) distinct = g_ptr_array_new ();
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  const char *picture = pictures[*chosen];

  for (gsize i = 0; pictures[i] != NULL; i++)
    if (!g_hash_table_contains (places, pictures[i]))
      {
        g_hash_table_insert (places, (gpointer) pictures[i], GUINT_TO_POINTER (distinct->len));
        g_ptr_array_add (distinct, (gpointer) pictures[i]);
      }
  *chosen = GPOINTER_TO_UINT (g_hash_table_lookup (places, picture));
  g_ptr_array_add (distinct, NULL);
  return (const char **) g_ptr_array_free (g_steal_pointer (&distinct), FALSE);
}

gboolean
kalon_feedback_add (KalonFeedback *self, const char *query, gboolean liked, guint chosen,
                    const char *const *pictures, gint64 *id, GError **error)
{
  g_autofree char *valid = NULL;
  g_autofree const char **distinct = NULL;
  KalonThumb thumb = { .liked = liked };
  gint64 stored;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (query != NULL && pictures != NULL, FALSE);
  g_return_val_if_fail (chosen < g_strv_length ((GStrv) pictures), FALSE);

  distinct = list_distinct (pictures, &chosen);
  if (distinct[1] == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "A thumb says which picture is better, and only one was shown. Search for "
                   "something that finds more.");
      return FALSE;
    }
  thumb.chosen = chosen;
  thumb.pictures = (GStrv) distinct;
  thumb.query = valid = g_utf8_make_valid (query, -1);
  thumb.time = g_get_real_time () / G_USEC_PER_SEC;
  return store_whole (self, &thumb, id != NULL ? id : &stored, error);
}

/* Runs @sql with @text as its one parameter; @n_changed grows by the rows. */
static gboolean
change (KalonFeedback *self, const char *sql, const char *text, gsize *n_changed, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (self->storage, sql, error);

  if (statement == NULL)
    return FALSE;
  if (text != NULL)
    kalon_statement_bind_text (statement, 1, text);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  *n_changed += kalon_storage_get_n_changes (self->storage);
  self->n_changes++;
  return TRUE;
}

#define OF_PROFILE "profile = (SELECT profile FROM active)"

gboolean
kalon_feedback_undo (KalonFeedback *self, gint64 id, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  gsize n = 0;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);

  if (!change (self, "DELETE FROM thumbs WHERE " OF_PROFILE " AND id = CAST (? AS INTEGER)", text,
               &n, error))
    return FALSE;
  if (n > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "There is no thumb %" G_GINT64_FORMAT " in this profile, or no longer.", id);
  return FALSE;
}

gboolean
kalon_feedback_forget_picture (KalonFeedback *self, const char *content_hash, gsize *n_changed,
                               GError **error)
{
  gsize n = 0;
  gboolean done;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (content_hash != NULL, FALSE);

  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  done = change (self, "DELETE FROM thumbs WHERE " OF_PROFILE " AND picture = ?", content_hash, &n,
                 error)
         && change (self,
                    "DELETE FROM shown WHERE thumb IN (SELECT id FROM thumbs WHERE " OF_PROFILE
                    ") AND picture = ?",
                    content_hash, &n, error);
  if (!done)
    {
      kalon_storage_rollback (self->storage);
      return FALSE;
    }
  if (n_changed != NULL)
    *n_changed = n;
  return kalon_storage_commit (self->storage, error);
}

gboolean
kalon_feedback_forget_query (KalonFeedback *self, const char *query, gsize *n_changed,
                             GError **error)
{
  g_autofree char *key = NULL;
  gsize n = 0;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (query != NULL, FALSE);

  key = kalon_feedback_dup_query_key (query);
  if (!change (self, "DELETE FROM thumbs WHERE " OF_PROFILE " AND query_key = ?", key, &n, error))
    return FALSE;
  if (n_changed != NULL)
    *n_changed = n;
  return TRUE;
}

static gboolean
drop_parts (KalonFeedback *self, KalonProfilePart part, gsize *n_changed, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u", (guint) part);

  return change (self, "DELETE FROM parts WHERE " OF_PROFILE " AND part = CAST (? AS INTEGER)",
                 text, n_changed, error);
}

gboolean
kalon_feedback_reset (KalonFeedback *self, KalonForgotten *forgotten, GError **error)
{
  KalonForgotten found = { 0 };
  gboolean done;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);

  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  done = change (self, "DELETE FROM thumbs WHERE " OF_PROFILE, NULL, &found.n_thumbs, error)
         && drop_parts (self, KALON_PROFILE_TASTE, &found.n_imports, error)
         && drop_parts (self, KALON_PROFILE_ADAPTER, &found.n_adapters, error);
  if (!done)
    {
      kalon_storage_rollback (self->storage);
      return FALSE;
    }
  if (forgotten != NULL)
    *forgotten = found;
  return kalon_storage_commit (self->storage, error);
}
