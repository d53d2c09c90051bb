/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plain-C operations against their formulas, written out once more in double precision and
 * without any of the tiling, packing and shared patches of the real ones.
 */
#include <math.h>

#include "errors/kalon-errors.h"
#include "nn/kalon-nn.h"

/* Sums of up to a few hundred products of numbers around 1. */
#define TOLERANCE 2e-5

static float *
random_floats (gsize n)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = g_test_rand_double_range (-1, 1);
  return values;
}

static KalonTensor *
tensor (KalonNn *nn, const float *data, gsize a, gsize b)
{
  const gsize shape[] = { a, b };
  g_autoptr (GError) error = NULL;
  KalonTensor *made = data != NULL ? kalon_nn_tensor_new_from_data (nn, 2, shape, data, &error)
                                   : kalon_nn_tensor_new (nn, 2, shape, &error);

  g_assert_no_error (error);
  return made;
}

static const float *
values (const KalonTensor *made)
{
  return made->data;
}

#define assert_close(got, expected)                                                                \
  g_assert_cmpfloat_with_epsilon ((got), (expected), TOLERANCE *(1 + fabs (expected)))

static double
activated (double x, KalonActivation activation)
{
  if (activation == KALON_ACTIVATION_GELU)
    return x / 2 * (1 + erf (x / sqrt (2)));
  if (activation == KALON_ACTIVATION_QUICK_GELU)
    return x / (1 + exp (-1.702 * x));
  return x;
}

static void
check_linear (gsize rows, gsize in, gsize out, KalonActivation activation, gboolean with_bias,
              gboolean with_residual, KalonDtype storage)
{
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autofree float *x = random_floats (rows * in);
  g_autofree float *w = random_floats (out * in);
  g_autofree float *bias = with_bias ? random_floats (out) : NULL;
  g_autofree float *residual = with_residual ? random_floats (rows * out) : NULL;
  g_autoptr (KalonTensor) x_tensor = tensor (nn, x, rows, in);
  g_autoptr (KalonTensor) residual_tensor = with_residual ? tensor (nn, residual, rows, out) : NULL;
  g_autoptr (KalonTensor) y = tensor (nn, NULL, rows, out);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLinear) layer = kalon_nn_linear_new (nn, w, bias, out, in, storage, &error);

  g_assert_no_error (error);
  kalon_nn_linear (nn, layer, x_tensor, rows, activation, residual_tensor, y, &error);
  g_assert_no_error (error);
  for (gsize r = 0; r < rows; r++)
    for (gsize o = 0; o < out; o++)
      {
        double sum = with_bias ? bias[o] : 0;

        for (gsize i = 0; i < in; i++)
          {
            float weight = w[o * in + i];

            if (storage == KALON_DTYPE_F16)
              weight = kalon_f16_to_f32 (kalon_f32_to_f16 (weight));
            sum += (double) x[r * in + i] * weight;
          }
        sum = activated (sum, activation) + (with_residual ? residual[r * out + o] : 0);
        assert_close (values (y)[r * out + o], sum);
      }
}

static void
test_linear (void)
{
  check_linear (1, 1, 1, KALON_ACTIVATION_NONE, FALSE, FALSE, KALON_DTYPE_F32);
  check_linear (13, 37, 45, KALON_ACTIVATION_NONE, TRUE, FALSE, KALON_DTYPE_F32);
  check_linear (6, 64, 32, KALON_ACTIVATION_GELU, TRUE, TRUE, KALON_DTYPE_F32);
  check_linear (7, 65, 33, KALON_ACTIVATION_QUICK_GELU, TRUE, TRUE, KALON_DTYPE_F16);
}

static void
test_layer_norm (void)
{
  enum
  {
    ROWS = 5,
    DIM = 77
  };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autofree float *x = random_floats (ROWS * DIM);
  g_autofree float *gamma = random_floats (DIM);
  g_autofree float *beta = random_floats (DIM);
  g_autoptr (KalonTensor) x_tensor = tensor (nn, x, ROWS, DIM);
  g_autoptr (KalonTensor) gamma_tensor = tensor (nn, gamma, 1, DIM);
  g_autoptr (KalonTensor) beta_tensor = tensor (nn, beta, 1, DIM);
  g_autoptr (GError) error = NULL;

  kalon_nn_layer_norm (nn, x_tensor, gamma_tensor, beta_tensor, ROWS, DIM, 1e-5f, x_tensor, &error);
  g_assert_no_error (error);
  for (gsize r = 0; r < ROWS; r++)
    {
      double mean = 0, square = 0;

      for (gsize i = 0; i < DIM; i++)
        {
          mean += x[r * DIM + i] / DIM;
          square += (double) x[r * DIM + i] * x[r * DIM + i] / DIM;
        }
      for (gsize i = 0; i < DIM; i++)
        assert_close (values (x_tensor)[r * DIM + i],
                      (x[r * DIM + i] - mean) / sqrt (square - mean * mean + 1e-5) * gamma[i]
                          + beta[i]);
    }
}

static void
test_softmax (void)
{
  const float x[] = { 1, 2, 3, 1000, 1001, 1002, -INFINITY, 0, -INFINITY };
  const double expected[]
      = { 0.09003057, 0.24472847, 0.66524096, 0.09003057, 0.24472847, 0.66524096, 0, 1, 0 };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autoptr (KalonTensor) x_tensor = tensor (nn, x, 3, 3);
  g_autoptr (GError) error = NULL;

  kalon_nn_softmax (nn, x_tensor, 3, 3, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 9; i++)
    assert_close (values (x_tensor)[i], expected[i]);
}

static void
check_attention (gsize batch, gsize length, gsize heads, gsize head_dim, gboolean causal)
{
  gsize width = heads * head_dim;
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autofree float *qkv = random_floats (batch * length * 3 * width);
  g_autofree double *weights = g_new (double, length);
  g_autoptr (KalonTensor) qkv_tensor = tensor (nn, qkv, batch * length, 3 * width);
  g_autoptr (KalonTensor) out = tensor (nn, NULL, batch * length, width);
  g_autoptr (GError) error = NULL;

  kalon_nn_attention (nn, qkv_tensor, batch, length, heads, head_dim, causal, out, &error);
  g_assert_no_error (error);
#define QKV(part, b, i, h, d)                                                                      \
  ((double) qkv[((b) *length + (i)) * 3 * width + (part) *width + (h) *head_dim + (d)])
  for (gsize b = 0; b < batch; b++)
    for (gsize h = 0; h < heads; h++)
      for (gsize i = 0; i < length; i++)
        {
          double sum = 0;

          for (gsize j = 0; j < length; j++)
            {
              double product = 0;

              for (gsize d = 0; d < head_dim; d++)
                product += QKV (0, b, i, h, d) * QKV (1, b, j, h, d);
              weights[j] = causal && j > i ? 0 : exp (product / sqrt (head_dim));
              sum += weights[j];
            }
          for (gsize d = 0; d < head_dim; d++)
            {
              double mixed = 0;

              for (gsize j = 0; j < length; j++)
                mixed += weights[j] / sum * QKV (2, b, j, h, d);
              assert_close (values (out)[(b * length + i) * width + h * head_dim + d], mixed);
            }
        }
#undef QKV
}

static void
test_attention (void)
{
  check_attention (2, 7, 3, 5, FALSE);
  check_attention (2, 7, 3, 5, TRUE);
  check_attention (1, 17, 2, 64, FALSE);
  check_attention (1, 1, 1, 1, TRUE);
}

/* The convolution itself, pixel by pixel. */
static void
test_patch_embedding (void)
{
  enum
  {
    BATCH = 2,
    RESOLUTION = 11, /* two pixels are left over */
    PATCH = 3,
    GRID = 3,
    TOKENS = 10,
    WIDTH = 21
  };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autofree float *pixels = random_floats (BATCH * 3 * RESOLUTION * RESOLUTION);
  g_autofree float *w = random_floats (WIDTH * 3 * PATCH * PATCH);
  g_autofree float *class = random_floats (WIDTH);
  g_autofree float *position = random_floats (TOKENS * WIDTH);
  g_autoptr (KalonTensor) pixels_tensor = tensor (nn, pixels, BATCH * 3, RESOLUTION * RESOLUTION);
  g_autoptr (KalonTensor) class_tensor = tensor (nn, class, 1, WIDTH);
  g_autoptr (KalonTensor) position_tensor = tensor (nn, position, TOKENS, WIDTH);
  g_autoptr (KalonTensor) out = tensor (nn, NULL, BATCH * TOKENS, WIDTH);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLinear) projection
      = kalon_nn_linear_new (nn, w, NULL, WIDTH, 3 * PATCH * PATCH, KALON_DTYPE_F32, &error);

  kalon_nn_patch_embedding (nn, pixels_tensor, projection, class_tensor, position_tensor, BATCH,
                            RESOLUTION, PATCH, out, &error);
  g_assert_no_error (error);
  for (gsize b = 0; b < BATCH; b++)
    for (gsize t = 0; t < TOKENS; t++)
      for (gsize o = 0; o < WIDTH; o++)
        {
          double sum = position[t * WIDTH + o] + (t == 0 ? class[o] : 0);

          for (gsize c = 0; t > 0 && c < 3; c++)
            for (gsize y = 0; y < PATCH; y++)
              for (gsize x = 0; x < PATCH; x++)
                sum += (double) w[((o * 3 + c) * PATCH + y) * PATCH + x]
                       * pixels[((b * 3 + c) * RESOLUTION + (t - 1) / GRID * PATCH + y) * RESOLUTION
                                + (t - 1) % GRID * PATCH + x];
          assert_close (values (out)[(b * TOKENS + t) * WIDTH + o], sum);
        }
}

static void
test_token_embedding (void)
{
  const float table[] = { 1, 2, 3, 4, 5, 6 };
  const float position[] = { 0.5f, 0.25f, -1, -2 };
  const gint32 tokens[] = { 2, 0, 1, 2 };
  const float expected[] = { 5.5f, 6.25f, 0, 0, 3.5f, 4.25f, 4, 4 };
  const gint32 foreign[] = { 0, 3 };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autoptr (KalonTensor) table_tensor = tensor (nn, table, 3, 2);
  g_autoptr (KalonTensor) position_tensor = tensor (nn, position, 2, 2);
  g_autoptr (KalonTensor) out = tensor (nn, NULL, 4, 2);
  g_autoptr (GError) error = NULL;

  kalon_nn_token_embedding (nn, tokens, table_tensor, position_tensor, 2, 2, 2, out, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (values (out), sizeof expected, expected, sizeof expected);

  g_assert_false (
      kalon_nn_token_embedding (nn, foreign, table_tensor, position_tensor, 1, 2, 2, out, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

static void
test_gather_rows (void)
{
  const float x[] = { 1, 2, 3, 4, 5, 6 };
  const guint32 rows[] = { 2, 2, 0 };
  const float expected[] = { 5, 6, 5, 6, 1, 2 };
  const guint32 outside[] = { 3 };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autoptr (KalonTensor) x_tensor = tensor (nn, x, 3, 2);
  g_autoptr (KalonTensor) y = tensor (nn, NULL, 3, 2);
  g_autoptr (GError) error = NULL;

  kalon_nn_gather_rows (nn, x_tensor, rows, 3, 2, y, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (values (y), sizeof expected, expected, sizeof expected);
  g_assert_false (kalon_nn_gather_rows (nn, x_tensor, outside, 1, 2, y, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

static void
test_normalise (void)
{
  const float x[] = { 3, 4, 0, 0, -2, 0 };
  const double expected[] = { 0.6, 0.8, 0, 0, -1, 0 };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autoptr (KalonTensor) x_tensor = tensor (nn, x, 3, 2);
  g_autoptr (GError) error = NULL;

  kalon_nn_normalise (nn, x_tensor, 3, 2, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 6; i++)
    assert_close (values (x_tensor)[i], expected[i]);
}

static void
check_score (KalonDtype dtype)
{
  enum
  {
    QUERIES = 3,
    ROWS = 11,
    DIM = 37
  };
  const gsize shape[] = { ROWS, DIM };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autofree float *queries = random_floats (QUERIES * DIM);
  g_autofree float *rows = random_floats (ROWS * DIM);
  guint16 halves[ROWS * DIM];
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonTensor) queries_tensor = tensor (nn, queries, QUERIES, DIM);
  g_autoptr (KalonTensor) rows_tensor = kalon_tensor_new (NULL, dtype, 2, shape, &error);
  g_autoptr (KalonTensor) scores = tensor (nn, NULL, QUERIES, ROWS);

  kalon_f32_to_f16_array (rows, halves, ROWS * DIM);
  if (dtype == KALON_DTYPE_F16)
    kalon_f16_to_f32_array (halves, rows, ROWS * DIM);
  kalon_tensor_write (rows_tensor, 0, dtype == KALON_DTYPE_F16 ? (void *) halves : rows, ROWS * DIM,
                      &error);
  g_assert_no_error (error);
  kalon_nn_score (nn, queries_tensor, QUERIES, rows_tensor, ROWS, DIM, scores, &error);
  g_assert_no_error (error);
  for (gsize q = 0; q < QUERIES; q++)
    for (gsize r = 0; r < ROWS; r++)
      {
        double sum = 0;

        for (gsize i = 0; i < DIM; i++)
          sum += (double) queries[q * DIM + i] * rows[r * DIM + i];
        assert_close (values (scores)[q * ROWS + r], sum);
      }
}

static void
test_score (void)
{
  check_score (KALON_DTYPE_F32);
  check_score (KALON_DTYPE_F16);
}

static void
test_top_k (void)
{
  const float scores[] = { 9, 0.5f, 0.7f, NAN, 0.7f, -1, 0.6f, 0.7f, 0.1f };
  const guint32 expected[] = { 1, 3, 6, 5, 0, 7, 4, 2 };
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autoptr (KalonTensor) scores_tensor = tensor (nn, scores, 1, 9);
  g_autoptr (GError) error = NULL;
  guint32 indices[20];
  float best[20];
  gsize n_found;

  for (gsize k = 0; k <= 20; k++)
    {
      kalon_nn_top_k (nn, scores_tensor, 1, 8, k, indices, best, &n_found, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (n_found, ==, MIN (k, 8));
      for (gsize i = 0; i < n_found; i++)
        {
          g_assert_cmpuint (indices[i], ==, expected[i]);
          if (i < 7)
            g_assert_cmpfloat (best[i], ==, scores[1 + expected[i]]);
        }
    }
}

static void
test_arguments (void)
{
  g_autoptr (KalonNn) nn = kalon_nn_new (NULL);
  g_autoptr (KalonTensor) small = tensor (nn, NULL, 2, 3);
  g_autoptr (KalonTensor) y = tensor (nn, NULL, 4, 4);
  g_autoptr (GError) error = NULL;
  const float w[16] = { 0 };
  g_autoptr (KalonLinear) layer = kalon_nn_linear_new (nn, w, NULL, 4, 4, KALON_DTYPE_F32, &error);

  g_assert_false (kalon_nn_linear (nn, layer, small, 4, KALON_ACTIVATION_NONE, NULL, y, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (kalon_nn_softmax (nn, small, 0, 3, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (kalon_nn_attention (nn, y, 1, 2, 1, 2, FALSE, small, &error)
                  && kalon_nn_attention (nn, y, 1, 4, 1, 2, FALSE, small, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (kalon_nn_linear_new (nn, w, NULL, 0, 4, KALON_DTYPE_F32, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/linear", test_linear);
  g_test_add_func ("/nn/layer-norm", test_layer_norm);
  g_test_add_func ("/nn/softmax", test_softmax);
  g_test_add_func ("/nn/attention", test_attention);
  g_test_add_func ("/nn/patch-embedding", test_patch_embedding);
  g_test_add_func ("/nn/token-embedding", test_token_embedding);
  g_test_add_func ("/nn/gather-rows", test_gather_rows);
  g_test_add_func ("/nn/normalise", test_normalise);
  g_test_add_func ("/nn/score", test_score);
  g_test_add_func ("/nn/top-k", test_top_k);
  g_test_add_func ("/nn/arguments", test_arguments);
  return g_test_run ();
}
