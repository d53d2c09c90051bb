/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-page-private.h"
#include "label/kalon-label-who-dialog.h"
#include "label/label-text.h"
#include "settings/kalon-settings.h"

/* The end */

static void
show_thanks (KalonLabelPage *self, const KalonHpirSet *set)
{
  g_autofree char *title = g_strdup_printf (_ ("Thank You, %s"), self->labeler);
  g_autofree char *markup = g_markup_escape_text (title, -1);
  g_autofree char *text = NULL;
  g_autofree char *description = NULL;

  for (guint i = 0; set != NULL && i < set->labelers->len; i++)
    {
      KalonHpirLabelerFigures figures;

      if (!g_str_equal (((KalonHpirLabeler *) g_ptr_array_index (set->labelers, i))->id,
                        self->labeler))
        continue;
      kalon_hpir_set_measure_labeler (set, i, &figures);
      text = kalon_label_describe_consistency (&figures);
    }
  description = g_markup_printf_escaped ("%s%s%s", _ ("Every item is labelled."),
                                         text != NULL ? "\n" : "", text != NULL ? text : "");
  adw_status_page_set_title (self->end_page, markup);
  adw_status_page_set_description (self->end_page, description);
  gtk_stack_set_visible_child_name (self->stack, "end");
  gtk_widget_child_focus (self->end_buttons, GTK_DIR_TAB_FORWARD);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirSet) set = kalon_label_set_load_finish (result, &error);

  if (self->session == NULL)
    return;
  /* The thanks are due in any case. */
  if (set == NULL)
    kalon_label_page_say (self, error->message);
  show_thanks (self, set);
}

static void
finished_cb (KalonLabelPage *self)
{
  kalon_label_page_reload (self);
  kalon_label_set_load_async (self->library_directory, self->set_id, self->cancellable, loaded_cb,
                              g_object_ref (self));
}

static void
paused_cb (KalonLabelPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_grab_focus (GTK_WIDGET (self));
  kalon_label_page_reload (self);
}

void
kalon_label_page_connect_view (KalonLabelPage *self)
{
  g_signal_connect_object (self->view, "paused", G_CALLBACK (paused_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "finished", G_CALLBACK (finished_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "message", G_CALLBACK (kalon_label_page_say), self,
                           G_CONNECT_SWAPPED);
}

/* The beginning */

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLabelSession) session = kalon_label_session_open_finish (result, &error);

  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (session == NULL)
    {
      kalon_label_page_say (self, error->message);
      return;
    }
  g_free (self->labeler);
  self->labeler = g_strdup (kalon_label_session_get_labeler (session));
  g_settings_set_string (kalon_session_get_services (self->session)->settings,
                         KALON_SETTING_LABELER, self->labeler);
  gtk_stack_set_visible_child_name (self->stack, "task");
  kalon_label_view_begin (self->view, session);
}

static void
chosen_cb (KalonLabelPage *self, const char *name, GHashTable *traits)
{
  kalon_label_session_open_async (self->library_directory, self->set_id, name, traits,
                                  self->cancellable, opened_cb, g_object_ref (self));
}

static void
known_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirSet) set = kalon_label_set_load_finish (result, &error);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *name = NULL;
  KalonLabelWhoDialog *dialog;

  /* The window may have been closed meanwhile. */
  if (root == NULL || self->session == NULL
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (set == NULL)
    {
      kalon_label_page_say (self, error->message);
      return;
    }
  name = g_settings_get_string (kalon_session_get_services (self->session)->settings,
                                KALON_SETTING_LABELER);
  dialog = kalon_label_who_dialog_new (GTK_WINDOW (root), g_steal_pointer (&set), name);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kalon_label_page_ask_who (KalonLabelPage *self, const char *id)
{
  const KalonLabelSetInfo *info = kalon_label_page_find (self, id);

  if (info == NULL)
    return;
  g_free (self->set_id);
  self->set_id = g_strdup (info->id);
  g_free (self->set_name);
  self->set_name = g_strdup (info->name);
  kalon_label_set_load_async (self->library_directory, self->set_id, self->cancellable, known_cb,
                              g_object_ref (self));
}
