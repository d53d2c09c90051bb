/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "errors/kalon-errors.h"
#include "indexing/kalon-progress-text.h"
#include "preferences/preferences-looks-private.h"
#include "scorer/kalon-scorer.h"
#include "settings/kalon-settings.h"

/* Who turns a weight passes by many values: only where it comes to rest are pictures scored. */
#define REST_MS 700

static const KalonSessionServices *
get_services (KalonPreferencesLooks *self)
{
  return kalon_session_get_services (self->session);
}

void
kalon_preferences_looks_show_state (KalonPreferencesLooks *self, const char *text)
{
  if (self->closed)
    return;
  gtk_label_set_text (self->state_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), text != NULL);
}

/* (transfer full) (nullable): %NULL when no weight is above 0. */
static char *
dup_shares (KalonPreferencesLooks *self)
{
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (KalonAestheticShare));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->members));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkAdjustment) weight = g_list_model_get_item (G_LIST_MODEL (self->members), i);
      KalonAestheticShare share
          = { g_object_get_data (G_OBJECT (weight), "id"), gtk_adjustment_get_value (weight) };

      if (share.weight > 0)
        g_array_append_val (shares, share);
    }
  return shares->len > 0 ? kalon_aesthetic_format_shares (shares) : NULL;
}

static void
progress_cb (gsize done, gsize total, gpointer user_data)
{
  KalonPreferencesLooks *self = user_data;
  g_autofree char *part = kalon_count_to_text (done);
  g_autofree char *whole = kalon_count_to_text (total);
  g_autofree char *text = NULL;

  if (self->scoring == NULL)
    return;
  text = g_strdup_printf (
      ngettext ("%s of %s picture is scored…", "%s of %s pictures are scored…", total), part,
      whole);
  kalon_preferences_looks_show_state (self, text);
}

/* For the index runs to come. The library remembers by model what it is scored by: a setting, which
 * comes before that, was for all models, and is over. */
static void
keep_shares (KalonPreferencesLooks *self, const char *shares)
{
  KalonIndexer *indexer = kalon_indexing_get_indexer (get_services (self)->indexing);
  KalonModelChange change = kalon_session_get_model_change (self->session, NULL, NULL);

  g_settings_reset (get_services (self)->settings, KALON_SETTING_AESTHETIC_MODELS);
  /* Another model's is at work then. */
  if (indexer != NULL && change != KALON_MODEL_CHANGE_INDEXING)
    kalon_indexer_set_aesthetic_models (indexer, shares);
}

static void
scored_cb (GObject *object, GAsyncResult *async_result, gpointer user_data)
{
  g_autoptr (KalonPreferencesLooks) self = user_data;
  g_auto (KalonScorerResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean done = kalon_scorer_run_finish (async_result, &result, &error);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;

  /* Another run, with newer weights, has begun. */
  if (g_task_get_cancellable (G_TASK (async_result)) != self->scoring)
    return;
  g_clear_object (&self->scoring);
  if (!done)
    {
      g_autofree char *shares = dup_shares (self);

      self->waits = g_error_matches (error, KALON_ERROR, KALON_ERROR_BUSY) && shares != NULL;
      if (self->waits)
        keep_shares (self, shares);
      kalon_preferences_looks_show_state (
          self, self->waits ? _ ("Waits until the indexing under way is done.") : error->message);
      return;
    }
  keep_shares (self, result.shares);
  kalon_search_refresh (kalon_session_get_search (self->session));
  count = kalon_count_to_text (result.n_scored);
  text = g_strdup_printf (ngettext ("%s picture is scored by these weights.",
                                    "%s pictures are scored by these weights.", result.n_scored),
                          count);
  kalon_preferences_looks_show_state (self, text);
}

void
kalon_preferences_looks_score (KalonPreferencesLooks *self)
{
  const KalonSessionServices *services = get_services (self);
  g_autofree char *shares = dup_shares (self);

  if (self->scoring != NULL)
    g_cancellable_cancel (self->scoring);
  g_clear_object (&self->scoring);
  self->waits = FALSE;
  if (shares == NULL)
    {
      kalon_preferences_looks_show_state (
          self, _ ("One of them has to count. To leave looks out of the ranking, set their "
                   "weight on the page “Search” to 0."));
      return;
    }
  self->scoring = g_cancellable_new ();
  kalon_preferences_looks_show_state (self, _ ("Scoring…"));
  kalon_scorer_run_async (services->library_directory, services->model_directory,
                          services->device_name, shares, progress_cb, self, self->scoring,
                          scored_cb, g_object_ref (self));
}

static gboolean
rested_cb (gpointer user_data)
{
  KalonPreferencesLooks *self = user_data;

  self->rest_id = 0;
  kalon_preferences_looks_score (self);
  return G_SOURCE_REMOVE;
}

void
kalon_preferences_looks_turn (KalonPreferencesLooks *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->rest_id = g_timeout_add (REST_MS, rested_cb, self);
}

void
kalon_preferences_looks_follow_indexing (KalonPreferencesLooks *self)
{
  if (self->waits && !self->closed && self->rest_id == 0)
    kalon_preferences_looks_turn (self);
}
