/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/kalon-window-files-private.h"

typedef struct
{
  KalonWindow *window;
  KalonVerdict verdict;
} Press;

static char *
dup_text (KalonVerdict verdict, guint n)
{
  switch (verdict)
    {
    case KALON_VERDICT_LIKED:
      return g_strdup_printf (ngettext ("Thumb up for %u picture", "Thumb up for %u pictures", n),
                              n);
    case KALON_VERDICT_DISLIKED:
      return g_strdup_printf (
          ngettext ("Thumb down for %u picture", "Thumb down for %u pictures", n), n);
    case KALON_VERDICT_NONE:
    default:
      return g_strdup_printf (
          ngettext ("Thumb taken back from %u picture", "Thumbs taken back from %u pictures", n),
          n);
    }
}

static void
set_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Press *press = user_data;
  g_autoptr (KalonWindow) self = press->window;
  KalonVerdict verdict = press->verdict;
  g_autoptr (GError) error = NULL;
  int n = kalon_thumbs_set_many_finish (KALON_THUMBS (object), result, &error);
  g_autofree char *text = NULL;

  g_free (press);
  /* The window may have been closed meanwhile; the thumbs stay. */
  if (self->session == NULL)
    return;
  if (n < 0)
    {
      kalon_window_show_message (self, error->message);
      return;
    }
  text = dup_text (verdict, (guint) n);
  kalon_window_offer_undo (self, text);
}

/* Where the last of @pictures, (element-type gint64), is shown: everything up to there has been
 * looked at. */
static guint
find_last (KalonResultsModel *model, const GArray *pictures)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < pictures->len; i++)
    g_hash_table_add (wanted, &g_array_index (pictures, gint64, i));
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (model)); i > 0; i--)
    {
      const gint64 id = kalon_results_model_get_picture_id (model, i - 1);

      if (g_hash_table_contains (wanted, &id))
        return i - 1;
    }
  return 0;
}

/* As if each had been pressed alone. Where all have that thumb already it is taken back. */
void
kalon_window_thumb_pictures (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  KalonResultsModel *model = kalon_search_get_model (self->search);
  const char *query = kalon_search_get_text (self->search);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) shown = NULL;
  gboolean liked, all = TRUE;
  KalonVerdict verdict;
  Press *press = g_new (Press, 1);

  g_variant_get_child (target, 1, "b", &liked);
  verdict = liked ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED;
  for (guint i = 0; i < pictures->len; i++)
    {
      const KalonPicture *picture = g_ptr_array_index (pictures, i);

      all = all && kalon_thumbs_get (self->thumbs, query, picture->content_hash) == verdict;
      g_array_append_val (ids, picture->id);
    }
  shown = kalon_window_list_shown (self, model, find_last (model, ids));
  *press = (Press){ g_object_ref (self), all ? KALON_VERDICT_NONE : verdict };
  kalon_thumbs_set_many_async (self->thumbs, query, ids, press->verdict, shown, set_cb, press);
}
