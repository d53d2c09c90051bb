/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalogue/kalon-catalogue-private.h"

#include <glib/gstdio.h>

static void
folder_free (KalonFolder *folder)
{
  g_free (folder->path);
  g_strfreev (folder->excludes);
  g_free (folder);
}

void
kalon_catalogue_state_free (KalonCatalogueState *state)
{
  g_ptr_array_unref (state->folders);
  g_strfreev (state->excludes);
  g_free (state);
}

/* An unmounted disk leaves its mount point behind, empty. */
static gboolean
is_present (const char *path, gboolean has_pictures)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  return dir != NULL && g_access (path, R_OK | X_OK) == 0
         && (!has_pictures || g_dir_read_name (dir) != NULL);
}

static gboolean
add_folder (KalonCatalogue *self, KalonCatalogueState *state, KalonLibraryFolder *known,
            const char *model_hash, GError **error)
{
  KalonFolder *folder = g_new0 (KalonFolder, 1);

  g_ptr_array_add (state->folders, folder);
  folder->path = g_steal_pointer (&known->path);
  folder->excludes = g_steal_pointer (&known->excludes);
  folder->include_hidden = known->include_hidden;
  folder->scanned_at = known->scanned_at;
  folder->n_excluded = known->n_excluded;
  if (!kalon_library_count_below (self->library, folder->path, model_hash, &folder->counts, error))
    return FALSE;
  folder->present = is_present (folder->path, folder->counts.pictures > 0);
  return TRUE;
}

static gpointer
ask_state (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  g_autoptr (KalonCatalogueState) state = g_new0 (KalonCatalogueState, 1);
  g_autoptr (GPtrArray) folders = NULL;
  const char *model_hash = kalon_catalogue_get_model_hash (self, cancellable);

  state->folders = g_ptr_array_new_with_free_func ((GDestroyNotify) folder_free);
  state->excludes = kalon_library_list_excludes (self->library, NULL, error);
  folders = state->excludes != NULL ? kalon_library_get_folders (self->library, error) : NULL;
  if (folders == NULL || !kalon_library_count (self->library, model_hash, &state->counts, error))
    return NULL;
  for (guint i = 0; i < folders->len; i++)
    if (!add_folder (self, state, g_ptr_array_index (folders, i), model_hash, error))
      return NULL;
  return g_steal_pointer (&state);
}

static gpointer
ask_removal (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  return GINT_TO_POINTER (kalon_library_remove_folder (self->library, argument, error));
}

typedef struct
{
  char *folder;
  GStrv excludes;
  gboolean include_hidden;
} Rules;

static void
rules_free (gpointer data)
{
  Rules *rules = data;

  g_free (rules->folder);
  g_strfreev (rules->excludes);
  g_free (rules);
}

static gpointer
ask_rules (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  const Rules *rules = argument;

  return GINT_TO_POINTER (kalon_library_set_excludes (self->library, rules->folder,
                                                      (const char *const *) rules->excludes, error)
                          && (rules->folder == NULL
                              || kalon_library_set_include_hidden (self->library, rules->folder,
                                                                   rules->include_hidden, error)));
}

void
kalon_catalogue_get_state_async (KalonCatalogue *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_worker_ask (self->worker, self, kalon_catalogue_get_state_async, ask_state, NULL, NULL,
                    (GDestroyNotify) kalon_catalogue_state_free, cancellable, callback, user_data);
}

KalonCatalogueState *
kalon_catalogue_get_state_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_catalogue_get_state_async, result, error);
}

void
kalon_catalogue_remove_folder_async (KalonCatalogue *self, const char *path,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  g_return_if_fail (path != NULL);
  kalon_worker_ask (self->worker, self, kalon_catalogue_remove_folder_async, ask_removal,
                    g_strdup (path), g_free, NULL, cancellable, callback, user_data);
}

gboolean
kalon_catalogue_remove_folder_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  gboolean removed = GPOINTER_TO_INT (
      kalon_worker_answer (self, kalon_catalogue_remove_folder_async, result, error));

  /* data_version does not change for what this very connection commits. */
  if (removed)
    g_signal_emit_by_name (self, "changed");
  return removed;
}

void
kalon_catalogue_set_rules_async (KalonCatalogue *self, const char *folder,
                                 const char *const *excludes, gboolean include_hidden,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Rules *rules;

  g_return_if_fail (KALON_IS_CATALOGUE (self));
  g_return_if_fail (excludes != NULL);

  rules = g_new (Rules, 1);
  *rules = (Rules){ g_strdup (folder), g_strdupv ((GStrv) excludes), include_hidden };
  kalon_worker_ask (self->worker, self, kalon_catalogue_set_rules_async, ask_rules, rules,
                    rules_free, NULL, cancellable, callback, user_data);
}

gboolean
kalon_catalogue_set_rules_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  gboolean done = GPOINTER_TO_INT (
      kalon_worker_answer (self, kalon_catalogue_set_rules_async, result, error));

  if (done)
    g_signal_emit_by_name (self, "changed");
  return done;
}
