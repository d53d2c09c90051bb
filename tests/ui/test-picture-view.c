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
  g_test_add_func ("/picture-view/extremes", test_extremes);
  g_test_add_func ("/picture-view/finalize", test_finalize);
  return g_test_run ();
}
