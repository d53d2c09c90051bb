/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/kalon-window-files-private.h"

/* What the pictures had before a thumb for all: to be undone. */
typedef struct
{
  gint64 picture;
  KalonVerdict before;
} Change;

struct _KalonWindowThumbs
{
  char *query;
  GArray *shown;
  GArray *changes; /* Change */
};

void
kalon_window_thumbs_free (KalonWindowThumbs *thumbs)
{
  g_free (thumbs->query);
  g_array_unref (thumbs->shown);
  g_array_unref (thumbs->changes);
  g_free (thumbs);
}

typedef struct
{
  KalonWindow *window;
  char *text; /* said when it is done; (nullable) */
} Press;

static void
set_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Press *press = user_data;
  KalonWindow *self = press->window;
  g_autoptr (GError) error = NULL;

  if (!kalon_thumbs_set_finish (KALON_THUMBS (object), result, &error))
    {
      if (self->session != NULL)
        kalon_window_show_message (self, error->message);
    }
  else if (self->session != NULL && press->text != NULL)
    kalon_window_offer_undo_of_many (self, press->text);
  g_object_unref (press->window);
  g_free (press->text);
  g_free (press);
}

/* @text: (nullable) */
static void
set (KalonWindow *self, gint64 picture, KalonVerdict verdict, const char *text)
{
  Press *press = g_new (Press, 1);

  *press = (Press){ g_object_ref (self), g_strdup (text) };
  kalon_thumbs_set_async (self->thumbs, self->thumbed->query, picture, verdict,
                          self->thumbed->shown, set_cb, press);
}

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

/* Where the last of @pictures is shown: everything up to there has been looked at. */
static guint
find_last (KalonWindow *self, GPtrArray *pictures)
{
  KalonResultsModel *model = kalon_search_get_model (self->search);
  guint position, last = 0;

  for (guint i = 0; i < pictures->len; i++)
    if (kalon_results_model_find (model, ((KalonPicture *) g_ptr_array_index (pictures, i))->id,
                                  &position))
      last = MAX (last, position);
  return last;
}

/* One event for each picture, as if it had been pressed alone. Where all have that thumb already it
 * is taken back. */
void
kalon_window_thumb_pictures (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  const char *query = kalon_search_get_text (self->search);
  KalonVerdict verdict;
  gboolean liked;
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  g_autofree char *text = NULL;

  g_variant_get_child (target, 1, "b", &liked);
  verdict = liked ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED;
  for (guint i = 0; i < pictures->len; i++)
    {
      const KalonPicture *picture = g_ptr_array_index (pictures, i);
      Change change
          = { picture->id, kalon_thumbs_get (self->thumbs, query, picture->content_hash) };

      if (change.before != verdict)
        g_array_append_val (changes, change);
    }
  if (changes->len == 0)
    for (guint i = 0; i < pictures->len; i++)
      {
        Change change = { ((KalonPicture *) g_ptr_array_index (pictures, i))->id, verdict };

        g_array_append_val (changes, change);
      }
  if (g_array_index (changes, Change, 0).before == verdict)
    verdict = KALON_VERDICT_NONE;

  g_clear_pointer (&self->thumbed, kalon_window_thumbs_free);
  self->thumbed = g_new0 (KalonWindowThumbs, 1);
  self->thumbed->query = g_strdup (query);
  self->thumbed->shown = kalon_window_list_shown (self, kalon_search_get_model (self->search),
                                                  find_last (self, pictures));
  self->thumbed->changes = g_array_ref (changes);
  text = dup_text (verdict, changes->len);
  for (guint i = 0; i < changes->len; i++)
    set (self, g_array_index (changes, Change, i).picture, verdict,
         i + 1 == changes->len ? text : NULL);
}

void
kalon_window_undo_thumbs (KalonWindow *self)
{
  if (self->thumbed == NULL)
    return;
  kalon_window_offer_undo_of_many (self, NULL);
  for (guint i = self->thumbed->changes->len; i > 0; i--)
    {
      const Change *change = &g_array_index (self->thumbed->changes, Change, i - 1);

      set (self, change->picture, change->before, NULL);
    }
  g_clear_pointer (&self->thumbed, kalon_window_thumbs_free);
}
