/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "search/kalon-filter-pane-private.h"

/* While one types, nothing is wrong yet. */
#define TYPING_DELAY 600 /* ms */

G_DEFINE_FINAL_TYPE (KalonFilterPane, kalon_filter_pane, GTK_TYPE_WIDGET)

/* @message: (nullable): what is wrong with what @entry says */
static void
show_error (GtkEditable *entry, GtkLabel *label, const char *message)
{
  gtk_label_set_text (label, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (label), message != NULL);
  if (message != NULL)
    {
      gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                                   GTK_ACCESSIBLE_INVALID_TRUE, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      message, -1);
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
}

/* (nullable): %NULL while it is no filter. */
static KalonFilter *
read_text (KalonFilterPane *self, GError **error)
{
  return kalon_filter_parse (gtk_editable_get_text (self->text_entry), NULL, error);
}

static void
set_text (GtkEditable *entry, const char *text)
{
  /* Not where the same stands: the cursor would jump. */
  if (g_strcmp0 (gtk_editable_get_text (entry), text) != 0)
    gtk_editable_set_text (entry, text);
}

static void
follow_text (KalonFilterPane *self, const KalonFilter *filter)
{
  g_autoptr (KalonFilter) typed = read_text (self, NULL);
  g_autofree char *text = filter != NULL ? kalon_filter_to_string (filter) : g_strdup ("");

  /* What means the same stays as it was typed; and so does what is being typed. */
  if (self->delay_id != 0 || (typed != NULL && kalon_filter_equal (typed, filter)))
    return;
  show_error (self->text_entry, self->text_error, NULL);
  set_text (self->text_entry, text);
}

/* The ends of a range; a day, a month or a year is both. (transfer full) */
static void
find_ends (const KalonFilter *filter, char **from, char **to)
{
  const KalonFilterClause *clause
      = filter != NULL ? kalon_filter_find (filter, KALON_FILTER_DATE) : NULL;
  const char *text = clause != NULL && clause->values->len == 1
                         ? ((const KalonFilterValue *) clause->values->pdata[0])->text
                         : "";
  const char *dots = strstr (text, "..");

  if (dots == NULL && !g_ascii_isdigit (text[0]))
    text = "";
  *from = dots != NULL ? g_strndup (text, (gsize) (dots - text)) : g_strdup (text);
  *to = g_strdup (dots != NULL ? dots + 2 : text);
}

static void
follow_dates (KalonFilterPane *self, const KalonFilter *filter)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  find_ends (filter, &from, &to);
  show_error (self->from_entry, self->date_error, NULL);
  show_error (self->to_entry, self->date_error, NULL);
  set_text (self->from_entry, from);
  set_text (self->to_entry, to);
}

/* What is being typed stays while nothing but the results has changed. */
static void
follow (KalonFilterPane *self)
{
  KalonFilter *filter = kalon_search_get_filter (self->search);

  if (kalon_filter_equal (self->shown, filter))
    return;
  g_clear_pointer (&self->shown, kalon_filter_unref);
  self->shown = filter != NULL ? kalon_filter_ref (filter) : NULL;
  self->updating = TRUE;
  follow_text (self, filter);
  follow_dates (self, filter);
  filter_choices_follow (self, filter);
  gtk_widget_set_sensitive (self->clear_button, filter != NULL);
  self->updating = FALSE;
}

static void
apply_text (KalonFilterPane *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFilter) filter = read_text (self, &error);

  g_clear_handle_id (&self->delay_id, g_source_remove);
  show_error (self->text_entry, self->text_error, error != NULL ? error->message : NULL);
  if (filter != NULL)
    kalon_search_set_filter (self->search, filter);
}

gboolean
kalon_filter_pane_set_values (KalonFilterPane *self, KalonFilterKind kind,
                              const char *const *values, GError **error)
{
  g_autoptr (KalonFilter) filter = NULL;
  g_autoptr (KalonFilter) changed = NULL;

  if (self->delay_id != 0)
    apply_text (self);
  filter = kalon_search_get_filter (self->search) != NULL
               ? kalon_filter_ref (kalon_search_get_filter (self->search))
               : kalon_filter_parse ("", NULL, NULL);
  changed = kalon_filter_with_values (filter, kind, values, NULL, error);
  if (changed != NULL)
    kalon_search_set_filter (self->search, changed);
  return changed != NULL;
}

static gboolean
delay_over_cb (gpointer user_data)
{
  KalonFilterPane *self = user_data;

  self->delay_id = 0;
  apply_text (self);
  return G_SOURCE_REMOVE;
}

static void
text_changed_cb (KalonFilterPane *self)
{
  if (self->updating)
    return;
  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->delay_id = g_timeout_add (TYPING_DELAY, delay_over_cb, self);
}

static void
text_activated_cb (KalonFilterPane *self)
{
  apply_text (self);
}

static gboolean
is_date (const char *text)
{
  g_autofree char *filter = g_strconcat ("date:", text, NULL);
  g_autoptr (KalonFilter) date = kalon_filter_parse (filter, NULL, NULL);

  return text[0] == '\0' || date != NULL;
}

/* At Return, and when the focus leaves an entry. */
static void
dates_changed_cb (KalonFilterPane *self)
{
  const char *from = gtk_editable_get_text (self->from_entry);
  const char *to = gtk_editable_get_text (self->to_entry);
  g_autofree char *range
      = g_str_equal (from, to) ? g_strdup (from) : g_strconcat (from, "..", to, NULL);
  const char *const values[] = { range[0] != '\0' ? range : NULL, NULL };
  g_autofree char *shown_from = NULL;
  g_autofree char *shown_to = NULL;
  g_autoptr (GError) error = NULL;

  /* Empty entries beside “Last Week” say nothing. */
  find_ends (self->shown, &shown_from, &shown_to);
  if (self->search == NULL || (g_str_equal (from, shown_from) && g_str_equal (to, shown_to)))
    return;
  show_error (self->from_entry, self->date_error, NULL);
  show_error (self->to_entry, self->date_error, NULL);
  if (!kalon_filter_pane_set_values (self, KALON_FILTER_DATE, values, &error))
    show_error (is_date (from) ? self->to_entry : self->from_entry, self->date_error,
                error->message);
}

static void
clear_cb (KalonFilterPane *self)
{
  g_clear_handle_id (&self->delay_id, g_source_remove);
  kalon_search_set_filter (self->search, NULL);
  self->updating = TRUE;
  show_error (self->text_entry, self->text_error, NULL);
  set_text (self->text_entry, "");
  follow_dates (self, NULL);
  self->updating = FALSE;
  /* A button that is pressed by a key says so a moment later, when the popover may be closed; with
   * the focus in what is not there no key would do anything. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->text_entry));
}

static void
facets_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonFilterPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibraryFacets) facets
      = kalon_catalogue_list_facets_finish (KALON_CATALOGUE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (facets == NULL)
    {
      /* The window tells of a library that cannot be read; folders can still be typed. */
      g_debug ("Facets: %s", error->message);
      return;
    }
  self->updating = TRUE;
  filter_choices_set_facets (self, facets);
  filter_choices_follow (self, self->shown);
  self->updating = FALSE;
}

static void
kalon_filter_pane_dispose (GObject *object)
{
  KalonFilterPane *self = KALON_FILTER_PANE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->delay_id, g_source_remove);
  self->updating = TRUE;
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  filter_choices_clear (self);
  g_clear_pointer (&self->shown, kalon_filter_unref);
  g_clear_object (&self->search);
  g_clear_object (&self->catalogue);
  G_OBJECT_CLASS (kalon_filter_pane_parent_class)->dispose (object);
}

static void
kalon_filter_pane_class_init (KalonFilterPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_filter_pane_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-filter-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, clear_button);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, text_entry);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, text_error);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, date_drop_down);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, from_entry);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, to_entry);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, date_error);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, folder_drop_down);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, camera_drop_down);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, size_drop_down);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, orientation_grid);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, colour_grid);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, liked_grid);
  gtk_widget_class_bind_template_child (widget_class, KalonFilterPane, format_grid);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, dates_changed_cb);
}

static void
kalon_filter_pane_init (KalonFilterPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  filter_choices_create (self);
  gtk_widget_set_sensitive (self->clear_button, FALSE);
}

void
kalon_filter_pane_set_sources (KalonFilterPane *self, KalonSearch *search,
                               KalonCatalogue *catalogue)
{
  g_return_if_fail (KALON_IS_FILTER_PANE (self));
  g_return_if_fail (KALON_IS_SEARCH (search));
  g_return_if_fail (KALON_IS_CATALOGUE (catalogue));
  g_return_if_fail (self->search == NULL);

  self->search = g_object_ref (search);
  self->catalogue = g_object_ref (catalogue);
  g_signal_connect_object (search, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  follow (self);
}

void
kalon_filter_pane_prepare (KalonFilterPane *self, int width, int height)
{
  g_return_if_fail (KALON_IS_FILTER_PANE (self));

  gtk_scrolled_window_set_max_content_width (GTK_SCROLLED_WINDOW (self->scroller), width);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_entry));
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->scroller), height);
  if (self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  kalon_catalogue_list_facets_async (self->catalogue, self->cancellable, facets_cb,
                                     g_object_ref (self));
}
