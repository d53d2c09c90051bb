/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-folder-row.h"
#include "indexing/kalon-library-button.h"
#include "indexing/kalon-progress-text.h"
#include "settings/kalon-settings.h"

struct _KalonLibraryButton
{
  GtkWidget parent_instance;

  KalonWatching *watching;

  GtkWidget *button;
  GtkPopover *popover;
  GtkLabel *counts_label;
  GtkListBox *folders;
  GtkButton *failures_button;
  GtkSwitch *watch_switch;
  AdwActionRow *background_row;
  GtkSwitch *background_switch;
};

G_DEFINE_FINAL_TYPE (KalonLibraryButton, kalon_library_button, GTK_TYPE_WIDGET)

static void
done_cb (KalonLibraryButton *self)
{
  gtk_popover_popdown (self->popover);
}

static KalonFolderRow *
find_row (KalonLibraryButton *self, const char *path)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->folders)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (g_str_equal (kalon_folder_row_get_path (KALON_FOLDER_ROW (row)), path))
      return KALON_FOLDER_ROW (row);
  return NULL;
}

static void
remove_rows (KalonLibraryButton *self, const KalonCatalogueState *state)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->folders));

  while (row != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (row);
      const char *path = kalon_folder_row_get_path (KALON_FOLDER_ROW (row));
      gboolean stays = FALSE;

      for (guint i = 0; i < state->folders->len && !stays; i++)
        stays = g_str_equal (((KalonFolder *) g_ptr_array_index (state->folders, i))->path, path);
      if (!stays)
        gtk_list_box_remove (self->folders, row);
      row = next;
    }
}

static void
kalon_library_button_dispose (GObject *object)
{
  KalonLibraryButton *self = KALON_LIBRARY_BUTTON (object);

  g_clear_object (&self->watching);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_library_button_parent_class)->dispose (object);
}

static void
kalon_library_button_class_init (KalonLibraryButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_library_button_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/indexing/kalon-library-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, button);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, popover);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, counts_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, folders);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, failures_button);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, watch_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, background_row);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, background_switch);
  gtk_widget_class_bind_template_callback (widget_class, done_cb);
}

static void
kalon_library_button_init (KalonLibraryButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_library_button_set_sources (KalonLibraryButton *self, GSettings *settings,
                                  KalonWatching *watching)
{
  g_return_if_fail (KALON_IS_LIBRARY_BUTTON (self));
  g_return_if_fail (G_IS_SETTINGS (settings));

  g_set_object (&self->watching, watching);
  g_settings_bind (settings, KALON_SETTING_WATCH_FOLDERS, self->watch_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, KALON_SETTING_INDEX_IN_BACKGROUND, self->background_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

void
kalon_library_button_set_background_problem (KalonLibraryButton *self, const char *problem)
{
  g_return_if_fail (KALON_IS_LIBRARY_BUTTON (self));

  adw_action_row_set_subtitle (self->background_row,
                               problem != NULL ? problem : _ ("While no window is open"));
}

void
kalon_library_button_set_state (KalonLibraryButton *self, const KalonCatalogueState *state,
                                GHashTable *leaving)
{
  const KalonLibraryCounts *counts = &state->counts;
  g_autofree char *indexed = kalon_count_to_text (counts->indexed);
  g_autofree char *pictures = kalon_count_to_text (counts->pictures);
  g_autofree char *failures = kalon_count_to_text (counts->failures);
  g_autofree char *counts_text = g_strdup_printf (
      ngettext ("%s of %s picture indexed", "%s of %s pictures indexed", counts->pictures), indexed,
      pictures);
  g_autofree char *failures_text = g_strdup_printf (
      ngettext ("%s File Could Not Be Read…", "%s Files Could Not Be Read…", counts->failures),
      failures);

  g_return_if_fail (KALON_IS_LIBRARY_BUTTON (self));

  gtk_label_set_text (self->counts_label,
                      counts->pictures > 0 ? counts_text : _ ("No pictures yet"));
  gtk_button_set_label (self->failures_button, failures_text);
  gtk_widget_set_visible (GTK_WIDGET (self->failures_button), counts->failures > 0);

  /* Rows stay what they are: one of them may have its menu open. */
  remove_rows (self, state);
  for (guint i = 0; i < state->folders->len; i++)
    {
      const KalonFolder *folder = g_ptr_array_index (state->folders, i);
      KalonFolderRow *row = find_row (self, folder->path);
      KalonWatchStatus status;
      gboolean watched = self->watching != NULL
                         && kalon_watching_get_status (self->watching, folder->path, &status);

      if (row == NULL)
        {
          row = KALON_FOLDER_ROW (kalon_folder_row_new (folder->path));
          gtk_list_box_insert (self->folders, GTK_WIDGET (row), (int) i);
        }
      kalon_folder_row_set_state (row, folder, watched ? &status : NULL,
                                  g_hash_table_contains (leaving, folder->path));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->folders), state->folders->len > 0);
}

void
kalon_library_button_popup (KalonLibraryButton *self)
{
  g_return_if_fail (KALON_IS_LIBRARY_BUTTON (self));
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->button));
}
