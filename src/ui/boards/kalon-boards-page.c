/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-object.h"
#include "boards/kalon-board-text.h"
#include "boards/kalon-boards-page-private.h"
#include "settings/kalon-settings.h"
#include "toasts/kalon-toasts.h"

G_DEFINE_FINAL_TYPE (KalonBoardsPage, kalon_boards_page, GTK_TYPE_WIDGET)

enum
{
  PROP_ORDER = 1,
  N_PROPERTIES
};

enum
{
  OPENED,
  MORE_LIKE_THESE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static const char *const orders[] = {
  [KALON_BOARD_ARRANGED] = "arranged",
  [KALON_BOARD_BY_NAME] = "name",
  [KALON_BOARD_BY_DATE] = "date",
};

static void
changed_cb (KalonBoardsPage *self)
{
  /* It would undo what was done since. */
  if (self->toast != NULL)
    kalon_toasts_dismiss (self->toast);
  kalon_boards_page_reload_list (self);
  kalon_board_view_reload (self->view);
}

static void
list_activated_cb (KalonBoardsPage *self, guint position)
{
  g_autoptr (KalonBoardObject) object
      = g_list_model_get_item (G_LIST_MODEL (self->store), position);

  kalon_boards_page_show_board (self, kalon_board_object_get_board (object)->id);
}

static void
view_closed_cb (KalonBoardsPage *self)
{
  kalon_boards_page_show_board (self, 0);
}

static void
view_loaded_cb (KalonBoardsPage *self)
{
  const KalonBoard *board = kalon_board_view_get_contents (self->view)->board;
  g_autofree char *subtitle = kalon_board_subtitle_to_text (board);

  gtk_label_set_text (self->title_label, board->name);
  gtk_label_set_text (self->subtitle_label, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle_label),
                               *board->description != '\0' ? board->description : NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "boards.export", board->n_items > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "boards.more-like-these", board->n_items > 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORDER]);
}

static void
view_opened_cb (KalonBoardsPage *self, GArray *pictures, guint position)
{
  g_signal_emit (self, signals[OPENED], 0, pictures, position);
}

static void
view_more_cb (KalonBoardsPage *self, GStrv paths)
{
  g_signal_emit (self, signals[MORE_LIKE_THESE], 0, paths);
}

/* Out of the board; on the list it is somebody else's. */
static gboolean
escape_pressed (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (widget);

  if (!kalon_boards_page_shows_board (self))
    return GDK_EVENT_PROPAGATE;
  kalon_boards_page_show_board (self, 0);
  return GDK_EVENT_STOP;
}

static void
kalon_boards_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (object);
  gint64 board = kalon_board_view_get_board (self->view);

  switch (id)
    {
    case PROP_ORDER:
      for (guint i = 0; board != 0 && i < G_N_ELEMENTS (orders); i++)
        if (g_strcmp0 (orders[i], g_value_get_string (value)) == 0)
          kalon_boards_page_apply (GTK_WIDGET (self), kalon_board_edit_sort (board, i), NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_boards_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (object);
  const KalonBoardContents *contents
      = self->view != NULL ? kalon_board_view_get_contents (self->view) : NULL;

  switch (id)
    {
    case PROP_ORDER:
      g_value_set_string (value, orders[contents != NULL ? contents->board->order : 0]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
kalon_boards_page_grab_focus (GtkWidget *widget)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (widget);

  if (kalon_boards_page_shows_board (self))
    return gtk_widget_grab_focus (GTK_WIDGET (self->view));
  if (g_list_model_get_n_items (G_LIST_MODEL (self->store)) > 0)
    return gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
  return GTK_WIDGET_CLASS (kalon_boards_page_parent_class)->grab_focus (widget);
}

static void
kalon_boards_page_dispose (GObject *object)
{
  KalonBoardsPage *self = KALON_BOARDS_PAGE (object);
  GtkWidget *child;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_weak_pointer (&self->toast);
  self->view = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->store);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->boards);
  G_OBJECT_CLASS (kalon_boards_page_parent_class)->dispose (object);
}

static void
kalon_boards_page_class_init (KalonBoardsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = kalon_boards_page_dispose;
  object_class->set_property = kalon_boards_page_set_property;
  object_class->get_property = kalon_boards_page_get_property;
  widget_class->grab_focus = kalon_boards_page_grab_focus;

  properties[PROP_ORDER]
      = g_param_spec_string ("order", NULL, NULL, orders[0],
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[OPENED] = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_ARRAY, G_TYPE_UINT);
  signals[MORE_LIKE_THESE] = g_signal_new ("more-like-these", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);

  g_type_ensure (KALON_TYPE_BOARD_VIEW);
  kalon_boards_page_install_actions (widget_class);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/boards/kalon-boards-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, list_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, list_view);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, list_menu);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, KalonBoardsPage, view);
  gtk_widget_class_bind_template_callback (widget_class, list_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_loaded_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_more_cb);
}

static void
kalon_boards_page_init (KalonBoardsPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->store = g_list_store_new (KALON_TYPE_BOARD_OBJECT);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_boards_page_set_session (KalonBoardsPage *self, KalonSession *session)
{
  const KalonSessionServices *services = kalon_session_get_services (session);

  g_return_if_fail (KALON_IS_BOARDS_PAGE (self));
  g_return_if_fail (self->boards == NULL);

  self->boards = g_object_ref (services->boards);
  self->thumbnails = kalon_board_thumbnails_new (services->library_directory);
  kalon_board_view_set_sources (self->view, self->boards, self->thumbnails);
  g_settings_bind (services->settings, KALON_SETTING_THUMBNAIL_SIZE, self->view, "thumbnail-size",
                   G_SETTINGS_BIND_GET);
  kalon_boards_page_make_list (self);
  g_signal_connect_object (self->boards, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  kalon_boards_page_reload_list (self);
}

void
kalon_boards_page_show_board (KalonBoardsPage *self, gint64 board)
{
  g_return_if_fail (KALON_IS_BOARDS_PAGE (self));

  kalon_board_view_show (self->view, board);
  if (board != 0)
    {
      g_autoptr (KalonBoard) known = kalon_boards_page_dup_board (self, board);

      gtk_label_set_text (self->title_label, known != NULL ? known->name : "");
      gtk_label_set_text (self->subtitle_label, "");
      gtk_stack_set_visible_child_name (self->stack, "board");
      gtk_widget_grab_focus (GTK_WIDGET (self->view));
      return;
    }
  gtk_stack_set_visible_child_name (
      self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->store)) > 0 ? "list" : "empty");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "boards.export", TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

void
kalon_boards_page_focus_picture (KalonBoardsPage *self, gint64 picture)
{
  g_return_if_fail (KALON_IS_BOARDS_PAGE (self));
  kalon_board_view_focus_picture (self->view, picture);
}

void
kalon_boards_page_show_message (GtkWidget *widget, const char *message)
{
  GtkWidget *self = gtk_widget_get_ancestor (widget, KALON_TYPE_BOARDS_PAGE);
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  if (self != NULL)
    adw_toast_overlay_add_toast (KALON_BOARDS_PAGE (self)->toasts, adw_toast_new (escaped));
}

void
kalon_boards_page_show_exported (GtkWidget *widget, const char *message, const char *path)
{
  GtkWidget *self = gtk_widget_get_ancestor (widget, KALON_TYPE_BOARDS_PAGE);
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, _ ("_Show in Files"));
  adw_toast_set_action_name (toast, "boards.show-exported");
  adw_toast_set_action_target_value (toast, g_variant_new_bytestring (path));
  adw_toast_overlay_add_toast (KALON_BOARDS_PAGE (self)->toasts, toast);
}

/* One toast, for the last edit is the one that can be undone. */
static void
offer_undo (KalonBoardsPage *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (self->toast != NULL)
    kalon_toasts_dismiss (self->toast);
  g_clear_weak_pointer (&self->toast);
  g_set_weak_pointer (&self->toast, adw_toast_new (escaped));
  adw_toast_set_button_label (self->toast, _ ("_Undo"));
  adw_toast_set_action_name (self->toast, "boards.undo");
  kalon_toasts_show (self->toasts, self->toast);
}

typedef struct
{
  KalonBoardsPage *page;
  char *done;  /* (nullable) */
  char *board; /* (nullable): the name of the one that pictures are added to */
} Applied;

static void
applied_free (Applied *applied)
{
  g_object_unref (applied->page);
  g_free (applied->done);
  g_free (applied->board);
  g_free (applied);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Applied, applied_free)

static void
applied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Applied) applied = user_data;
  KalonBoardsPage *self = applied->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardOutcome) outcome
      = kalon_boards_apply_finish (KALON_BOARDS (object), result, &error);

  if (self->boards == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (outcome == NULL)
    {
      kalon_boards_page_show_message (GTK_WIDGET (self), error->message);
      /* What was shown as done already is not. */
      kalon_board_view_reload (self->view);
      return;
    }
  if (applied->board != NULL)
    applied->done = kalon_board_added_to_text (outcome, applied->board);
  if (applied->done != NULL && (applied->board == NULL || outcome->n_changed > 0))
    offer_undo (self, applied->done);
  else if (applied->done != NULL)
    kalon_boards_page_show_message (GTK_WIDGET (self), applied->done);
}

/* @edit: (transfer full) */
static void
apply (KalonBoardsPage *self, KalonBoardEdit *edit, const char *done, const char *board)
{
  Applied *applied = g_new (Applied, 1);

  *applied = (Applied){ g_object_ref (self), g_strdup (done), g_strdup (board) };
  /* Not to be cancelled when the page goes: what was asked for is done. */
  kalon_boards_apply_async (self->boards, edit, NULL, applied_cb, applied);
}

void
kalon_boards_page_apply (GtkWidget *widget, KalonBoardEdit *edit, const char *done)
{
  GtkWidget *self = gtk_widget_get_ancestor (widget, KALON_TYPE_BOARDS_PAGE);

  g_return_if_fail (self != NULL);
  apply (KALON_BOARDS_PAGE (self), edit, done, NULL);
}

void
kalon_boards_page_add_files (GtkWidget *widget, gint64 board, gint64 before, GdkFileList *files)
{
  GtkWidget *page = gtk_widget_get_ancestor (widget, KALON_TYPE_BOARDS_PAGE);
  KalonBoardsPage *self = KALON_BOARDS_PAGE (page);
  g_autoptr (GSList) list = gdk_file_list_get_files (files);
  g_autoptr (KalonBoard) known = kalon_boards_page_dup_board (self, board);
  KalonBoardEdit *edit = kalon_board_edit_add (board, before);

  for (GSList *link = list; link != NULL; link = link->next)
    if (g_file_peek_path (link->data) != NULL)
      kalon_board_edit_take_path (edit, g_file_peek_path (link->data));
  apply (self, edit, NULL, known != NULL ? known->name : "");
}
