/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-judge-private.h"

#include "aligner/kalon-aligner.h"
#include "cli-rephrase-private.h"
#include "errors/kalon-errors.h"
#include "labelling/kalon-labelling.h"

#define MADE_UP "The set is made up: no human being has judged these groups."

static const char *const default_systems[] = { "baseline", "aligned" };

void
kalon_cli_judge_rows_clear (KalonCliJudgeRows *rows)
{
  g_clear_pointer (&rows->items, g_ptr_array_unref);
  g_free (rows->titles[0]);
  g_free (rows->titles[1]);
  g_free (rows->synthetic);
  g_clear_pointer (&rows->model, kalon_model_free);
  g_free (rows->device);
}

static const char *
get_system (const KalonCliJudge *options, guint i)
{
  return options->systems != NULL ? options->systems[i] : default_systems[i];
}

/* (transfer full) (nullable): the two systems, checked. */
static KalonSystems *
open_systems (KalonCli *cli, const KalonCliJudge *options, KalonCliJudgeRows *rows, GError **error)
{
  g_autoptr (KalonSystems) systems = NULL;

  if (kalon_system_is_ranking (get_system (options, 0))
      || kalon_system_is_ranking (get_system (options, 1)))
    {
      rows->model = kalon_models_find (cli->model, error);
      if (rows->model == NULL || !kalon_cli_choose_device (cli, &rows->device, error))
        return NULL;
    }
  systems = kalon_systems_new (cli->library, cli->device,
                               rows->model != NULL ? rows->model->directory : NULL);
  for (guint i = 0; i < 2; i++)
    {
      if (!kalon_systems_check (systems, get_system (options, i), error))
        return NULL;
      rows->titles[i] = kalon_systems_dup_title (systems, get_system (options, i));
    }
  return g_steal_pointer (&systems);
}

/* (transfer full) */
static GPtrArray *
answer (KalonCli *cli, const KalonCliJudge *options, KalonSystems *systems, guint i,
        const char *query, const char *rephrased, GError **error)
{
  return kalon_systems_answer (systems, get_system (options, i), query, rephrased,
                               (guint) options->k, cli->cancellable, error);
}

static gboolean
answer_all (KalonCli *cli, const KalonCliJudge *options, KalonSystems *systems, GStrv queries,
            GStrv rephrased, GPtrArray *items, GError **error)
{
  guint n = g_strv_length (queries);

  for (guint q = 0; q < n; q++)
    {
      const char *text = rephrased != NULL ? rephrased[q] : NULL;
      g_autofree char *id = g_strdup_printf ("%u", q + 1);
      g_autoptr (GPtrArray) row_a = answer (cli, options, systems, 0, queries[q], text, error);
      g_autoptr (GPtrArray) row_b
          = row_a != NULL ? answer (cli, options, systems, 1, queries[q], text, error) : NULL;

      if (row_b == NULL)
        return FALSE;
      g_ptr_array_add (items, kalon_judge_item_new (id, queries[q], row_a, row_b));
      kalon_cli_show_progress (q + 1, n, "queries answered");
    }
  kalon_cli_end_progress ();
  return TRUE;
}

static gboolean
get_answers (KalonCli *cli, const KalonCliJudge *options, KalonCliJudgeRows *rows, GError **error)
{
  g_autoptr (KalonSystems) systems = open_systems (cli, options, rows, error);
  KalonRephraseStyle style = KALON_REPHRASE_DEFAULT_STYLE;
  g_auto (GStrv) queries = NULL;
  g_auto (GStrv) rephrased = NULL;

  if (systems == NULL)
    return FALSE;
  queries = kalon_aligner_read_queries (options->queries, error);
  if (queries == NULL)
    return FALSE;
  if (queries[0] == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%s: there is no query in it; write one in each line.", options->queries);
      return FALSE;
    }
  if (options->rephrase != NULL)
    kalon_rephrase_style_from_name (options->rephrase, &style);
  if (style != KALON_REPHRASE_ORIGINAL
      && (kalon_systems_rephrases (systems, get_system (options, 0))
          || kalon_systems_rephrases (systems, get_system (options, 1))))
    {
      rephrased = kalon_cli_rephrase_queries (cli, rows->model, (const char *const *) queries,
                                              style, !options->estimate, error);
      if (rephrased == NULL)
        return FALSE;
    }
  rows->items = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_judge_item_free);
  return answer_all (cli, options, systems, queries, rephrased, rows->items, error);
}

static gboolean
get_groups (const KalonCliJudge *options, KalonCliJudgeRows *rows, GError **error)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_read (options->set, error);

  if (set == NULL)
    return FALSE;
  if (options->images != NULL)
    {
      g_free (set->folder);
      set->folder = g_canonicalize_filename (options->images, NULL);
    }
  rows->items = kalon_judge_list_items (set);
  rows->titles[0] = g_strdup ("Group A");
  rows->titles[1] = g_strdup ("Group B");
  rows->synthetic = set->synthetic ? g_strdup (MADE_UP) : NULL;
  return TRUE;
}

gboolean
kalon_cli_judge_get_rows (KalonCli *cli, const KalonCliJudge *options, KalonCliJudgeRows *rows,
                          GError **error)
{
  return options->set != NULL ? get_groups (options, rows, error)
                              : get_answers (cli, options, rows, error);
}

/* The systems of the first item that names them. */
static gboolean
find_systems (const KalonHpirSet *set, const KalonCliJudge *options, const char *keys[2],
              GError **error)
{
  for (guint i = 0; options->systems != NULL && i < 2; i++)
    keys[i] = options->systems[i];
  for (guint i = 0; keys[0] == NULL && i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);

      if (item->systems[0] == NULL || item->systems[1] == NULL)
        continue;
      /* Which one is group A is drawn for each item: their order here is by name. */
      gboolean in_order = g_strcmp0 (item->systems[0], item->systems[1]) < 0;

      keys[0] = item->systems[in_order ? 0 : 1];
      keys[1] = item->systems[in_order ? 1 : 0];
    }
  if (keys[0] == NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "%s: its items do not say whose answers the groups are.", options->labels);
  return keys[0] != NULL;
}

KalonJudgeFigures *
kalon_cli_judge_count_labels (KalonCli *cli, const KalonCliJudge *options, GError **error)
{
  g_autoptr (KalonHpirSet) set = kalon_label_set_load (cli->library, options->labels, error);
  g_autoptr (KalonSystems) systems = kalon_systems_new (cli->library, NULL, NULL);
  g_autoptr (KalonJudgeFigures) figures = NULL;
  guint n_labels = 0;
  const char *keys[2] = { NULL };
  const KalonJudgeCount *count;

  if (set == NULL || !find_systems (set, options, keys, error))
    return NULL;
  for (guint i = 0; i < set->items->len; i++)
    n_labels += ((KalonHpirItem *) g_ptr_array_index (set->items, i))->labels->len;
  if (n_labels == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%s: nobody has labelled it yet. The window's Label page and “kalon-cli label "
                   "answer” ask.",
                   options->labels);
      return NULL;
    }
  figures = kalon_judge_count_labels (set, keys[0], keys[1]);
  count = g_ptr_array_index (figures->counts, 0);
  if (count->verdicts->len == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%s: no item of it has answers of %s and %s.", options->labels, keys[0],
                   keys[1]);
      return NULL;
    }
  for (guint i = 0; i < 2; i++)
    figures->titles[i] = kalon_systems_dup_title (systems, keys[i]);
  figures->synthetic = set->synthetic ? g_strdup (MADE_UP) : NULL;
  return g_steal_pointer (&figures);
}
