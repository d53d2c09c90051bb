/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A dense row-major array of up to four dimensions, on the host or on a device.
 * Reference counted; not thread-safe beyond the counting of references.
 */

#include "compute/kalon-compute.h"

G_BEGIN_DECLS

#define KALON_TENSOR_MAX_DIMS 4

typedef enum
{
  KALON_DTYPE_F32,
  KALON_DTYPE_F16,  /* IEEE binary16, storage only */
  KALON_DTYPE_BF16, /* upper half of a float, storage only */
  KALON_DTYPE_I8,
} KalonDtype;

gsize kalon_dtype_get_size (KalonDtype dtype);
const char *kalon_dtype_get_name (KalonDtype dtype);

typedef struct
{
  KalonDtype dtype;
  guint n_dims;
  gsize shape[KALON_TENSOR_MAX_DIMS];
  void *data;                /* host storage, or NULL */
  KalonBuffer *buffer;       /* device storage, or NULL */
  gatomicrefcount ref_count; /* private */
} KalonTensor;

/**
 * kalon_tensor_new:
 * @device: (nullable): where the storage lives; %NULL is the host (64-byte aligned)
 *
 * Contents are undefined. Fails with %KALON_ERROR_TOO_LARGE when the size overflows or memory is
 * short, %KALON_ERROR_DEVICE when the device refuses.
 */
KalonTensor *kalon_tensor_new (KalonDevice *device, KalonDtype dtype, guint n_dims,
                               const gsize *shape, GError **error);
KalonTensor *kalon_tensor_ref (KalonTensor *self);
void kalon_tensor_unref (KalonTensor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTensor, kalon_tensor_unref)

/* Number of elements. */
gsize kalon_tensor_get_count (const KalonTensor *self);

/* Copy @count elements from or to host memory of the same dtype, starting at element @first. */
gboolean
kalon_tensor_write (KalonTensor *self, gsize first, const void *data, gsize count, GError **error);
gboolean
kalon_tensor_read (const KalonTensor *self, gsize first, void *data, gsize count, GError **error);

/* Scalar conversions, round to nearest even (IEEE 754); NaN stays NaN. */
guint16 kalon_f32_to_f16 (float value);
float kalon_f16_to_f32 (guint16 value);
guint16 kalon_f32_to_bf16 (float value);
float kalon_bf16_to_f32 (guint16 value);

/* The same for @n values, fast. */
void kalon_f16_to_f32_array (const guint16 *from, float *to, gsize n);
void kalon_f32_to_f16_array (const float *from, guint16 *to, gsize n);

G_END_DECLS
