/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A safetensors file's table of contents: kalon-safetensors-header.c reads and distrusts it. */

#include "input/kalon-input.h"
#include "weights/kalon-weights.h"

G_BEGIN_DECLS

#define KALON_SAFETENSORS_MAX_DIMS 8

typedef struct
{
  const char *dtype_name; /* static */
  gsize item_size;
  gboolean is_float; /* dtype is valid */
  KalonDtype dtype;
  guint n_dims;
  gsize shape[KALON_SAFETENSORS_MAX_DIMS];
  gsize count;
  gsize begin; /* from the start of the data */
  gsize end;
} KalonSafetensorsEntry;

struct _KalonSafetensors
{
  GBytes *bytes;
  const guint8 *data; /* after the header */
  gsize data_size;
  char *file;           /* its name, for messages */
  gboolean is_mapped;   /* untouched pages of a file: they may be dropped */
  GHashTable *entries;  /* name -> KalonSafetensorsEntry */
  GHashTable *metadata; /* key -> value, the texts of __metadata__ */
};

/* Fills self->entries from @header; self->data_size is known. */
gboolean
kalon_safetensors_parse_header (KalonSafetensors *self, JsonObject *header, GError **error);

G_END_DECLS
