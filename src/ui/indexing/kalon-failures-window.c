/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-failures-window.h"
#include "results/kalon-picture-actions.h"

/* A row's item. */
#define KALON_TYPE_FAILURE_ITEM (kalon_failure_item_get_type ())
G_DECLARE_FINAL_TYPE (KalonFailureItem, kalon_failure_item, KALON, FAILURE_ITEM, GObject)

struct _KalonFailureItem
{
  GObject parent_instance;

  char *path;
  char *reason;
};

G_DEFINE_FINAL_TYPE (KalonFailureItem, kalon_failure_item, G_TYPE_OBJECT)

static void
kalon_failure_item_finalize (GObject *object)
{
  KalonFailureItem *self = KALON_FAILURE_ITEM (object);

  g_free (self->path);
  g_free (self->reason);
  G_OBJECT_CLASS (kalon_failure_item_parent_class)->finalize (object);
}

static void
kalon_failure_item_class_init (KalonFailureItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_failure_item_finalize;
}

static void
kalon_failure_item_init (KalonFailureItem *self)
{
}

struct _KalonFailuresWindow
{
  AdwWindow parent_instance;

  KalonCatalogue *catalogue;
  KalonIndexing *indexing;
  GListStore *failures; /* KalonFailureItem */

  GtkStack *stack;
  GtkListView *view;
  AdwStatusPage *message;
  AdwToastOverlay *toasts;
  GtkWidget *copy_button;
  GtkWidget *retry_button;
};

G_DEFINE_FINAL_TYPE (KalonFailuresWindow, kalon_failures_window, ADW_TYPE_WINDOW)

static void
show_in_files_cb (GtkButton *button, GtkListItem *list_item)
{
  KalonFailureItem *item = gtk_list_item_get_item (list_item);

  kalon_picture_show_in_files (GTK_WIDGET (button), item->path);
}

static GtkWidget *
create_label (GtkWidget *box)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *path = create_label (box), *reason = create_label (box);
  GtkWidget *button = gtk_button_new_from_icon_name ("folder-open-symbolic");

  gtk_widget_set_margin_top (row, 6);
  gtk_widget_set_margin_bottom (row, 6);
  gtk_widget_set_margin_start (row, 6);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (path), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_wrap (GTK_LABEL (reason), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (reason), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (reason), TRUE);
  gtk_widget_add_css_class (reason, "dim-label");
  gtk_widget_add_css_class (reason, "caption");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Show in Files"));
  g_signal_connect (button, "clicked", G_CALLBACK (show_in_files_cb), list_item);
  gtk_box_append (GTK_BOX (row), box);
  gtk_box_append (GTK_BOX (row), button);
  gtk_list_item_set_child (list_item, row);
  gtk_list_item_set_activatable (list_item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *box = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *button = gtk_widget_get_next_sibling (box);
  GtkWidget *path = gtk_widget_get_first_child (box);
  GtkWidget *reason = gtk_widget_get_next_sibling (path);
  const KalonFailureItem *item = gtk_list_item_get_item (list_item);
  g_autofree char *name = g_filename_display_name (item->path);
  g_autofree char *label = g_strdup_printf (_ ("Show %s in Files"), name);

  gtk_label_set_text (GTK_LABEL (path), name);
  gtk_widget_set_tooltip_text (path, name);
  gtk_label_set_text (GTK_LABEL (reason), item->reason);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void
take (KalonFailuresWindow *self, GPtrArray *failures)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (failures, i);
      KalonFailureItem *item = g_object_new (KALON_TYPE_FAILURE_ITEM, NULL);

      item->path = g_strdup (failure->path);
      item->reason = g_strdelimit (g_strdup (failure->reason), "\n", ' ');
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->failures, 0, g_list_model_get_n_items (G_LIST_MODEL (self->failures)),
                       items->pdata, items->len);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonFailuresWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failures
      = kalon_catalogue_list_failures_finish (KALON_CATALOGUE (object), result, &error);
  gboolean any;

  if (failures == NULL)
    {
      adw_status_page_set_title (self->message, _ ("The Library Cannot Be Read"));
      adw_status_page_set_icon_name (self->message, "dialog-error-symbolic");
      adw_status_page_set_description (self->message, error->message);
    }
  else
    take (self, failures);
  any = failures != NULL && failures->len > 0;
  gtk_stack_set_visible_child_name (self->stack, any ? "list" : "message");
  gtk_widget_set_sensitive (self->copy_button, any);
  gtk_widget_set_sensitive (self->retry_button, any && !kalon_indexing_is_running (self->indexing));
}

static void
list (KalonFailuresWindow *self)
{
  kalon_catalogue_list_failures_async (self->catalogue, NULL, listed_cb, g_object_ref (self));
}

static void
copy_cb (KalonFailuresWindow *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->failures)); i++)
    {
      g_autoptr (KalonFailureItem) item = g_list_model_get_item (G_LIST_MODEL (self->failures), i);
      g_autofree char *name = g_filename_display_name (item->path);

      g_string_append_printf (text, "%s\t%s\n", name, item->reason);
    }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("List copied")));
}

static void
retry_cb (KalonFailuresWindow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->failures)); i++)
    {
      g_autoptr (KalonFailureItem) item = g_list_model_get_item (G_LIST_MODEL (self->failures), i);

      g_strv_builder_add (builder, item->path);
    }
  paths = g_strv_builder_end (builder);
  gtk_widget_set_sensitive (self->retry_button, FALSE);
  kalon_indexing_update (self->indexing, (const char *const *) paths);
}

static void
kalon_failures_window_dispose (GObject *object)
{
  KalonFailuresWindow *self = KALON_FAILURES_WINDOW (object);

  g_clear_object (&self->catalogue);
  g_clear_object (&self->indexing);
  g_clear_object (&self->failures);
  G_OBJECT_CLASS (kalon_failures_window_parent_class)->dispose (object);
}

static void
kalon_failures_window_class_init (KalonFailuresWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_failures_window_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/indexing/kalon-failures-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, view);
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, message);
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, KalonFailuresWindow, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
kalon_failures_window_init (KalonFailuresWindow *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->view, factory);
  self->failures = g_list_store_new (KALON_TYPE_FAILURE_ITEM);
  selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->failures)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

KalonFailuresWindow *
kalon_failures_window_new (GtkWindow *parent, KalonCatalogue *catalogue, KalonIndexing *indexing)
{
  KalonFailuresWindow *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (KALON_IS_CATALOGUE (catalogue), NULL);
  g_return_val_if_fail (KALON_IS_INDEXING (indexing), NULL);

  self = g_object_new (KALON_TYPE_FAILURES_WINDOW, "transient-for", parent, NULL);
  self->catalogue = g_object_ref (catalogue);
  self->indexing = g_object_ref (indexing);
  g_signal_connect_object (indexing, "finished", G_CALLBACK (list), self, G_CONNECT_SWAPPED);
  list (self);
  return self;
}
