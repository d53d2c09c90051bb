/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-survey-private.h"

typedef struct
{
  KalonSurvey *survey;
  KalonLibrary *library;
  const char *model_hash;
  gboolean scored;
  KalonIndexerProgress *progress;
  KalonSurveyFunc func;
  gpointer user_data;
} Context;

typedef struct
{
  const char *path;
  const char *reason;
} Trouble;

static void
mark (GArray *bits, gint64 id)
{
  guint word = id / 64;

  if (word >= bits->len)
    g_array_set_size (bits, word + 1);
  g_array_index (bits, guint64, word) |= G_GUINT64_CONSTANT (1) << (id % 64);
}

static gboolean
is_marked (GArray *bits, gint64 id)
{
  guint word = id / 64;

  return word < bits->len && (g_array_index (bits, guint64, word) >> (id % 64) & 1) != 0;
}

static gboolean
add_trouble (Context *context, const char *path, const char *reason, GError **error)
{
  KalonSurvey *survey = context->survey;
  Trouble *trouble = g_new (Trouble, 1);
  KalonLibraryEntry entry;

  trouble->path = g_string_chunk_insert (survey->strings, path);
  trouble->reason = g_string_chunk_insert (survey->strings, reason);
  g_ptr_array_add (survey->failures, trouble);
  context->progress->found++;
  context->progress->done++;
  context->progress->failed++;
  if (!kalon_library_look_up (context->library, path, context->model_hash, &entry, error))
    return FALSE;
  if (entry.failed)
    mark (survey->seen_failures, entry.id);
  return TRUE;
}

static void
add_job (Context *context, const KalonScanEntry *file, gint64 id, const char *content_hash,
         gboolean only_embedding)
{
  GStringChunk *strings = context->survey->strings;
  KalonDecodeJob job = {
    .path = g_string_chunk_insert (strings, file->path),
    .size = file->size,
    .mtime = file->mtime,
    .id = id,
    .content_hash = content_hash != NULL ? g_string_chunk_insert (strings, content_hash) : NULL,
    .only_embedding = only_embedding,
  };

  g_array_append_val (context->survey->jobs, job);
}

/* Indexed before the library was scored by this blend, or by a Kalon that kept no measures. */
static void
add_score_job (Context *context, const KalonScanEntry *file, const KalonLibraryEntry *entry)
{
  KalonDecodeJob job = {
    .path = g_string_chunk_insert (context->survey->strings, file->path),
    .size = file->size,
    .mtime = file->mtime,
    .id = entry->id,
    .only_score = TRUE,
    .measured = entry->measured,
    .row = entry->row,
  };

  g_array_append_val (context->survey->jobs, job);
}

static gboolean
add_changed (Context *context, const KalonScanEntry *file, const KalonLibraryEntry *entry,
             GError **error)
{
  GError *local_error = NULL;
  g_autoptr (KalonPicture) picture
      = kalon_library_get_picture (context->library, entry->id, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  add_job (context, file, entry->id,
           picture != NULL && entry->embedded ? picture->content_hash : NULL, FALSE);
  return TRUE;
}

static gboolean
add_picture (Context *context, const KalonScanEntry *file, GError **error)
{
  KalonSurvey *survey = context->survey;
  KalonIndexerProgress *progress = context->progress;
  KalonLibraryEntry entry;
  gboolean same;

  if (!kalon_library_look_up (context->library, file->path, context->model_hash, &entry, error))
    return FALSE;
  progress->found++;
  same = entry.size == file->size && entry.mtime == file->mtime;
  if (entry.id != 0)
    mark (entry.failed ? survey->seen_failures : survey->seen_pictures, entry.id);

  /* A file that is named itself is tried again. */
  if (entry.failed && same && !g_str_equal (file->path, file->place->path))
    {
      progress->failed++;
      progress->done++;
    }
  else if (entry.id == 0 || entry.failed)
    add_job (context, file, 0, NULL, FALSE);
  else if (!same)
    return add_changed (context, file, &entry, error);
  else if (!entry.embedded)
    add_job (context, file, entry.id, NULL, TRUE);
  else if (!entry.measured || (context->scored && !entry.scored))
    add_score_job (context, file, &entry);
  else
    {
      progress->unchanged++;
      progress->done++;
    }
  return TRUE;
}

static void
count_cb (const char *path, const char *content_hash, const KalonLibraryEntry *entry,
          gpointer user_data)
{
  gsize *n = user_data;

  (*n)++;
}

/* An unmounted disk leaves its mount point behind, empty. */
static gboolean
add_empty_folder (Context *context, const char *path, GError **error)
{
  gsize n = 0;

  if (!kalon_library_foreach_picture (context->library, path, NULL, count_cb, &n, error))
    return FALSE;
  if (n == 0)
    return TRUE;
  g_ptr_array_add (context->survey->bad_folders,
                   g_string_chunk_insert (context->survey->strings, path));
  return add_trouble (context, path,
                      "The folder is empty now. Its pictures are kept: if it belongs to a disk, "
                      "mount that and index again; if not, remove the folder from the library.",
                      error);
}

static gboolean
scan_cb (const KalonScanEntry *entry, gpointer user_data, GError **error)
{
  Context *context = user_data;
  const GArray *places = context->survey->places->places;
  gboolean done = TRUE;

  switch (entry->kind)
    {
    case KALON_SCAN_PICTURE:
      done = add_picture (context, entry, error);
      break;

    case KALON_SCAN_BAD_FOLDER:
      g_ptr_array_add (context->survey->bad_folders,
                       g_string_chunk_insert (context->survey->strings, entry->path));
      done = add_trouble (context, entry->path, entry->reason, error);
      break;

    case KALON_SCAN_BAD_FILE:
      done = add_trouble (context, entry->path, entry->reason, error);
      break;

    case KALON_SCAN_EMPTY_FOLDER:
      done = add_empty_folder (context, entry->path, error);
      break;

    case KALON_SCAN_EXCLUDED:
      context->progress->excluded++;
      context->survey->n_excluded[entry->place - (const KalonScanPlace *) places->data]++;
      break;

    case KALON_SCAN_OTHER:
      context->progress->other++;
      break;

    case KALON_SCAN_FOLDER:
      break;

    default:
      g_assert_not_reached ();
    }
  return done && context->func (context->user_data, error);
}

static gboolean
is_unknown (KalonSurvey *self, const char *path)
{
  for (guint i = 0; i < self->bad_folders->len; i++)
    if (kalon_scan_is_below (path, g_ptr_array_index (self->bad_folders, i)))
      return TRUE;
  return FALSE;
}

static void
missing_cb (const char *path, const char *content_hash, const KalonLibraryEntry *entry,
            gpointer user_data)
{
  KalonSurvey *self = user_data;

  if (is_marked (self->seen_pictures, entry->id) || is_unknown (self, path))
    return;
  /* Folders overlap: once is enough. */
  mark (self->seen_pictures, entry->id);
  kalon_missing_set_add (self->missing, entry->id, entry->size, content_hash, entry->embedded);
}

static void
over_cb (const char *path, const char *content_hash, const KalonLibraryEntry *entry,
         gpointer user_data)
{
  KalonSurvey *self = user_data;

  if (is_marked (self->seen_failures, entry->id) || is_unknown (self, path))
    return;
  mark (self->seen_failures, entry->id);
  g_array_append_val (self->over, entry->id);
}

/* A part that was a picture itself: not below its path, but at it. */
static gboolean
add_missing_file (Context *context, const char *path, GError **error)
{
  GError *local_error = NULL;
  g_autoptr (KalonPicture) picture
      = kalon_library_find_picture (context->library, path, &local_error);
  KalonLibraryEntry entry;

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  if (picture == NULL)
    return TRUE;
  if (!kalon_library_look_up (context->library, path, context->model_hash, &entry, error))
    return FALSE;
  /* There may be a failure of that path beside it: then the look-up is about that. */
  entry.id = picture->id;
  missing_cb (path, picture->content_hash, &entry, context->survey);
  return TRUE;
}

KalonSurvey *
kalon_survey_new (KalonLibrary *library, const char *model_hash, gboolean scored,
                  const KalonPlaces *places, KalonIndexerProgress *progress, KalonSurveyFunc func,
                  gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonSurvey) self = g_new0 (KalonSurvey, 1);
  Context context = { self, library, model_hash, scored, progress, func, user_data };

  self->places = places;
  self->n_excluded = g_new0 (gsize, MAX (places->places->len, 1));
  self->jobs = g_array_new (FALSE, FALSE, sizeof (KalonDecodeJob));
  self->missing = kalon_missing_set_new ();
  self->strings = g_string_chunk_new (64 * 1024);
  self->failures = g_ptr_array_new_with_free_func (g_free);
  self->seen_pictures = g_array_new (FALSE, TRUE, sizeof (guint64));
  self->seen_failures = g_array_new (FALSE, TRUE, sizeof (guint64));
  self->bad_folders = g_ptr_array_new ();
  self->over = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!kalon_scan ((const KalonScanPlace *) places->places->data, places->places->len,
                   &places->rules, scan_cb, &context, cancellable, error))
    return NULL;
  for (guint i = 0; i < places->places->len; i++)
    {
      const KalonScanPlace *place = &g_array_index (places->places, KalonScanPlace, i);

      if (!kalon_library_foreach_picture (library, place->path, model_hash, missing_cb, self, error)
          || !kalon_library_foreach_failure (library, place->path, over_cb, self, error)
          || (place->folder != NULL && !add_missing_file (&context, place->path, error)))
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
kalon_survey_free (KalonSurvey *self)
{
  g_array_unref (self->jobs);
  kalon_missing_set_free (self->missing);
  g_ptr_array_unref (self->failures);
  g_array_unref (self->seen_pictures);
  g_array_unref (self->seen_failures);
  g_ptr_array_unref (self->bad_folders);
  g_array_unref (self->over);
  g_string_chunk_free (self->strings);
  g_free (self->n_excluded);
  g_free (self);
}

static gboolean
store_failures (KalonSurvey *self, KalonLibrary *library, GError **error)
{
  for (guint i = 0; i < self->over->len; i++)
    if (!kalon_library_remove_failure (library, g_array_index (self->over, gint64, i), error))
      return FALSE;
  for (guint i = 0; i < self->failures->len; i++)
    {
      const Trouble *trouble = g_ptr_array_index (self->failures, i);

      if (!kalon_library_store_failure (library, trouble->path, -1, 0, trouble->reason, error))
        return FALSE;
    }
  return TRUE;
}

/* Those that were looked through to their end. */
static gboolean
note_scans (KalonSurvey *self, KalonLibrary *library, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < self->places->places->len; i++)
    {
      const KalonScanPlace *place = &g_array_index (self->places->places, KalonScanPlace, i);

      if (place->folder == NULL && !is_unknown (self, place->path)
          && !kalon_library_note_scan (library, place->path, now, self->n_excluded[i], error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_survey_store (KalonSurvey *self, KalonLibrary *library, GError **error)
{
  if (!kalon_library_begin (library, error))
    return FALSE;
  if (store_failures (self, library, error) && note_scans (self, library, error))
    return kalon_library_commit (library, error);
  kalon_library_rollback (library);
  return FALSE;
}
