/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-thumb-button.h"
#include "viewer/kalon-viewer-private.h"

void
kalon_viewer_show_title (KalonViewer *self)
{
  const KalonPicture *picture = kalon_picture_pane_get_picture (self->pane);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  guint turns = kalon_picture_view_get_turns (kalon_picture_pane_get_view (self->pane));
  g_autofree char *name
      = picture != NULL ? g_filename_display_basename (picture->path) : g_strdup ("");
  g_autofree char *place = NULL, *screen_title = NULL;
  g_autofree char *label = kalon_result_item_dup_label (self->item);

  if (kalon_viewer_get_position (self, &self->position))
    {
      /* Translators: which of how many pictures is shown. */
      place = g_strdup_printf (_ ("%u of %u"), self->position + 1, n_items);
    }
  adw_window_title_set_title (self->title, name);
  adw_window_title_set_subtitle (self->title, place != NULL ? place : "");
  screen_title = g_strjoin (" · ", name, place, NULL);
  gtk_label_set_text (self->screen_title, screen_title);
  if (turns > 0)
    {
      /* Translators: the picture's name, rank and so on; degrees. */
      char *longer = g_strdup_printf (_ ("%s, turned by %u° in this view"), label, 90 * turns);

      g_free (label);
      label = longer;
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (kalon_picture_pane_get_view (self->pane)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
kalon_viewer_show_thumbs (KalonViewer *self)
{
  KalonVerdict verdict
      = self->item != NULL ? kalon_result_item_get_verdict (self->item) : KALON_VERDICT_NONE;

  kalon_show_thumb (self->up_button, KALON_VERDICT_LIKED, verdict);
  kalon_show_thumb (self->down_button, KALON_VERDICT_DISLIKED, verdict);
}

void
kalon_viewer_show_details (KalonViewer *self)
{
  const KalonPicture *picture = kalon_picture_pane_get_picture (self->pane);
  g_autoptr (GPtrArray) details
      = picture != NULL ? kalon_detail_list_new (
            picture, self->item, kalon_picture_pane_get_info (self->pane), self->scores)
                        : NULL;

  kalon_details_set_details (self->details, details);
}

void
kalon_viewer_forget_scores (KalonViewer *self)
{
  g_cancellable_cancel (self->scores_cancellable);
  g_clear_object (&self->scores_cancellable);
  g_clear_pointer (&self->scores, kalon_picture_scores_free);
  self->scored = 0;
}

static void
scores_looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonViewer) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonPictureScores *scores
      = kalon_catalogue_get_scores_finish (KALON_CATALOGUE (object), result, &error);

  if (scores == NULL)
    {
      g_debug ("Scores: %s", error->message);
      return;
    }
  g_clear_pointer (&self->scores, kalon_picture_scores_free);
  self->scores = scores;
  kalon_viewer_show_details (self);
}

void
kalon_viewer_ask_scores (KalonViewer *self)
{
  gint64 id = kalon_result_item_get_picture_id (self->item);

  if (self->scored == id)
    return;
  kalon_viewer_forget_scores (self);
  self->scored = id;
  self->scores_cancellable = g_cancellable_new ();
  kalon_catalogue_get_scores_async (self->catalogue, id, self->scores_cancellable,
                                    scores_looked_up_cb, g_object_ref (self));
}

void
kalon_viewer_show_zoom (KalonViewer *self)
{
  double zoom = kalon_picture_view_get_zoom (kalon_picture_pane_get_view (self->pane));
  /* Translators: zoom of a picture, in percent. */
  g_autofree char *text = g_strdup_printf (_ ("%.0f %%"), zoom * 100);
  /* Translators: read aloud; zoom of a picture, in percent. */
  g_autofree char *aloud = g_strdup_printf (_ ("Zoom %.0f %%"), zoom * 100);

  gtk_button_set_label (self->zoom_button, zoom > 0 ? text : "–");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->zoom_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  aloud, -1);
}
