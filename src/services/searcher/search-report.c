/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>
#include <stdlib.h>

/* The newest queries that drift is measured by, and how many of their results are compared. */
#define DRIFT_QUERIES 20
#define DRIFT_RESULTS 10

static void
drift_free (gpointer data)
{
  KalonTasteDrift *drift = data;

  g_free (drift->query);
  g_free (drift);
}

void
kalon_taste_report_free (KalonTasteReport *report)
{
  if (report == NULL)
    return;
  g_free (report->profile);
  g_free (report->model_hash);
  g_clear_pointer (&report->learned, g_array_unref);
  g_clear_pointer (&report->drifts, g_ptr_array_unref);
  g_clear_pointer (&report->curve, g_array_unref);
  g_clear_pointer (&report->raised, g_array_unref);
  g_clear_pointer (&report->lowered, g_array_unref);
  g_free (report);
}

static int
compare_falling (const void *a, const void *b)
{
  const KalonTasteShift *x = a, *y = b;

  if (x->taste != y->taste)
    return x->taste > y->taste ? -1 : 1;
  return (x->picture > y->picture) - (x->picture < y->picture);
}

static void
find_shifts (KalonSearchSession *session, KalonTasteReport *report)
{
  guint n = session->rows->len, n_shown = MIN (n, KALON_TASTE_REPORT_PICTURES);
  g_autofree KalonTasteShift *shifts = g_new (KalonTasteShift, n + 1);

  for (guint i = 0; i < n; i++)
    shifts[i] = (KalonTasteShift){ g_array_index (session->rows, KalonLibraryRow, i).picture,
                                   session->preferences->taste[i] };
  qsort (shifts, n, sizeof *shifts, compare_falling);
  for (guint i = 0; i < n_shown; i++)
    {
      g_array_append_val (report->raised, shifts[i]);
      g_array_append_val (report->lowered, shifts[n - 1 - i]);
    }
}

static gboolean
add_overlap (KalonSearchSession *session, const char *words, KalonTasteReport *report,
             GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;
  KalonTasteDrift *drift;

  kalon_query_add_term (query, KALON_TERM_TEXT, words, 1);
  kalon_query_set_limit (query, DRIFT_RESULTS);
  kalon_query_set_alignment (query, &alignment);
  results = kalon_search_session_run (session, query, cancellable, error);
  if (results == NULL)
    return FALSE;
  drift = g_new (KalonTasteDrift, 1);
  *drift = (KalonTasteDrift){ g_strdup (words), kalon_results_get_overlap (results) };
  g_ptr_array_add (report->drifts, drift);
  report->overlap += drift->overlap;
  report->n_queries++;
  return TRUE;
}

static gboolean
measure_drift (KalonSearchSession *session, GPtrArray *thumbs, KalonTasteReport *report,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = thumbs->len; i-- > 0 && report->n_queries < DRIFT_QUERIES;)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);

      if (thumb->query[0] != '\0'
          && g_hash_table_add (seen, kalon_feedback_dup_query_key (thumb->query))
          && !add_overlap (session, thumb->query, report, cancellable, error))
        return FALSE;
    }
  report->overlap = report->n_queries > 0 ? report->overlap / report->n_queries : 1;
  return TRUE;
}

static double
get_length (const float *weights, gsize n)
{
  double squares = 0;

  for (gsize i = 0; i < n; i++)
    squares += (double) weights[i] * weights[i];
  return sqrt (squares);
}

/* Which of @thumbs the curve is of. */
static void
list_learned (const KalonFeedbackLearner *learner, GPtrArray *thumbs, KalonTasteReport *report)
{
  for (guint i = 0; i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);

      if (kalon_feedback_learner_is_learned (learner, i))
        g_array_append_val (report->learned, thumb->id);
    }
}

/* Everything loaded and learned. */
static gboolean
prepare (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  return kalon_search_session_load (session, cancellable, error)
         && kalon_search_update_preferences (session, KALON_TASTE_LEARNED, FALSE, cancellable,
                                             error);
}

KalonTasteReport *
kalon_search_session_report (KalonSearchSession *session, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonTasteReport) report = g_new0 (KalonTasteReport, 1);
  g_autoptr (GPtrArray) thumbs = NULL;
  g_autoptr (GBytes) adapter = NULL;
  const KalonFeedbackLearner *learner;
  KalonPreferences *preferences;
  gsize unused;

  if (!prepare (session, cancellable, error))
    return NULL;
  preferences = session->preferences;
  learner = preferences->learner;
  thumbs = kalon_feedback_list (preferences->feedback, error);
  report->profile
      = thumbs != NULL ? kalon_feedback_dup_profile (preferences->feedback, error) : NULL;
  report->model_hash = g_strdup (kalon_encoder_get_model_hash (session->encoder));
  if (report->profile == NULL
      || !kalon_feedback_load_part (preferences->feedback, KALON_PROFILE_ADAPTER,
                                    report->model_hash, &adapter, error))
    return NULL;
  report->n_thumbs = thumbs->len;
  report->n_learned = kalon_feedback_learner_get_history (learner)->n_events;
  report->learned = g_array_new (FALSE, FALSE, sizeof (gint64));
  list_learned (learner, thumbs, report);
  report->drifts = g_ptr_array_new_with_free_func (drift_free);
  report->curve = g_array_copy (kalon_feedback_learner_get_curve (learner));
  report->raised = g_array_new (FALSE, FALSE, sizeof (KalonTasteShift));
  report->lowered = g_array_new (FALSE, FALSE, sizeof (KalonTasteShift));
  report->length
      = get_length (kalon_taste_learner_get_weights (kalon_feedback_learner_get_learner (learner)),
                    KALON_TASTE_N_FEATURES (kalon_index_get_dimension (session->index)));
  report->has_import = preferences->imported != NULL;
  report->has_adapter = adapter != NULL;
  report->size = kalon_feedback_learner_get_size (learner, &unused);
  find_shifts (session, report);
  return measure_drift (session, thumbs, report, cancellable, error) ? g_steal_pointer (&report)
                                                                     : NULL;
}

gboolean
kalon_search_session_export (KalonSearchSession *session, const char *path,
                             GCancellable *cancellable, GError **error)
{
  KalonPreferences *preferences;
  const char *hash;
  g_autofree char *profile = NULL;
  g_autoptr (KalonTasteTerm) term = NULL;
  g_autoptr (GBytes) adapter = NULL;
  gsize n;

  if (!prepare (session, cancellable, error))
    return FALSE;
  preferences = session->preferences;
  hash = kalon_encoder_get_model_hash (session->encoder);
  profile = kalon_feedback_dup_profile (preferences->feedback, error);
  if (profile == NULL
      || !kalon_feedback_load_part (preferences->feedback, KALON_PROFILE_ADAPTER, hash, &adapter,
                                    error))
    return FALSE;
  n = kalon_feedback_learner_get_history (preferences->learner)->n_events;
  if (n > 0 || preferences->imported != NULL)
    term = kalon_search_dup_term (session);
  for (gsize i = 0; preferences->imported != NULL && i < KALON_N_MEASURES; i++)
    term->measures[i] += preferences->imported->measures[i];
  for (gsize i = 0; preferences->imported != NULL && i < term->dimension; i++)
    term->embedding[i] += preferences->imported->embedding[i];
  return kalon_profile_export (path, profile, hash, term, adapter, error);
}

gboolean
kalon_search_session_import (KalonSearchSession *session, const char *path,
                             GCancellable *cancellable, GError **error)
{
  /* What the profile has may be what cannot be used. */
  return kalon_search_session_load (session, cancellable, error)
         && kalon_search_open_feedback (session, error)
         && kalon_profile_import (session->preferences->feedback, path,
                                  kalon_encoder_get_model_hash (session->encoder),
                                  kalon_index_get_dimension (session->index), error);
}
