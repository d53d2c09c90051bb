/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-excludes-window.h"

struct _KalonExcludesWindow
{
  AdwWindow parent_instance;

  KalonCatalogue *catalogue;
  char *folder;            /* NULL: all */
  GtkStringList *patterns; /* as shown; a name that is not UTF-8 can be kept, not be typed */
  gboolean loaded;
  gboolean dirty; /* stored, not told yet */
  gboolean closed;

  AdwPreferencesGroup *group;
  AdwEntryRow *entry;
  GtkListBox *list;
  GtkWidget *hidden_group;
  GtkSwitch *hidden_switch;
  GtkRevealer *problem_revealer;
  GtkLabel *problem_label;
};

G_DEFINE_FINAL_TYPE (KalonExcludesWindow, kalon_excludes_window, ADW_TYPE_WINDOW)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_problem (KalonExcludesWindow *self, const char *problem)
{
  if (problem != NULL)
    gtk_label_set_text (self->problem_label, problem);
  gtk_revealer_set_reveal_child (self->problem_revealer, problem != NULL);
}

static void
tell (KalonExcludesWindow *self)
{
  if (self->dirty)
    g_signal_emit (self, signals[CHANGED], 0);
  self->dirty = FALSE;
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonExcludesWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean stored = kalon_catalogue_set_rules_finish (KALON_CATALOGUE (object), result, &error);

  show_problem (self, stored ? NULL : error->message);
  self->dirty = self->dirty || stored;
  if (self->closed)
    tell (self);
}

static void
store (KalonExcludesWindow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) patterns = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->patterns)); i++)
    g_strv_builder_add (builder, gtk_string_list_get_string (self->patterns, i));
  patterns = g_strv_builder_end (builder);
  kalon_catalogue_set_rules_async (self->catalogue, self->folder, (const char *const *) patterns,
                                   gtk_switch_get_active (self->hidden_switch), NULL, stored_cb,
                                   g_object_ref (self));
}

static guint
find_pattern (KalonExcludesWindow *self, const char *pattern)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->patterns)); i++)
    if (g_str_equal (gtk_string_list_get_string (self->patterns, i), pattern))
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
add_cb (KalonExcludesWindow *self)
{
  g_autofree char *pattern = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));

  g_strstrip (pattern);
  if (*pattern == '\0' || !self->loaded)
    return;
  if (*pattern == '/' || g_str_has_suffix (pattern, "/"))
    {
      show_problem (self, _ ("Write a name, or a path below the folder, without a slash at either "
                             "end: “*.tmp”, “scans/raw*”."));
      return;
    }
  if (find_pattern (self, pattern) == GTK_INVALID_LIST_POSITION)
    {
      gtk_string_list_append (self->patterns, pattern);
      store (self);
    }
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

static void
remove_cb (GtkButton *button, KalonExcludesWindow *self)
{
  guint position = find_pattern (self, g_object_get_data (G_OBJECT (button), "pattern"));

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_string_list_remove (self->patterns, position);
  store (self);
}

static void
hidden_cb (KalonExcludesWindow *self)
{
  if (self->loaded)
    store (self);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  KalonExcludesWindow *self = user_data;
  const char *pattern = gtk_string_object_get_string (item);
  g_autofree char *name = g_filename_display_name (pattern);
  g_autofree char *title = g_markup_escape_text (name, -1);
  g_autofree char *label = g_strdup_printf (_ ("Take %s Back In"), name);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "pattern", g_strdup (pattern), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
patterns_changed_cb (KalonExcludesWindow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->list),
                          g_list_model_get_n_items (G_LIST_MODEL (self->patterns)) > 0);
}

static void
take (KalonExcludesWindow *self, GStrv excludes, gboolean include_hidden)
{
  gtk_string_list_splice (self->patterns, 0,
                          g_list_model_get_n_items (G_LIST_MODEL (self->patterns)),
                          (const char *const *) excludes);
  gtk_switch_set_active (self->hidden_switch, include_hidden);
  self->loaded = TRUE;
}

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonExcludesWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonCatalogueState) state
      = kalon_catalogue_get_state_finish (KALON_CATALOGUE (object), result, &error);

  if (state == NULL)
    {
      show_problem (self, error->message);
      return;
    }
  if (self->folder == NULL)
    take (self, state->excludes, FALSE);
  for (guint i = 0; i < state->folders->len && self->folder != NULL; i++)
    {
      const KalonFolder *folder = g_ptr_array_index (state->folders, i);

      if (g_str_equal (folder->path, self->folder))
        take (self, folder->excludes, folder->include_hidden);
    }
}

static gboolean
kalon_excludes_window_close_request (GtkWindow *window)
{
  KalonExcludesWindow *self = KALON_EXCLUDES_WINDOW (window);

  self->closed = TRUE;
  tell (self);
  return GTK_WINDOW_CLASS (kalon_excludes_window_parent_class)->close_request (window);
}

static void
kalon_excludes_window_finalize (GObject *object)
{
  KalonExcludesWindow *self = KALON_EXCLUDES_WINDOW (object);

  g_clear_object (&self->catalogue);
  g_clear_object (&self->patterns);
  g_free (self->folder);
  G_OBJECT_CLASS (kalon_excludes_window_parent_class)->finalize (object);
}

static void
kalon_excludes_window_class_init (KalonExcludesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_excludes_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = kalon_excludes_window_close_request;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/indexing/kalon-excludes-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonExcludesWindow, group);
  gtk_widget_class_bind_template_child (widget_class, KalonExcludesWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, KalonExcludesWindow, list);
  gtk_widget_class_bind_template_child (widget_class, KalonExcludesWindow, hidden_group);
  gtk_widget_class_bind_template_child (widget_class, KalonExcludesWindow, hidden_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonExcludesWindow, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, KalonExcludesWindow, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, hidden_cb);
}

static void
kalon_excludes_window_init (KalonExcludesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->patterns = gtk_string_list_new (NULL);
  g_signal_connect_object (self->patterns, "items-changed", G_CALLBACK (patterns_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->patterns), create_row, self, NULL);
  patterns_changed_cb (self);
}

KalonExcludesWindow *
kalon_excludes_window_new (GtkWindow *parent, KalonCatalogue *catalogue, const char *folder)
{
  KalonExcludesWindow *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (KALON_IS_CATALOGUE (catalogue), NULL);

  self = g_object_new (KALON_TYPE_EXCLUDES_WINDOW, "transient-for", parent, NULL);
  self->catalogue = g_object_ref (catalogue);
  self->folder = g_strdup (folder);
  if (folder != NULL)
    {
      g_autofree char *name = g_filename_display_basename (folder);
      g_autofree char *escaped = g_markup_escape_text (name, -1);
      g_autofree char *title = g_strdup_printf (_ ("Left Out of %s"), escaped);

      adw_preferences_group_set_title (self->group, title);
    }
  else
    adw_preferences_group_set_title (self->group, _ ("Left Out of All Folders"));
  gtk_widget_set_visible (self->hidden_group, folder != NULL);
  kalon_catalogue_get_state_async (catalogue, NULL, state_cb, g_object_ref (self));
  return self;
}
