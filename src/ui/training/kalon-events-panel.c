/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "training/kalon-events-panel-private.h"
#include "training/kalon-training-private.h"
#include "training/training-text.h"

G_DEFINE_FINAL_TYPE (KalonEventsPanel, kalon_events_panel, GTK_TYPE_WIDGET)

static void
show_message (KalonEventsPanel *self, const char *message)
{
  gtk_label_set_text (self->message_label, message);
  gtk_stack_set_visible_child_name (self->stack, "message");
}

static void
update_page (KalonEventsPanel *self)
{
  gboolean has_events = g_list_model_get_n_items (G_LIST_MODEL (self->events)) > 0;

  gtk_widget_set_sensitive (GTK_WIDGET (self->filter_entry), has_events);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    show_message (self, has_events ? _ ("No thumb was given for such a query.")
                                   : _ ("Thumbs that you give show here, newest first."));
}

/* The list binds many more rows than it shows: those that are seen, or nearly so, load. */
static gboolean
load_visible (gpointer user_data)
{
  KalonEventsPanel *self = user_data;
  float height = gtk_widget_get_height (GTK_WIDGET (self->scrolled));
  GHashTableIter iter;
  gpointer list_item;

  self->load_id = 0;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    {
      GtkWidget *row = gtk_list_item_get_child (list_item);
      graphene_rect_t bounds;

      if (gtk_widget_compute_bounds (row, GTK_WIDGET (self->scrolled), &bounds)
          && bounds.origin.y < 2 * height && bounds.origin.y + bounds.size.height > -height)
        kalon_event_row_load (KALON_EVENT_ROW (row),
                              kalon_session_get_services (self->session)->thumbnails);
    }
  return G_SOURCE_REMOVE;
}

/* After the frame's layout. */
static void
queue_load (KalonEventsPanel *self)
{
  if (self->load_id == 0)
    self->load_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, load_visible, self, NULL);
}

static void
row_menu_cb (GtkListItem *list_item, KalonEventRow *row)
{
  GtkWidget *panel = gtk_widget_get_ancestor (GTK_WIDGET (row), KALON_TYPE_EVENTS_PANEL);
  KalonEventsPanel *self = KALON_EVENTS_PANEL (panel);

  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (list_item));
  kalon_events_panel_show_menu (self, row);
}

static void
row_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *list_item)
{
  row_menu_cb (list_item, KALON_EVENT_ROW (gtk_list_item_get_child (list_item)));
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *row = kalon_event_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (row_pressed_cb), list_item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (row, "menu", G_CALLBACK (row_menu_cb), list_item, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (list_item, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonEventsPanel *self)
{
  kalon_event_row_set_item (KALON_EVENT_ROW (gtk_list_item_get_child (list_item)),
                            gtk_list_item_get_item (list_item));
  g_hash_table_add (self->bound, list_item);
  queue_load (self);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonEventsPanel *self)
{
  kalon_event_row_set_item (KALON_EVENT_ROW (gtk_list_item_get_child (list_item)), NULL);
  g_hash_table_remove (self->bound, list_item);
}

static void
activated_cb (KalonEventsPanel *self, guint position)
{
  g_autoptr (KalonEventItem) item
      = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL && kalon_event_item_get_picture (item) != 0)
    kalon_training_open (GTK_WIDGET (self), kalon_event_item_get_picture (item));
}

static gboolean
match (gpointer item, gpointer user_data)
{
  KalonEventsPanel *self = user_data;
  g_autofree char *key = NULL;

  if (self->filter[0] == '\0')
    return TRUE;
  key = kalon_feedback_dup_query_key (kalon_event_item_get_query (item));
  return strstr (key, self->filter) != NULL;
}

static void
filter_changed_cb (KalonEventsPanel *self)
{
  g_free (self->filter);
  self->filter
      = kalon_feedback_dup_query_key (gtk_editable_get_text (GTK_EDITABLE (self->filter_entry)));
  gtk_filter_changed (GTK_FILTER (self->filter_model), GTK_FILTER_CHANGE_DIFFERENT);
  update_page (self);
}

static void
filter_stopped_cb (KalonEventsPanel *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static GtkWidget *
find_selected_row (KalonEventsPanel *self)
{
  guint selected = gtk_single_selection_get_selected (self->selection);
  GHashTableIter iter;
  gpointer list_item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (gtk_list_item_get_position (list_item) == selected)
      return gtk_list_item_get_child (list_item);
  return NULL;
}

static gboolean
key_pressed_cb (KalonEventsPanel *self, guint keyval, guint keycode, GdkModifierType state)
{
  KalonEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  GtkWidget *row = find_selected_row (self);

  if (item == NULL)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Delete)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "events.forget", "x",
                                  kalon_event_item_get_id (item));
      return GDK_EVENT_STOP;
    }
  if (row != NULL
      && (keyval == GDK_KEY_Menu || (keyval == GDK_KEY_F10 && (state & GDK_SHIFT_MASK) != 0)))
    {
      kalon_events_panel_show_menu (self, KALON_EVENT_ROW (row));
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

static void
kalon_events_panel_dispose (GObject *object)
{
  KalonEventsPanel *self = KALON_EVENTS_PANEL (object);
  GtkWidget *child;

  g_clear_handle_id (&self->load_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter_model);
  g_clear_object (&self->events);
  g_clear_object (&self->session);
  g_clear_pointer (&self->bound, g_hash_table_unref);
  G_OBJECT_CLASS (kalon_events_panel_parent_class)->dispose (object);
}

static void
kalon_events_panel_finalize (GObject *object)
{
  g_free (KALON_EVENTS_PANEL (object)->filter);
  G_OBJECT_CLASS (kalon_events_panel_parent_class)->finalize (object);
}

static void
kalon_events_panel_class_init (KalonEventsPanelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_events_panel_dispose;
  object_class->finalize = kalon_events_panel_finalize;

  kalon_events_panel_install_actions (widget_class);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-events-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonEventsPanel, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, KalonEventsPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonEventsPanel, scrolled);
  gtk_widget_class_bind_template_child (widget_class, KalonEventsPanel, view);
  gtk_widget_class_bind_template_child (widget_class, KalonEventsPanel, message_label);
  gtk_widget_class_bind_template_child (widget_class, KalonEventsPanel, menu);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
kalon_events_panel_init (KalonEventsPanel *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkFilterListModel *filtered;
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->filter = g_strdup ("");
  self->bound = g_hash_table_new (NULL, NULL);
  self->events = g_list_store_new (KALON_TYPE_EVENT_ITEM);
  self->filter_model = gtk_custom_filter_new (match, self, NULL);
  filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->events)),
                                        GTK_FILTER (g_object_ref (self->filter_model)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (queue_load), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (queue_load), self, G_CONNECT_SWAPPED);
  update_page (self);
}

void
kalon_events_panel_set_session (KalonEventsPanel *self, KalonSession *session)
{
  g_return_if_fail (KALON_IS_EVENTS_PANEL (self));
  g_return_if_fail (KALON_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
}

/* id -> position in the curve, + 1 */
static GHashTable *
index_learned (const KalonTasteReport *report)
{
  GHashTable *positions = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < report->learned->len; i++)
    g_hash_table_insert (positions, &g_array_index (report->learned, gint64, i),
                         GUINT_TO_POINTER (i + 1));
  return positions;
}

/* (transfer full) (element-type KalonEventItem): newest first. */
static GPtrArray *
make_items (const KalonThumbsState *state, const KalonTasteReport *report)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) positions = report != NULL ? index_learned (report) : NULL;

  for (guint i = state->events->len; i-- > 0;)
    {
      const KalonThumbEvent *event = g_ptr_array_index (state->events, i);
      gboolean is_learned = TRUE, is_accepted = TRUE;
      g_autofree char *text = NULL;

      if (positions != NULL)
        {
          guint position = GPOINTER_TO_UINT (g_hash_table_lookup (positions, &event->thumb->id));

          is_learned = position > 0;
          if (is_learned)
            is_accepted = g_array_index (report->curve, KalonTasteCheck, position - 1).accepted;
        }
      text = kalon_training_describe_event (event, is_learned, is_accepted);
      g_ptr_array_add (items, kalon_event_item_new (event, text));
    }
  return items;
}

static gboolean
is_same (KalonEventsPanel *self, guint position, KalonEventItem *item)
{
  g_autoptr (KalonEventItem) shown = g_list_model_get_item (G_LIST_MODEL (self->events), position);

  return kalon_event_item_equal (shown, item);
}

void
kalon_events_panel_set_events (KalonEventsPanel *self, const KalonThumbsState *state,
                               const KalonTasteReport *report)
{
  g_autoptr (GPtrArray) items = NULL;
  guint n_shown, head = 0, tail = 0;

  g_return_if_fail (KALON_IS_EVENTS_PANEL (self));
  g_return_if_fail (state != NULL);

  items = make_items (state, report);
  n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->events));
  while (head < MIN (n_shown, items->len) && is_same (self, head, g_ptr_array_index (items, head)))
    head++;
  while (tail < MIN (n_shown, items->len) - head
         && is_same (self, n_shown - 1 - tail, g_ptr_array_index (items, items->len - 1 - tail)))
    tail++;
  g_list_store_splice (self->events, head, n_shown - head - tail, items->pdata + head,
                       items->len - head - tail);
  update_page (self);
}

void
kalon_events_panel_set_problem (KalonEventsPanel *self, const char *problem)
{
  g_return_if_fail (KALON_IS_EVENTS_PANEL (self));
  g_return_if_fail (problem != NULL);

  g_list_store_remove_all (self->events);
  update_page (self);
  show_message (self, problem);
}

GListModel *
kalon_events_panel_get_model (KalonEventsPanel *self)
{
  g_return_val_if_fail (KALON_IS_EVENTS_PANEL (self), NULL);
  return G_LIST_MODEL (self->selection);
}
