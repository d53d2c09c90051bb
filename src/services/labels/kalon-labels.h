/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What is known of pictures that are no library's: label files (docs/formats.md), and folders with
 * a sub-folder for each class.
 *
 * A label file is refused (%KALON_ERROR_INVALID_DATA, with the number of the line) when a line of
 * it has not just the texts that it must have, with a TAB between: half a label file would give
 * figures that look like those of the whole. Blank lines are skipped.
 *
 * Functions block; any thread.
 */

#include "library/kalon-library.h"

G_BEGIN_DECLS

#define KALON_LABEL_MAX_FIELDS 4

/* What the lines of a label file are. */
typedef struct
{
  const char *text; /* “name TAB caption”, for the message */
  guint n_fields;   /* up to %KALON_LABEL_MAX_FIELDS */
  guint words;      /* bit i: field i is words: UTF-8, stripped; the others are names of files */
} KalonLabelForm;

/* A line of a label file. */
typedef struct
{
  char *fields[KALON_LABEL_MAX_FIELDS]; /* as many as the form has, none of them empty */
} KalonLabel;

extern const KalonLabelForm kalon_caption_form;    /* picture, caption */
extern const KalonLabelForm kalon_class_name_form; /* folder, name */

/* (transfer full) (element-type KalonLabel): at least one */
GPtrArray *kalon_labels_read (const char *path, const KalonLabelForm *form, GError **error);

/* The pictures of a label file, in the order in which they are first named. */
typedef struct
{
  GPtrArray *names; /* of the file, borrowed from the labels */
  GPtrArray *paths;
  GPtrArray *captions; /* of each path, a GPtrArray of borrowed texts */
} KalonCaptioned;

/* @labels: (element-type KalonLabel): of %kalon_caption_form; must outlive @captioned */
void kalon_labels_group_captions (GPtrArray *labels, const char *images, KalonCaptioned *captioned);
void kalon_captioned_clear (KalonCaptioned *captioned);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonCaptioned, kalon_captioned_clear)

/* A sub-folder with pictures. */
typedef struct
{
  char *name;
  GPtrArray *paths; /* filename, sorted */
} KalonClassFolder;

/* Called now and then: so many pictures were found. */
typedef void (*KalonClassFoldersFunc) (gsize n_pictures, gpointer user_data);

/**
 * kalon_class_folders_list:
 * @images: a folder with a sub-folder for each class; pictures of a class may lie deeper, those in
 *   @images itself are of no class
 * @failures: (element-type KalonFailure): gets what cannot be read
 * @func: (nullable)
 *
 * Returns: (transfer full) (element-type KalonClassFolder): those that have pictures, by name; at
 *   least one
 */
GPtrArray *
kalon_class_folders_list (const char *images, GPtrArray *failures, KalonClassFoldersFunc func,
                          gpointer user_data, GCancellable *cancellable, GError **error);
/* (transfer full): what a class is called unless it has another name: "red_fox" and "red-fox" as
 * "red fox" */
char *kalon_class_folder_dup_own_name (const char *folder);

G_END_DECLS
