/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison/kalon-comparison-private.h"

#include "library/kalon-library.h"
#include "thumbnails/kalon-thumbnails.h"

static void
entry_free (gpointer data)
{
  KalonComparisonEntry *entry = data;

  g_free (entry->name);
  g_free (entry->mark);
  g_free (entry->why);
  kalon_image_free (entry->image);
  g_free (entry);
}

/* (transfer full) (nullable): "rephrasing +12, aesthetics +3, taste −3" */
static char *
dup_why (const KalonResult *result)
{
  static const char *const names[KALON_N_MOVES] = {
    [KALON_MOVE_REPHRASE] = "rephrasing",
    [KALON_MOVE_ADAPTER] = "alignment",
    [KALON_MOVE_AESTHETIC] = "aesthetics",
    [KALON_MOVE_TASTE] = "taste",
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < KALON_N_MOVES; i++)
    if (result->moves[i] != 0)
      g_string_append_printf (text, "%s%s %s%d", text->len > 0 ? ", " : "", names[i],
                              result->moves[i] > 0 ? "+" : "−", ABS (result->moves[i]));
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* A file's name may hold anything but “/”. */
static char *
dup_shown_name (const char *path)
{
  char *name = g_filename_display_basename (path);

  for (char *c = name; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return name;
}

static gboolean
fill (KalonComparisonEntry *entry, KalonLibrary *library, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonPicture) picture
      = kalon_library_get_picture (library, entry->result.picture, &reason);

  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (picture == NULL)
    {
      entry->name = g_strdup ("not in the library any more");
      return TRUE;
    }
  entry->name = dup_shown_name (picture->path);
  entry->image = kalon_thumbnail_load (kalon_library_get_directory (library), picture->path,
                                       picture->content_hash, cancellable, &reason);
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  return TRUE;
}

GPtrArray *
kalon_comparison_load_side (const KalonComparison *self, guint side, const char *library_directory,
                            GCancellable *cancellable, GError **error)
{
  const GArray *results = self->sides[side].ranking->results;
  const KalonRanking *other = self->sides[1 - side].ranking;
  g_autoptr (KalonLibrary) library = kalon_library_open (library_directory, error);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);

  if (library == NULL)
    return NULL;
  for (guint i = 0; i < MIN (results->len, self->k); i++)
    {
      KalonComparisonEntry *entry = g_new0 (KalonComparisonEntry, 1);

      g_ptr_array_add (entries, entry);
      entry->result = g_array_index (results, KalonResult, i);
      entry->other = kalon_ranking_find (other, entry->result.picture);
      entry->mark = kalon_rank_to_mark (i + 1, entry->other, "only here");
      entry->why = dup_why (&entry->result);
      if (!fill (entry, library, cancellable, error))
        return NULL;
    }
  return g_steal_pointer (&entries);
}
