/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-failures-window.h"

struct _KalonFailuresWindow
{
  AdwWindow parent_instance;

  GtkStack *stack;
  GtkListView *view;
  AdwStatusPage *message;
};

G_DEFINE_FINAL_TYPE (KalonFailuresWindow, kalon_failures_window, ADW_TYPE_WINDOW)

/* A string object for each failure: its path, a newline, its reason. File names may hold a newline
 * too, so the last one parts them; reasons are one line. */
static char *
join (const KalonFailure *failure)
{
  g_autofree char *path = g_filename_display_name (failure->path);
  g_autofree char *reason = g_strdelimit (g_strdup (failure->reason), "\n", ' ');

  return g_strdup_printf ("%s\n%s", path, reason);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *path = gtk_label_new (NULL), *reason = gtk_label_new (NULL);

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_label_set_xalign (GTK_LABEL (path), 0);
  gtk_label_set_ellipsize (GTK_LABEL (path), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (reason), 0);
  gtk_label_set_wrap (GTK_LABEL (reason), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (reason), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (reason), TRUE);
  gtk_widget_add_css_class (reason, "dim-label");
  gtk_widget_add_css_class (reason, "caption");
  gtk_box_append (GTK_BOX (box), path);
  gtk_box_append (GTK_BOX (box), reason);
  gtk_list_item_set_child (list_item, box);
  gtk_list_item_set_activatable (list_item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *path = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *reason = gtk_widget_get_next_sibling (path);
  const char *failure = gtk_string_object_get_string (gtk_list_item_get_item (list_item));
  const char *end = strrchr (failure, '\n');
  g_autofree char *name = g_strndup (failure, end - failure);

  gtk_label_set_text (GTK_LABEL (path), name);
  gtk_widget_set_tooltip_text (path, name);
  gtk_label_set_text (GTK_LABEL (reason), end + 1);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonFailuresWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failures
      = kalon_catalogue_list_failures_finish (KALON_CATALOGUE (object), result, &error);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  g_autoptr (GtkNoSelection) selection = NULL;

  if (failures == NULL)
    {
      adw_status_page_set_title (self->message, _ ("The Library Cannot Be Read"));
      adw_status_page_set_icon_name (self->message, "dialog-error-symbolic");
      adw_status_page_set_description (self->message, error->message);
    }
  else
    for (guint i = 0; i < failures->len; i++)
      gtk_string_list_take (list, join (g_ptr_array_index (failures, i)));
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (list)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  gtk_stack_set_visible_child_name (
      self->stack, g_list_model_get_n_items (G_LIST_MODEL (list)) > 0 ? "list" : "message");
}

static void
kalon_failures_window_class_init (KalonFailuresWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/indexing/kalon-failures-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, view);
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, message);
}

static void
kalon_failures_window_init (KalonFailuresWindow *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->view, factory);
}

KalonFailuresWindow *
kalon_failures_window_new (GtkWindow *parent, KalonCatalogue *catalogue)
{
  KalonFailuresWindow *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (KALON_IS_CATALOGUE (catalogue), NULL);

  self = g_object_new (KALON_TYPE_FAILURES_WINDOW, "transient-for", parent, NULL);
  kalon_catalogue_list_failures_async (catalogue, NULL, listed_cb, g_object_ref (self));
  return self;
}
