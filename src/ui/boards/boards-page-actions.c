/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-dialog.h"
#include "boards/kalon-board-export-dialog.h"
#include "boards/kalon-boards-page-private.h"
#include "results/kalon-picture-actions.h"

gboolean
kalon_boards_page_shows_board (KalonBoardsPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "board") == 0;
}

/* (transfer full) (nullable): the open board, or the one whose menu was opened */
static KalonBoard *
dup_target (KalonBoardsPage *self)
{
  return kalon_boards_page_dup_board (self, kalon_boards_page_shows_board (self)
                                                ? kalon_board_view_get_board (self->view)
                                                : self->menu_board);
}

static void
created_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonBoardsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardOutcome) outcome
      = kalon_boards_apply_finish (KALON_BOARDS (object), result, &error);

  if (outcome != NULL)
    kalon_boards_page_show_board (self, outcome->board);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    kalon_boards_page_show_message (GTK_WIDGET (self), error->message);
}

static void
create (const char *name, const char *description, gpointer user_data)
{
  KalonBoardsPage *self = user_data;

  kalon_boards_apply_async (self->boards, kalon_board_edit_create (name, description),
                            self->cancellable, created_cb, g_object_ref (self));
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_board_dialog_present (widget, NULL, create, widget);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_boards_page_show_board (KALON_BOARDS_PAGE (widget), 0);
}

/* What the dialog is about; held by it. */
#define EDITED "kalon-edited-board"

static void
edit (const char *name, const char *description, gpointer user_data)
{
  const KalonBoard *board = g_object_get_data (user_data, EDITED);

  if (g_strcmp0 (board->name, name) != 0)
    kalon_boards_page_apply (user_data, kalon_board_edit_rename (board->id, name), NULL);
  if (g_strcmp0 (board->description, description) != 0)
    kalon_boards_page_apply (user_data, kalon_board_edit_describe (board->id, description), NULL);
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoard *board = dup_target (KALON_BOARDS_PAGE (widget));

  if (board == NULL)
    return;
  g_object_set_data_full (G_OBJECT (widget), EDITED, board, (GDestroyNotify) kalon_board_free);
  kalon_board_dialog_present (widget, board, edit, widget);
}

static void
duplicate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (KalonBoard) board = dup_target (KALON_BOARDS_PAGE (widget));
  g_autofree char *copy = NULL, *text = NULL;

  if (board == NULL)
    return;
  /* Translators: the name of the copy of a board. */
  copy = g_strdup_printf (_ ("%s (Copy)"), board->name);
  text = g_strdup_printf (_ ("Made a copy of “%s”"), board->name);
  kalon_boards_page_apply (widget, kalon_board_edit_duplicate (board->id, copy), text);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (widget);
  g_autoptr (KalonBoard) board = dup_target (self);
  g_autofree char *text = NULL;

  if (board == NULL)
    return;
  text = g_strdup_printf (_ ("Deleted the board “%s”"), board->name);
  if (kalon_boards_page_shows_board (self))
    kalon_boards_page_show_board (self, 0);
  kalon_boards_page_apply (widget, kalon_board_edit_delete (board->id), text);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_boards_page_apply (widget, kalon_board_edit_undo (), NULL);
}

static void
loaded_for_export_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonBoardsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonBoardContents *contents = kalon_boards_load_finish (KALON_BOARDS (object), result, &error);

  if (contents != NULL)
    gtk_window_present (GTK_WINDOW (kalon_board_export_dialog_new (GTK_WIDGET (self), contents)));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    kalon_boards_page_show_message (GTK_WIDGET (self), error->message);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (widget);
  g_autoptr (KalonBoard) board = dup_target (self);

  if (board != NULL)
    kalon_boards_load_async (self->boards, board->id, self->cancellable, loaded_for_export_cb,
                             g_object_ref (self));
}

static void
more_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (KALON_BOARDS_PAGE (widget)->view),
                              "board.more-like-these", NULL);
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_boards_page_popup_menu (KALON_BOARDS_PAGE (widget));
}

static void
show_exported_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_picture_show_in_files (widget, g_variant_get_bytestring (parameter));
}

static void
files_chosen_cb (GtkNativeDialog *dialog, int response, KalonBoardsPage *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) model = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      GSList *files = NULL;
      GdkFileList *list;

      for (guint i = g_list_model_get_n_items (model); i-- > 0;)
        files = g_slist_prepend (files, g_list_model_get_item (model, i));
      list = gdk_file_list_new_from_list (files);
      kalon_boards_page_add_files (GTK_WIDGET (self), kalon_board_view_get_board (self->view), 0,
                                   list);
      g_boxed_free (GDK_TYPE_FILE_LIST, list);
      g_slist_free_full (files, g_object_unref);
    }
  g_clear_object (&self->chooser);
}

static void
add_files_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (widget);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new (_ ("Add Pictures"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                     GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Add"), NULL);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  self->chooser = GTK_NATIVE_DIALOG (chooser);
  gtk_file_filter_set_name (filter, _ ("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (files_chosen_cb), self, 0);
  gtk_native_dialog_show (self->chooser);
}

void
kalon_boards_page_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "boards.new", NULL, new_action },
    { "boards.back", NULL, back_action },
    { "boards.edit", NULL, edit_action },
    { "boards.duplicate", NULL, duplicate_action },
    { "boards.delete", NULL, delete_action },
    { "boards.undo", NULL, undo_action },
    { "boards.export", NULL, export_action },
    { "boards.add-files", NULL, add_files_action },
    { "boards.more-like-these", NULL, more_action },
    { "boards.menu", NULL, menu_action },
    { "boards.show-exported", "ay", show_exported_action },
  };
  static const struct
  {
    guint key;
    GdkModifierType state;
    const char *action;
  } keys[] = {
    { GDK_KEY_n, GDK_CONTROL_MASK, "boards.new" },  { GDK_KEY_z, GDK_CONTROL_MASK, "boards.undo" },
    { GDK_KEY_Left, GDK_ALT_MASK, "boards.back" },  { GDK_KEY_Menu, 0, "boards.menu" },
    { GDK_KEY_F10, GDK_SHIFT_MASK, "boards.menu" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
  gtk_widget_class_install_property_action (widget_class, "boards.order", "order");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].state, keys[i].action,
                                         NULL);
}
