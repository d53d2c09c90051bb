/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-new-dialog-private.h"

/* Queries that are suggested: as many as a label session of a quarter of an hour has. */
#define N_SUGGESTED 40

G_DEFINE_FINAL_TYPE (KalonLabelNewDialog, kalon_label_new_dialog, ADW_TYPE_WINDOW)

enum
{
  BUILT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

GStrv
kalon_label_new_dialog_list_queries (KalonLabelNewDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  g_autoptr (GStrvBuilder) queries = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0' && g_hash_table_add (seen, lines[i]))
      g_strv_builder_add (queries, lines[i]);
  return g_strv_builder_end (queries);
}

static void
changed_cb (KalonLabelNewDialog *self)
{
  g_auto (GStrv) queries = kalon_label_new_dialog_list_queries (self);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  guint n = g_strv_length (queries);
  g_autofree char *text = NULL;

  text = n > 0 ? g_strdup_printf (ngettext ("%u query", "%u queries", n), n) : g_strdup ("");
  gtk_label_set_text (self->count_label, text);
  gtk_widget_set_sensitive (self->create_button, n > 0 && *name != '\0' && !self->building);
}

static void
suggested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelNewDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) suggested = kalon_label_suggest_queries_finish (result, &error);
  g_auto (GStrv) queries = NULL;
  GtkTextBuffer *buffer;
  GtkTextIter end;

  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (self->suggest_button, TRUE);
  gtk_label_set_text (self->error_label, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
  if (suggested == NULL)
    return;
  queries = kalon_label_new_dialog_list_queries (self);
  buffer = gtk_text_view_get_buffer (self->text_view);
  for (guint i = 0; suggested[i] != NULL; i++)
    {
      if (g_strv_contains ((const char *const *) queries, suggested[i]))
        continue;
      gtk_text_buffer_get_end_iter (buffer, &end);
      if (!gtk_text_iter_starts_line (&end))
        gtk_text_buffer_insert (buffer, &end, "\n", -1);
      gtk_text_buffer_insert (buffer, &end, suggested[i], -1);
    }
  if (*suggested == NULL)
    gtk_label_set_text (self->count_label,
                        _ ("There is nothing to suggest: nothing was searched for yet, and the "
                           "pictures answer too few of the built-in queries."));
}

static void
suggest_cb (KalonLabelNewDialog *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);

  gtk_widget_set_sensitive (self->suggest_button, FALSE);
  kalon_label_suggest_queries_async (services->library_directory, services->searcher, N_SUGGESTED,
                                     self->cancellable, suggested_cb, g_object_ref (self));
}

static gboolean
escape_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (widget));
  return GDK_EVENT_STOP;
}

/* Not before: what has had the focus before it is shown is no window to a screen reader. */
static void
kalon_label_new_dialog_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kalon_label_new_dialog_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (KALON_LABEL_NEW_DIALOG (widget)->name_row));
}

/* What is under way holds the window, so that its end is not that of the object: which may come
 * after its parent's. */
static void
kalon_label_new_dialog_unrealize (GtkWidget *widget)
{
  KalonLabelNewDialog *self = KALON_LABEL_NEW_DIALOG (widget);

  g_cancellable_cancel (self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_object (&self->session);
  GTK_WIDGET_CLASS (kalon_label_new_dialog_parent_class)->unrealize (widget);
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
}

static void
kalon_label_new_dialog_finalize (GObject *object)
{
  KalonLabelNewDialog *self = KALON_LABEL_NEW_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->systems);
  g_clear_object (&self->session);
  g_strfreev (self->queries);
  g_free (self->style);
  G_OBJECT_CLASS (kalon_label_new_dialog_parent_class)->finalize (object);
}

static void
kalon_label_new_dialog_class_init (KalonLabelNewDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = kalon_label_new_dialog_finalize;
  widget_class->map = kalon_label_new_dialog_map;
  widget_class->unrealize = kalon_label_new_dialog_unrealize;
  signals[BUILT] = g_signal_new ("built", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/label/kalon-label-new-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, create_button);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, count_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, suggest_button);
  gtk_widget_class_bind_template_child_full (widget_class, "first_system_row", FALSE,
                                             G_STRUCT_OFFSET (KalonLabelNewDialog, system_rows[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "second_system_row", FALSE,
                                             G_STRUCT_OFFSET (KalonLabelNewDialog, system_rows[1]));
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, systems_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, k_spin);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, repeats_spin);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelNewDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, suggest_cb);
  gtk_widget_class_bind_template_callback (widget_class, kalon_label_new_dialog_build);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
}

static void
kalon_label_new_dialog_init (KalonLabelNewDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
}

KalonLabelNewDialog *
kalon_label_new_dialog_new (GtkWindow *parent, KalonSession *session)
{
  KalonLabelNewDialog *self;

  g_return_val_if_fail (KALON_IS_SESSION (session), NULL);

  self = g_object_new (KALON_TYPE_LABEL_NEW_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  self->systems = kalon_label_systems_new (kalon_session_get_services (session)->rivals);
  kalon_label_new_dialog_connect_systems (self);
  return self;
}
