/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-object.h"
#include "boards/kalon-board-picker.h"

struct _KalonBoardPicker
{
  AdwWindow parent_instance;

  KalonBoards *boards;
  GArray *pictures;
  GCancellable *cancellable;
  char *chosen;                  /* the name of the board that they come onto */
  GListStore *all;               /* KalonBoardObject */
  GListStore *offer;             /* GtkStringObject: the name of a new board, or nothing */
  GtkFilter *filter;             /* of @all, by what is typed */
  GtkSingleSelection *selection; /* both, one after the other */

  AdwWindowTitle *title;
  GtkEditable *entry;
  GtkListView *view;
};

G_DEFINE_FINAL_TYPE (KalonBoardPicker, kalon_board_picker, ADW_TYPE_WINDOW)

enum
{
  ADDED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_text (KalonBoardPicker *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
}

static gboolean
is_wanted (gpointer item, gpointer user_data)
{
  KalonBoardPicker *self = user_data;
  g_autofree char *text = dup_text (self);
  g_autofree char *wanted = g_utf8_casefold (text, -1);
  g_autofree char *name = g_utf8_casefold (kalon_board_object_get_board (item)->name, -1);

  return strstr (name, wanted) != NULL;
}

static gboolean
exists (KalonBoardPicker *self, const char *name)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->all));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KalonBoardObject) object = g_list_model_get_item (G_LIST_MODEL (self->all), i);

      if (g_str_equal (kalon_board_object_get_board (object)->name, name))
        return TRUE;
    }
  return FALSE;
}

static void
update_offer (KalonBoardPicker *self)
{
  g_autofree char *text = dup_text (self);
  g_autofree char *number = NULL;
  g_autoptr (GtkStringObject) object = NULL;

  /* Without a word typed there is still a board to be made, and on a first day no other. */
  if (*text == '\0')
    for (guint i = 1; number == NULL; i++)
      {
        g_autofree char *name
            = i > 1 ? g_strdup_printf (_ ("New Board %u"), i) : g_strdup (_ ("New Board"));

        if (!exists (self, name))
          number = g_steal_pointer (&name);
      }
  if (*text == '\0' || !exists (self, text))
    object = gtk_string_object_new (*text != '\0' ? text : number);
  g_list_store_splice (self->offer, 0, g_list_model_get_n_items (G_LIST_MODEL (self->offer)),
                       (gpointer *) &object, object != NULL ? 1 : 0);
}

static void
text_changed_cb (KalonBoardPicker *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_offer (self);
  gtk_single_selection_set_selected (self->selection, 0);
}

static void
applied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonBoardPicker) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardOutcome) outcome
      = kalon_boards_apply_finish (KALON_BOARDS (object), result, &error);

  if (outcome != NULL)
    g_signal_emit (self, signals[ADDED], 0, outcome, self->chosen);
  else
    g_signal_emit (self, signals[FAILED], 0, error->message);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
row_activated_cb (KalonBoardPicker *self, guint position)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  KalonBoardEdit *edit;
  const char *name;

  if (item == NULL || !gtk_widget_get_sensitive (GTK_WIDGET (self->view)))
    return;
  if (KALON_IS_BOARD_OBJECT (item))
    {
      const KalonBoard *board = kalon_board_object_get_board (KALON_BOARD_OBJECT (item));

      name = board->name;
      edit = kalon_board_edit_add (board->id, 0);
    }
  else
    {
      name = gtk_string_object_get_string (GTK_STRING_OBJECT (item));
      edit = kalon_board_edit_create (name, NULL);
    }
  for (guint i = 0; i < self->pictures->len; i++)
    kalon_board_edit_take_picture (edit, g_array_index (self->pictures, gint64, i));
  self->chosen = g_strdup (name);
  /* Once. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->view), FALSE);
  kalon_boards_apply_async (self->boards, edit, NULL, applied_cb, g_object_ref (self));
}

static void
entry_activated_cb (KalonBoardPicker *self)
{
  text_changed_cb (self);
  row_activated_cb (self, gtk_single_selection_get_selected (self->selection));
}

static void
stopped_cb (KalonBoardPicker *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

/* The selection moves while the words stay where they are typed. */
static gboolean
entry_key_cb (KalonBoardPicker *self, guint keyval, guint keycode, GdkModifierType state)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  guint selected = gtk_single_selection_get_selected (self->selection);
  gboolean down = keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down;

  if (!down && keyval != GDK_KEY_Up && keyval != GDK_KEY_KP_Up)
    return GDK_EVENT_PROPAGATE;
  if (n == 0 || selected == GTK_INVALID_LIST_POSITION)
    return GDK_EVENT_STOP;
  if (down && selected + 1 < n)
    selected++;
  else if (!down && selected > 0)
    selected--;
  gtk_single_selection_set_selected (self->selection, selected);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", selected);
  return GDK_EVENT_STOP;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *icon = gtk_image_new (), *name = gtk_label_new (NULL), *count = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_item_set_child (list_item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *icon = gtk_widget_get_first_child (gtk_list_item_get_child (list_item));
  GtkWidget *name = gtk_widget_get_next_sibling (icon);
  GtkWidget *count = gtk_widget_get_next_sibling (name);
  GObject *item = gtk_list_item_get_item (list_item);
  g_autofree char *text = NULL, *number = NULL;

  if (KALON_IS_BOARD_OBJECT (item))
    {
      const KalonBoard *board = kalon_board_object_get_board (KALON_BOARD_OBJECT (item));

      text = g_strdup (board->name);
      number = g_strdup_printf ("%u", board->n_items);
    }
  else
    text = g_strdup_printf (_ ("Create “%s”"),
                            gtk_string_object_get_string (GTK_STRING_OBJECT (item)));
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), KALON_IS_BOARD_OBJECT (item)
                                                      ? "kalon-boards-symbolic"
                                                      : "list-add-symbolic");
  gtk_label_set_text (GTK_LABEL (name), text);
  gtk_label_set_text (GTK_LABEL (count), number != NULL ? number : "");
  /* gtk_list_item_set_accessible_label() comes with GTK 4.12. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_parent (gtk_list_item_get_child (list_item))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonBoardPicker) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) boards = kalon_boards_list_finish (KALON_BOARDS (object), result, &error);

  if (boards == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_signal_emit (self, signals[FAILED], 0, error->message);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  kalon_board_objects_fill (self->all, boards);
  text_changed_cb (self);
}

static void
kalon_board_picker_dispose (GObject *object)
{
  KalonBoardPicker *self = KALON_BOARD_PICKER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (kalon_board_picker_parent_class)->dispose (object);
}

static void
kalon_board_picker_finalize (GObject *object)
{
  KalonBoardPicker *self = KALON_BOARD_PICKER (object);

  g_clear_object (&self->boards);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->all);
  g_clear_object (&self->offer);
  g_clear_pointer (&self->pictures, g_array_unref);
  g_free (self->chosen);
  G_OBJECT_CLASS (kalon_board_picker_parent_class)->finalize (object);
}

static void
kalon_board_picker_class_init (KalonBoardPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_board_picker_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_board_picker_finalize;

  signals[ADDED] = g_signal_new ("added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 2, G_TYPE_POINTER, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/boards/kalon-board-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonBoardPicker, title);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardPicker, entry);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardPicker, view);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
kalon_board_picker_init (KalonBoardPicker *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GListStore) parts = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkFilterListModel) wanted = NULL;

  self->cancellable = g_cancellable_new ();
  self->all = g_list_store_new (KALON_TYPE_BOARD_OBJECT);
  self->offer = g_list_store_new (GTK_TYPE_STRING_OBJECT);
  self->filter = GTK_FILTER (gtk_custom_filter_new (NULL, NULL, NULL));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_custom_filter_set_filter_func (GTK_CUSTOM_FILTER (self->filter), is_wanted, self, NULL);
  wanted = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->all)),
                                      g_object_ref (self->filter));
  g_list_store_append (parts, wanted);
  g_list_store_append (parts, self->offer);
  self->selection = gtk_single_selection_new (
      G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&parts)))));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

KalonBoardPicker *
kalon_board_picker_new (GtkWindow *parent, KalonBoards *boards, GArray *pictures)
{
  KalonBoardPicker *self;
  g_autofree char *subtitle = NULL;

  g_return_val_if_fail (KALON_IS_BOARDS (boards), NULL);
  g_return_val_if_fail (pictures != NULL, NULL);

  self = g_object_new (KALON_TYPE_BOARD_PICKER, "transient-for", parent, NULL);
  self->boards = g_object_ref (boards);
  self->pictures = g_array_ref (pictures);
  subtitle = g_strdup_printf (ngettext ("%u picture", "%u pictures", pictures->len), pictures->len);
  adw_window_title_set_subtitle (self->title, subtitle);
  kalon_boards_list_async (boards, self->cancellable, listed_cb, g_object_ref (self));
  return self;
}
