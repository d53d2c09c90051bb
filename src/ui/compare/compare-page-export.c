/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "compare/kalon-compare-page-private.h"
#include "search/kalon-question-text.h"

/* Of a file's name, in characters: file systems end at 255 bytes. */
#define MAX_NAME 60

typedef struct
{
  KalonComparePage *page;
  char *path;
} Export;

static void
export_free (Export *export)
{
  g_object_unref (export->page);
  g_free (export->path);
  g_free (export);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
tell (KalonComparePage *self, const char *path, const GError *error)
{
  /* The window may have been closed meanwhile; the file is there. */
  if (self->session == NULL)
    return;
  if (error == NULL)
    g_signal_emit_by_name (self, "exported", path);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit_by_name (self, "message", error->message);
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;

  kalon_comparison_export_finish (result, &error);
  tell (export->page, export->path, error);
}

/* (transfer full) */
static KalonComparison *
create_comparison (KalonComparePage *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);
  g_autofree char *question = kalon_question_to_text (kalon_search_get_question (self->search));
  KalonComparison *comparison = kalon_comparison_new (question, kalon_compare_page_get_k (self));
  KalonAlignment alignment;

  kalon_search_fill_alignment (self->search, &alignment);
  comparison->rephrased = g_strdup (alignment.rephrased);
  comparison->rephrase = alignment.rephrase;
  comparison->aesthetic = alignment.aesthetic;
  comparison->taste = alignment.taste;
  comparison->model = g_strdup (services->model_id);
  for (guint place = 0; place < 2; place++)
    {
      g_autofree char *title
          = kalon_rival_dup_title (kalon_contest_get_rival (self->contest, self->order[place]));

      kalon_comparison_set_side (comparison, place, title,
                                 kalon_compare_page_get_ranking (self, place));
    }
  return comparison;
}

/* (transfer full): with its ending, which one may forget to type. */
static char *
dup_path (GFile *file, const char *ending)
{
  const char *path = g_file_peek_path (file);

  return g_str_has_suffix (path, ending) ? g_strdup (path) : g_strconcat (path, ending, NULL);
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, KalonComparePage *self)
{
  if (response == GTK_RESPONSE_ACCEPT && kalon_compare_page_get_ranking (self, 0) != NULL
      && kalon_compare_page_get_ranking (self, 1) != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      Export *export = g_new (Export, 1);

      *export = (Export){ g_object_ref (self), dup_path (file, self->ending) };
      kalon_comparison_export_async (create_comparison (self),
                                     kalon_session_get_services (self->session)->library_directory,
                                     export->path, self->cancellable, exported_cb, export);
    }
  g_clear_object (&self->chooser);
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_copy_finish (G_FILE (object), result, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("Nothing was judged yet: turn the blind test on."));
    }
  tell (export->page, export->path, error);
}

static void
judgements_chosen_cb (GtkNativeDialog *dialog, int response, KalonComparePage *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = kalon_judgements_dup_path (
          kalon_session_get_services (self->session)->library_directory);
      g_autoptr (GFile) source = g_file_new_for_path (path);
      Export *export = g_new (Export, 1);

      *export = (Export){ g_object_ref (self), g_file_get_path (file) };
      g_file_copy_async (source, file, G_FILE_COPY_OVERWRITE, G_PRIORITY_DEFAULT, self->cancellable,
                         NULL, NULL, copied_cb, export);
    }
  g_clear_object (&self->chooser);
}

static void
choose (KalonComparePage *self, const char *title, const char *name, GCallback chosen)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkFileChooserNative) chooser = gtk_file_chooser_native_new (
      title, GTK_WINDOW (root), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), NULL);
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  if (documents != NULL)
    {
      g_autoptr (GFile) folder = g_file_new_for_path (documents);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder, NULL);
    }
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_set_object (&self->chooser, GTK_NATIVE_DIALOG (chooser));
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", chosen, self, 0);
  gtk_native_dialog_show (self->chooser);
}

/* (transfer full): "Comparison of a quiet lake.png" */
static char *
dup_name (KalonComparePage *self, const char *ending)
{
  g_autofree char *question = kalon_question_to_text (kalon_search_get_question (self->search));
  g_autofree char *query
      = g_utf8_substring (question, 0, MIN (MAX_NAME, g_utf8_strlen (question, -1)));
  g_autofree char *name = NULL;

  g_strdelimit (query, "/\n\t", ' ');
  g_strstrip (query);
  /* Translators: the name of a file; what was searched for is put in. */
  name = *query != '\0' ? g_strdup_printf (_ ("Comparison of %s"), query)
                        : g_strdup (_ ("Comparison"));
  return g_strconcat (name, ending, NULL);
}

void
kalon_compare_page_export (KalonComparePage *self, const char *ending)
{
  g_autofree char *name = dup_name (self, ending);

  self->ending = ending;
  choose (self, _ ("Export the Comparison"), name, G_CALLBACK (chosen_cb));
}

void
kalon_compare_page_export_judgements (KalonComparePage *self)
{
  choose (self, _ ("Export What Was Judged"), "judgements.jsonl",
          G_CALLBACK (judgements_chosen_cb));
}
