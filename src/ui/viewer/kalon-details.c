/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "viewer/kalon-details.h"

struct _KalonDetails
{
  GtkWidget parent_instance;

  char *text; /* to be copied */

  GtkWidget *box;
  GtkBox *rows;
};

G_DEFINE_FINAL_TYPE (KalonDetails, kalon_details, GTK_TYPE_WIDGET)

static GtkWidget *
create_value (const char *value, GtkWidget *caption)
{
  GtkWidget *label = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  caption, NULL, -1);
  return label;
}

/* @second: (nullable): of one picture. Of two, a value that one has not is "–". */
static void
add_row (KalonDetails *self, const char *caption, const char *first, const char *second)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *values = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gboolean differs = second != NULL && g_strcmp0 (first, second) != 0;
  /* Translators: beside the caption of a line in which two pictures differ; e.g. "≠ Camera". */
  g_autofree char *marked = differs ? g_strdup_printf (_ ("≠ %s"), caption) : g_strdup (caption);
  GtkWidget *caption_label = gtk_label_new (marked);

  gtk_label_set_xalign (GTK_LABEL (caption_label), 0);
  gtk_widget_add_css_class (caption_label, "caption");
  gtk_widget_add_css_class (caption_label, differs ? "differs" : "dim-label");
  if (differs)
    {
      /* Translators: read aloud; the caption of a line in which two pictures differ. */
      g_autofree char *aloud = g_strdup_printf (_ ("%s, different"), caption);

      gtk_accessible_update_property (GTK_ACCESSIBLE (caption_label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      aloud, -1);
    }
  gtk_box_append (GTK_BOX (values), create_value (first, caption_label));
  if (second != NULL)
    {
      gtk_box_set_homogeneous (GTK_BOX (values), TRUE);
      gtk_box_append (GTK_BOX (values), create_value (second, caption_label));
    }
  gtk_box_append (GTK_BOX (row), caption_label);
  gtk_box_append (GTK_BOX (row), values);
  gtk_box_append (self->rows, row);
}

static void
clear (KalonDetails *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, row);
  g_clear_pointer (&self->text, g_free);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "details.copy", FALSE);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonDetails *self = KALON_DETAILS (widget);

  if (self->text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->text);
}

static void
kalon_details_dispose (GObject *object)
{
  KalonDetails *self = KALON_DETAILS (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (kalon_details_parent_class)->dispose (object);
}

static void
kalon_details_class_init (KalonDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_details_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "details.copy", NULL, copy_action);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/viewer/kalon-details.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonDetails, box);
  gtk_widget_class_bind_template_child (widget_class, KalonDetails, rows);
}

static void
kalon_details_init (KalonDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  clear (self);
}

void
kalon_details_set_details (KalonDetails *self, GPtrArray *details)
{
  g_return_if_fail (KALON_IS_DETAILS (self));

  clear (self);
  if (details == NULL)
    return;
  for (guint i = 0; i < details->len; i++)
    {
      const KalonDetail *detail = g_ptr_array_index (details, i);

      add_row (self, detail->caption, detail->value, NULL);
    }
  self->text = kalon_detail_list_to_text (details);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "details.copy", TRUE);
}

static guint
find (GPtrArray *details, const char *caption, guint from)
{
  for (guint i = from; i < details->len; i++)
    if (g_str_equal (((KalonDetail *) g_ptr_array_index (details, i))->caption, caption))
      return i;
  return details->len;
}

void
kalon_details_set_pair (KalonDetails *self, GPtrArray *first, GPtrArray *second)
{
  guint j = 0;

  g_return_if_fail (KALON_IS_DETAILS (self));

  clear (self);
  if (first == NULL || second == NULL)
    return;
  /* Both are in one order, each with gaps. */
  for (guint i = 0; i < first->len; i++)
    {
      const KalonDetail *detail = g_ptr_array_index (first, i);
      guint same = find (second, detail->caption, j);

      if (same == second->len)
        {
          add_row (self, detail->caption, detail->value, "–");
          continue;
        }
      for (; j < same; j++)
        {
          const KalonDetail *other = g_ptr_array_index (second, j);

          add_row (self, other->caption, "–", other->value);
        }
      add_row (self, detail->caption, detail->value,
               ((KalonDetail *) g_ptr_array_index (second, j++))->value);
    }
  for (; j < second->len; j++)
    {
      const KalonDetail *other = g_ptr_array_index (second, j);

      add_row (self, other->caption, "–", other->value);
    }
  {
    g_autofree char *text = kalon_detail_list_to_text (first);
    g_autofree char *other_text = kalon_detail_list_to_text (second);

    self->text = g_strconcat (text, "\n", other_text, NULL);
  }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "details.copy", TRUE);
}
