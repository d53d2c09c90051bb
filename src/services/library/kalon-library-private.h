/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "feedback/kalon-feedback.h"
#include "library/kalon-library.h"
#include "storage/kalon-storage.h"

G_BEGIN_DECLS

struct _KalonLibrary
{
  GObject parent_instance;

  char *directory;
  KalonStorage *storage;
  KalonFeedback *feedback; /* (nullable): no filter has asked for thumbs yet */
  int lock;                /* file descriptor of the lock we hold, or -1 */
};

extern const KalonStorageFormat kalon_library_format;

/* The members' scores of one picture; an embedding that is stored anew has none. */
gboolean kalon_library_forget_scores (KalonLibrary *self, const char *model_hash, gint64 picture,
                                      GError **error);

/* (transfer full): two names of one folder must not become two folders. */
char *kalon_library_dup_real_path (const char *path);
/* Binds the range of the paths below @folder: from <= path < to. */
void kalon_library_bind_below (KalonStatement *statement, int from, int to, const char *folder);

/* Of the table pictures, in the order in which KalonPicture is read and stored. */
#define KALON_PICTURE_COLUMNS                                                                      \
  "path, size, mtime, content_hash, width, height, format, taken_at, camera, lens, "               \
  "perceptual_hash, luminance, contrast, colourfulness, average"

/* %FALSE only when the lock file itself fails; @locked says whether the lock is ours now. */
gboolean kalon_library_try_lock (KalonLibrary *self, gboolean *locked, GError **error);

G_END_DECLS
