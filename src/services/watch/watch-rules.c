/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/kalon-watch-private.h"

static void
clear_folder (gpointer data)
{
  KalonScanPlace *folder = data;

  g_free ((char *) folder->path);
  g_strfreev ((GStrv) folder->excludes);
}

KalonWatchRules *
kalon_watch_rules_new (const KalonScanPlace *folders, gsize n_folders, const char *const *excludes,
                       const char *own_directory)
{
  KalonWatchRules *self = g_new0 (KalonWatchRules, 1);

  self->ref_count = 1;
  self->folders = g_array_new (FALSE, FALSE, sizeof (KalonScanPlace));
  g_array_set_clear_func (self->folders, clear_folder);
  for (gsize i = 0; i < n_folders; i++)
    {
      KalonScanPlace folder = folders[i];

      folder.path = g_strdup (folder.path);
      folder.excludes = (const char *const *) g_strdupv ((GStrv) folder.excludes);
      g_array_append_val (self->folders, folder);
    }
  self->excludes = g_strdupv ((GStrv) excludes);
  self->own_directory = g_strdup (own_directory);
  return self;
}

KalonWatchRules *
kalon_watch_rules_ref (KalonWatchRules *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
kalon_watch_rules_unref (KalonWatchRules *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_array_unref (self->folders);
  g_strfreev (self->excludes);
  g_free (self->own_directory);
  g_free (self);
}

static gboolean
same_patterns (const char *const *a, const char *const *b)
{
  static const char *const none[] = { NULL };

  return g_strv_equal (a != NULL ? a : none, b != NULL ? b : none);
}

gboolean
kalon_watch_rules_equal (const KalonWatchRules *a, const KalonWatchRules *b)
{
  if (a->folders->len != b->folders->len
      || !same_patterns ((const char *const *) a->excludes, (const char *const *) b->excludes))
    return FALSE;
  for (guint i = 0; i < a->folders->len; i++)
    {
      const KalonScanPlace *x = &g_array_index (a->folders, KalonScanPlace, i);
      const KalonScanPlace *y = &g_array_index (b->folders, KalonScanPlace, i);

      if (!g_str_equal (x->path, y->path) || x->include_hidden != y->include_hidden
          || !same_patterns (x->excludes, y->excludes))
        return FALSE;
    }
  return TRUE;
}
