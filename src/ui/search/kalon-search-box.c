/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-search-box-private.h"

G_DEFINE_FINAL_TYPE (KalonSearchBox, kalon_search_box, GTK_TYPE_WIDGET)

enum
{
  LEAVE,
  MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* @text may be what is replaced. */
static void
replace (char **string, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*string);
  *string = copy;
}

void
kalon_search_box_set_shown (KalonSearchBox *self, const char *text)
{
  replace (&self->shown, text);
}

void
kalon_search_box_show_words (KalonSearchBox *self, const char *text)
{
  kalon_search_box_set_shown (self, text);
  replace (&self->heard, text);
  /* The entry says at once that it is empty, which it is on the way to other words. */
  self->filling = TRUE;
  gtk_editable_set_text (self->entry, text);
  gtk_editable_set_position (self->entry, -1);
  self->filling = FALSE;
}

static void
update (KalonSearchBox *self)
{
  const char *text = kalon_search_get_text (self->search);

  kalon_search_box_update_tokens (self);
  /* What is being typed stays, unless somebody else asked for other words. */
  if (g_strcmp0 (self->shown, text) != 0)
    kalon_search_box_show_words (self, text);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_BUSY,
                               kalon_search_is_busy (self->search), -1);
}

static void
follow (KalonSearchBox *self)
{
  kalon_search_box_follow_typing (self);
  kalon_search_box_follow_history (self);
}

/* GtkSearchEntry 4.8 says so also when its delay is set, and for what we put in. */
static void
search_changed_cb (KalonSearchBox *self)
{
  const char *text = gtk_editable_get_text (self->entry);

  if (self->search == NULL || self->filling || g_strcmp0 (self->heard, text) == 0)
    return;
  replace (&self->heard, text);
  follow (self);
}

static void
activated_cb (KalonSearchBox *self)
{
  kalon_search_box_hide_history (self);
  if (!kalon_search_box_take_typed (self))
    g_signal_emit (self, signals[LEAVE], 0);
}

static void
stop_search_cb (KalonSearchBox *self)
{
  if (kalon_search_box_hide_history (self))
    return;
  if (!kalon_question_is_empty (kalon_search_get_question (self->search))
      || *gtk_editable_get_text (self->entry) != '\0')
    kalon_search_box_clear (self);
  else
    g_signal_emit (self, signals[LEAVE], 0);
}

static gboolean
is_at_start (KalonSearchBox *self)
{
  int start, end;

  return !gtk_editable_get_selection_bounds (self->entry, &start, &end)
         && gtk_editable_get_position (self->entry) == 0;
}

static gboolean
key_pressed_cb (KalonSearchBox *self, guint keyval, guint keycode, GdkModifierType state)
{
  const guint back = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                         ? GDK_KEY_Right
                         : GDK_KEY_Left;
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();

  if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    {
      kalon_search_box_enter_history (self);
      return GDK_EVENT_STOP;
    }
  if ((keyval == GDK_KEY_BackSpace || keyval == back) && modifiers == 0 && is_at_start (self)
      && kalon_search_box_get_n_tokens (self) > 0)
    {
      kalon_search_box_focus_token (self, kalon_search_box_get_n_tokens (self) - 1);
      return GDK_EVENT_STOP;
    }
  if ((keyval == GDK_KEY_v && modifiers == GDK_CONTROL_MASK)
      || (keyval == GDK_KEY_Insert && modifiers == GDK_SHIFT_MASK))
    return kalon_search_box_paste (self);
  return GDK_EVENT_PROPAGATE;
}

/* The newest token is to be seen. */
static void
scrolled_range_changed_cb (KalonSearchBox *self, GtkAdjustment *adjustment)
{
  if (!self->scroll_to_end)
    return;
  self->scroll_to_end = FALSE;
  gtk_adjustment_set_value (adjustment,
                            gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                                ? gtk_adjustment_get_lower (adjustment)
                                : gtk_adjustment_get_upper (adjustment));
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

  g_clear_handle_id (&self->filters_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->search);
  g_clear_object (&self->history);
  g_clear_weak_pointer (&self->token_place);
  g_clear_weak_pointer (&self->menu_place);
  if (self->popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->popover));
  self->popover = NULL;
  if (self->box != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->box));
  self->box = NULL;
  G_OBJECT_CLASS (kalon_search_box_parent_class)->dispose (object);
}

static void
kalon_search_box_finalize (GObject *object)
{
  g_free (KALON_SEARCH_BOX (object)->shown);
  g_free (KALON_SEARCH_BOX (object)->heard);
  G_OBJECT_CLASS (kalon_search_box_parent_class)->finalize (object);
}

static void
kalon_search_box_class_init (KalonSearchBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_search_box_dispose;
  object_class->finalize = kalon_search_box_finalize;
  widget_class->grab_focus = kalon_search_box_grab_focus;

  signals[LEAVE] = g_signal_new ("leave", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-search-box.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, box);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, scroller);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, tokens);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, entry_box);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, entry);
  gtk_widget_class_bind_template_child (widget_class, KalonSearchBox, menu_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kalon_search_box_init (KalonSearchBox *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scroller), "changed",
                           G_CALLBACK (scrolled_range_changed_cb), self, G_CONNECT_SWAPPED);
  kalon_search_box_init_pictures (self);
  kalon_search_box_init_history (self);
}

void
kalon_search_box_set_search (KalonSearchBox *self, KalonSearch *search)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));
  g_return_if_fail (KALON_IS_SEARCH (search));
  g_return_if_fail (self->search == NULL);

  self->search = g_object_ref (search);
  kalon_search_box_add_actions (self);
  g_signal_connect_object (search, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
kalon_search_box_set_places (KalonSearchBox *self, GtkBox *tokens, GtkBox *menu)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));
  g_return_if_fail (GTK_IS_BOX (tokens) && GTK_IS_BOX (menu));
  g_return_if_fail (self->token_place == NULL);

  g_set_weak_pointer (&self->token_place, tokens);
  g_set_weak_pointer (&self->menu_place, menu);
}

static void
move (GtkWidget *widget, GtkBox *box, GtkWidget *sibling)
{
  g_object_ref (widget);
  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (widget)), widget);
  gtk_box_insert_child_after (box, widget, sibling);
  g_object_unref (widget);
}

void
kalon_search_box_set_narrow (KalonSearchBox *self, gboolean narrow)
{
  GtkWidget *scroller = GTK_WIDGET (self->scroller);

  g_return_if_fail (KALON_IS_SEARCH_BOX (self));
  g_return_if_fail (self->token_place != NULL);

  if (narrow == (gtk_widget_get_parent (scroller) == GTK_WIDGET (self->token_place)))
    return;
  move (scroller, narrow ? self->token_place : self->box, NULL);
  move (self->menu_button, narrow ? self->menu_place : self->entry_box,
        narrow ? NULL : GTK_WIDGET (self->entry));
}

void
kalon_search_box_select_words (KalonSearchBox *self)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_editable_select_region (self->entry, 0, -1);
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
  kalon_search_box_show_words (self, text);
  follow (self);
}

void
kalon_search_box_clear (KalonSearchBox *self)
{
  g_autoptr (KalonQuestion) nothing = NULL;

  g_return_if_fail (KALON_IS_SEARCH_BOX (self));

  nothing = kalon_question_new ();
  nothing->strictness = kalon_search_get_question (self->search)->strictness;
  kalon_search_box_show_words (self, "");
  kalon_search_set_question (self->search, nothing);
}
