/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "calibration/kalon-calibration.h"
#include "search/kalon-strictness-button.h"
#include "settings/kalon-settings.h"
#include "window/kalon-window-private.h"

G_DEFINE_FINAL_TYPE (KalonWindow, kalon_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_SESSION = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
active_changed_cb (KalonWindow *self)
{
  if (!gtk_window_is_active (GTK_WINDOW (self)))
    return;
  kalon_catalogue_check (self->catalogue);
  kalon_thumbs_check (self->thumbs);
  kalon_boards_check (self->boards);
  if (self->watching != NULL)
    kalon_watching_look_again (self->watching);
}

/* And not the same once more, because thumbs or the library changed. */
static gboolean
is_new_question (KalonWindow *self)
{
  const KalonQuestion *question = kalon_search_get_question (self->search);

  if (self->question != NULL && kalon_question_equal (self->question, question))
    return FALSE;
  g_clear_pointer (&self->question, kalon_question_free);
  self->question = kalon_question_copy (question);
  return TRUE;
}

static void
search_changed_cb (KalonWindow *self)
{
  gboolean asked = kalon_search_is_busy (self->search) && kalon_search_has_query (self->search)
                   && is_new_question (self);

  /* Its best answers are at the top. */
  if (asked)
    kalon_results_grid_scroll_to_top (self->grid);
  if (asked && !kalon_window_shows_results (self))
    kalon_window_show_view (self, KALON_VIEW_SEARCH);
  kalon_window_update (self);
  kalon_window_follow_awaited_picture (self);
}

static void
search_left_cb (KalonWindow *self)
{
  kalon_window_focus_view (self);
}

static void
note_closed_cb (KalonWindow *self)
{
  gtk_info_bar_set_revealed (self->note_bar, FALSE);
}

static void
opened_cb (KalonWindow *self, guint position)
{
  guint first, n_visible;

  kalon_results_grid_get_visible (self->grid, &first, &n_visible);
  if (n_visible > 0)
    self->n_seen = first + n_visible;
  kalon_search_stand (self->search);
  kalon_window_open_picture (self, kalon_search_get_model (self->search), position);
}

static gboolean
key_pressed_cb (KalonWindow *self, guint keyval, guint keycode, GdkModifierType state,
                GtkEventControllerKey *controller)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "search") != 0)
    return GDK_EVENT_PROPAGATE;
  /* Letters mean something else elsewhere. */
  if (!kalon_window_shows_grid (self))
    return GDK_EVENT_PROPAGATE;
  if (focus != NULL
      && (GTK_IS_EDITABLE (focus) || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) != NULL))
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Escape && kalon_search_has_query (self->search)
      && kalon_window_shows_results (self))
    {
      kalon_search_box_clear (self->search_box);
      gtk_widget_grab_focus (GTK_WIDGET (self->search_box));
      return GDK_EVENT_STOP;
    }
  return kalon_search_box_forward_key (self->search_box, controller, keyval, state);
}

static void
take_services (KalonWindow *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);

  self->catalogue = services->catalogue;
  self->indexing = services->indexing;
  self->thumbnails = services->thumbnails;
  self->thumbs = services->thumbs;
  self->watching = services->watching;
  self->words = services->words;
  self->settings = services->settings;
  self->search = kalon_session_get_search (self->session);
}

static void
kalon_window_constructed (GObject *object)
{
  static const char *const bound[] = { "strictness", "fold-duplicates" };
  KalonWindow *self = KALON_WINDOW (object);
  KalonResultsModel *model;

  G_OBJECT_CLASS (kalon_window_parent_class)->constructed (object);

  take_services (self);
  model = kalon_search_get_model (self->search);
  for (guint i = 0; i < G_N_ELEMENTS (bound); i++)
    g_object_bind_property (self->search, bound[i], self->strictness_button, bound[i],
                            G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_settings_bind (self->settings, KALON_SETTING_THUMBNAIL_SIZE, self->grid, "thumbnail-size",
                   G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, KALON_SETTING_SHOW_DETAILS, self->viewer, "show-details",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_WINDOW_WIDTH, self, "default-width",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_WINDOW_HEIGHT, self, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, KALON_SETTING_WINDOW_MAXIMIZED, self, "maximized",
                   G_SETTINGS_BIND_DEFAULT);

  kalon_search_box_set_places (self->search_box, self->token_tray, GTK_BOX (self->status_bar));
  kalon_search_box_set_search (self->search_box, self->search);
  kalon_search_box_set_history (self->search_box,
                                kalon_session_get_services (self->session)->history);
  kalon_results_grid_set_sources (self->grid, model, self->thumbnails);
  kalon_results_grid_set_catalogue (self->grid, self->catalogue);
  kalon_viewer_set_sources (self->viewer, self->catalogue, model);
  kalon_pair_view_set_sources (self->pair_view, self->catalogue, model);
  kalon_window_connect_alignment (self);
  kalon_window_connect_pictures (self);
  kalon_window_connect_filters (self);
  kalon_window_connect_training (self);
  kalon_window_connect_label (self);
  kalon_window_connect_boards (self);
  kalon_window_connect_library (self);
  kalon_window_connect_model (self);
  kalon_window_connect_compare (self);

  g_signal_connect_object (self->search, "changed", G_CALLBACK (search_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (active_changed_cb), NULL);
  g_signal_connect_object (self->views, "notify::visible-child", G_CALLBACK (kalon_window_update),
                           self, G_CONNECT_SWAPPED);

  kalon_catalogue_check (self->catalogue);
  kalon_window_load_state (self);
  kalon_search_refresh (self->search);
}

static void
kalon_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  KalonWindow *self = KALON_WINDOW (object);

  switch (id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KalonWindow *self = KALON_WINDOW (object);

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GTK_WIDGET_CLASS (kalon_window_parent_class)->size_allocate (widget, width, height, baseline);
  kalon_window_follow_width (KALON_WINDOW (widget), width);
}

static void
kalon_window_dispose (GObject *object)
{
  KalonWindow *self = KALON_WINDOW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  if (self->session != NULL)
    kalon_window_leave_all (self);
  g_clear_pointer (&self->state, kalon_catalogue_state_free);
  g_clear_pointer (&self->question, kalon_question_free);
  g_clear_weak_pointer (&self->thumb_toast);
  g_clear_weak_pointer (&self->opener);
  g_clear_weak_pointer (&self->board_toast);
  g_clear_weak_pointer (&self->pin_toast);
  if (self->session != NULL)
    kalon_window_forget_trash (self);
  g_clear_object (&self->exporting);
  g_clear_handle_id (&self->width_id, g_source_remove);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (kalon_window_parent_class)->dispose (object);
}

static void
kalon_window_finalize (GObject *object)
{
  KalonWindow *self = KALON_WINDOW (object);

  g_free (self->state_problem);
  g_hash_table_unref (self->leaving);
  g_free (self->awaited_words);
  G_OBJECT_CLASS (kalon_window_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/window/kalon-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, views);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, library_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, operations_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, first_run_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, suggestions_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, search_box);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, token_tray);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, strictness_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, filter_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, views_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, alignment_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, aligned_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, words_line);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, filter_proposals);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, permission_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, permission_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, note_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, note_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, gone_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, gone_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, grid);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, indexing_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, empty_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, empty_failures_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, no_results_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, clear_filters_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, show_all_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, error_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, status_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, status_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, cut_box);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, cut_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, indexed_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, indexed_short_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, boards_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, compare_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, viewer);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, pair_view);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, training_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, label_page);
  gtk_widget_class_bind_template_child (widget_class, KalonWindow, drop_target);
  gtk_widget_class_bind_template_callback (widget_class, kalon_window_search);
  gtk_widget_class_bind_template_callback (widget_class, search_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, note_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, kalon_window_leave_pair);
  gtk_widget_class_bind_template_callback (widget_class, kalon_window_leave_viewer);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kalon_window_class_init (KalonWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = kalon_window_constructed;
  object_class->set_property = kalon_window_set_property;
  object_class->get_property = kalon_window_get_property;
  object_class->dispose = kalon_window_dispose;
  object_class->finalize = kalon_window_finalize;
  widget_class->size_allocate = kalon_window_size_allocate;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, KALON_TYPE_SESSION, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (KALON_TYPE_ALIGNED_BUTTON);
  g_type_ensure (KALON_TYPE_BOARDS_PAGE);
  g_type_ensure (KALON_TYPE_COMPARE_PAGE);
  g_type_ensure (KALON_TYPE_FILTER_BUTTON);
  g_type_ensure (KALON_TYPE_FILTER_PROPOSALS);
  g_type_ensure (KALON_TYPE_FIRST_RUN_PAGE);
  g_type_ensure (KALON_TYPE_LABEL_PAGE);
  g_type_ensure (KALON_TYPE_LIBRARY_BUTTON);
  g_type_ensure (KALON_TYPE_OPERATIONS_BUTTON);
  g_type_ensure (KALON_TYPE_PAIR_VIEW);
  g_type_ensure (KALON_TYPE_RESULTS_GRID);
  g_type_ensure (KALON_TYPE_SEARCH_BOX);
  g_type_ensure (KALON_TYPE_STRICTNESS_BUTTON);
  g_type_ensure (KALON_TYPE_SUGGESTIONS);
  g_type_ensure (KALON_TYPE_TRAINING_PAGE);
  g_type_ensure (KALON_TYPE_VIEWER);
  g_type_ensure (KALON_TYPE_WORDS_LINE);
  kalon_window_install_actions (widget_class);
  kalon_window_install_board_actions (widget_class);
  bind_template (widget_class);
}

static void
kalon_window_init (KalonWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->leaving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  /* Until its width is known it must fit the smallest screen. */
  self->compact = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  kalon_window_set_drop_target (self, self->drop_target);
}

void
kalon_window_set_note (KalonWindow *self, const char *note)
{
  g_return_if_fail (KALON_IS_WINDOW (self));
  g_return_if_fail (note != NULL);

  gtk_label_set_text (self->note_label, note);
  gtk_info_bar_set_revealed (self->note_bar, TRUE);
}

void
kalon_window_search (KalonWindow *self, const char *text)
{
  g_return_if_fail (KALON_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  kalon_window_show_viewer (self, FALSE);
  kalon_search_box_set_text (self->search_box, text);
}

void
kalon_window_show_message (KalonWindow *self, const char *message)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (KALON_IS_WINDOW (self));
  g_return_if_fail (message != NULL);

  escaped = g_markup_escape_text (message, -1);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}
