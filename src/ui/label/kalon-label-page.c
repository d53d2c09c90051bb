/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "label/kalon-label-page-private.h"

G_DEFINE_FINAL_TYPE (KalonLabelPage, kalon_label_page, GTK_TYPE_WIDGET)

enum
{
  MESSAGE,
  WRITTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
kalon_label_page_map (GtkWidget *widget)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);

  GTK_WIDGET_CLASS (kalon_label_page_parent_class)->map (widget);
  if (self->stale && self->session != NULL)
    kalon_label_page_reload (self);
}

/* The command line may make and label sets while another page is shown. */
static void
kalon_label_page_unmap (GtkWidget *widget)
{
  KALON_LABEL_PAGE (widget)->stale = TRUE;
  GTK_WIDGET_CLASS (kalon_label_page_parent_class)->unmap (widget);
}

/* (nullable): that of the set at hand, else the first. */
static GtkWidget *
find_row (KalonLabelPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  int found = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KalonLabelSetObject) object
          = g_list_model_get_item (G_LIST_MODEL (self->store), i);

      if (g_strcmp0 (kalon_label_set_object_get_info (object)->id, self->set_id) == 0)
        found = (int) i;
    }
  return GTK_WIDGET (gtk_list_box_get_row_at_index (self->list_box, found));
}

static gboolean
kalon_label_page_grab_focus (GtkWidget *widget)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (widget);
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  if (g_strcmp0 (page, "task") == 0)
    return gtk_widget_grab_focus (GTK_WIDGET (self->view));
  if (g_strcmp0 (page, "list") == 0)
    return gtk_widget_grab_focus (find_row (self));
  if (g_strcmp0 (page, "loading") != 0)
    return gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
  /* What comes takes it from there. */
  gtk_root_set_focus (gtk_widget_get_root (widget), self->loading_page);
  return TRUE;
}

static void
kalon_label_page_dispose (GObject *object)
{
  KalonLabelPage *self = KALON_LABEL_PAGE (object);
  GtkWidget *child;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->store);
  g_clear_object (&self->session);
  g_clear_pointer (&self->set_id, g_free);
  g_clear_pointer (&self->set_name, g_free);
  g_clear_pointer (&self->labeler, g_free);
  G_OBJECT_CLASS (kalon_label_page_parent_class)->dispose (object);
}

static void
kalon_label_page_class_init (KalonLabelPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_label_page_dispose;
  widget_class->map = kalon_label_page_map;
  widget_class->unmap = kalon_label_page_unmap;
  widget_class->grab_focus = kalon_label_page_grab_focus;

  signals[MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[WRITTEN] = g_signal_new ("written", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  g_type_ensure (KALON_TYPE_LABEL_VIEW);
  kalon_label_page_install_actions (widget_class);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/label/kalon-label-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, loading_page);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, list_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, list_box);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, view);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, end_page);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelPage, end_buttons);
}

static void
kalon_label_page_init (KalonLabelPage *self)
{
  self->stale = TRUE;
  self->cancellable = g_cancellable_new ();
  self->store = g_list_store_new (KALON_TYPE_LABEL_SET_OBJECT);
  gtk_widget_init_template (GTK_WIDGET (self));
  kalon_label_page_make_list (self);
  kalon_label_page_connect_view (self);
}

void
kalon_label_page_set_session (KalonLabelPage *self, KalonSession *session)
{
  g_return_if_fail (KALON_IS_LABEL_PAGE (self));
  g_return_if_fail (KALON_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->library_directory = kalon_session_get_services (session)->library_directory;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    kalon_label_page_reload (self);
}

const KalonLabelSetInfo *
kalon_label_page_find (KalonLabelPage *self, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KalonLabelSetObject) object
          = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      const KalonLabelSetInfo *info = kalon_label_set_object_get_info (object);

      if (g_str_equal (info->id, id))
        return info;
    }
  return NULL;
}

void
kalon_label_page_say (KalonLabelPage *self, const char *text)
{
  g_signal_emit (self, signals[MESSAGE], 0, text);
}
