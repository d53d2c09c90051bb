/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search/kalon-filter-pane.h"

G_BEGIN_DECLS

/* A drop-down that sets the one value of a kind of filter: the first of its values is none. */
typedef struct
{
  KalonFilterPane *pane;
  KalonFilterKind kind;
  GtkDropDown *drop_down;
  GtkStringList *labels;
  GPtrArray *values;  /* char *, one for each label, NULL for none; without what comes next */
  gboolean has_other; /* the last label is of a filter that is none of @values */
} FilterChoice;

#define N_CHOICES 4

struct _KalonFilterPane
{
  GtkWidget parent_instance;

  KalonSearch *search;
  KalonCatalogue *catalogue;
  GCancellable *cancellable; /* of the question to the catalogue; NULL when none is under way */
  KalonFilter *shown;        /* (nullable) */
  gboolean updating;         /* it is not the user who changes what is shown */
  guint delay_id;            /* of the text that was typed */
  FilterChoice choices[N_CHOICES];
  GPtrArray *toggles[KALON_N_FILTER_KINDS]; /* GtkToggleButton, by number of the choice; NULL */

  GtkWidget *scroller;
  GtkWidget *clear_button;
  GtkEditable *text_entry;
  GtkLabel *text_error;
  GtkDropDown *date_drop_down;
  GtkEditable *from_entry;
  GtkEditable *to_entry;
  GtkLabel *date_error;
  GtkDropDown *folder_drop_down;
  GtkDropDown *camera_drop_down;
  GtkDropDown *size_drop_down;
  GtkGrid *orientation_grid;
  GtkGrid *colour_grid;
  GtkGrid *liked_grid;
  GtkGrid *format_grid;
};

/* The filter with these values of @kind, in place of those it has; %FALSE with @error. */
gboolean kalon_filter_pane_set_values (KalonFilterPane *self, KalonFilterKind kind,
                                       const char *const *values, GError **error);

/* filter-choices.c: what is chosen from */

void filter_choices_create (KalonFilterPane *self);
void filter_choices_clear (KalonFilterPane *self);
/* What the catalogue has. */
void filter_choices_set_facets (KalonFilterPane *self, const KalonLibraryFacets *facets);
/* Shows @filter: (nullable) */
void filter_choices_follow (KalonFilterPane *self, const KalonFilter *filter);

G_END_DECLS
