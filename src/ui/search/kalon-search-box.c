/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-search-box.h"

struct _KalonSearchBox
{
  GtkWidget parent_instance;

  KalonSearch *search;

  GtkWidget *box;
  GtkWidget *picture_chip;
  GtkLabel *picture_label;
  GtkEditable *entry;
};

G_DEFINE_FINAL_TYPE (KalonSearchBox, kalon_search_box, GTK_TYPE_WIDGET)

enum
{
  LEAVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update (KalonSearchBox *self)
{
  const char *path = kalon_search_get_picture (self->search);

  gtk_widget_set_visible (self->picture_chip, path != NULL);
  if (path != NULL)
    {
      g_autofree char *name = g_filename_display_basename (path);
      g_autofree char *label = g_strdup_printf (_ ("Pictures like %s; press to stop"), name);

      gtk_label_set_text (self->picture_label, name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture_chip),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_BUSY,
                               kalon_search_is_busy (self->search), -1);
}

static void
search_changed_cb (KalonSearchBox *self)
{
  if (self->search != NULL)
    kalon_search_set_text (self->search, gtk_editable_get_text (self->entry));
}

static void
activated_cb (KalonSearchBox *self)
{
  search_changed_cb (self);
  g_signal_emit (self, signals[LEAVE], 0);
}

static void
stop_search_cb (KalonSearchBox *self)
{
  if (kalon_search_has_query (self->search) || *gtk_editable_get_text (self->entry) != '\0')
    kalon_search_box_clear (self);
  else
    g_signal_emit (self, signals[LEAVE], 0);
}

static void
picture_chip_clicked_cb (KalonSearchBox *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  kalon_search_set_picture (self->search, NULL);
}

static gboolean
key_pressed_cb (KalonSearchBox *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[LEAVE], 0);
  return GDK_EVENT_STOP;
}

static gboolean
kalon_search_box_grab_focus (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean inside = focus != NULL && gtk_widget_is_ancestor (focus, widget);

  /* GTK asks with Shift+Tab, too, when nothing in here is before what has it: on to who is. */
  return gtk_widget_grab_focus (GTK_WIDGET (KALON_SEARCH_BOX (widget)->entry)) && !inside;
}

static void
kalon_search_box_dispose (GObject *object)
{
  KalonSearchBox *self = KALON_SEARCH_BOX (object);

  g_clear_object (&self->search);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_search_box_parent_class)->dispose (object);
}

static void
kalon_search_box_class_init (KalonSearchBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_search_box_dispose;
  widget_class->grab_focus = kalon_search_box_grab_focus;

  signals[LEAVE] = g_signal_new ("leave", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-search-box.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, box);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, picture_chip);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, picture_label);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, entry);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, picture_chip_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kalon_search_box_init (KalonSearchBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_search_box_set_search (KalonSearchBox *self, KalonSearch *search)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));
  g_return_if_fail (KALON_IS_SEARCH (search));
  g_return_if_fail (self->search == NULL);

  self->search = g_object_ref (search);
  g_signal_connect_object (search, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

gboolean
kalon_search_box_forward_key (KalonSearchBox *self, GtkEventControllerKey *controller, guint keyval,
                              GdkModifierType state)
{
  g_return_val_if_fail (KALON_IS_SEARCH_BOX (self), GDK_EVENT_PROPAGATE);

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0
      || !g_unichar_isgraph (gdk_keyval_to_unicode (keyval)))
    return GDK_EVENT_PROPAGATE;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_editable_set_position (self->entry, -1);
  return gtk_event_controller_key_forward (controller,
                                           GTK_WIDGET (gtk_editable_get_delegate (self->entry)));
}

void
kalon_search_box_set_text (KalonSearchBox *self, const char *text)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));
  gtk_editable_set_text (self->entry, text);
  /* Not after the entry's delay. */
  kalon_search_set_text (self->search, text);
}

void
kalon_search_box_clear (KalonSearchBox *self)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));
  kalon_search_box_set_text (self, "");
  kalon_search_set_picture (self->search, NULL);
}
