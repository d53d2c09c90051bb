/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-export-dialog.h"
#include "boards/kalon-boards-page.h"

struct _KalonBoardExportDialog
{
  AdwWindow parent_instance;

  KalonBoardContents *contents; /* NULL once they are exported */
  GtkWidget *page;              /* weak */
  GtkNativeDialog *chooser;     /* while it is open */
  GCancellable *cancellable;    /* of the export under way */

  AdwWindowTitle *title;
  GtkButton *cancel_button;
  GtkWidget *export_button;
  GtkStack *stack;
  AdwComboRow *format_row;
  GtkLabel *format_label;
  GtkWidget *sheet_group;
  AdwComboRow *paper_row;
  GtkSwitch *landscape_switch;
  GtkSpinButton *columns_spin;
  GtkSwitch *names_switch;
  GtkSwitch *notes_switch;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  AdwStatusPage *error_page;
  GtkLabel *failures_label;
  GtkLabel *failures_text;
};

G_DEFINE_FINAL_TYPE (KalonBoardExportDialog, kalon_board_export_dialog, ADW_TYPE_WINDOW)

static KalonBoardExportOptions
get_options (KalonBoardExportDialog *self)
{
  return (KalonBoardExportOptions){
    .format = (KalonBoardFormat) adw_combo_row_get_selected (self->format_row),
    /* The file chooser has asked. */
    .replace = TRUE,
    .paper = (KalonPaper) adw_combo_row_get_selected (self->paper_row),
    .landscape = gtk_switch_get_active (self->landscape_switch),
    .columns = (guint) gtk_spin_button_get_value_as_int (self->columns_spin),
    .names = gtk_switch_get_active (self->names_switch),
    .notes = gtk_switch_get_active (self->notes_switch),
    .right_to_left = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL,
  };
}

static void
format_changed_cb (KalonBoardExportDialog *self)
{
  const char *const texts[] = {
    [KALON_BOARD_FORMAT_FOLDER]
    = _ ("Copies of your files, numbered in the order of the board, and the notes as a text file."),
    [KALON_BOARD_FORMAT_ZIP]
    = _ ("One file with your files in it, numbered in the order of the board, and the notes."),
    [KALON_BOARD_FORMAT_PDF] = _ ("Pages for print and mail, with names and notes."),
    [KALON_BOARD_FORMAT_PNG]
    = _ ("The same pages as pictures for chats and slides, a file for each."),
  };
  guint format = adw_combo_row_get_selected (self->format_row);

  gtk_label_set_text (self->format_label, texts[format]);
  gtk_widget_set_visible (self->sheet_group, format >= KALON_BOARD_FORMAT_PDF);
}

static void
progress_cb (guint n_done, guint n_total, gpointer user_data)
{
  KalonBoardExportDialog *self = user_data;
  /* Translators: how many pictures of a board are exported, of how many. */
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u of %u picture exported", "%u of %u pictures exported", n_total), n_done,
      n_total);

  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, (double) n_done / MAX (n_total, 1));
}

static void
show_error (KalonBoardExportDialog *self, const GError *error)
{
  g_autofree char *text = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->error_page, text);
  gtk_stack_set_visible_child_name (self->stack, "error");
  /* Once more, with another place or format. */
  gtk_widget_set_visible (self->export_button, TRUE);
}

static void
show_failures (KalonBoardExportDialog *self, const KalonBoardExported *exported)
{
  guint n = exported->failures->len;
  g_autoptr (GString) list = g_string_new (NULL);
  g_autofree char *text
      = g_strdup_printf (ngettext ("All is exported but %u picture, which could not be read:",
                                   "All is exported but %u pictures, which could not be read:", n),
                         n);

  for (guint i = 0; i < n; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (exported->failures, i);
      g_autofree char *path = g_filename_display_name (failure->path);

      g_string_append_printf (list, "%s%s\n%s", i > 0 ? "\n\n" : "", path, failure->reason);
    }
  gtk_label_set_text (self->failures_label, text);
  gtk_label_set_text (self->failures_text, list->str);
  gtk_button_set_label (self->cancel_button, _ ("_Close"));
  gtk_stack_set_visible_child_name (self->stack, "failures");
}

static void
tell (KalonBoardExportDialog *self, const KalonBoardExported *exported)
{
  g_autofree char *text = g_strdup_printf (
      ngettext ("Exported %u picture", "Exported %u pictures", exported->n_written),
      exported->n_written);

  if (self->page != NULL)
    kalon_boards_page_show_exported (self->page, text, exported->path);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonBoardExportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardExported) exported = kalon_board_export_finish (result, &error);

  g_clear_object (&self->cancellable);
  if (exported != NULL)
    tell (self, exported);
  /* The window may be closed by now. */
  if (self->stack == NULL)
    return;
  if (exported == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (self, error);
  else if (exported != NULL && exported->failures->len > 0)
    show_failures (self, exported);
  else
    gtk_window_destroy (GTK_WINDOW (self));
}

void
kalon_board_export_dialog_export_to (KalonBoardExportDialog *self, const char *path)
{
  KalonBoardExportOptions options;

  g_return_if_fail (KALON_IS_BOARD_EXPORT_DIALOG (self));
  g_return_if_fail (self->cancellable == NULL);

  options = get_options (self);
  progress_cb (0, self->contents->items->len, self);
  gtk_stack_set_visible_child_name (self->stack, "progress");
  gtk_widget_set_visible (self->export_button, FALSE);
  self->cancellable = g_cancellable_new ();
  /* Ours are for a second try. */
  kalon_board_export_async (kalon_board_contents_copy (self->contents), &options, path, progress_cb,
                            self, self->cancellable, exported_cb, g_object_ref (self));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, KalonBoardExportDialog *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file);
      KalonBoardFormat format = get_options (self).format;

      if (path != NULL && format == KALON_BOARD_FORMAT_FOLDER)
        {
          g_autofree char *folder
              = kalon_board_format_dup_free_path (format, path, self->contents->board->name);

          kalon_board_export_dialog_export_to (self, folder);
        }
      else if (path != NULL)
        kalon_board_export_dialog_export_to (self, path);
    }
  g_clear_object (&self->chooser);
}

static void
export_clicked_cb (KalonBoardExportDialog *self)
{
  KalonBoardFormat format = get_options (self).format;
  gboolean folder = format == KALON_BOARD_FORMAT_FOLDER;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      folder ? _ ("Export into a New Folder in…") : _ ("Export as…"), GTK_WINDOW (self),
      folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"),
      NULL);

  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  self->chooser = GTK_NATIVE_DIALOG (chooser);
  if (!folder)
    {
      g_autofree char *name
          = kalon_board_format_dup_file_name (format, self->contents->board->name);

      gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
    }
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (self->chooser);
}

/* Closing ends what is under way: nothing of it is left. */
static gboolean
kalon_board_export_dialog_close_request (GtkWindow *window)
{
  KalonBoardExportDialog *self = KALON_BOARD_EXPORT_DIALOG (window);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  return GTK_WINDOW_CLASS (kalon_board_export_dialog_parent_class)->close_request (window);
}

static void
kalon_board_export_dialog_dispose (GObject *object)
{
  KalonBoardExportDialog *self = KALON_BOARD_EXPORT_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_weak_pointer (&self->page);
  g_clear_pointer (&self->contents, kalon_board_contents_free);
  self->stack = NULL;
  G_OBJECT_CLASS (kalon_board_export_dialog_parent_class)->dispose (object);
}

static void
kalon_board_export_dialog_class_init (KalonBoardExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_board_export_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = kalon_board_export_dialog_close_request;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/boards/kalon-board-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, title);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, export_button);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, format_row);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, format_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, sheet_group);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, paper_row);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, landscape_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, columns_spin);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, names_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, notes_switch);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, error_page);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, failures_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardExportDialog, failures_text);
  gtk_widget_class_bind_template_callback (widget_class, export_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, format_changed_cb);
}

static void
kalon_board_export_dialog_init (KalonBoardExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_selected (self->paper_row,
                              g_str_equal (gtk_paper_size_get_default (), GTK_PAPER_NAME_LETTER)
                                  ? KALON_PAPER_LETTER
                                  : KALON_PAPER_A4);
  format_changed_cb (self);
}

KalonBoardExportDialog *
kalon_board_export_dialog_new (GtkWidget *page, KalonBoardContents *contents)
{
  KalonBoardExportDialog *self;

  g_return_val_if_fail (KALON_IS_BOARDS_PAGE (page), NULL);
  g_return_val_if_fail (contents != NULL, NULL);

  self = g_object_new (KALON_TYPE_BOARD_EXPORT_DIALOG, "transient-for", gtk_widget_get_root (page),
                       NULL);
  g_set_weak_pointer (&self->page, page);
  self->contents = contents;
  adw_window_title_set_subtitle (self->title, contents->board->name);
  return self;
}
