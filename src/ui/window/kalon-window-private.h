/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "boards/kalon-boards-page.h"
#include "compare/kalon-compare-page.h"
#include "first-run/kalon-first-run-page.h"
#include "first-run/kalon-suggestions.h"
#include "indexing/kalon-library-button.h"
#include "label/kalon-label-page.h"
#include "operations/kalon-operations-button.h"
#include "preferences/kalon-preferences.h"
#include "results/kalon-results-grid.h"
#include "search/kalon-aligned-button.h"
#include "search/kalon-filter-button.h"
#include "search/kalon-filter-proposals.h"
#include "search/kalon-search-box.h"
#include "search/kalon-search.h"
#include "search/kalon-words-line.h"
#include "training/kalon-training-page.h"
#include "viewer/kalon-pair-view.h"
#include "viewer/kalon-viewer.h"
#include "window/kalon-window.h"

G_BEGIN_DECLS

/* What Ctrl+Z undoes. */
typedef enum
{
  KALON_UNDOABLE_NOTHING,
  KALON_UNDOABLE_THUMB,
  KALON_UNDOABLE_TRASH,
} KalonUndoable;

typedef struct _KalonWindowTrash KalonWindowTrash;

struct _KalonWindow
{
  AdwApplicationWindow parent_instance;

  KalonSession *session;
  /* Of the session: */
  KalonCatalogue *catalogue;
  KalonSearcher *searcher;
  KalonIndexing *indexing;
  KalonThumbnailQueue *thumbnails;
  KalonThumbs *thumbs;
  KalonWatching *watching; /* NULL: nothing is watched */
  KalonWords *words;
  KalonBoards *boards;
  GSettings *settings;
  KalonSearch *search;

  KalonQuestion *question;       /* NULL: nothing was asked yet */
  KalonCatalogueState *state;    /* NULL until known */
  char *state_problem;           /* why it is not known */
  GHashTable *leaving;           /* set of paths: folders that leave the library soon */
  gboolean first_run;            /* there was no folder, and nothing has been searched for since */
  GCancellable *cancellable;     /* of the questions that this window asked */
  gboolean was_running;          /* the index run, at the last look */
  gint64 checked_at;             /* monotonic time of the last look at the catalogue */
  GtkNativeDialog *chooser;      /* while it is open */
  guint n_seen;                  /* of the results, when the viewer was opened */
  gboolean compact;              /* the switcher is at the bottom */
  gboolean narrow;               /* the words are short of room */
  guint width_id;                /* of the idle that follows both */
  AdwToast *thumb_toast;         /* weak: while it is to be seen */
  KalonPreferences *preferences; /* weak: while they are open */
  GtkWidget *opener;             /* weak: had the focus when a page opened a picture */
  AdwToast *board_toast;         /* the same */
  gint64 awaited_picture;        /* to be opened when it is found; 0: none */
  char *awaited_words;           /* by which */
  KalonUndoable undoable;
  KalonWindowTrash *trash; /* (nullable): what can be brought back */
  GCancellable *exporting; /* (nullable) */
  gint64 pinned;           /* picture to be compared with the next; 0: none */
  AdwToast *pin_toast;     /* weak */

  AdwToastOverlay *toasts;
  GtkStack *pages;
  AdwViewStack *views;
  AdwHeaderBar *header_bar;
  KalonLibraryButton *library_button;
  KalonOperationsButton *operations_button;
  KalonFirstRunPage *first_run_page;
  GtkWidget *suggestions_bar;
  KalonSearchBox *search_box;
  GtkBox *token_tray;
  GtkWidget *strictness_button;
  KalonFilterButton *filter_button;
  GtkWidget *views_bar;
  GtkWidget *switcher;
  AdwViewSwitcherBar *switcher_bar;
  GtkWidget *alignment_bar;
  KalonAlignedButton *aligned_button;
  KalonWordsLine *words_line;
  KalonFilterProposals *filter_proposals;
  GtkInfoBar *permission_bar;
  GtkLabel *permission_label;
  GtkInfoBar *note_bar;
  GtkLabel *note_label;
  GtkInfoBar *gone_bar;
  GtkLabel *gone_label;
  GtkStack *stack;
  KalonResultsGrid *grid;
  AdwStatusPage *indexing_page;
  AdwStatusPage *empty_page;
  GtkWidget *empty_failures_button;
  AdwStatusPage *no_results_page;
  GtkWidget *clear_filters_button;
  GtkWidget *show_all_button;
  AdwStatusPage *error_page;
  GtkProgressBar *progress_bar;
  GtkWidget *status_bar;
  GtkLabel *status_label;
  GtkWidget *cut_box;
  GtkLabel *cut_label;
  GtkLabel *indexed_label;
  GtkLabel *indexed_short_label;
  KalonTrainingPage *training_page;
  KalonLabelPage *label_page;
  KalonBoardsPage *boards_page;
  KalonComparePage *compare_page;
  KalonViewer *viewer;
  KalonPairView *pair_view;
  GtkDropTarget *drop_target;
};

/* kalon-window-pages.c: everything shown follows from search, state and indexing. */
void kalon_window_update (KalonWindow *self);
/* It is there with a library, and with something under way. */
void kalon_window_update_status_bar (KalonWindow *self);
/* The run's numbers alone: some ten times a second. */
void kalon_window_update_progress (KalonWindow *self);

/* kalon-window-preferences.c: the preferences, and the model that they may change. */
void kalon_window_connect_model (KalonWindow *self);
void kalon_window_install_preferences_actions (GtkWidgetClass *widget_class);

/* kalon-window-library.c: the library's state, its runs and its folders. */
void kalon_window_connect_library (KalonWindow *self);
/* Asks the catalogue, and updates the window. */
void kalon_window_load_state (KalonWindow *self);
void kalon_window_install_library_actions (GtkWidgetClass *widget_class);
/* The window closes: folders that wait to leave the library leave it. */
void kalon_window_leave_all (KalonWindow *self);

/* kalon-window-alignment.c: the aligned ranking, its words, and thumbs. */
void kalon_window_connect_alignment (KalonWindow *self);
/* " · taste from 14 thumbs"; and the status' tooltip. */
void kalon_window_append_taste (KalonWindow *self, GString *status);
void kalon_window_toggle_aligned (KalonWindow *self);
/* Sets the thumb on @item, or takes it back when it is that already. @shown: (element-type gint64):
 * what it was shown with */
void
kalon_window_press_thumb (KalonWindow *self, KalonResultItem *item, GArray *shown, gboolean liked);
void kalon_window_undo_thumb (KalonWindow *self);
/* One toast, for the last change of the thumbs is the one that can be undone. @text: (nullable):
 * %NULL takes the toast away, and nothing is left to undo. */
void kalon_window_offer_undo (KalonWindow *self, const char *text);
/* (transfer full) (element-type gint64): what was looked at of @model, at least up to @position. */
GArray *kalon_window_list_shown (KalonWindow *self, KalonResultsModel *model, guint position);

/* kalon-window-toasts.c: toasts that are taken away again. Shown at once, before others. */
void kalon_window_show_toast (KalonWindow *self, AdwToast *toast);

/* kalon-window-files.c: what is done with pictures, one or many. */
void kalon_window_install_picture_actions (GtkWidgetClass *widget_class);
void kalon_window_set_undoable (KalonWindow *self, KalonUndoable undoable);

/* kalon-window-trash.c */
/* The catalogue forgets what is in the trash; it can't be brought back from here any more. */
void kalon_window_forget_trash (KalonWindow *self);
void kalon_window_trash_free (KalonWindowTrash *trash);

/* kalon-window-pair.c: back to where the two pictures were chosen. */
void kalon_window_leave_pair (KalonWindow *self);

/* kalon-window-export.c: originals into @folder; @paths: (element-type filename) */
void kalon_window_copy_to_folder (KalonWindow *self, GPtrArray *paths, const char *folder);

/* kalon-window-training.c: what the training page asks for. */
#define KALON_VIEW_TRAINING "training"
void kalon_window_connect_training (KalonWindow *self);

/* kalon-window-label.c: what the label page tells. */
#define KALON_VIEW_LABEL "label"
void kalon_window_connect_label (KalonWindow *self);

/* kalon-window-filters.c */
void kalon_window_connect_filters (KalonWindow *self);
/* At the bottom where the window is narrow: the words need what room the header bar has. */
void kalon_window_place_filters (KalonWindow *self);
/* " · 328 left out by filters", if any are. */
void kalon_window_append_filtered (KalonWindow *self, GString *status);
/* (transfer full) (nullable): the same as a sentence. */
char *kalon_window_dup_filtered (KalonWindow *self);

/* kalon-window-views.c: the pages and what stands around them. */
#define KALON_VIEW_SEARCH "search"
#define KALON_VIEW_BOARDS "boards"
#define KALON_VIEW_COMPARE "compare"
void kalon_window_update_views (KalonWindow *self);
/* Away from the viewer, if that is open. */
void kalon_window_show_view (KalonWindow *self, const char *name);
/* The page at hand is one that shows what was searched for. */
gboolean kalon_window_shows_results (KalonWindow *self);
/* It is the one with the grid. */
gboolean kalon_window_shows_grid (KalonWindow *self);
/* The window is @width wide. */
void kalon_window_follow_width (KalonWindow *self, int width);

/* Gives it the focus. */
void kalon_window_focus_view (KalonWindow *self);

/* kalon-window-compare.c */
void kalon_window_connect_compare (KalonWindow *self);

/* kalon-window-boards.c: pictures onto boards. */
void kalon_window_connect_boards (KalonWindow *self);
void kalon_window_install_board_actions (GtkWidgetClass *widget_class);
/* (transfer full) (element-type gint64): what an action on pictures is about: the one in the
 * viewer, else the selected ones. */
GArray *kalon_window_list_selected (KalonWindow *self);

/* kalon-window-viewer.c: the viewer over the pages. */
void kalon_window_show_viewer (KalonWindow *self, gboolean show);
/* The picture at @position of @model, which is that of a page. */
void kalon_window_open_picture (KalonWindow *self, KalonResultsModel *model, guint position);
/* The same with a model of @pictures (element-type gint64), until it is closed. */
void kalon_window_open_pictures (KalonWindow *self, GArray *pictures, guint position);
/* Back to where that picture is now. */
void kalon_window_leave_viewer (KalonWindow *self);
/* kalon-window-open.c: what comes from outside. */
void kalon_window_follow_awaited_picture (KalonWindow *self);

/* kalon-window-actions.c */
void kalon_window_install_actions (GtkWidgetClass *widget_class);
/* One dialog at a time; @chosen as for ::response. */
void kalon_window_choose (KalonWindow *self, GtkFileChooserNative *chooser, GCallback chosen);
void kalon_window_set_drop_target (KalonWindow *self, GtkDropTarget *target);

/* kalon-window-pictures.c: searching by pictures. */
void kalon_window_connect_pictures (KalonWindow *self);
/* By this and nothing else; away from it, beside what is asked. */
void kalon_window_search_like (KalonWindow *self, const char *path);
void kalon_window_search_unlike (KalonWindow *self, const char *path);
/* By these and nothing else. */
void kalon_window_search_pictures (KalonWindow *self, const char *const *paths);
/* By it too. */
void kalon_window_add_picture (KalonWindow *self, const char *path, float weight);

G_END_DECLS
