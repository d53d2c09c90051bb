/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "viewer/kalon-picture-pane.h"

/* The shown picture, one on either side, and where one came from. */
#define MAX_KEPT 4
/* A picture that comes sooner than this needs no spinner. */
#define SPINNER_MS 300

struct _KalonPicturePane
{
  GtkWidget parent_instance;

  KalonCatalogue *catalogue;

  gint64 id;                 /* shown; 0: none */
  KalonPicture *picture;     /* what the catalogue says of it, once known */
  KalonImageInfo *info;      /* what its file says; NULL until loaded */
  GCancellable *cancellable; /* of everything under way for @id */
  guint loading_side;        /* being loaded for it; 0 nothing, G_MAXUINT all of it */
  GArray *ahead;             /* gint64 */
  GQueue kept;               /* KalonLoadedPicture, screen sized, most recent first */
  guint view_id, spinner_id;

  GtkWidget *overlay;
  GtkStack *stack;
  KalonPictureView *view;
  AdwStatusPage *error_page;
  GtkWidget *skip_button;
  GtkSpinner *spinner;
  GtkLabel *turned_label;
};

G_DEFINE_FINAL_TYPE (KalonPicturePane, kalon_picture_pane, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  STEP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void load (KalonPicturePane *self, gint64 id, guint side);

static void
stop_spinner (KalonPicturePane *self)
{
  g_clear_handle_id (&self->spinner_id, g_source_remove);
  gtk_spinner_stop (self->spinner);
}

static gboolean
start_spinner (gpointer user_data)
{
  KalonPicturePane *self = user_data;

  self->spinner_id = 0;
  gtk_spinner_start (self->spinner);
  return G_SOURCE_REMOVE;
}

/* A side that will do for any picture on this screen. */
static guint
get_screen_side (KalonPicturePane *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  return (guint) ((height > 0 ? height : 1080) * gtk_widget_get_scale_factor (GTK_WIDGET (self)));
}

/* One at a time, and only when the shown picture is there. */
static void
load_ahead (KalonPicturePane *self)
{
  for (guint i = 0; i < self->ahead->len; i++)
    {
      gint64 id = g_array_index (self->ahead, gint64, i);

      if (kalon_loaded_pictures_find (&self->kept, id) == NULL)
        {
          load (self, id, get_screen_side (self));
          return;
        }
    }
}

static void
show_loaded (KalonPicturePane *self, const KalonLoadedPicture *loaded)
{
  gboolean known = self->picture != NULL;

  stop_spinner (self);
  if (!known || loaded->picture == NULL)
    {
      g_clear_pointer (&self->picture, kalon_picture_free);
      self->picture = loaded->picture != NULL ? kalon_picture_copy (loaded->picture) : NULL;
    }
  if (loaded->tiles == NULL)
    {
      g_autofree char *description = g_markup_escape_text (loaded->error->message, -1);

      adw_status_page_set_description (self->error_page, description);
      gtk_stack_set_visible_child_name (self->stack, "error");
      kalon_picture_view_set_picture (self->view, 0, 0, NULL);
    }
  else
    {
      if (self->info == NULL && loaded->info != NULL)
        self->info = kalon_image_info_copy (loaded->info);
      gtk_stack_set_visible_child_name (self->stack, "picture");
      if (!kalon_picture_view_has_texture (self->view))
        kalon_picture_view_set_picture (self->view, loaded->picture->width, loaded->picture->height,
                                        NULL);
      kalon_picture_view_add_tiles (self->view, loaded->tiles);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonPicturePane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLoadedPicture) loaded
      = kalon_picture_load_finish (KALON_CATALOGUE (object), result, &error);
  gboolean shown, whole;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->id == 0
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (loaded == NULL)
    {
      loaded = g_new0 (KalonLoadedPicture, 1);
      loaded->id = self->id;
      loaded->error = g_steal_pointer (&error);
    }
  shown = loaded->id == self->id;
  whole = shown && self->loading_side == G_MAXUINT;
  if (shown)
    {
      self->loading_side = 0;
      show_loaded (self, loaded);
    }
  /* Failures too, or a neighbour would be tried in circles; but not what a close look needed. */
  if (!whole)
    kalon_loaded_pictures_add (&self->kept, g_steal_pointer (&loaded), MAX_KEPT);
  load_ahead (self);
}

static void
load (KalonPicturePane *self, gint64 id, guint side)
{
  if (id == self->id)
    self->loading_side = side > 0 ? side : G_MAXUINT;
  kalon_picture_load_async (self->catalogue, id, side, self->cancellable, loaded_cb,
                            g_object_ref (self));
}

/* What is shown may need a sharper rendering. */
static gboolean
update_view (gpointer user_data)
{
  KalonPicturePane *self = user_data;
  guint needed = kalon_picture_view_get_needed_side (self->view);
  guint turns = kalon_picture_view_get_turns (self->view);

  self->view_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->turned_label), turns > 0);
  if (turns > 0)
    {
      /* Translators: how far a picture is turned on screen, in degrees. */
      g_autofree char *text = g_strdup_printf (_ ("Turned by %u° in this view only"), 90 * turns);

      gtk_label_set_text (self->turned_label, text);
    }
  g_signal_emit (self, signals[CHANGED], 0);
  if (self->id == 0 || kalon_picture_view_is_sharp (self->view) || needed <= self->loading_side)
    return G_SOURCE_REMOVE;

  /* What was loading, for this or a neighbour, is of less use than what is needed now. */
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  load (self, self->id, kalon_picture_view_is_fit (self->view) ? needed : 0);
  return G_SOURCE_REMOVE;
}

/* Comes in the middle of an allocation too, when nothing may be changed. */
static void
view_changed_cb (KalonPicturePane *self)
{
  if (self->view_id == 0)
    self->view_id = g_idle_add_full (GDK_PRIORITY_REDRAW + 1, update_view, self, NULL);
}

static void
stepped_cb (KalonPicturePane *self, int by)
{
  g_signal_emit (self, signals[STEP], 0, by);
}

static gboolean
kalon_picture_pane_grab_focus (GtkWidget *widget)
{
  KalonPicturePane *self = KALON_PICTURE_PANE (widget);

  return gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
kalon_picture_pane_dispose (GObject *object)
{
  KalonPicturePane *self = KALON_PICTURE_PANE (object);

  if (self->overlay != NULL)
    kalon_picture_pane_clear (self);
  g_clear_handle_id (&self->view_id, g_source_remove);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_pointer (&self->ahead, g_array_unref);
  g_clear_object (&self->catalogue);
  G_OBJECT_CLASS (kalon_picture_pane_parent_class)->dispose (object);
}

static void
kalon_picture_pane_class_init (KalonPicturePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_picture_pane_dispose;
  widget_class->grab_focus = kalon_picture_pane_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[STEP] = g_signal_new ("step", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  g_type_ensure (KALON_TYPE_PICTURE_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/viewer/kalon-picture-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPicturePane, overlay);
  gtk_widget_class_bind_template_child (widget_class, KalonPicturePane, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonPicturePane, view);
  gtk_widget_class_bind_template_child (widget_class, KalonPicturePane, error_page);
  gtk_widget_class_bind_template_child (widget_class, KalonPicturePane, skip_button);
  gtk_widget_class_bind_template_child (widget_class, KalonPicturePane, spinner);
  gtk_widget_class_bind_template_child (widget_class, KalonPicturePane, turned_label);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stepped_cb);
}

static void
kalon_picture_pane_init (KalonPicturePane *self)
{
  self->ahead = g_array_new (FALSE, FALSE, sizeof (gint64));
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_picture_pane_set_catalogue (KalonPicturePane *self, KalonCatalogue *catalogue)
{
  g_return_if_fail (KALON_IS_PICTURE_PANE (self));
  g_return_if_fail (KALON_IS_CATALOGUE (catalogue));
  g_return_if_fail (self->catalogue == NULL);
  self->catalogue = g_object_ref (catalogue);
}

void
kalon_picture_pane_set_skip (KalonPicturePane *self, const char *action)
{
  g_return_if_fail (KALON_IS_PICTURE_PANE (self));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->skip_button), action);
  gtk_widget_set_visible (self->skip_button, action != NULL);
}

/* Of one picture; the next begins with nothing. */
static void
forget_shown (KalonPicturePane *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, kalon_picture_free);
  g_clear_pointer (&self->info, kalon_image_info_free);
  self->loading_side = 0;
  stop_spinner (self);
}

void
kalon_picture_pane_show (KalonPicturePane *self, gint64 id, const KalonPicture *picture,
                         GdkTexture *texture)
{
  const KalonLoadedPicture *loaded;

  g_return_if_fail (KALON_IS_PICTURE_PANE (self));
  g_return_if_fail (self->catalogue != NULL);

  forget_shown (self);
  self->cancellable = g_cancellable_new ();
  self->id = id;
  self->picture = picture != NULL ? kalon_picture_copy (picture) : NULL;
  g_array_set_size (self->ahead, 0);
  gtk_stack_set_visible_child_name (self->stack, "picture");
  if (picture != NULL)
    kalon_picture_view_set_picture (self->view, picture->width, picture->height, texture);
  else
    kalon_picture_view_set_picture (self->view, 0, 0, NULL);
  loaded = kalon_loaded_pictures_find (&self->kept, id);
  if (loaded != NULL && loaded->tiles != NULL)
    show_loaded (self, loaded);
  else
    {
      self->spinner_id = g_timeout_add (SPINNER_MS, start_spinner, self);
      /* Also where the thumbnail is all there is to see: its file says more than the catalogue. */
      load (self, id, get_screen_side (self));
      g_signal_emit (self, signals[CHANGED], 0);
    }
  view_changed_cb (self);
}

void
kalon_picture_pane_set_ahead (KalonPicturePane *self, const gint64 *ids, guint n)
{
  g_return_if_fail (KALON_IS_PICTURE_PANE (self));

  g_array_set_size (self->ahead, 0);
  g_array_append_vals (self->ahead, ids, n);
  if (self->id != 0 && self->loading_side == 0 && kalon_picture_view_has_texture (self->view)
      && kalon_picture_view_is_sharp (self->view))
    load_ahead (self);
}

void
kalon_picture_pane_clear (KalonPicturePane *self)
{
  g_return_if_fail (KALON_IS_PICTURE_PANE (self));

  forget_shown (self);
  self->id = 0;
  g_array_set_size (self->ahead, 0);
  g_queue_clear_full (&self->kept, (GDestroyNotify) kalon_loaded_picture_free);
  kalon_picture_view_set_picture (self->view, 0, 0, NULL);
}

gint64
kalon_picture_pane_get_id (KalonPicturePane *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_PANE (self), 0);
  return self->id;
}

const KalonPicture *
kalon_picture_pane_get_picture (KalonPicturePane *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_PANE (self), NULL);
  return self->picture;
}

const KalonImageInfo *
kalon_picture_pane_get_info (KalonPicturePane *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_PANE (self), NULL);
  return self->info;
}

KalonPictureView *
kalon_picture_pane_get_view (KalonPicturePane *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_PANE (self), NULL);
  return self->view;
}
