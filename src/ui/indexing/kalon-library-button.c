/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "indexing/kalon-library-button.h"
#include "indexing/kalon-progress-text.h"

struct _KalonLibraryButton
{
  GtkWidget parent_instance;

  KalonIndexing *indexing;

  GtkWidget *button;
  GtkPopover *popover;
  GtkLabel *counts_label;
  GtkWidget *progress_box;
  GtkProgressBar *progress_bar;
  GtkLabel *progress_label;
  GtkButton *pause_button;
  GtkListBox *folders;
  GtkButton *failures_button;
};

G_DEFINE_FINAL_TYPE (KalonLibraryButton, kalon_library_button, GTK_TYPE_WIDGET)

static void
update_progress (KalonLibraryButton *self)
{
  gboolean running = kalon_indexing_is_running (self->indexing);
  const KalonIndexerProgress *progress = kalon_indexing_get_progress (self->indexing);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->progress_box, running);
  if (!running)
    return;
  text = kalon_progress_to_text (self->indexing);
  gtk_label_set_text (self->progress_label, text);
  if (progress->phase == KALON_INDEXER_SCANNING || progress->found == 0)
    gtk_progress_bar_pulse (self->progress_bar);
  else
    gtk_progress_bar_set_fraction (self->progress_bar,
                                   MIN (1, (double) progress->done / progress->found));
  gtk_button_set_label (self->pause_button,
                        kalon_indexing_is_paused (self->indexing) ? _ ("_Go On") : _ ("_Pause"));
}

static void
pause_clicked_cb (KalonLibraryButton *self)
{
  kalon_indexing_set_paused (self->indexing, !kalon_indexing_is_paused (self->indexing));
}

static void
stop_clicked_cb (KalonLibraryButton *self)
{
  kalon_indexing_stop (self->indexing);
}

static void
done_cb (KalonLibraryButton *self)
{
  gtk_popover_popdown (self->popover);
}

static GtkWidget *
create_row (const KalonFolder *folder)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *remove = gtk_button_new_from_icon_name ("list-remove-symbolic");
  g_autofree char *name = g_filename_display_basename (folder->path);
  g_autofree char *path = g_filename_display_name (folder->path);
  g_autofree char *title = g_markup_escape_text (name, -1);
  g_autofree char *subtitle = g_markup_escape_text (path, -1);
  g_autofree char *label = g_strdup_printf (_ ("Remove %s From the Library"), name);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), folder->present ? subtitle : _ ("Not there"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_set_tooltip_text (row, path);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row),
                                folder->present ? "folder-symbolic" : "dialog-warning-symbolic");
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_tooltip_text (remove, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remove), "win.remove-folder");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (remove),
                                          g_variant_new_bytestring (folder->path));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  return row;
}

static void
kalon_library_button_dispose (GObject *object)
{
  KalonLibraryButton *self = KALON_LIBRARY_BUTTON (object);

  g_clear_object (&self->indexing);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_library_button_parent_class)->dispose (object);
}

static void
kalon_library_button_class_init (KalonLibraryButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_library_button_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/indexing/kalon-library-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, button);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, popover);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, counts_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, progress_box);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, progress_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, pause_button);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, folders);
  gtk_widget_class_bind_template_child (widget_class, KalonLibraryButton, failures_button);
  gtk_widget_class_bind_template_callback (widget_class, pause_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, done_cb);
}

static void
kalon_library_button_init (KalonLibraryButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_library_button_set_indexing (KalonLibraryButton *self, KalonIndexing *indexing)
{
  g_return_if_fail (KALON_IS_LIBRARY_BUTTON (self));
  g_return_if_fail (KALON_IS_INDEXING (indexing));
  g_return_if_fail (self->indexing == NULL);

  self->indexing = g_object_ref (indexing);
  g_signal_connect_object (indexing, "changed", G_CALLBACK (update_progress), self,
                           G_CONNECT_SWAPPED);
  update_progress (self);
}

void
kalon_library_button_set_state (KalonLibraryButton *self, const KalonCatalogueState *state)
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
  GtkWidget *row;

  g_return_if_fail (KALON_IS_LIBRARY_BUTTON (self));

  gtk_label_set_text (self->counts_label, counts_text);
  gtk_button_set_label (self->failures_button, failures_text);
  gtk_widget_set_visible (GTK_WIDGET (self->failures_button), counts->failures > 0);

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->folders))) != NULL)
    gtk_list_box_remove (self->folders, row);
  for (guint i = 0; i < state->folders->len; i++)
    gtk_list_box_append (self->folders, create_row (g_ptr_array_index (state->folders, i)));
  gtk_widget_set_visible (GTK_WIDGET (self->folders), state->folders->len > 0);
}

void
kalon_library_button_popup (KalonLibraryButton *self)
{
  g_return_if_fail (KALON_IS_LIBRARY_BUTTON (self));
  gtk_menu_button_popup (GTK_MENU_BUTTON (self->button));
}
