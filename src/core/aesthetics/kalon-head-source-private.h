/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The tensors of a head's file, of whatever form that is.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint n_dims;   /* 1 or 2; a number alone is [1] */
  gsize shape[2]; /* [n_dims] */
  float *values;
} KalonHeadTensor;

typedef struct
{
  const char *name;    /* what to call the file */
  GHashTable *tensors; /* name -> KalonHeadTensor */
} KalonHeadSource;

/* @bytes: a safetensors file or a PyTorch checkpoint */
gboolean kalon_head_source_read (KalonHeadSource *self, GBytes *bytes, GError **error);
void kalon_head_source_clear (KalonHeadSource *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonHeadSource, kalon_head_source_clear)

/* Sets @error "NAME: MESSAGE". Always %FALSE. */
gboolean kalon_head_source_refuse (const KalonHeadSource *self, GError **error, int code,
                                   const char *format, ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
