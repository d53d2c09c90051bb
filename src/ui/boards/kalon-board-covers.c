/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "boards/kalon-board-covers.h"

#define CORNER_RADIUS 9
#define GAP 2
#define WIDTH 200
#define HEIGHT 140

struct _KalonBoardCovers
{
  GtkWidget parent_instance;

  KalonBoardThumbnails *thumbnails;
  GPtrArray *covers; /* (nullable): KalonBoardItem */
  GdkTexture *textures[KALON_BOARD_N_COVERS];
  GCancellable *cancellable; /* of what is loaded for @covers */
};

G_DEFINE_FINAL_TYPE (KalonBoardCovers, kalon_board_covers, GTK_TYPE_WIDGET)

typedef struct
{
  KalonBoardCovers *self;
  guint place;
} Load;

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Load *load = user_data;
  g_autoptr (KalonBoardCovers) self = load->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture
      = kalon_board_thumbnails_load_finish (KALON_BOARD_THUMBNAILS (object), result, &error);

  if (texture == NULL || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_set_object (&self->textures[load->place], texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
forget (KalonBoardCovers *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->covers, g_ptr_array_unref);
  for (guint i = 0; i < KALON_BOARD_N_COVERS; i++)
    g_clear_object (&self->textures[i]);
}

static gboolean
are_same (GPtrArray *a, GPtrArray *b)
{
  if (a == NULL || b == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const KalonBoardItem *x = g_ptr_array_index (a, i), *y = g_ptr_array_index (b, i);

      if (!g_str_equal (x->content_hash, y->content_hash) || !g_str_equal (x->path, y->path))
        return FALSE;
    }
  return TRUE;
}

/* Where the cover at @place of @n is: one fills all; else the first takes two thirds of the width,
 * and the others share the rest. */
static void
get_part (KalonBoardCovers *self, guint place, guint n, graphene_rect_t *part)
{
  float width = gtk_widget_get_width (GTK_WIDGET (self));
  float height = gtk_widget_get_height (GTK_WIDGET (self));
  float first = n > 1 ? roundf ((width - GAP) * 2 / 3) : width;
  float rest = n > 1 ? (height - (n - 2) * GAP) / (n - 1) : 0;

  if (place == 0)
    graphene_rect_init (part, 0, 0, first, height);
  else
    graphene_rect_init (part, first + GAP, (place - 1) * (rest + GAP), width - first - GAP, rest);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    part->origin.x = width - part->origin.x - part->size.width;
}

static void
snapshot_part (KalonBoardCovers *self, GtkSnapshot *snapshot, guint place,
               const graphene_rect_t *part)
{
  GdkTexture *texture = self->textures[place];
  GdkRGBA colour;
  float width, height, scale;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  colour.alpha *= 0.08;
  if (texture == NULL)
    {
      gtk_snapshot_append_color (snapshot, &colour, part);
      return;
    }
  width = gdk_texture_get_width (texture);
  height = gdk_texture_get_height (texture);
  scale = MAX (part->size.width / width, part->size.height / height);
  gtk_snapshot_push_clip (snapshot, part);
  gtk_snapshot_append_texture (
      snapshot, texture,
      &GRAPHENE_RECT_INIT (part->origin.x + (part->size.width - width * scale) / 2,
                           part->origin.y + (part->size.height - height * scale) / 2, width * scale,
                           height * scale));
  gtk_snapshot_pop (snapshot);
}

static void
kalon_board_covers_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KalonBoardCovers *self = KALON_BOARD_COVERS (widget);
  guint n = self->covers != NULL ? self->covers->len : 0;
  graphene_rect_t all;
  GskRoundedRect rounded;

  graphene_rect_init (&all, 0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  gsk_rounded_rect_init_from_rect (&rounded, &all, CORNER_RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  for (guint i = 0; i < MAX (n, 1); i++)
    {
      graphene_rect_t part;

      get_part (self, i, n, &part);
      snapshot_part (self, snapshot, i, &part);
    }
  gtk_snapshot_pop (snapshot);
}

static void
kalon_board_covers_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH / 2 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
kalon_board_covers_dispose (GObject *object)
{
  KalonBoardCovers *self = KALON_BOARD_COVERS (object);

  forget (self);
  g_clear_object (&self->thumbnails);
  G_OBJECT_CLASS (kalon_board_covers_parent_class)->dispose (object);
}

static void
kalon_board_covers_class_init (KalonBoardCoversClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_board_covers_dispose;
  widget_class->measure = kalon_board_covers_measure;
  widget_class->snapshot = kalon_board_covers_snapshot;
  gtk_widget_class_set_css_name (widget_class, "covers");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
kalon_board_covers_init (KalonBoardCovers *self)
{
}

GtkWidget *
kalon_board_covers_new (KalonBoardThumbnails *thumbnails)
{
  KalonBoardCovers *self = g_object_new (KALON_TYPE_BOARD_COVERS, NULL);

  self->thumbnails = g_object_ref (thumbnails);
  return GTK_WIDGET (self);
}

void
kalon_board_covers_set (KalonBoardCovers *self, GPtrArray *covers)
{
  g_return_if_fail (KALON_IS_BOARD_COVERS (self));

  if (are_same (self->covers, covers))
    return;
  forget (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (covers == NULL)
    return;
  self->covers = g_ptr_array_ref (covers);
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < covers->len; i++)
    {
      Load *load = g_new (Load, 1);

      *load = (Load){ g_object_ref (self), i };
      kalon_board_thumbnails_load_async (self->thumbnails, g_ptr_array_index (covers, i),
                                         self->cancellable, loaded_cb, load);
    }
}
