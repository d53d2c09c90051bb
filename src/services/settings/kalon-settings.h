/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The user's settings: GSettings of the schema data/io.github.kalon_project.Kalon.gschema.xml.
 * Never secrets, never anything big. Keys are named here so that a typing error does not compile.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

#define KALON_SETTING_WINDOW_WIDTH "window-width"         /* i, logical pixels */
#define KALON_SETTING_WINDOW_HEIGHT "window-height"       /* i */
#define KALON_SETTING_WINDOW_MAXIMIZED "window-maximized" /* b */
#define KALON_SETTING_STRICTNESS "strictness"             /* i, -1 to 100, see searcher/ */
#define KALON_SETTING_THUMBNAIL_SIZE "thumbnail-size"     /* u, logical pixels of a cell's width */
#define KALON_SETTING_SHOW_DETAILS "show-details"         /* b, the viewer's side pane */
#define KALON_SETTING_MODEL "model"                       /* s, "" is the starter */
#define KALON_SETTING_DEVICE "device"                     /* s, "" is the first OpenCL device */
#define KALON_SETTING_MODEL_HUB "model-hub"               /* s, address that models come from */

#define KALON_SETTING_AESTHETIC_MODELS                                                             \
  "aesthetic-models" /* s, see indexer/; "" is the library's own choice */

#define KALON_SETTING_SHELL_SEARCH "shell-search" /* b, the desktop's own search is answered */

#define KALON_SETTING_WATCH_FOLDERS "watch-folders"             /* b, see watch/ */
#define KALON_SETTING_INDEX_IN_BACKGROUND "index-in-background" /* b, with no window open */

#define KALON_SETTING_ALIGNED "aligned"                   /* b, which ranking is shown */
#define KALON_SETTING_AESTHETIC_WEIGHT "aesthetic-weight" /* d, see KalonAlignment */
#define KALON_SETTING_TASTE_WEIGHT "taste-weight"         /* d, likewise */
#define KALON_SETTING_USE_ADAPTER "use-adapter"           /* b, likewise */
#define KALON_SETTING_REPHRASE_STYLE "rephrase-style"     /* s, see rephraser/; "original": off */

#define KALON_SETTING_FOLD_DUPLICATES "fold-duplicates"     /* b, behind the best of them */
#define KALON_SETTING_REMEMBER_SEARCHES "remember-searches" /* b, see history/ */

#define KALON_SETTING_LABELER "labeler" /* s, who labelled last; "" is nobody */

#define KALON_SETTING_LLM_DIALECT "llm-dialect"             /* s, see llm/; "" is no server */
#define KALON_SETTING_LLM_URL "llm-url"                     /* s, the server's address */
#define KALON_SETTING_LLM_MODEL "llm-model"                 /* s, as the server calls it */
#define KALON_SETTING_LLM_ALLOWED_HOSTS "llm-allowed-hosts" /* as, that text may be sent to */

/**
 * kalon_settings_new:
 *
 * The installed schema, or the one of the build tree for a program that was never installed.
 *
 * Returns: (transfer full)
 */
GSettings *kalon_settings_new (void);

/* Whether what is set is there at the next start: not so without a settings service (dconf). */
gboolean kalon_settings_are_kept (GSettings *settings);

G_END_DECLS
