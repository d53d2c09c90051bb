/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The two implementations behind kalon-nn.h. kalon-nn.c checks shapes and places once, for both;
 * a backend may rely on it.
 */

#include "nn/kalon-nn.h"

G_BEGIN_DECLS

/* Weights in panels of @panel columns, so that the innermost loop of either backend reads one
 * contiguous run: element (o, i) of [out, in] is at [o / panel][i][o % panel]. */
struct _KalonLinear
{
  gsize out;
  gsize in;
  gsize panel;
  KalonTensor *weight; /* [ceil (out / panel), in, panel], zeros beyond out */
  KalonTensor *bias;   /* [ceil (out / panel) * panel], zeros where there is none */
};

typedef struct
{
  /* Row r of @y takes row r % @residual_rows of @residual. */
  gboolean (*linear) (KalonNn *self, const KalonLinear *linear, const KalonTensor *x, gsize rows,
                      KalonActivation activation, const KalonTensor *residual, gsize residual_rows,
                      KalonTensor *y, GError **error);
  gboolean (*layer_norm) (KalonNn *self, const KalonTensor *x, const KalonTensor *gamma,
                          const KalonTensor *beta, gsize rows, gsize dim, float epsilon,
                          KalonTensor *y, GError **error);
  gboolean (*softmax) (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error);
  gboolean (*attention) (KalonNn *self, const KalonTensor *qkv, gsize batch, gsize length,
                         gsize heads, gsize head_dim, gboolean causal, KalonTensor *out,
                         GError **error);
  /* @patches: [batch * (1 + grid^2), 3 * patch * patch], a row of zeros before each picture's
   * patches: there the class token will stand */
  gboolean (*extract_patches) (KalonNn *self, const KalonTensor *pixels, gsize batch,
                               gsize resolution, gsize patch, KalonTensor *patches, GError **error);
  /* x[r * stride] += row for r below @rows; @x: [rows * stride, dim] */
  gboolean (*add_to_rows) (KalonNn *self, KalonTensor *x, const KalonTensor *row, gsize rows,
                           gsize stride, gsize dim, GError **error);
  gboolean (*token_embedding) (KalonNn *self, const gint32 *tokens, const KalonTensor *table,
                               const KalonTensor *position_embedding, gsize batch, gsize length,
                               gsize width, KalonTensor *out, GError **error);
  gboolean (*gather_rows) (KalonNn *self, const KalonTensor *x, const guint32 *rows, gsize n,
                           gsize dim, KalonTensor *y, GError **error);
  gboolean (*normalise) (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error);
  gboolean (*score) (KalonNn *self, const KalonTensor *queries, gsize n_queries,
                     const KalonTensor *rows, gsize n_rows, gsize dim, KalonTensor *scores,
                     GError **error);
  gboolean (*top_k) (KalonNn *self, const KalonTensor *scores, gsize first, gsize n_rows, gsize k,
                     guint32 *indices, float *values, GError **error);
} KalonNnBackend;

extern const KalonNnBackend kalon_nn_reference;
extern const KalonNnBackend kalon_nn_opencl;

/* Columns of a panel in plain C. */
#define KALON_NN_REFERENCE_PANEL 32

/* How the kernels are shaped; kernels/README.md. */
typedef enum
{
  KALON_NN_FORM_DEVICE,  /* as the device's type and vectors ask for */
  KALON_NN_FORM_TILE_16, /* for CPUs: register tiles of 16-float vectors (AVX-512) */
  KALON_NN_FORM_TILE_8,  /* (AVX) */
  KALON_NN_FORM_TILE_4,  /* (SSE, NEON) */
  KALON_NN_FORM_GROUP,   /* for GPUs: work-groups with local memory */
} KalonNnForm;

struct _KalonNn
{
  GObject parent_instance;

  const KalonNnBackend *backend;
  KalonDevice *device;  /* (nullable) */
  KalonTensor *patches; /* (nullable): scratch of the patch embedding */
  gsize panel;          /* columns of a panel of packed weights */

  /* OpenCL only: build options of every kernel */
  gboolean group;
  guint vec;
  guint lanes;
};

/* kalon_nn_new() on a device, in a form other than the device's own. */
KalonNn *kalon_nn_new_with_form (KalonDevice *device, KalonNnForm form);
/* "tile16", "tile8", "tile4", "group"; FALSE when @name is none of them. */
gboolean kalon_nn_form_from_name (const char *name, KalonNnForm *form);

/* Best first, ties by the lower index; NaN is worse than every number. */
typedef struct
{
  float value;
  guint32 index;
} KalonScored;

/* Puts the @k best of @scored[@n] in order at its front; @k <= @n. The rest is left anyhow. */
void kalon_scored_select (KalonScored *scored, gsize n, gsize k);

G_END_DECLS
