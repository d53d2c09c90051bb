/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What torch.save() makes of a state dict, since PyTorch 1.6: a zip archive of stored entries in
 * one folder. "data.pkl" is a pickle that names the tensors, "data/KEY" the bytes of each storage.
 * A pickle is a program: this reader runs only the few instructions that a state dict is made of,
 * calls nothing, and refuses the rest.
 *
 * Both types borrow from the bytes that they were made of.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KalonTorchArchive KalonTorchArchive;

/* @file: what to call it in a message. Errors: %KALON_ERROR_INVALID_DATA (damaged or hostile),
 * %KALON_ERROR_UNSUPPORTED (compressed, encrypted, or of another format). */
KalonTorchArchive *kalon_torch_archive_new (GBytes *bytes, const char *file, GError **error);
void kalon_torch_archive_free (KalonTorchArchive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTorchArchive, kalon_torch_archive_free)

/* As given. */
const char *kalon_torch_archive_get_file (const KalonTorchArchive *self);
/* @name: below the archive's folder: "data.pkl". Checks the entry's CRC-32. Returns: (transfer
 * none) (nullable): [@size], %NULL with an error when it is missing or damaged. */
const guint8 *kalon_torch_archive_get (const KalonTorchArchive *self, const char *name, gsize *size,
                                       GError **error);
gboolean kalon_torch_archive_has (const KalonTorchArchive *self, const char *name);

#define KALON_TORCH_MAX_DIMS 4

/* A tensor of a state dict. */
typedef struct
{
  char *name;
  char *storage;   /* key */
  gboolean is_f16; /* FloatStorage else */
  gsize offset;    /* elements into the storage */
  guint n_dims;
  gsize shape[KALON_TORCH_MAX_DIMS];
} KalonTorchTensor;

/* (transfer full) (element-type KalonTorchTensor): at least one; names differ, elements lie one
 * after the other. @data: [size] */
GPtrArray *
kalon_torch_read_state_dict (const guint8 *data, gsize size, const char *file, GError **error);

G_END_DECLS
