/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "nn/kalon-nn-private.h"

/* First line of a kept report; raise the number when tests or tolerances change. */
#define HEADER "Kalon " KALON_VERSION " self-test 1\n"
#define FAILED "FAILED"

/* Odd sizes: nothing is a multiple of a tile. */
enum
{
  BATCH = 2,
  LENGTH = 37,
  HEADS = 3,
  HEAD_DIM = 20,
  WIDTH = HEADS * HEAD_DIM,
  ROWS = BATCH * LENGTH,
  HIDDEN = 147,
  PATCH = 5,
  RESOLUTION = 31,
  TOKENS = 1 + (RESOLUTION / PATCH) * (RESOLUTION / PATCH),
  N_SCORES = 9001,
  K = 13,
};

typedef struct
{
  KalonNn *nn;
  guint32 state;       /* of the pseudo-random numbers: both sides draw the same */
  KalonTensor *result; /* what the operation wrote */
} Run;

/* [@n] numbers in [-1, 1); linear congruential generator of Numerical Recipes. */
static KalonTensor *
draw (Run *run, gsize n, GError **error)
{
  g_autofree float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    {
      run->state = run->state * 1664525u + 1013904223u;
      values[i] = (run->state >> 8) * 0x1p-23f - 1.0f;
    }
  return kalon_nn_tensor_new_from_data (run->nn, 1, &n, values, error);
}

static gboolean
make_result (Run *run, gsize n, GError **error)
{
  run->result = kalon_nn_tensor_new (run->nn, 1, &n, error);
  return run->result != NULL;
}

static gboolean
run_linear (Run *run, KalonActivation activation, KalonDtype storage, GError **error)
{
  g_autoptr (KalonNn) plain = kalon_nn_new (NULL);
  Run weights = { .nn = plain, .state = 5 };
  g_autoptr (KalonTensor) weight = draw (&weights, HIDDEN * WIDTH, error);
  g_autoptr (KalonTensor) bias = weight != NULL ? draw (&weights, HIDDEN, error) : NULL;
  g_autoptr (KalonTensor) x = bias != NULL ? draw (run, ROWS * WIDTH, error) : NULL;
  g_autoptr (KalonTensor) residual = x != NULL ? draw (run, ROWS * HIDDEN, error) : NULL;
  g_autoptr (KalonLinear) linear = NULL;

  if (residual == NULL)
    return FALSE;
  linear = kalon_nn_linear_new (run->nn, weight->data, bias->data, HIDDEN, WIDTH, storage, error);
  return linear != NULL && make_result (run, ROWS * HIDDEN, error)
         && kalon_nn_linear (run->nn, linear, x, ROWS, activation, residual, run->result, error);
}

static gboolean
test_linear (Run *run, GError **error)
{
  return run_linear (run, KALON_ACTIVATION_NONE, KALON_DTYPE_F32, error);
}

static gboolean
test_linear_gelu (Run *run, GError **error)
{
  return run_linear (run, KALON_ACTIVATION_GELU, KALON_DTYPE_F32, error);
}

static gboolean
test_linear_half (Run *run, GError **error)
{
  return run_linear (run, KALON_ACTIVATION_QUICK_GELU, KALON_DTYPE_F16, error);
}

static gboolean
test_layer_norm (Run *run, GError **error)
{
  g_autoptr (KalonTensor) x = draw (run, ROWS * WIDTH, error);
  g_autoptr (KalonTensor) gamma = x != NULL ? draw (run, WIDTH, error) : NULL;
  g_autoptr (KalonTensor) beta = gamma != NULL ? draw (run, WIDTH, error) : NULL;

  return beta != NULL && make_result (run, ROWS * WIDTH, error)
         && kalon_nn_layer_norm (run->nn, x, gamma, beta, ROWS, WIDTH, 1e-5f, run->result, error);
}

static gboolean
test_softmax (Run *run, GError **error)
{
  run->result = draw (run, ROWS * WIDTH, error);
  return run->result != NULL && kalon_nn_softmax (run->nn, run->result, ROWS, WIDTH, error);
}

static gboolean
run_attention (Run *run, gboolean causal, GError **error)
{
  g_autoptr (KalonTensor) qkv = draw (run, ROWS * 3 * WIDTH, error);

  return qkv != NULL && make_result (run, ROWS * WIDTH, error)
         && kalon_nn_attention (run->nn, qkv, BATCH, LENGTH, HEADS, HEAD_DIM, causal, run->result,
                                error);
}

static gboolean
test_attention (Run *run, GError **error)
{
  return run_attention (run, FALSE, error);
}

static gboolean
test_attention_causal (Run *run, GError **error)
{
  return run_attention (run, TRUE, error);
}

static gboolean
test_patch_embedding (Run *run, GError **error)
{
  g_autoptr (KalonNn) plain = kalon_nn_new (NULL);
  Run weights = { .nn = plain, .state = 6 };
  gsize in = 3 * PATCH * PATCH;
  g_autoptr (KalonTensor) weight = draw (&weights, WIDTH * in, error);
  g_autoptr (KalonTensor) pixels
      = weight != NULL ? draw (run, BATCH * 3 * RESOLUTION * RESOLUTION, error) : NULL;
  g_autoptr (KalonTensor) class = pixels != NULL ? draw (run, WIDTH, error) : NULL;
  g_autoptr (KalonTensor) position = class != NULL ? draw (run, TOKENS * WIDTH, error) : NULL;
  g_autoptr (KalonLinear) projection = NULL;

  if (position == NULL)
    return FALSE;
  projection = kalon_nn_linear_new (run->nn, weight->data, NULL, WIDTH, in, KALON_DTYPE_F32, error);
  return projection != NULL && make_result (run, BATCH * TOKENS * WIDTH, error)
         && kalon_nn_patch_embedding (run->nn, pixels, projection, class, position, BATCH,
                                      RESOLUTION, PATCH, run->result, error);
}

static gboolean
test_token_embedding (Run *run, GError **error)
{
  gint32 tokens[ROWS];
  g_autoptr (KalonTensor) table = draw (run, HIDDEN * WIDTH, error);
  g_autoptr (KalonTensor) position = table != NULL ? draw (run, LENGTH * WIDTH, error) : NULL;

  for (gsize i = 0; i < ROWS; i++)
    tokens[i] = i * 7919 % HIDDEN;
  return position != NULL && make_result (run, ROWS * WIDTH, error)
         && kalon_nn_token_embedding (run->nn, tokens, table, position, BATCH, LENGTH, WIDTH,
                                      run->result, error);
}

static gboolean
test_gather_rows (Run *run, GError **error)
{
  const guint32 rows[] = { ROWS - 1, 0, 5, 5, 31 };
  g_autoptr (KalonTensor) x = draw (run, ROWS * WIDTH, error);

  return x != NULL && make_result (run, G_N_ELEMENTS (rows) * WIDTH, error)
         && kalon_nn_gather_rows (run->nn, x, rows, G_N_ELEMENTS (rows), WIDTH, run->result, error);
}

static gboolean
test_normalise (Run *run, GError **error)
{
  run->result = draw (run, ROWS * WIDTH, error);
  return run->result != NULL && kalon_nn_normalise (run->nn, run->result, ROWS, WIDTH, error);
}

static gboolean
test_score (Run *run, GError **error)
{
  g_autoptr (KalonTensor) queries = draw (run, 3 * WIDTH, error);
  g_autoptr (KalonTensor) rows = queries != NULL ? draw (run, HIDDEN * WIDTH, error) : NULL;

  return rows != NULL && make_result (run, 3 * HIDDEN, error)
         && kalon_nn_score (run->nn, queries, 3, rows, HIDDEN, WIDTH, run->result, error);
}

static gboolean
test_top_k (Run *run, GError **error)
{
  g_autoptr (KalonTensor) scores = draw (run, N_SCORES, error);
  guint32 indices[K];
  float both[2 * K];
  gsize n_found;

  if (scores == NULL
      || !kalon_nn_top_k (run->nn, scores, 1, N_SCORES - 1, K, indices, both, &n_found, error))
    return FALSE;
  for (gsize i = 0; i < K; i++)
    both[K + i] = indices[i];
  return make_result (run, 2 * K, error) && kalon_tensor_write (run->result, 0, both, 2 * K, error);
}

/* Tolerances as in tests/kernels: sums of products in another order; copies are exact. */
static const struct
{
  const char *name;
  gboolean (*run) (Run *run, GError **error);
  double tolerance;
} tests[] = {
  { "linear", test_linear, 2e-5 },
  { "linear+gelu", test_linear_gelu, 2e-5 },
  { "linear+quick-gelu-f16", test_linear_half, 2e-5 },
  { "layer-norm", test_layer_norm, 2e-5 },
  { "softmax", test_softmax, 2e-6 },
  { "attention", test_attention, 1e-5 },
  { "attention-causal", test_attention_causal, 1e-5 },
  { "patch-embedding", test_patch_embedding, 2e-5 },
  { "token-embedding", test_token_embedding, 0 },
  { "gather-rows", test_gather_rows, 0 },
  { "normalise", test_normalise, 2e-6 },
  { "score", test_score, 1e-5 },
  { "top-k", test_top_k, 0 },
};

/* Infinity when something is not finite on the device that is in plain C. */
static gboolean
largest_difference (const KalonTensor *got, const KalonTensor *expected, double *largest,
                    GError **error)
{
  gsize n = kalon_tensor_get_count (expected);
  g_autofree float *a = g_new (float, n);
  g_autofree float *b = g_new (float, n);

  if (!kalon_tensor_read (got, 0, a, n, error) || !kalon_tensor_read (expected, 0, b, n, error))
    return FALSE;
  *largest = 0;
  for (gsize i = 0; i < n; i++)
    {
      double difference = fabs ((double) a[i] - b[i]) / (1 + fabs (b[i]));

      *largest = isfinite (a[i]) ? MAX (*largest, difference) : INFINITY;
      if (isinf (*largest))
        break;
    }
  return TRUE;
}

static gboolean
compare (gsize test, KalonNn *nn, KalonNn *reference, double *difference, GError **error)
{
  Run device = { .nn = nn, .state = test };
  Run plain = { .nn = reference, .state = test };
  gboolean done = tests[test].run (&plain, error) && tests[test].run (&device, error)
                  && largest_difference (device.result, plain.result, difference, error);

  g_clear_pointer (&device.result, kalon_tensor_unref);
  g_clear_pointer (&plain.result, kalon_tensor_unref);
  if (!done)
    g_prefix_error (error, "The self-test of “%s” cannot run: ", tests[test].name);
  return done;
}

/* A line per operation, after HEADER and a line of titles. */
static char *
dup_report (KalonNn *nn, GError **error)
{
  g_autoptr (KalonNn) reference = kalon_nn_new (NULL);
  g_autoptr (GString) report = g_string_new (HEADER);

  g_string_append_printf (report, "%-24s %12s %10s  %s\n", "operation", "difference", "tolerance",
                          "verdict");
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      double difference = 0;

      if (!compare (i, nn, reference, &difference, error))
        return NULL;
      g_string_append_printf (report, "%-24s %12.2e %10.0e  %s\n", tests[i].name, difference,
                              tests[i].tolerance, difference <= tests[i].tolerance ? "ok" : FAILED);
    }
  return g_strdup (report->str);
}

/* Whether every operation is in @report and passed. */
static gboolean
judge (const char *report, const char *device, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (report, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (g_str_has_suffix (lines[i], FAILED))
      {
        g_auto (GStrv) words = g_strsplit_set (lines[i], " ", 2);
        gboolean finite = strstr (words[1], "inf") == NULL;

        g_set_error (error, KALON_ERROR, finite ? KALON_ERROR_DEVICE : KALON_ERROR_NOT_FINITE,
                     "“%s” computes “%s” wrongly (%s); update its driver, or choose another "
                     "device or “none”",
                     device, words[0],
                     finite ? "more than rounding away from plain C" : "not a finite number");
        return FALSE;
      }
  return TRUE;
}

static char *
dup_report_path (KalonNn *nn, GError **error)
{
  g_autofree char *fingerprint = kalon_device_dup_fingerprint (nn->device, error);
  g_autofree char *file = NULL;

  if (fingerprint == NULL)
    return NULL;
  file = g_strdup_printf ("%s-%s%u.txt", fingerprint, nn->group ? "group" : "tile", nn->vec);
  return g_build_filename (g_get_user_cache_dir (), "kalon", "self-test", file, NULL);
}

/* NULL when there is none, or it is not whole. */
static char *
load_report (const char *path)
{
  g_autofree char *text = NULL;
  gsize n_lines = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_str_has_prefix (text, HEADER))
    return NULL;
  for (const char *c = text; *c != '\0'; c++)
    n_lines += *c == '\n';
  return n_lines == G_N_ELEMENTS (tests) + 2 ? g_steal_pointer (&text) : NULL;
}

static void
store_report (const char *path, const char *text)
{
  g_autofree char *directory = g_path_get_dirname (path);

  /* One that cannot be kept is found out again next time. */
  if (g_mkdir_with_parents (directory, 0700) != 0
      || !g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
    g_debug ("The self-test's report cannot be kept in %s", path);
}

gboolean
kalon_nn_self_test (KalonDevice *device, char **report, GError **error)
{
  g_autoptr (KalonNn) nn = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (KALON_IS_DEVICE (device), FALSE);

  nn = kalon_nn_new (device);
  path = dup_report_path (nn, error);
  if (path == NULL)
    return FALSE;
  text = load_report (path);
  if (text == NULL)
    {
      text = dup_report (nn, error);
      if (text == NULL)
        return FALSE;
      store_report (path, text);
    }
  if (report != NULL)
    *report = g_strdup (text + strlen (HEADER));
  return judge (text, kalon_device_get_info (device)->name, error);
}
