/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The operations of a transformer, on plain C (the definition, nn-reference.c) or on an OpenCL
 * device (nn-opencl.c, kernels/). Both take the same arguments and give the same numbers
 * within the tolerance that tests/kernels states per operation.
 *
 * Activations are f32 tensors, row-major. Weights may be stored in f16; arithmetic is f32.
 * A KalonNn may be used from one thread at a time. Tensors passed to it must live on its
 * device (kalon_nn_tensor_new() makes such).
 *
 * On an OpenCL device calls are queued; reading a tensor waits. Errors are those of
 * kalon_device_run() plus %KALON_ERROR_ARGUMENT for shapes that do not fit.
 */

#include "tensor/kalon-tensor.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_ACTIVATION_NONE,
  KALON_ACTIVATION_GELU,       /* x/2 (1 + erf (x / sqrt 2)); Hendrycks and Gimpel 2016 */
  KALON_ACTIVATION_QUICK_GELU, /* x sigmoid (1.702 x); the same paper, OpenAI CLIP's choice */
} KalonActivation;

#define KALON_TYPE_NN (kalon_nn_get_type ())
G_DECLARE_FINAL_TYPE (KalonNn, kalon_nn, KALON, NN, GObject)

/**
 * kalon_nn_new:
 * @device: (nullable): %NULL computes in plain C
 *
 * A CPU device gets kernels of register tiles as wide as its vectors, any other gets kernels of
 * work-groups with local memory; the environment variable KALON_KERNEL_FORM (tile16, tile8, tile4,
 * group) chooses otherwise.
 */
KalonNn *kalon_nn_new (KalonDevice *device);
KalonDevice *kalon_nn_get_device (KalonNn *self);

/* How the kernels are shaped (kernels/README.md): for modules with kernels of their own. */
typedef struct
{
  gboolean group; /* the form for GPUs: work-groups with local memory */
  guint vec;      /* floats per vector */
  guint lanes;    /* work-items that share a row in a row-wise kernel */
} KalonNnShape;

/* Returns: %FALSE where it computes in plain C and there are no kernels. */
gboolean kalon_nn_get_shape (KalonNn *self, KalonNnShape *shape);
/* (transfer full): the build options of that shape, followed by those of @format. */
char *kalon_nn_dup_options (KalonNn *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* kalon_device_run() of a row-wise kernel: its lanes to each of @rows. */
gboolean kalon_nn_run_rows (KalonNn *self, const char *program, const char *kernel,
                            const KalonKernelArg *args, guint n_args, gsize rows, GError **error);
/* Of @a and @b, [n], in plain C: the definition's own. */
float kalon_nn_inner_product (const float *a, const float *b, gsize n);

/* An f32 tensor on this backend's device; contents undefined. */
KalonTensor *kalon_nn_tensor_new (KalonNn *self, guint n_dims, const gsize *shape, GError **error);
/* The same, holding a copy of @data. */
KalonTensor *kalon_nn_tensor_new_from_data (KalonNn *self, guint n_dims, const gsize *shape,
                                            const float *data, GError **error);

/**
 * KalonLinear:
 * A weight matrix with its bias, packed once in the order that the backend reads.
 */
typedef struct _KalonLinear KalonLinear;

/**
 * kalon_nn_linear_new:
 * @weight: [out, in]
 * @bias: (nullable): [out]
 * @storage: %KALON_DTYPE_F32 or %KALON_DTYPE_F16
 */
KalonLinear *kalon_nn_linear_new (KalonNn *self, const float *weight, const float *bias, gsize out,
                                  gsize in, KalonDtype storage, GError **error);
void kalon_linear_free (KalonLinear *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLinear, kalon_linear_free)

/**
 * kalon_nn_linear:
 * @x: [rows, in], only the first @rows are read
 * @residual: (nullable): [rows, out]; may be @y itself
 * @y: [rows, out]
 *
 * y = activation (x W^T + bias) + residual
 */
gboolean kalon_nn_linear (KalonNn *self, const KalonLinear *linear, const KalonTensor *x,
                          gsize rows, KalonActivation activation, const KalonTensor *residual,
                          KalonTensor *y, GError **error);

/**
 * kalon_nn_layer_norm:
 * @x: [rows, dim]; @gamma, @beta: [dim]; @y: [rows, dim], may be @x
 *
 * y = (x - mean) / sqrt (var + epsilon) gamma + beta, biased variance (Ba et al. 2016).
 */
gboolean kalon_nn_layer_norm (KalonNn *self, const KalonTensor *x, const KalonTensor *gamma,
                              const KalonTensor *beta, gsize rows, gsize dim, float epsilon,
                              KalonTensor *y, GError **error);

/**
 * kalon_nn_softmax:
 * In place over each row of @x: [rows, dim], with the row's maximum subtracted first.
 */
gboolean kalon_nn_softmax (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error);

/**
 * kalon_nn_attention:
 * @qkv: [batch * length, 3 * heads * head_dim]: queries, keys, values side by side
 * @causal: a position sees itself and those before it
 * @out: [batch * length, heads * head_dim]
 *
 * softmax (q k^T / sqrt (head_dim)) v for each head of each sequence (Vaswani et al. 2017).
 */
gboolean
kalon_nn_attention (KalonNn *self, const KalonTensor *qkv, gsize batch, gsize length, gsize heads,
                    gsize head_dim, gboolean causal, KalonTensor *out, GError **error);

/**
 * kalon_nn_patch_embedding:
 * @pixels: [batch, 3, resolution, resolution]
 * @projection: [width, 3 * patch * patch], no bias: the convolution's kernel, flattened
 * @class_embedding: [width]; @position_embedding: [1 + grid^2, width], grid = resolution / patch
 * @out: [batch * (1 + grid^2), width]
 *
 * The convolution of stride @patch, the class token in front, positions added
 * (Dosovitskiy et al. 2021). Pixels right of and below the last whole patch are not seen.
 */
gboolean
kalon_nn_patch_embedding (KalonNn *self, const KalonTensor *pixels, const KalonLinear *projection,
                          const KalonTensor *class_embedding, const KalonTensor *position_embedding,
                          gsize batch, gsize resolution, gsize patch, KalonTensor *out,
                          GError **error);

/**
 * kalon_nn_token_embedding:
 * @tokens: [batch, length] on the host, each below the table's row count
 * @table: [vocabulary, width]; @position_embedding: [at least length, width]
 * @out: [batch * length, width]
 */
gboolean kalon_nn_token_embedding (KalonNn *self, const gint32 *tokens, const KalonTensor *table,
                                   const KalonTensor *position_embedding, gsize batch, gsize length,
                                   gsize width, KalonTensor *out, GError **error);

/* y[i] = x[rows[i]]; @rows: [n] on the host; @x: [any, dim]; @y: [n, dim]. */
gboolean kalon_nn_gather_rows (KalonNn *self, const KalonTensor *x, const guint32 *rows, gsize n,
                               gsize dim, KalonTensor *y, GError **error);

/* Each row of @x: [rows, dim] to unit Euclidean length, in place; a zero row stays zero. */
gboolean kalon_nn_normalise (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error);

/**
 * kalon_nn_score:
 * @queries: [n_queries, dim]
 * @rows: [n_rows, dim], f32 or f16
 * @scores: [n_queries, n_rows]
 *
 * Inner products; cosine similarity when both sides have unit length.
 */
gboolean
kalon_nn_score (KalonNn *self, const KalonTensor *queries, gsize n_queries, const KalonTensor *rows,
                gsize n_rows, gsize dim, KalonTensor *scores, GError **error);

/**
 * kalon_nn_top_k:
 * @scores: [n_rows] starting at element @first of the tensor
 * @indices, @values: [k] on the host, best first; ties by the lower index
 *
 * Returns the number found (at most @k; fewer when @n_rows is) in @n_found.
 */
gboolean kalon_nn_top_k (KalonNn *self, const KalonTensor *scores, gsize first, gsize n_rows,
                         gsize k, guint32 *indices, float *values, gsize *n_found, GError **error);

/**
 * kalon_nn_self_test:
 * @report: (out) (transfer full) (optional) (nullable): one line per operation: name, largest
 * difference, tolerance, verdict. A difference is |device - plain C| / (1 + |plain C|).
 *
 * Runs every operation on odd sizes on the device and on plain C and compares. %FALSE with
 * %KALON_ERROR_NOT_FINITE or %KALON_ERROR_DEVICE, naming the first operation that differs: the
 * device must not be used. Also %KALON_ERROR_KERNEL and others when an operation does not run.
 *
 * The verdict and its report are kept under the user's cache directory (kalon/self-test) for
 * kalon_device_dup_fingerprint(); %KALON_ERROR_KERNEL and the like are not kept. The first test of
 * a device builds all kernels and may take a minute.
 */
gboolean kalon_nn_self_test (KalonDevice *device, char **report, GError **error);

G_END_DECLS
