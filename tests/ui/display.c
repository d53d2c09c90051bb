/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "display.h"

#include <glib/gstdio.h>

#include "image/kalon-image.h"
#include "window/kalon-ui.h"

#define TIMEOUT (60 * G_USEC_PER_SEC)

void
display_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  kalon_ui_init ();
  adw_init ();
}

gint64
display_deadline (void)
{
  return g_get_monotonic_time () + TIMEOUT;
}

static gboolean
wake_up (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
display_iterate (gint64 deadline, const char *condition)
{
  if (g_get_monotonic_time () > deadline)
    g_error ("Waited in vain for %s", condition);
  /* What is waited for need not wake the loop. */
  g_timeout_add (20, wake_up, NULL);
  g_main_context_iteration (NULL, TRUE);
}

void
display_run_for (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + (gint64) milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    display_iterate (G_MAXINT64, "");
}

void
display_finalize (gpointer object)
{
  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  wait_until (object == NULL);
}

KalonResults *
display_create_results (guint n, guint n_cut)
{
  KalonResults *results = kalon_results_new ();

  for (guint i = 0; i < n; i++)
    {
      KalonResult result = {
        .picture = i + 1,
        .row = i,
        .rank = i + 1,
        .similarity = 0.5f - 0.4f * (float) i / (float) n,
        .n_duplicates = i % 5 == 4 ? 1 : 0,
        .aesthetic = NAN,
      };

      result.score = result.similarity;
      g_array_append_val (results->results, result);
      if (result.n_duplicates > 0)
        {
          KalonFolded folded = { result.picture, result };

          folded.result.picture += DISPLAY_FOLDED;
          folded.result.rank = folded.result.n_duplicates = 0;
          g_array_append_val (results->folded, folded);
        }
    }
  results->n_folded = results->folded->len;
  results->n_candidates = n + n_cut;
  results->n_pictures = n + n_cut;
  results->n_cut = n_cut;
  return results;
}

GArray *
display_create_ids (guint n)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 id = 1; id <= n; id++)
    g_array_append_val (ids, id);
  return ids;
}

static GdkTexture *
create_thumbnail (gint64 id, KalonPicture **picture, gpointer user_data, GCancellable *cancellable,
                  GError **error)
{
  enum
  {
    WIDTH = 48,
    HEIGHT = 32
  };
  KalonPicture known = { .id = id, .width = 3000, .height = 2000 };
  g_autofree guint8 *pixels = g_malloc (WIDTH * HEIGHT * 3);
  g_autoptr (GBytes) bytes = NULL;

  known.path = g_strdup_printf ("/nowhere/%" G_GINT64_FORMAT ".jpeg", id);
  *picture = kalon_picture_copy (&known);
  g_free (known.path);
  if (id % 50 == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "Picture %" G_GINT64_FORMAT " is gone",
                   id);
      return NULL;
    }
  for (guint i = 0; i < WIDTH * HEIGHT * 3; i++)
    pixels[i] = (guint8) (id * (i % 3 + 1) * 37);
  bytes = g_bytes_new_take (g_steal_pointer (&pixels), WIDTH * HEIGHT * 3);
  return gdk_memory_texture_new (WIDTH, HEIGHT, GDK_MEMORY_R8G8B8, bytes, WIDTH * 3);
}

KalonThumbnailQueue *
display_create_thumbnails (void)
{
  return kalon_thumbnail_queue_new (create_thumbnail, NULL, NULL);
}

GtkWidget *
display_find (GtkWidget *widget, GType type, const char *css_class)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type)
      && (css_class == NULL || gtk_widget_has_css_class (widget, css_class)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = display_find (child, type, css_class);

      if (found != NULL)
        return found;
    }
  return NULL;
}

void
display_write_picture (const char *folder, const char *name, guint8 red, guint8 green, guint8 blue)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (KalonImage) image = kalon_image_new (96, 64);
  g_autoptr (GError) error = NULL;

  for (guint y = 0; y < image->height; y++)
    for (guint x = 0; x < image->width; x++)
      {
        guint8 *pixel = image->pixels + ((gsize) y * image->width + x) * 3;
        gboolean square = x > 30 && x < 60 && y > 20 && y < 50;

        pixel[0] = square ? 255 - red : red;
        pixel[1] = square ? 255 - green : green;
        pixel[2] = (guint8) (blue + x);
      }
  g_assert_true (kalon_image_save_png (image, path, &error));
  g_assert_no_error (error);
}

void
display_remove_folder (const char *path)
{
  GDir *folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        display_remove_folder (child);
      else
        g_remove (child);
    }
  g_clear_pointer (&folder, g_dir_close);
  g_rmdir (path);
}
