/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the commands on thumbs (cli-thumbs.c, cli-forget.c) and the family "taste" (cli-taste.c,
 * cli-taste-profiles.c) share. */

#include "kalon-cli-private.h"

#include "feedback/kalon-feedback.h"
#include "library/kalon-library.h"

G_BEGIN_DECLS

extern const KalonCliCommand kalon_taste_profiles;
extern const KalonCliCommand kalon_taste_use;
extern const KalonCliCommand kalon_taste_remove;
extern const KalonCliCommand kalon_taste_export;
extern const KalonCliCommand kalon_taste_import;

/* (transfer full), as is @library */
KalonFeedback *kalon_cli_open_feedback (KalonCli *cli, KalonLibrary **library, GError **error);

/* (transfer full): the picture that @argument, a path, names. Folders are known by their real
 * paths, but a link inside of one by its own. */
KalonPicture *kalon_cli_find_picture (KalonLibrary *library, const char *argument, GError **error);

G_END_DECLS
