/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "settings/kalon-settings.h"
#include "window/kalon-window-private.h"

static void
update_alignment_bar (KalonWindow *self)
{
  KalonResults *results = kalon_search_get_results (self->search);
  gboolean compares
      = adw_view_stack_get_visible_child (self->views) == GTK_WIDGET (self->compare_page);
  gboolean aligned;

  g_object_get (self->search, "aligned", &aligned, NULL);
  kalon_window_update_views (self);
  gtk_widget_set_visible (GTK_WIDGET (self->words_line),
                          (aligned || compares) && *kalon_search_get_text (self->search) != '\0');
  if (results != NULL && results->aligned != NULL)
    {
      g_autofree char *taste = kalon_taste_to_text (results);

      kalon_aligned_button_set_taste (self->aligned_button, taste);
    }
}

/* Asks, without standing in the way, before the first word goes to another machine. */
static void
update_permission (KalonWindow *self)
{
  const char *host = kalon_words_get_unknown_host (self->words);

  if (host != NULL)
    {
      g_autofree char *text = g_strdup_printf (
          _ ("May %s see what you search for, to rephrase it? Until you say so, word lists on this "
             "computer do."),
          host);

      gtk_label_set_text (self->permission_label, text);
    }
  gtk_info_bar_set_revealed (self->permission_bar, host != NULL);
}

static void
permission_answered_cb (KalonWindow *self, int response)
{
  kalon_words_answer (self->words, response == GTK_RESPONSE_ACCEPT);
}

void
kalon_window_append_taste (KalonWindow *self, GString *status)
{
  KalonResults *results = kalon_search_get_results (self->search);
  const char *problem = kalon_search_get_alignment_problem (self->search);
  g_autofree char *tooltip = NULL;

  if (problem != NULL)
    {
      g_string_append_printf (status, " · %s", _ ("not aligned"));
      tooltip = g_strdup (problem);
    }
  else if (kalon_search_is_aligned (self->search))
    {
      if (results->n_thumbs > 0 && results->taste.n > 0 && !results->taste.active)
        g_string_append_printf (status, " · %s", _ ("taste not used"));
      else if (results->n_thumbs > 0)
        {
          g_string_append (status, " · ");
          g_string_append_printf (
              status,
              ngettext ("taste from %u thumb", "taste from %u thumbs", (gulong) results->n_thumbs),
              (guint) results->n_thumbs);
        }
      tooltip = kalon_taste_to_text (results);
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status_label), tooltip);
}

void
kalon_window_toggle_aligned (KalonWindow *self)
{
  gboolean aligned;

  g_object_get (self->search, "aligned", &aligned, NULL);
  kalon_search_set_aligned (self->search, !aligned);
}

typedef struct
{
  KalonWindow *window;
  KalonVerdict verdict;
  char *name;
} Press;

static void
press_free (Press *press)
{
  g_object_unref (press->window);
  g_free (press->name);
  g_free (press);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Press, press_free)

/* libadwaita 1.2 frees a toast that is dismissed when its hiding is over, and a toast that took
 * another's place moves in for longer than that takes: to dismiss one sooner than this, in
 * microseconds, is to crash. */
#define TOAST_SETTLES (G_USEC_PER_SEC * 6 / 10)

void
kalon_window_offer_undo (KalonWindow *self, const char *text)
{
  g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;
  gint64 now = g_get_monotonic_time ();
  gboolean settled = now - self->thumb_toast_at > TOAST_SETTLES;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo-thumb", text != NULL);
  if (self->thumb_toast != NULL && !settled)
    {
      /* Without a text its button is insensitive, and it goes by itself. */
      if (escaped != NULL)
        adw_toast_set_title (self->thumb_toast, escaped);
      return;
    }
  if (self->thumb_toast != NULL)
    adw_toast_dismiss (self->thumb_toast);
  g_clear_weak_pointer (&self->thumb_toast);
  if (escaped == NULL)
    return;
  g_set_weak_pointer (&self->thumb_toast, adw_toast_new (escaped));
  self->thumb_toast_at = now;
  adw_toast_set_button_label (self->thumb_toast, _ ("_Undo"));
  adw_toast_set_action_name (self->thumb_toast, "win.undo-thumb");
  adw_toast_overlay_add_toast (self->toasts, self->thumb_toast);
}

static void
thumb_set_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Press) press = user_data;
  KalonWindow *self = press->window;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  /* The window may have been closed meanwhile; the thumb stays. */
  if (!kalon_thumbs_set_finish (KALON_THUMBS (object), result, &error))
    {
      if (self->session != NULL)
        kalon_window_show_message (self, error->message);
      return;
    }
  if (self->session == NULL)
    return;
  switch (press->verdict)
    {
    case KALON_VERDICT_LIKED:
      text = g_strdup_printf (_ ("Thumb up for “%s”"), press->name);
      break;
    case KALON_VERDICT_DISLIKED:
      text = g_strdup_printf (_ ("Thumb down for “%s”"), press->name);
      break;
    case KALON_VERDICT_NONE:
      text = g_strdup_printf (_ ("Thumb taken back from “%s”"), press->name);
      break;
    }
  kalon_window_offer_undo (self, text);
}

void
kalon_window_press_thumb (KalonWindow *self, KalonResultItem *item, GArray *shown, gboolean liked)
{
  const KalonPicture *picture = kalon_result_item_get_picture (item);
  KalonVerdict verdict = liked ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED;
  Press *press;

  if (picture == NULL)
    return;
  if (kalon_result_item_get_verdict (item) == verdict)
    verdict = KALON_VERDICT_NONE;
  press = g_new (Press, 1);
  *press = (Press){ g_object_ref (self), verdict, g_filename_display_basename (picture->path) };
  kalon_thumbs_set_async (self->thumbs, kalon_search_get_text (self->search), picture->id, verdict,
                          shown, thumb_set_cb, press);
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kalon_thumbs_undo_finish (KALON_THUMBS (object), result, &error) && self->session != NULL)
    kalon_window_show_message (self, error->message);
}

void
kalon_window_undo_thumb (KalonWindow *self)
{
  kalon_window_offer_undo (self, NULL);
  kalon_thumbs_undo_async (self->thumbs, undone_cb, g_object_ref (self));
}

/* What was looked at: the results up to the last one on screen, now or before the viewer was
 * opened, or up to the one in the viewer. */
static GArray *
list_shown (KalonWindow *self, KalonResultsModel *model, guint position)
{
  GArray *shown = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (model));
  guint first, n_visible, n_seen;

  kalon_results_grid_get_visible (self->grid, &first, &n_visible);
  n_seen = n_visible > 0 ? first + n_visible : self->n_seen;
  /* A grid shows two at least, though it may not be laid out yet. */
  n_seen = MIN (MAX (MAX (n_seen, position + 1), 2), n_items);
  for (guint i = 0; i < n_seen; i++)
    {
      gint64 id = kalon_results_model_get_picture_id (model, i);

      g_array_append_val (shown, id);
    }
  return shown;
}

static void
press_thumb_at (KalonWindow *self, KalonResultsModel *model, guint position, gboolean liked)
{
  g_autoptr (KalonResultItem) item = g_list_model_get_item (G_LIST_MODEL (model), position);
  g_autoptr (GArray) shown = list_shown (self, model, position);

  if (item != NULL)
    kalon_window_press_thumb (self, item, shown, liked);
}

static void
thumb_pressed_cb (KalonWindow *self, guint position, gboolean liked)
{
  press_thumb_at (self, kalon_search_get_model (self->search), position, liked);
}

static void
viewer_thumb_pressed_cb (KalonWindow *self, gboolean liked)
{
  guint position;

  if (kalon_viewer_get_position (self->viewer, &position))
    press_thumb_at (self, kalon_viewer_get_model (self->viewer), position, liked);
}

void
kalon_window_connect_alignment (KalonWindow *self)
{
  static const char *const names[]
      = { KALON_SETTING_ALIGNED, KALON_SETTING_AESTHETIC_WEIGHT, KALON_SETTING_TASTE_WEIGHT };

  /* The settings' keys are the properties' names. */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_object_bind_property (self->search, names[i], self->aligned_button, names[i],
                              G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
    }
  kalon_words_line_set_words (self->words_line, self->words);
  kalon_viewer_set_thumbs (self->viewer, self->thumbs);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo-thumb", FALSE);

  g_signal_connect_object (self->search, "changed", G_CALLBACK (update_alignment_bar), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->views, "notify::visible-child", G_CALLBACK (update_alignment_bar),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->words, "changed", G_CALLBACK (update_permission), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->grid, "thumb", G_CALLBACK (thumb_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->viewer, "thumb", G_CALLBACK (viewer_thumb_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->permission_bar, "response", G_CALLBACK (permission_answered_cb),
                           self, G_CONNECT_SWAPPED);
  update_alignment_bar (self);
  kalon_thumbs_check (self->thumbs);
}
