/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "search/kalon-filter-label.h"
#include "search/kalon-filter-pane-private.h"

static const char *const dates[]
    = { "today",      "yesterday", "this-week", "last-week", "this-month",
        "last-month", "this-year", "last-year", NULL };
static const char *const sizes[]
    = { ">=1MP", ">=2MP", ">=4MP", ">=8MP", ">=12MP", ">=1920px", ">=3840px", NULL };

/* What to call it where nothing is chosen. */
static const char *
get_any_label (KalonFilterKind kind)
{
  switch (kind)
    {
    case KALON_FILTER_DATE:
      return _ ("Any Date");
    case KALON_FILTER_FOLDER:
      return _ ("Any Folder");
    case KALON_FILTER_CAMERA:
      return _ ("Any Camera");
    case KALON_FILTER_SIZE:
      return _ ("Any Size");
    default:
      g_return_val_if_reached ("");
    }
}

static char *
dup_value_label (KalonFilterKind kind, const char *text)
{
  g_autoptr (KalonFilter) none = kalon_filter_parse ("", NULL, NULL);
  g_autoptr (KalonFilter) filter
      = kalon_filter_with_values (none, kind, (const char *const[]){ text, NULL }, NULL, NULL);

  return filter != NULL ? kalon_filter_clause_to_label (kalon_filter_get_clause (filter, 0))
                        : g_strdup (text);
}

static void
add_value (FilterChoice *choice, const char *value, const char *label)
{
  gtk_string_list_append (choice->labels, label);
  g_ptr_array_add (choice->values, g_strdup (value));
}

/* @values: (nullable): with their own labels */
static void
fill (FilterChoice *choice, const char *const *values)
{
  choice->has_other = FALSE;
  gtk_string_list_splice (choice->labels, 0,
                          g_list_model_get_n_items (G_LIST_MODEL (choice->labels)), NULL);
  g_ptr_array_set_size (choice->values, 0);
  add_value (choice, NULL, get_any_label (choice->kind));
  for (gsize i = 0; values != NULL && values[i] != NULL; i++)
    {
      g_autofree char *label = dup_value_label (choice->kind, values[i]);

      add_value (choice, values[i], label);
    }
}

static void
selected_cb (FilterChoice *choice)
{
  guint selected = gtk_drop_down_get_selected (choice->drop_down);
  const char *values[2] = { NULL };

  if (choice->pane->updating || selected >= choice->values->len)
    return;
  values[0] = choice->values->pdata[selected];
  kalon_filter_pane_set_values (choice->pane, choice->kind, values, NULL);
}

/* The label of a filter that is none of the choices, at the end; %NULL takes it away. */
static void
set_other (FilterChoice *choice, const char *label)
{
  if (choice->has_other)
    gtk_string_list_remove (choice->labels, choice->values->len);
  choice->has_other = label != NULL;
  if (label != NULL)
    gtk_string_list_append (choice->labels, label);
}

static void
follow_choice (FilterChoice *choice, const KalonFilter *filter)
{
  const KalonFilterClause *clause
      = filter != NULL ? kalon_filter_find (filter, choice->kind) : NULL;
  const KalonFilterValue *value
      = clause != NULL && clause->values->len == 1 ? clause->values->pdata[0] : NULL;
  g_autofree char *label = NULL;
  guint selected = clause == NULL ? 0 : choice->values->len;

  for (guint i = 1; value != NULL && i < choice->values->len; i++)
    if (g_str_equal (choice->values->pdata[i], value->text))
      selected = i;
  if (selected == choice->values->len)
    label = kalon_filter_clause_to_label (clause);
  set_other (choice, label);
  gtk_drop_down_set_selected (choice->drop_down, selected);
}

static void
create_choice (KalonFilterPane *self, guint i, KalonFilterKind kind, GtkDropDown *drop_down,
               const char *const *values)
{
  FilterChoice *choice = &self->choices[i];

  *choice = (FilterChoice){
    .pane = self,
    .kind = kind,
    .drop_down = drop_down,
    .labels = gtk_string_list_new (NULL),
    .values = g_ptr_array_new_with_free_func (g_free),
  };
  fill (choice, values);
  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (choice->labels));
  g_signal_connect_swapped (drop_down, "notify::selected", G_CALLBACK (selected_cb), choice);
}

static void
toggled_cb (GtkToggleButton *button, KalonFilterPane *self)
{
  KalonFilterKind kind
      = (KalonFilterKind) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "kind"));
  const char *const *names = kalon_filter_kind_get_choices (kind);
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  if (self->updating)
    return;
  for (guint i = 0; i < self->toggles[kind]->len; i++)
    if (self->toggles[kind]->pdata[i] != NULL
        && gtk_toggle_button_get_active (self->toggles[kind]->pdata[i]))
      g_ptr_array_add (values, (char *) names[i]);
  g_ptr_array_add (values, NULL);
  kalon_filter_pane_set_values (self, kind, (const char *const *) values->pdata, NULL);
}

static GtkWidget *
create_toggle (KalonFilterKind kind, guint choice)
{
  const char *label = kalon_filter_choice_to_label (kind, choice);
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *text = gtk_label_new (label);

  if (kind == KALON_FILTER_COLOUR)
    {
      GtkWidget *swatch = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

      gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (swatch, "swatch");
      gtk_widget_add_css_class (swatch, kalon_filter_kind_get_choices (kind)[choice]);
      gtk_box_append (GTK_BOX (box), swatch);
    }
  else
    gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (text), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), text);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "choice");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_object_set_data (G_OBJECT (button), "kind", GUINT_TO_POINTER (kind));
  return button;
}

/* The first @n choices of @kind, in @n_columns. */
static void
create_toggles (KalonFilterPane *self, KalonFilterKind kind, GtkGrid *grid, guint n, int n_columns)
{
  self->toggles[kind] = g_ptr_array_new ();
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *toggle = create_toggle (kind, i);

      gtk_grid_attach (grid, toggle, (int) i % n_columns, (int) i / n_columns, 1, 1);
      g_signal_connect_object (toggle, "toggled", G_CALLBACK (toggled_cb), self, 0);
      g_ptr_array_add (self->toggles[kind], toggle);
    }
}

static void
follow_toggles (KalonFilterPane *self, KalonFilterKind kind, const KalonFilter *filter)
{
  const KalonFilterClause *clause = filter != NULL ? kalon_filter_find (filter, kind) : NULL;
  guint32 chosen = 0;

  for (guint i = 0; clause != NULL && i < clause->values->len; i++)
    chosen |= 1u << ((const KalonFilterValue *) clause->values->pdata[i])->choice;
  for (guint i = 0; i < self->toggles[kind]->len; i++)
    gtk_toggle_button_set_active (self->toggles[kind]->pdata[i], (chosen >> i & 1) != 0);
}

void
filter_choices_create (KalonFilterPane *self)
{
  create_choice (self, 0, KALON_FILTER_DATE, self->date_drop_down, dates);
  create_choice (self, 1, KALON_FILTER_FOLDER, self->folder_drop_down, NULL);
  create_choice (self, 2, KALON_FILTER_CAMERA, self->camera_drop_down, NULL);
  create_choice (self, 3, KALON_FILTER_SIZE, self->size_drop_down, sizes);
  create_toggles (self, KALON_FILTER_ORIENTATION, self->orientation_grid, 4, 2);
  create_toggles (self, KALON_FILTER_COLOUR, self->colour_grid, 17, 3);
  create_toggles (self, KALON_FILTER_LIKED, self->liked_grid, 4, 2);
  /* The others are not met every day; they can be typed. */
  create_toggles (self, KALON_FILTER_FORMAT, self->format_grid, 8, 4);
}

void
filter_choices_clear (KalonFilterPane *self)
{
  for (guint i = 0; i < N_CHOICES; i++)
    {
      g_clear_object (&self->choices[i].labels);
      g_clear_pointer (&self->choices[i].values, g_ptr_array_unref);
    }
  for (guint i = 0; i < KALON_N_FILTER_KINDS; i++)
    g_clear_pointer (&self->toggles[i], g_ptr_array_unref);
}

/* "Trips" of a folder of the library; of one in it "Photos / Trips". */
static char *
dup_folder_label (const KalonLibraryFacets *facets, const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *parent_name = g_filename_display_basename (parent);

  if (!g_strv_contains ((const char *const *) facets->folders, parent))
    return g_steal_pointer (&name);
  /* Translators: a folder, and one that is in it. */
  return g_strdup_printf (_ ("%s / %s"), parent_name, name);
}

void
filter_choices_set_facets (KalonFilterPane *self, const KalonLibraryFacets *facets)
{
  FilterChoice *folders = &self->choices[1];

  fill (folders, NULL);
  for (char **folder = facets->folders; *folder != NULL; folder++)
    {
      g_autofree char *label = dup_folder_label (facets, *folder);
      g_autofree char *value = g_utf8_validate (*folder, -1, NULL)
                                   ? g_strdup (*folder)
                                   : g_filename_to_uri (*folder, NULL, NULL);

      add_value (folders, value, label);
    }
  fill (&self->choices[2], (const char *const *) facets->cameras);
}

void
filter_choices_follow (KalonFilterPane *self, const KalonFilter *filter)
{
  for (guint i = 0; i < N_CHOICES; i++)
    follow_choice (&self->choices[i], filter);
  for (guint i = 0; i < KALON_N_FILTER_KINDS; i++)
    if (self->toggles[i] != NULL)
      follow_toggles (self, i, filter);
}
