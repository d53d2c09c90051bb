/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/kalon-window-private.h"

static void
opened_cb (KalonWindow *self, KalonResultsModel *model, guint position)
{
  kalon_window_open_picture (self, model, position);
}

static void
thumb_cb (KalonWindow *self, KalonResultItem *item, GArray *shown, gboolean liked)
{
  kalon_window_press_thumb (self, item, shown, liked);
}

static void
preferred_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  int n = kalon_thumbs_prefer_finish (KALON_THUMBS (object), result, &error);

  /* The window may have been closed meanwhile; the thumbs stay. */
  if (self->session == NULL)
    return;
  if (n > 0)
    {
      g_autofree char *text
          = g_strdup_printf (ngettext ("%d thumb up for what only that row shows",
                                       "%d thumbs up for what only that row shows", (gulong) n),
                             n);

      kalon_window_offer_undo (self, text);
    }
  else
    kalon_window_show_message (self, n == 0 ? _ ("Every picture of that row has its thumb already")
                                            : error->message);
}

static void
row_judged_cb (KalonWindow *self, GArray *better, GArray *worse)
{
  kalon_thumbs_prefer_async (self->thumbs, kalon_search_get_text (self->search), better, worse,
                             preferred_cb, g_object_ref (self));
}

static void
exported_cb (KalonWindow *self, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  AdwToast *toast = adw_toast_new (_ ("Comparison exported"));

  if (uri != NULL)
    {
      adw_toast_set_button_label (toast, _ ("_Open"));
      adw_toast_set_action_name (toast, "win.open-uri");
      adw_toast_set_action_target (toast, "s", uri);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
message_cb (KalonWindow *self, const char *text)
{
  kalon_window_show_message (self, text);
}

static void
search_cb (KalonWindow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_box));
}

void
kalon_window_connect_compare (KalonWindow *self)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } signals[] = {
    { "opened", G_CALLBACK (opened_cb) },
    { "thumb", G_CALLBACK (thumb_cb) },
    { "row-judged", G_CALLBACK (row_judged_cb) },
    { "more-like-this", G_CALLBACK (kalon_window_search_like) },
    { "not-like-this", G_CALLBACK (kalon_window_search_unlike) },
    { "exported", G_CALLBACK (exported_cb) },
    { "message", G_CALLBACK (message_cb) },
    { "search", G_CALLBACK (search_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (self->compare_page, signals[i].signal, signals[i].callback, self,
                             G_CONNECT_SWAPPED);
  kalon_compare_page_set_session (self->compare_page, self->session);
}
