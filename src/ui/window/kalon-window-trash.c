/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "files/kalon-files.h"
#include "toasts/kalon-toasts.h"
#include "window/kalon-window-files-private.h"

/* Seconds in which a moved picture can be brought back by the toast. */
#define TOAST_TIMEOUT 10

/* Pictures whose files are in the trash. The results do not show them from that moment on; the
 * catalogue forgets them when they can no longer be brought back, so that all that it knows of them
 * is there again if they are. */
struct _KalonWindowTrash
{
  GPtrArray *trashed; /* KalonTrashed */
  GArray *ids;        /* gint64 */
  GPtrArray *models;  /* KalonResultsModel: that hide them */
  AdwToast *toast;    /* weak */
};

void
kalon_window_trash_free (KalonWindowTrash *trash)
{
  g_ptr_array_unref (trash->trashed);
  g_array_unref (trash->ids);
  g_ptr_array_unref (trash->models);
  g_clear_weak_pointer (&trash->toast);
  g_free (trash);
}

static void
forgotten_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* While pictures are indexed: the next run will find that they are gone. */
  if (!kalon_catalogue_forget_missing_finish (KALON_CATALOGUE (object), result, &error))
    g_debug ("Trash: %s", error->message);
}

void
kalon_window_forget_trash (KalonWindow *self)
{
  if (self->trash == NULL)
    return;
  kalon_catalogue_forget_missing_async (self->catalogue, self->trash->ids, forgotten_cb, NULL);
  g_clear_pointer (&self->trash, kalon_window_trash_free);
  if (self->undoable == KALON_UNDOABLE_TRASH)
    kalon_window_set_undoable (self, KALON_UNDOABLE_NOTHING);
}

static void
dismissed_cb (AdwToast *toast, KalonWindow *self)
{
  if (self->trash != NULL && self->trash->toast == toast)
    kalon_window_forget_trash (self);
}

static void
show_toast (KalonWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_set_weak_pointer (&self->trash->toast, adw_toast_new (escaped));
  adw_toast_set_timeout (self->trash->toast, TOAST_TIMEOUT);
  adw_toast_set_button_label (self->trash->toast, _ ("_Undo"));
  adw_toast_set_action_name (self->trash->toast, "win.undo-trash");
  g_signal_connect_object (self->trash->toast, "dismissed", G_CALLBACK (dismissed_cb), self, 0);
  kalon_window_show_toast (self, self->trash->toast);
}

/* @restoring: rather than moving there */
static void
show_failures (KalonWindow *self, GPtrArray *failures, gboolean restoring)
{
  guint n = failures->len;
  const KalonFailure *first = n > 0 ? g_ptr_array_index (failures, 0) : NULL;
  g_autofree char *what = NULL, *text = NULL;

  if (n == 0)
    return;
  if (n == 1)
    {
      g_autofree char *name = g_filename_display_basename (first->path);

      what = restoring ? g_strdup_printf (_ ("“%s” cannot be brought back"), name)
                       : g_strdup_printf (_ ("“%s” cannot be moved to the trash"), name);
    }
  else
    what = restoring ? g_strdup_printf (ngettext ("%u picture cannot be brought back",
                                                  "%u pictures cannot be brought back", n),
                                        n)
                     : g_strdup_printf (ngettext ("%u picture cannot be moved to the trash",
                                                  "%u pictures cannot be moved to the trash", n),
                                        n);
  text = g_strdup_printf ("%s: %s", what, first->reason);
  kalon_window_show_message (self, text);
}

static void
set_hidden (GPtrArray *models, GArray *ids, gboolean hidden)
{
  for (guint i = 0; i < models->len; i++)
    kalon_results_model_set_hidden (g_ptr_array_index (models, i), ids, hidden);
}

/* (transfer full): the search's, and that of what the viewer shows. */
static GPtrArray *
list_models (KalonWindow *self)
{
  GPtrArray *models = g_ptr_array_new_with_free_func (g_object_unref);
  KalonResultsModel *searched = kalon_search_get_model (self->search);
  KalonResultsModel *viewed = kalon_viewer_get_model (self->viewer);

  g_ptr_array_add (models, g_object_ref (searched));
  if (viewed != searched)
    g_ptr_array_add (models, g_object_ref (viewed));
  return models;
}

typedef struct
{
  KalonWindow *window;
  GPtrArray *pictures;
} Moving;

static void
moving_free (Moving *moving)
{
  g_object_unref (moving->window);
  g_ptr_array_unref (moving->pictures);
  g_free (moving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Moving, moving_free)

/* (transfer full): the ids of those that are in the trash now. */
static GArray *
list_trashed (GPtrArray *pictures, GPtrArray *trashed)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint j = 0;

  /* Both are in one order. */
  for (guint i = 0; i < pictures->len && j < trashed->len; i++)
    {
      const KalonPicture *picture = g_ptr_array_index (pictures, i);
      const KalonTrashed *file = g_ptr_array_index (trashed, j);

      if (!g_str_equal (picture->path, file->path))
        continue;
      g_array_append_val (ids, picture->id);
      j++;
    }
  return ids;
}

static void
trashed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Moving) moving = user_data;
  KalonWindow *self = moving->window;
  g_autoptr (KalonFilesResult) files = kalon_files_trash_finish (result, NULL);
  g_autofree char *text = NULL;

  /* The window may have been closed meanwhile; the next index run finds that they are gone. */
  if (self->session == NULL)
    return;
  show_failures (self, files->failures, FALSE);
  if (files->n_done == 0)
    return;
  kalon_window_forget_trash (self);
  self->trash = g_new0 (KalonWindowTrash, 1);
  self->trash->trashed = g_ptr_array_ref (files->trashed);
  self->trash->ids = list_trashed (moving->pictures, files->trashed);
  self->trash->models = list_models (self);
  kalon_window_set_undoable (self, KALON_UNDOABLE_TRASH);
  set_hidden (self->trash->models, self->trash->ids, TRUE);
  kalon_viewer_skip_gone (self->viewer);
  if (files->n_done == 1)
    {
      const KalonTrashed *file = g_ptr_array_index (files->trashed, 0);
      g_autofree char *name = g_filename_display_basename (file->path);

      text = g_strdup_printf (_ ("“%s” was moved to the trash"), name);
    }
  else
    text = g_strdup_printf (ngettext ("%u picture was moved to the trash",
                                      "%u pictures were moved to the trash", files->n_done),
                            files->n_done);
  show_toast (self, text);
  kalon_window_update (self);
}

void
kalon_window_trash (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  g_autoptr (GPtrArray) paths = kalon_window_list_paths (pictures);
  Moving *moving = g_new (Moving, 1);

  *moving = (Moving){ g_object_ref (self), g_ptr_array_ref (pictures) };
  kalon_files_trash_async (paths, trashed_cb, moving);
}

typedef struct
{
  KalonWindow *window;
  GArray *ids;       /* gint64 */
  GPtrArray *models; /* KalonResultsModel */
} Restoring;

static void
restoring_free (Restoring *restoring)
{
  g_object_unref (restoring->window);
  g_array_unref (restoring->ids);
  g_ptr_array_unref (restoring->models);
  g_free (restoring);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Restoring, restoring_free)

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Restoring) restoring = user_data;
  KalonWindow *self = restoring->window;
  g_autoptr (GPtrArray) known
      = kalon_catalogue_get_pictures_finish (KALON_CATALOGUE (object), result, NULL);

  /* An index run came in between and forgot them: the next takes them in again. */
  if (self->session != NULL && known != NULL && known->len < restoring->ids->len)
    kalon_indexing_start (self->indexing, (const char *const[]){ NULL });
}

static void
restored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Restoring) restoring = user_data;
  KalonWindow *self = restoring->window;
  g_autoptr (KalonFilesResult) files = kalon_files_restore_finish (result, NULL);
  GArray *ids = restoring->ids;

  if (self->session == NULL)
    return;
  show_failures (self, files->failures, TRUE);
  set_hidden (restoring->models, ids, FALSE);
  kalon_window_update (self);
  if (files->failures->len > 0)
    kalon_catalogue_forget_missing_async (self->catalogue, ids, forgotten_cb, NULL);
  else
    kalon_catalogue_get_pictures_async (self->catalogue, ids, self->cancellable, checked_cb,
                                        g_steal_pointer (&restoring));
}

void
kalon_window_undo_trash (KalonWindow *self)
{
  Restoring *restoring;

  if (self->trash == NULL)
    return;
  restoring = g_new (Restoring, 1);
  *restoring = (Restoring){ g_object_ref (self), g_array_ref (self->trash->ids),
                            g_ptr_array_ref (self->trash->models) };
  kalon_files_restore_async (self->trash->trashed, restored_cb, restoring);
  {
    g_autoptr (AdwToast) toast
        = self->trash->toast != NULL ? g_object_ref (self->trash->toast) : NULL;

    g_clear_pointer (&self->trash, kalon_window_trash_free);
    if (toast != NULL)
      kalon_toasts_dismiss (toast);
  }
  if (self->undoable == KALON_UNDOABLE_TRASH)
    kalon_window_set_undoable (self, KALON_UNDOABLE_NOTHING);
}
