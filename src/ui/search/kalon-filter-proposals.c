/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-filter-label.h"
#include "search/kalon-filter-proposals.h"

struct _KalonFilterProposals
{
  GtkWidget parent_instance;

  KalonSearch *search;
  KalonWords *words;
  char *shown; /* what is proposed and what the search has, as there are buttons for */

  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (KalonFilterProposals, kalon_filter_proposals, GTK_TYPE_WIDGET)

enum
{
  LEAVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* (transfer full): all that the search would have with @proposed; (nullable): it has that. */
static KalonFilter *
add (KalonFilterProposals *self, const KalonFilter *proposed)
{
  const KalonFilter *filter = kalon_search_get_filter (self->search);
  g_autoptr (KalonFilter) both
      = filter != NULL ? kalon_filter_with (filter, proposed) : kalon_filter_ref (proposed);

  return kalon_filter_equal (filter, both) ? NULL : g_steal_pointer (&both);
}

/* The button goes with what it proposed, and leaves the focus to the next. */
static void
clicked_cb (GtkWidget *button, KalonFilterProposals *self)
{
  const char *text = g_object_get_data (G_OBJECT (button), "filter");
  g_autoptr (KalonFilter) proposed = kalon_filter_parse (text, NULL, NULL);
  g_autoptr (KalonFilter) both = add (self, proposed);
  gboolean had_focus = gtk_widget_is_focus (button);

  if (both == NULL)
    return;
  kalon_search_set_filter (self->search, both);
  if (had_focus && !gtk_widget_child_focus (self->box, GTK_DIR_TAB_FORWARD))
    g_signal_emit (self, signals[LEAVE], 0);
}

static void
append_button (KalonFilterProposals *self, const KalonFilter *proposed)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new_from_icon_name ("list-add-symbolic");
  char *text = kalon_filter_to_string (proposed);
  g_autofree char *words = kalon_filter_clause_to_label (kalon_filter_get_clause (proposed, 0));
  GtkWidget *label = gtk_label_new (words);
  g_autofree char *name = g_strdup_printf (_ ("Add the Filter “%s”"), words);
  g_autofree char *tooltip = g_strdup_printf (_ ("Add the Filter “%s”"), text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 26);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), label);
  gtk_button_set_child (GTK_BUTTON (button), row);
  gtk_widget_add_css_class (button, "proposal");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "filter", text, g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, 0);
  gtk_box_append (GTK_BOX (self->box), button);
}

static void
update (KalonFilterProposals *self)
{
  const char *const *filters = kalon_words_get_filters (self->words);
  const KalonFilter *filter = kalon_search_get_filter (self->search);
  g_autofree char *proposed_now = g_strjoinv (" ", (GStrv) filters);
  g_autofree char *had = filter != NULL ? kalon_filter_to_string (filter) : NULL;
  g_autofree char *shown = g_strjoin ("\n", proposed_now, had, NULL);
  GtkWidget *child;

  /* Words that come in pieces do not take the button away that one is about to press. */
  if (g_strcmp0 (self->shown, shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&shown);
  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  for (const char *const *text = filters; *text != NULL; text++)
    {
      g_autoptr (KalonFilter) proposed = kalon_filter_parse (*text, NULL, NULL);
      g_autoptr (KalonFilter) both = NULL;

      if (proposed == NULL || kalon_filter_get_n_clauses (proposed) == 0)
        continue;
      both = add (self, proposed);
      if (both != NULL)
        append_button (self, proposed);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_widget_get_first_child (self->box) != NULL);
}

static void
kalon_filter_proposals_dispose (GObject *object)
{
  KalonFilterProposals *self = KALON_FILTER_PROPOSALS (object);

  g_clear_object (&self->search);
  g_clear_object (&self->words);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_filter_proposals_parent_class)->dispose (object);
}

static void
kalon_filter_proposals_finalize (GObject *object)
{
  g_free (KALON_FILTER_PROPOSALS (object)->shown);
  G_OBJECT_CLASS (kalon_filter_proposals_parent_class)->finalize (object);
}

static void
kalon_filter_proposals_class_init (KalonFilterProposalsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_filter_proposals_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_filter_proposals_finalize;

  signals[LEAVE] = g_signal_new ("leave", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
kalon_filter_proposals_init (KalonFilterProposals *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Proposed filters"), -1);
}

void
kalon_filter_proposals_set_sources (KalonFilterProposals *self, KalonSearch *search,
                                    KalonWords *words)
{
  g_return_if_fail (KALON_IS_FILTER_PROPOSALS (self));
  g_return_if_fail (KALON_IS_SEARCH (search) && KALON_IS_WORDS (words));
  g_return_if_fail (self->search == NULL);

  self->search = g_object_ref (search);
  self->words = g_object_ref (words);
  g_signal_connect_object (words, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (search, "filter-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
