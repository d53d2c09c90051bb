/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"

#include "viewer/kalon-picture-view.h"

static GdkTexture *
create_texture (int width, int height)
{
  g_autoptr (GBytes) bytes
      = g_bytes_new_take (g_malloc0 ((gsize) width * height * 3), (gsize) width * height * 3);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_R8G8B8, bytes, (gsize) width * 3);
}

static KalonTiles *
create_tiles (guint width, guint height)
{
  return kalon_tiles_new (kalon_image_new (width, height));
}

/* A view of 400 x 300; scale factor 1 under Xvfb. */
static KalonPictureView *
show_view (GtkWindow **window)
{
  KalonPictureView *view = g_object_new (KALON_TYPE_PICTURE_VIEW, NULL);

  *window = GTK_WINDOW (gtk_window_new ());
  gtk_widget_set_size_request (GTK_WIDGET (view), 400, 300);
  gtk_widget_set_halign (GTK_WIDGET (view), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (view), GTK_ALIGN_CENTER);
  gtk_window_set_child (*window, GTK_WIDGET (view));
  gtk_window_present (*window);
  wait_until (gtk_widget_get_width (GTK_WIDGET (view)) == 400);
  return view;
}

static void
test_zoom (void)
{
  GtkWindow *window;
  KalonPictureView *view = show_view (&window);

  g_assert_cmpfloat (kalon_picture_view_get_zoom (view), ==, 0);
  kalon_picture_view_set_picture (view, 4000, 2000, NULL);
  /* The width decides: 400 / 4000. */
  g_assert_true (kalon_picture_view_is_fit (view));
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_zoom (view), 0.1, 1e-9);
  kalon_picture_view_zoom_by (view, 2);
  g_assert_false (kalon_picture_view_is_fit (view));
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_zoom (view), 0.2, 1e-9);
  kalon_picture_view_zoom_by (view, 0.01);
  g_assert_true (kalon_picture_view_is_fit (view));
  kalon_picture_view_zoom_original (view);
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_zoom (view), 1, 1e-9);
  for (guint i = 0; i < 20; i++)
    kalon_picture_view_zoom_by (view, 2);
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_zoom (view), 16, 1e-9);
  kalon_picture_view_zoom_fit (view);
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_zoom (view), 0.1, 1e-9);

  /* A small picture is not blown up. */
  kalon_picture_view_set_picture (view, 40, 20, NULL);
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_zoom (view), 1, 1e-9);
  gtk_window_destroy (window);
}

static void
test_needed (void)
{
  GtkWindow *window;
  KalonPictureView *view = show_view (&window);
  g_autoptr (GdkTexture) small = create_texture (100, 50);
  g_autoptr (KalonTiles) screen = create_tiles (400, 200);
  g_autoptr (KalonTiles) whole = create_tiles (4000, 2000);

  g_assert_true (kalon_picture_view_is_sharp (view));
  kalon_picture_view_set_picture (view, 4000, 2000, small);
  g_assert_cmpuint (kalon_picture_view_get_needed_side (view), ==, 200);
  g_assert_false (kalon_picture_view_is_sharp (view));
  kalon_picture_view_add_tiles (view, screen);
  g_assert_true (kalon_picture_view_is_sharp (view));
  kalon_picture_view_zoom_original (view);
  g_assert_cmpuint (kalon_picture_view_get_needed_side (view), ==, 2000);
  g_assert_false (kalon_picture_view_is_sharp (view));
  kalon_picture_view_add_tiles (view, whole);
  g_assert_true (kalon_picture_view_is_sharp (view));
  /* More than the picture has is not asked for. */
  kalon_picture_view_zoom_by (view, 4);
  g_assert_cmpuint (kalon_picture_view_get_needed_side (view), ==, 2000);
  gtk_window_destroy (window);
}

/* Red grows to the right, green downwards, over many tiles. */
static KalonTiles *
create_gradient (guint width, guint height)
{
  KalonImage *image = kalon_image_new (width, height);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint8 *pixel = image->pixels + ((gsize) y * width + x) * 3;

        pixel[0] = (guint8) (x * 255 / (width - 1));
        pixel[1] = (guint8) (y * 255 / (height - 1));
        pixel[2] = 200;
      }
  return kalon_tiles_new (image);
}

/* (transfer full): [height, width, 4], blue, green, red, alpha: what the view draws. */
static guint8 *
render (KalonPictureView *view, int width, int height)
{
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (view)));
  guint8 *pixels = g_malloc0 ((gsize) width * height * 4);

  GTK_WIDGET_GET_CLASS (view)->snapshot (GTK_WIDGET (view), snapshot);
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (renderer, node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, pixels, (gsize) width * 4);
  return pixels;
}

/* However it is turned and wherever one looks, every corner of the view has the part of the picture
 * that belongs there: no tile in sight is left out. */
static void
test_turn (void)
{
  enum
  {
    WIDTH = 3000,
    HEIGHT = 2500
  };
  GtkWindow *window;
  KalonPictureView *view = show_view (&window);
  g_autoptr (KalonTiles) tiles = create_gradient (WIDTH, HEIGHT);
  const KalonPicturePlace places[] = { { 4, 0.5, 0.5 }, { 5, 0.3, 0.7 }, { 8, 0.9, 0.2 } };

  kalon_picture_view_set_picture (view, WIDTH, HEIGHT, NULL);
  kalon_picture_view_add_tiles (view, tiles);
  for (guint turns = 0; turns < 4; turns++)
    {
      g_assert_cmpuint (kalon_picture_view_get_turns (view), ==, turns);
      for (guint i = 0; i < G_N_ELEMENTS (places); i++)
        {
          double zoom;
          KalonPicturePlace place;
          g_autofree guint8 *pixels = NULL;
          const int corners[][2] = { { 2, 2 }, { 397, 2 }, { 2, 297 }, { 397, 297 }, { 200, 150 } };

          kalon_picture_view_set_place (view, places[i]);
          place = kalon_picture_view_get_place (view);
          zoom = kalon_picture_view_get_zoom (view);
          pixels = render (view, 400, 300);
          for (guint j = 0; j < G_N_ELEMENTS (corners); j++)
            {
              const guint8 *pixel = pixels + (corners[j][1] * 400 + corners[j][0]) * 4;
              double turned_width = turns % 2 == 0 ? WIDTH : HEIGHT;
              double turned_height = turns % 2 == 0 ? HEIGHT : WIDTH;
              double x = place.x + (corners[j][0] + 0.5 - 200) / (turned_width * zoom);
              double y = place.y + (corners[j][1] + 0.5 - 150) / (turned_height * zoom);
              const double stored[][2] = { { x, y }, { y, 1 - x }, { 1 - x, 1 - y }, { 1 - y, x } };

              g_assert_cmpint (pixel[0], ==, 200);
              g_assert_cmpfloat_with_epsilon (pixel[2], stored[turns][0] * 255, 2);
              g_assert_cmpfloat_with_epsilon (pixel[1], stored[turns][1] * 255, 2);
            }
        }
      kalon_picture_view_turn (view, TRUE);
    }
  /* What is in the middle stays there. */
  kalon_picture_view_set_place (view, (KalonPicturePlace){ 5, 0.4, 0.6 });
  kalon_picture_view_turn (view, FALSE);
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_place (view).x, 0.6, 1e-9);
  g_assert_cmpfloat_with_epsilon (kalon_picture_view_get_place (view).y, 0.6, 1e-9);
  g_assert_cmpuint (kalon_picture_view_get_turns (view), ==, 3);
  /* The next picture is upright. */
  kalon_picture_view_set_picture (view, 100, 50, NULL);
  g_assert_cmpuint (kalon_picture_view_get_turns (view), ==, 0);
  gtk_window_destroy (window);
}

/* Of a large picture only what is in sight is drawn. */
static void
test_tiles (void)
{
  g_autoptr (KalonTiles) tiles = create_tiles (4000, 2100);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();

  g_assert_cmpuint (kalon_tiles_get_width (tiles), ==, 4000);
  g_assert_cmpuint (kalon_tiles_get_height (tiles), ==, 2100);
  g_assert_cmpuint (kalon_tiles_get_n (tiles), ==, 4 * 3);
  g_assert_cmpuint (
      kalon_tiles_snapshot (tiles, snapshot, 4000, 2100, &GRAPHENE_RECT_INIT (10, 10, 800, 600), 1),
      ==, 1);
  g_assert_cmpuint (kalon_tiles_snapshot (tiles, snapshot, 4000, 2100,
                                          &GRAPHENE_RECT_INIT (1000, 1000, 800, 600), 1),
                    ==, 4);
  g_assert_cmpuint (
      kalon_tiles_snapshot (tiles, snapshot, 400, 210, &GRAPHENE_RECT_INIT (0, 0, 400, 300), 1), ==,
      12);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_extremes (void)
{
  GtkWindow *window;
  KalonPictureView *view = show_view (&window);
  guint n_changes = 0;

  g_signal_connect_swapped (view, "view-changed", G_CALLBACK (count_cb), &n_changes);
  /* Neither nothing nor a thread of pixels divides by zero. */
  kalon_picture_view_zoom_by (view, 2);
  kalon_picture_view_pan (view, 1, 1);
  g_assert_true (kalon_picture_view_is_fit (view));
  kalon_picture_view_set_picture (view, 1, 60000, NULL);
  kalon_picture_view_zoom_by (view, 3);
  kalon_picture_view_pan (view, 100, -100);
  g_assert_cmpfloat (kalon_picture_view_get_zoom (view), >, 0);
  kalon_picture_view_set_picture (view, 0, 0, NULL);
  g_assert_cmpuint (kalon_picture_view_get_needed_side (view), ==, 0);
  g_assert_cmpuint (n_changes, >, 0);
  display_run_for (50);
  gtk_window_destroy (window);
}

static void
test_finalize (void)
{
  KalonPictureView *view = g_object_new (KALON_TYPE_PICTURE_VIEW, NULL);

  g_object_ref_sink (view);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_ROLE_IMG);
  g_assert_finalize_object (view);
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add_func ("/picture-view/zoom", test_zoom);
  g_test_add_func ("/picture-view/needed", test_needed);
  g_test_add_func ("/picture-view/turn", test_turn);
  g_test_add_func ("/picture-view/tiles", test_tiles);
  g_test_add_func ("/picture-view/extremes", test_extremes);
  g_test_add_func ("/picture-view/finalize", test_finalize);
  return g_test_run ();
}
