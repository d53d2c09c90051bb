/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison/kalon-comparison-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

char *
kalon_rank_to_mark (guint rank, guint other, const char *only_here)
{
  if (other == 0)
    return g_strdup (only_here);
  if (other == rank)
    return g_strdup ("=");
  return other > rank ? g_strdup_printf ("▲ %u", other - rank)
                      : g_strdup_printf ("▼ %u", rank - other);
}

static KalonRanking *
create_empty (void)
{
  g_autoptr (GArray) results = g_array_new (FALSE, FALSE, sizeof (KalonResult));

  return kalon_ranking_new (results, NULL);
}

KalonComparison *
kalon_comparison_new (const char *query, guint k)
{
  KalonComparison *self;

  g_return_val_if_fail (query != NULL && k > 0, NULL);

  self = g_new0 (KalonComparison, 1);
  self->query = g_strdup (query);
  self->k = k;
  self->time = g_get_real_time () / G_USEC_PER_SEC;
  for (guint side = 0; side < 2; side++)
    {
      self->sides[side].name = g_strdup ("");
      self->sides[side].ranking = create_empty ();
    }
  return self;
}

void
kalon_comparison_set_side (KalonComparison *self, guint side, const char *name,
                           KalonRanking *ranking)
{
  g_return_if_fail (self != NULL && side < 2);
  g_return_if_fail (name != NULL && ranking != NULL);

  g_free (self->sides[side].name);
  self->sides[side].name = g_strdup (name);
  kalon_ranking_ref (ranking);
  kalon_ranking_unref (self->sides[side].ranking);
  self->sides[side].ranking = ranking;
}

void
kalon_comparison_free (KalonComparison *self)
{
  if (self == NULL)
    return;
  for (guint side = 0; side < 2; side++)
    {
      g_free (self->sides[side].name);
      kalon_ranking_unref (self->sides[side].ranking);
    }
  g_free (self->query);
  g_free (self->rephrased);
  g_free (self->model);
  g_free (self);
}

char *
kalon_comparison_dup_summary (const KalonComparison *self)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (self->time);
  g_autofree char *date = g_date_time_format (time, "%Y-%m-%d %H:%M");
  GString *text = g_string_new (NULL);
  guint n;
  guint common
      = kalon_ranking_count_common (self->sides[0].ranking, self->sides[1].ranking, self->k, &n);

  g_string_printf (text, "%u of %u in common", common, n);
  if (self->model != NULL)
    g_string_append_printf (text, " · model %s", self->model);
  g_string_append_printf (text, " · weights: rephrasing %g, aesthetics %g, taste %g · %s",
                          (double) self->rephrase, (double) self->aesthetic, (double) self->taste,
                          date);
  return g_string_free (text, FALSE);
}

char *
kalon_comparison_dup_mean (const KalonComparison *self, guint side)
{
  const KalonRanking *ranking = self->sides[side].ranking;
  double mean = kalon_ranking_get_mean_aesthetic (ranking, self->k);
  guint n = MIN (ranking->results->len, self->k);

  if (n == 0)
    return g_strdup ("No pictures");
  if (isnan (mean))
    return g_strdup_printf ("The top %u have no aesthetic scores", n);
  return g_strdup_printf ("Mean aesthetic score of the top %u: %.2f", n, mean);
}

gboolean
kalon_comparison_export (const KalonComparison *self, const char *library_directory,
                         const char *path, GCancellable *cancellable, GError **error)
{
  gboolean png, html;
  g_autoptr (GPtrArray) left = NULL;
  g_autoptr (GPtrArray) right = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  png = g_str_has_suffix (path, ".png");
  html = g_str_has_suffix (path, ".html") || g_str_has_suffix (path, ".htm");
  if (!png && !html)
    {
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%s is neither a .png nor a .html; give the file one of these endings.", name);
      return FALSE;
    }
  left = kalon_comparison_load_side (self, 0, library_directory, cancellable, error);
  right = left != NULL ? kalon_comparison_load_side (self, 1, library_directory, cancellable, error)
                       : NULL;
  if (right == NULL)
    return FALSE;
  return png ? kalon_comparison_write_png (self, (GPtrArray *const[]){ left, right }, path, error)
             : kalon_comparison_write_html (self, (GPtrArray *const[]){ left, right }, path, error);
}

typedef struct
{
  KalonComparison *comparison;
  char *library_directory;
  char *path;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  kalon_comparison_free (export->comparison);
  g_free (export->library_directory);
  g_free (export->path);
  g_free (export);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Export *export = task_data;
  GError *error = NULL;

  if (kalon_comparison_export (export->comparison, export->library_directory, export->path,
                               cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_comparison_export_async (KalonComparison *self, const char *library_directory,
                               const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Export *export;

  g_return_if_fail (self != NULL && path != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_comparison_export_async);
  export = g_new (Export, 1);
  *export = (Export){ self, g_strdup (library_directory), g_strdup (path) };
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, export_in_thread);
}

gboolean
kalon_comparison_export_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
