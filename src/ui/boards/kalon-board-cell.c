/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-cell.h"

struct _KalonBoardCell
{
  GtkWidget parent_instance;

  char *note; /* as it is kept; (nullable): nothing is shown */
  gboolean editing;

  KalonResultCell *picture;
  GtkWidget *missing_label;
  GtkLabel *name_label;
  GtkLabel *note_label;
  GtkWidget *note_text;
};

G_DEFINE_FINAL_TYPE (KalonBoardCell, kalon_board_cell, GTK_TYPE_WIDGET)

enum
{
  NOTE_WRITTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_note (KalonBoardCell *self)
{
  gboolean empty = self->note == NULL || *self->note == '\0';

  gtk_label_set_text (self->note_label, empty ? _ ("Add a note") : self->note);
  /* The offer of one is seen where one looks. */
  if (empty)
    gtk_widget_add_css_class (GTK_WIDGET (self->note_label), "empty");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->note_label), "empty");
}

static void
end_editing (KalonBoardCell *self, gboolean keep)
{
  g_autofree char *text = NULL;

  if (!self->editing)
    return;
  self->editing = FALSE;
  text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->note_text)));
  gtk_widget_set_visible (self->note_text, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), TRUE);
  if (!keep || self->note == NULL || g_str_equal (text, self->note))
    return;
  /* It is the note from now on; if it is refused, the old one comes back. */
  g_free (self->note);
  self->note = g_strdup (text);
  show_note (self);
  g_signal_emit (self, signals[NOTE_WRITTEN], 0, text);
}

/* Back to where the keys move about. */
static void
leave (KalonBoardCell *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));

  if (parent != NULL)
    gtk_widget_grab_focus (parent);
}

static void
note_entered_cb (KalonBoardCell *self)
{
  end_editing (self, TRUE);
  leave (self);
}

static void
note_focus_cb (KalonBoardCell *self)
{
  if (!gtk_widget_has_focus (self->note_text))
    end_editing (self, TRUE);
}

static gboolean
note_key_cb (KalonBoardCell *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  end_editing (self, FALSE);
  leave (self);
  return GDK_EVENT_STOP;
}

static void
note_clicked_cb (KalonBoardCell *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  /* Else the view takes the press for one on the picture, and the focus with it. */
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  kalon_board_cell_edit_note (self);
}

static void
kalon_board_cell_dispose (GObject *object)
{
  KalonBoardCell *self = KALON_BOARD_CELL (object);
  GtkWidget *child;

  self->editing = FALSE;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->note, g_free);
  G_OBJECT_CLASS (kalon_board_cell_parent_class)->dispose (object);
}

static void
kalon_board_cell_class_init (KalonBoardCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_board_cell_dispose;

  signals[NOTE_WRITTEN]
      = g_signal_new ("note-written", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KALON_TYPE_RESULT_CELL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "boardcell");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/boards/kalon-board-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonBoardCell, picture);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardCell, missing_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardCell, name_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardCell, note_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardCell, note_text);
  gtk_widget_class_bind_template_callback (widget_class, note_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_focus_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_key_cb);
}

static void
kalon_board_cell_init (KalonBoardCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kalon_board_cell_new (void)
{
  return g_object_new (KALON_TYPE_BOARD_CELL, NULL);
}

void
kalon_board_cell_set_size (KalonBoardCell *self, int size)
{
  g_return_if_fail (KALON_IS_BOARD_CELL (self));
  kalon_result_cell_set_size (self->picture, size);
}

void
kalon_board_cell_set_item (KalonBoardCell *self, KalonResultItem *result,
                           const KalonBoardItem *item, guint position, guint n_items)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *name = NULL, *label = NULL;

  g_return_if_fail (KALON_IS_BOARD_CELL (self));

  /* What was written comes first, also when the cell scrolls away. */
  end_editing (self, TRUE);
  kalon_result_cell_set_item (self->picture, result);
  kalon_board_cell_set_drop_place (self, KALON_DROP_NOWHERE);
  g_clear_pointer (&self->note, g_free);
  if (item == NULL)
    return;
  self->note = g_strdup (item->note);
  name = g_filename_display_basename (item->path);
  gtk_label_set_text (self->name_label, name);
  show_note (self);
  gtk_widget_set_visible (self->missing_label, item->missing);
  gtk_widget_set_opacity (GTK_WIDGET (self->picture), item->missing ? 0.5 : 1);
  if (item->missing)
    {
      g_autofree char *path = g_filename_display_name (item->path);
      /* Translators: a picture on a board; %s is its last path. */
      g_autofree char *text = g_strdup_printf (_ ("Missing: last seen as %s"), path);

      gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
      /* Translators: a picture on a board, to be read aloud: its name, its place, of how many. */
      label = g_strdup_printf (_ ("%s, %u of %u, missing"), name, position + 1, n_items);
    }
  else
    {
      gtk_widget_set_tooltip_text (GTK_WIDGET (self), *item->note != '\0' ? item->note : name);
      /* Translators: a picture on a board, to be read aloud: its name, its place, of how many. */
      label = g_strdup_printf (_ ("%s, %u of %u"), name, position + 1, n_items);
    }
  /* The view's own wrapper is what gets the focus, and so what is read aloud. */
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, item->note, -1);
}

void
kalon_board_cell_edit_note (KalonBoardCell *self)
{
  g_return_if_fail (KALON_IS_BOARD_CELL (self));

  if (self->note == NULL || self->editing)
    return;
  self->editing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->note_text), self->note);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), FALSE);
  gtk_widget_set_visible (self->note_text, TRUE);
  gtk_widget_grab_focus (self->note_text);
}

void
kalon_board_cell_set_drop_place (KalonBoardCell *self, KalonDropPlace place)
{
  static const char *const classes[]
      = { [KALON_DROP_BEFORE] = "drop-before", [KALON_DROP_AFTER] = "drop-after" };

  g_return_if_fail (KALON_IS_BOARD_CELL (self));

  for (guint i = KALON_DROP_BEFORE; i <= KALON_DROP_AFTER; i++)
    {
      if (i == place)
        gtk_widget_add_css_class (GTK_WIDGET (self), classes[i]);
      else
        gtk_widget_remove_css_class (GTK_WIDGET (self), classes[i]);
    }
}
