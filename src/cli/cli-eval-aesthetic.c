/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"

#include "aesthetics/kalon-aesthetics.h"
#include "encoder/kalon-encoder.h"
#include "errors/kalon-errors.h"
#include "input/kalon-input.h"
#include "models/kalon-models.h"

#include <math.h>
#include <stdlib.h>

#define MAX_PAIRS_FILE (64 * 1024 * 1024)
/* Pictures encoded at once. */
#define BATCH 16
#define BOOTSTRAP_ROUNDS 1000
/* The same file gives the same interval. */
#define BOOTSTRAP_SEED 20240609

typedef struct
{
  KalonEncoder *encoder;
  KalonAestheticHead *head;
  KalonModel *model;
  char *device;
} Judge;

typedef struct
{
  guint better, worse; /* into the pictures */
  const char *kind;    /* interned */
  const char *severity;
} Pair;

typedef struct
{
  GPtrArray *names; /* of pictures, as in the file */
  GArray *pairs;    /* Pair */
} Pairs;

/* The share of pairs with the better picture above. */
typedef struct
{
  const char *kind;     /* (nullable): all */
  const char *severity; /* (nullable): all */
  gsize n;
  double share, low, high;
  double difference; /* mean score of the better less that of the worse */
} Outcome;

static void
judge_clear (Judge *judge)
{
  g_clear_object (&judge->encoder);
  g_clear_pointer (&judge->head, kalon_aesthetic_head_free);
  g_clear_pointer (&judge->model, kalon_model_free);
  g_clear_pointer (&judge->device, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Judge, judge_clear)

static void
pairs_clear (Pairs *pairs)
{
  g_clear_pointer (&pairs->names, g_ptr_array_unref);
  g_clear_pointer (&pairs->pairs, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pairs, pairs_clear)

static gboolean
judge_load (Judge *judge, KalonCli *cli, GError **error)
{
  g_autoptr (KalonDevice) device = NULL;

  judge->model = kalon_models_find (cli->model, error);
  if (judge->model == NULL || !kalon_cli_choose_device (cli, &judge->device, error))
    return FALSE;
  if (g_strcmp0 (cli->device, "none") != 0)
    {
      device = kalon_device_open (cli->device, error);
      if (device == NULL)
        return FALSE;
    }
  judge->encoder = kalon_encoder_new (judge->model->directory, device, cli->cancellable, error);
  if (judge->encoder == NULL)
    return FALSE;
  judge->head = kalon_aesthetic_head_load_for_model (
      judge->model->directory, kalon_encoder_get_dimension (judge->encoder), error);
  if (judge->head == NULL && (error == NULL || *error == NULL))
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "Model “%s” has no aesthetic head. Put one made for it into %s as “%s”.",
                 judge->model->id, judge->model->directory, KALON_AESTHETIC_FILE);
  return judge->head != NULL;
}

/* As the indexer does for one picture. @pixels: [3, crop, crop], @measures: [KALON_N_MEASURES] */
static gboolean
look (const Judge *judge, const char *path, float *pixels, float *measures,
      GCancellable *cancellable, GError **error)
{
  const KalonPreprocess *preprocess = &kalon_encoder_get_config (judge->encoder)->preprocess;
  guint min_side = MAX (preprocess->resize, (guint) KALON_MEASURE_MIN_SIDE);
  g_autoptr (KalonImage) image = kalon_image_load (path, min_side, NULL, cancellable, error);

  if (image == NULL)
    return FALSE;
  kalon_image_preprocess (image, preprocess, pixels);
  kalon_measure_image (image, measures);
  return TRUE;
}

/* @directory: (nullable): of @names. (transfer full) (nullable): their scores */
static float *
score (const Judge *judge, const char *directory, const char *const *names, gsize n,
       GCancellable *cancellable, GError **error)
{
  const KalonModelConfig *config = kalon_encoder_get_config (judge->encoder);
  gsize size = 3 * (gsize) config->preprocess.crop * config->preprocess.crop;
  g_autofree float *pixels = g_new (float, BATCH *size);
  g_autofree float *measures = g_new (float, BATCH *KALON_N_MEASURES);
  g_autofree float *embeddings = g_new (float, BATCH * config->projection);
  g_autofree float *scores = g_new (float, MAX (n, 1));

  for (gsize first = 0; first < n; first += BATCH)
    {
      gsize count = MIN (BATCH, n - first);

      kalon_cli_show_progress (first, n, NULL);
      for (gsize i = 0; i < count; i++)
        {
          const char *name = names[first + i];
          g_autofree char *path
              = directory != NULL ? g_build_filename (directory, name, NULL) : g_strdup (name);

          if (!look (judge, path, pixels + i * size, measures + i * KALON_N_MEASURES, cancellable,
                     error))
            return NULL;
        }
      if (!kalon_encoder_encode_pixels (judge->encoder, pixels, count, embeddings, cancellable,
                                        error))
        return NULL;
      for (gsize i = 0; i < count; i++)
        scores[first + i] = kalon_aesthetic_head_score (
            judge->head, embeddings + i * config->projection, measures + i * KALON_N_MEASURES);
    }
  kalon_cli_end_progress ();
  return g_steal_pointer (&scores);
}

static guint
add_name (Pairs *pairs, GHashTable *known, const char *name)
{
  gpointer place;

  if (g_hash_table_lookup_extended (known, name, NULL, &place))
    return GPOINTER_TO_UINT (place);
  g_ptr_array_add (pairs->names, g_strdup (name));
  g_hash_table_insert (known, g_ptr_array_index (pairs->names, pairs->names->len - 1),
                       GUINT_TO_POINTER (pairs->names->len - 1));
  return pairs->names->len - 1;
}

static gboolean
pairs_load (Pairs *pairs, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = kalon_input_read (path, MAX_PAIRS_FILE, error);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;

  if (bytes == NULL)
    return FALSE;
  content = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (content, "\n", -1);
  pairs->names = g_ptr_array_new_with_free_func (g_free);
  pairs->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (g_strchomp (lines[i]), "\t", -1);
      Pair pair;

      if (fields[0] == NULL || (fields[0][0] == '\0' && fields[1] == NULL))
        continue;
      if (g_strv_length (fields) != 4 || fields[0][0] == '\0' || fields[1][0] == '\0')
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                       "%s, line %u: not “better TAB worse TAB kind TAB severity”.", path, i + 1);
          return FALSE;
        }
      pair.better = add_name (pairs, known, fields[0]);
      pair.worse = add_name (pairs, known, fields[1]);
      pair.kind = g_intern_string (fields[2]);
      pair.severity = g_intern_string (fields[3]);
      g_array_append_val (pairs->pairs, pair);
    }
  if (pairs->pairs->len > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA, "%s holds no pair.", path);
  return FALSE;
}

/* Outcomes */

static int
compare_doubles (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* TO BE REPLACED by metrics/'s bootstrap: 95 % percentile interval of sum (values) / sum (counts)
 * over groups drawn with replacement (Efron 1979). @values, @counts: [n] */
static void
get_interval (const double *values, const double *counts, gsize n, double *low, double *high)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (BOOTSTRAP_SEED);
  double ratios[BOOTSTRAP_ROUNDS];

  for (guint round = 0; round < BOOTSTRAP_ROUNDS; round++)
    {
      double value = 0, count = 0;

      for (gsize i = 0; i < n; i++)
        {
          gint32 drawn = g_rand_int_range (random, 0, (gint32) n);

          value += values[drawn];
          count += counts[drawn];
        }
      ratios[round] = value / count;
    }
  qsort (ratios, BOOTSTRAP_ROUNDS, sizeof *ratios, compare_doubles);
  *low = ratios[(gsize) (0.025 * BOOTSTRAP_ROUNDS)];
  *high = ratios[(gsize) (0.975 * BOOTSTRAP_ROUNDS) - 1];
}

/* Pairs of one photo are no independent evidence: the interval draws the better pictures. */
static Outcome
summarise (const Pairs *pairs, const float *scores, const char *kind, const char *severity)
{
  Outcome outcome = { .kind = kind, .severity = severity };
  g_autofree double *wins = g_new0 (double, pairs->names->len);
  g_autofree double *counts = g_new0 (double, pairs->names->len);
  gsize n_groups = 0;
  double total = 0;

  for (guint i = 0; i < pairs->pairs->len; i++)
    {
      const Pair *pair = &g_array_index (pairs->pairs, Pair, i);
      float difference = scores[pair->better] - scores[pair->worse];
      double win = difference > 0 ? 1 : difference == 0 ? 0.5 : 0;

      if ((kind != NULL && kind != pair->kind) || (severity != NULL && severity != pair->severity))
        continue;
      wins[pair->better] += win;
      counts[pair->better]++;
      total += win;
      outcome.difference += difference;
      outcome.n++;
    }
  for (guint i = 0; i < pairs->names->len; i++)
    if (counts[i] > 0)
      {
        wins[n_groups] = wins[i];
        counts[n_groups++] = counts[i];
      }
  outcome.share = total / outcome.n;
  outcome.difference /= outcome.n;
  get_interval (wins, counts, n_groups, &outcome.low, &outcome.high);
  return outcome;
}

/* (transfer full) (element-type Outcome): all, then by severity, then by kind and severity, each in
 * the file's order. */
static GArray *
summarise_all (const Pairs *pairs, const float *scores)
{
  GArray *outcomes = g_array_new (FALSE, FALSE, sizeof (Outcome));
  Outcome all = summarise (pairs, scores, NULL, NULL);

  g_array_append_val (outcomes, all);
  for (guint by_kind = 0; by_kind <= 1; by_kind++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (guint i = 0; i < pairs->pairs->len; i++)
        {
          const Pair *pair = &g_array_index (pairs->pairs, Pair, i);
          const char *kind = by_kind ? pair->kind : NULL;

          if (g_hash_table_add (seen,
                                g_strdup_printf ("%s\t%s", by_kind ? kind : "", pair->severity)))
            {
              Outcome outcome = summarise (pairs, scores, kind, pair->severity);
              g_array_append_val (outcomes, outcome);
            }
        }
    }
  return outcomes;
}

static void
print_outcomes_json (const Judge *judge, const Pairs *pairs, const GArray *outcomes)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "model", judge->model->id);
  kalon_cli_json_string (builder, "head", kalon_aesthetic_head_get_hash (judge->head));
  kalon_cli_json_string (builder, "device", judge->device);
  kalon_cli_json_integer (builder, "pictures", pairs->names->len);
  json_builder_set_member_name (builder, "outcomes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < outcomes->len; i++)
    {
      const Outcome *outcome = &g_array_index (outcomes, Outcome, i);

      json_builder_begin_object (builder);
      kalon_cli_json_string (builder, "kind", outcome->kind);
      kalon_cli_json_string (builder, "severity", outcome->severity);
      kalon_cli_json_integer (builder, "pairs", outcome->n);
      kalon_cli_json_number (builder, "share", outcome->share);
      kalon_cli_json_number (builder, "low", outcome->low);
      kalon_cli_json_number (builder, "high", outcome->high);
      kalon_cli_json_number (builder, "difference", outcome->difference);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

static void
print_outcomes (const GArray *outcomes)
{
  kalon_cli_print ("%-22s %-10s %6s  %6s  %-15s %s\n", "kind", "severity", "pairs", "better",
                   "95 %", "difference");
  for (guint i = 0; i < outcomes->len; i++)
    {
      const Outcome *outcome = &g_array_index (outcomes, Outcome, i);

      kalon_cli_print ("%-22s %-10s %6" G_GSIZE_FORMAT "  %5.1f%%  %5.1f%% - %5.1f%% %+.2f\n",
                       outcome->kind != NULL ? outcome->kind : "all",
                       outcome->severity != NULL ? outcome->severity : "all", outcome->n,
                       100 * outcome->share, 100 * outcome->low, 100 * outcome->high,
                       outcome->difference);
    }
}

static gboolean
evaluate_pairs (KalonCli *cli, const char *file, const char *directory, GError **error)
{
  g_auto (Judge) judge = { NULL };
  g_auto (Pairs) pairs = { NULL };
  g_autofree float *scores = NULL;
  g_autoptr (GArray) outcomes = NULL;

  if (!pairs_load (&pairs, file, error) || !judge_load (&judge, cli, error))
    return FALSE;
  scores = score (&judge, directory, (const char *const *) pairs.names->pdata, pairs.names->len,
                  cli->cancellable, error);
  if (scores == NULL)
    return FALSE;
  outcomes = summarise_all (&pairs, scores);
  if (cli->json)
    print_outcomes_json (&judge, &pairs, outcomes);
  else
    print_outcomes (outcomes);
  return TRUE;
}

static gboolean
print_scores (KalonCli *cli, GStrv files, GError **error)
{
  g_auto (Judge) judge = { NULL };
  g_autofree float *scores = NULL;
  gsize n = g_strv_length (files);

  if (!judge_load (&judge, cli, error))
    return FALSE;
  scores = score (&judge, NULL, (const char *const *) files, n, cli->cancellable, error);
  if (scores == NULL)
    return FALSE;
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "model", judge.model->id);
      kalon_cli_json_string (builder, "head", kalon_aesthetic_head_get_hash (judge.head));
      kalon_cli_json_string (builder, "device", judge.device);
      json_builder_set_member_name (builder, "scores");
      json_builder_begin_array (builder);
      for (gsize i = 0; i < n; i++)
        {
          json_builder_begin_object (builder);
          kalon_cli_json_path (builder, "path", files[i]);
          kalon_cli_json_number (builder, "aesthetic", scores[i]);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
      kalon_cli_json_print (builder);
      return TRUE;
    }
  for (gsize i = 0; i < n; i++)
    {
      kalon_cli_print ("%6.2f  ", scores[i]);
      kalon_cli_print_path (files[i]);
      kalon_cli_print ("\n");
    }
  return TRUE;
}

static KalonCliStatus
run_aesthetic (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *pairs = NULL;
  g_autofree char *images = NULL;
  g_auto (GStrv) files = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done;
  const GOptionEntry entries[] = {
    { "pairs", 0, 0, G_OPTION_ARG_FILENAME, &pairs,
      "Lines “better TAB worse TAB kind TAB severity”", "FILE" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images, "The folder that the names are in", "DIR" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &files))
    return KALON_CLI_USAGE;
  if ((pairs == NULL) != (images == NULL))
    return kalon_cli_usage (command, "--pairs and --images belong together.");
  if ((pairs != NULL) == (files[0] != NULL))
    return kalon_cli_usage (command, "Give either --pairs and --images, or pictures to score.");
  kalon_cli_watch_signals (cli);
  done = pairs != NULL ? evaluate_pairs (cli, pairs, images, &error)
                       : print_scores (cli, files, &error);
  kalon_cli_end_progress ();
  return done ? KALON_CLI_DONE : kalon_cli_fail (cli, error);
}

const KalonCliCommand kalon_eval_aesthetic = {
  .name = "eval aesthetic",
  .arguments = "[FILE...]",
  .summary = "Score pictures, or count how often the better of two is above.",
  .details
  = "Prints the share of pairs with the better picture above, ties counted half, with its\n"
    "95 % interval (bootstrap over the better pictures) and the mean difference of the\n"
    "scores: of all, by severity, by kind and severity. With FILEs prints their scores.",
  .run = run_aesthetic,
};
