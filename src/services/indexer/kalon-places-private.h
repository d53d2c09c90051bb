/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where an index run looks, and by which rules: those of the library's catalogue and of the run.
 */

#include "indexer/kalon-indexer-private.h"
#include "scan/kalon-scan.h"

G_BEGIN_DECLS

typedef struct
{
  GArray *places; /* KalonScanPlace */
  KalonScanRules rules;

  /* What these borrow from. */
  GPtrArray *folders;    /* KalonLibraryFolder: all of the library */
  GStringChunk *strings; /* paths */
  GStrv excludes;
  GStrv elsewhere;
  char *own_directory;
} KalonPlaces;

/* @given: (nullable): as for kalon_indexer_run(): they become folders of the library. Its folders
 * that lie in a given one are looked through with it. */
KalonPlaces *kalon_places_of_folders (KalonLibrary *library, const KalonIndexerSettings *settings,
                                      const char *const *given, GError **error);
/* @paths: as for kalon_indexer_update() */
KalonPlaces *kalon_places_of_parts (KalonLibrary *library, const KalonIndexerSettings *settings,
                                    const char *const *paths, GError **error);
void kalon_places_free (KalonPlaces *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPlaces, kalon_places_free)

G_END_DECLS
