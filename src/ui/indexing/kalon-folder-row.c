/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-folder-row.h"
#include "indexing/kalon-progress-text.h"

struct _KalonFolderRow
{
  AdwActionRow parent_instance;

  char *path;
  GtkWidget *menu_button;
};

G_DEFINE_FINAL_TYPE (KalonFolderRow, kalon_folder_row, ADW_TYPE_ACTION_ROW)

static char *
ago_to_text (gint64 seconds)
{
  gint64 minutes = seconds / 60, hours = seconds / 3600, days = seconds / 86400;

  if (minutes < 1)
    return g_strdup (_ ("looked through just now"));
  if (hours < 1)
    return g_strdup_printf (
        ngettext ("looked through %u minute ago", "looked through %u minutes ago", (guint) minutes),
        (guint) minutes);
  if (days < 1)
    return g_strdup_printf (
        ngettext ("looked through %u hour ago", "looked through %u hours ago", (guint) hours),
        (guint) hours);
  return g_strdup_printf (
      ngettext ("looked through %u day ago", "looked through %u days ago", (guint) days),
      (guint) days);
}

char *
kalon_folder_to_text (const KalonFolder *folder)
{
  const KalonLibraryCounts *counts = &folder->counts;
  g_autofree char *indexed = kalon_count_to_text (counts->indexed);
  g_autofree char *pictures = kalon_count_to_text (counts->pictures);
  g_autofree char *excluded = kalon_count_to_text (folder->n_excluded);
  g_autofree char *failures = kalon_count_to_text (counts->failures);
  g_autoptr (GString) text = g_string_new (NULL);

  if (counts->pictures == 0)
    g_string_append (text, _ ("No pictures yet"));
  else
    g_string_append_printf (text,
                            ngettext ("%s of %s indexed", "%s of %s indexed", counts->pictures),
                            indexed, pictures);
  if (folder->n_excluded > 0)
    g_string_append_printf (text, ngettext (" · %s left out", " · %s left out", folder->n_excluded),
                            excluded);
  /* That a folder is not there is told in other words. */
  if (counts->failures > 0 && folder->present)
    g_string_append_printf (text, ngettext (" · %s not read", " · %s not read", counts->failures),
                            failures);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
status_to_text (const KalonWatchStatus *status)
{
  if (status == NULL)
    return g_strdup (_ ("Not watched"));
  switch (status->state)
    {
    case KALON_WATCH_WATCHING:
      return g_strdup (_ ("Watched"));
    case KALON_WATCH_SILENT:
      return g_strdup (_ ("On a network or cloud drive: looked at when Kalon starts"));
    case KALON_WATCH_PARTLY:
      return g_strdup_printf (
          /* Translators: folders, of those there are. */
          ngettext ("The system lets Kalon watch %u of %u folder in it: the rest is looked at now "
                    "and then",
                    "The system lets Kalon watch %u of %u folders in it: the rest is looked at now "
                    "and then",
                    status->n_folders),
          status->n_watched, status->n_folders);
    default:
      return g_strdup (_ ("Not watched"));
    }
}

char *
kalon_folder_watch_to_text (const KalonFolder *folder, const KalonWatchStatus *status, gint64 now)
{
  g_autofree char *watched = NULL;
  g_autofree char *ago = NULL;

  if (!folder->present)
    return g_strdup (_ ("Not there now; pictures stay searchable"));
  watched = status_to_text (status);
  if (folder->scanned_at == 0)
    return g_steal_pointer (&watched);
  ago = ago_to_text (MAX (0, now - folder->scanned_at));
  return g_strdup_printf ("%s · %s", watched, ago);
}

static void
add_item (GMenu *menu, const char *label, const char *action, const char *path)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, g_variant_new_bytestring (path));
  g_menu_append_item (menu, item);
}

static void
kalon_folder_row_finalize (GObject *object)
{
  g_free (KALON_FOLDER_ROW (object)->path);
  G_OBJECT_CLASS (kalon_folder_row_parent_class)->finalize (object);
}

static void
kalon_folder_row_class_init (KalonFolderRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_folder_row_finalize;
}

static void
kalon_folder_row_init (KalonFolderRow *self)
{
  self->menu_button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->menu_button), "view-more-symbolic");
  gtk_widget_set_valign (self->menu_button, GTK_ALIGN_CENTER);
  gtk_menu_button_set_has_frame (GTK_MENU_BUTTON (self->menu_button), FALSE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->menu_button);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 5);
}

GtkWidget *
kalon_folder_row_new (const char *path)
{
  KalonFolderRow *self = g_object_new (KALON_TYPE_FOLDER_ROW, NULL);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) remove = g_menu_new ();
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *whole = g_filename_display_name (path);
  g_autofree char *title = g_markup_escape_text (name, -1);
  g_autofree char *label = g_strdup_printf (_ ("Menu of the Folder %s"), name);

  self->path = g_strdup (path);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), whole);
  add_item (menu, _ ("_Rescan"), "win.index-folder", path);
  add_item (menu, _ ("_Open in Files"), "win.open-folder", path);
  add_item (menu, _ ("_Leave Out…"), "win.edit-excludes", path);
  add_item (remove, _ ("Re_move From Library"), "win.remove-folder", path);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (remove));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button), G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (self->menu_button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  return GTK_WIDGET (self);
}

const char *
kalon_folder_row_get_path (KalonFolderRow *self)
{
  g_return_val_if_fail (KALON_IS_FOLDER_ROW (self), NULL);
  return self->path;
}

void
kalon_folder_row_set_state (KalonFolderRow *self, const KalonFolder *folder,
                            const KalonWatchStatus *status, gboolean leaving)
{
  g_autofree char *counts = kalon_folder_to_text (folder);
  g_autofree char *watch
      = kalon_folder_watch_to_text (folder, status, g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *subtitle
      = leaving ? g_strdup (_ ("Leaves the library")) : g_strdup_printf ("%s\n%s", counts, watch);

  g_return_if_fail (KALON_IS_FOLDER_ROW (self));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (self), folder->present
                                                           ? "folder-symbolic"
                                                           : "drive-removable-media-symbolic");
  if (folder->present)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "gone");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "gone");
  gtk_widget_set_sensitive (self->menu_button, !leaving);
}
