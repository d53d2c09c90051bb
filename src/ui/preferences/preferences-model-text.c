/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-progress-text.h"
#include "preferences/kalon-preferences-private.h"

gboolean
kalon_preferences_is_head (KalonModelItem *item)
{
  const KalonOffer *offer = kalon_model_item_get_offer (item);

  return offer != NULL && offer->kind == KALON_OFFER_HEAD;
}

KalonModelChange
kalon_preferences_get_model_change (KalonSession *session, KalonModelItem *item)
{
  const char *id;
  KalonModelChange change = kalon_session_get_model_change (session, &id, NULL);

  return g_strcmp0 (id, kalon_model_item_get_id (item)) == 0 ? change : KALON_MODEL_CHANGE_NONE;
}

static const char *
get_note (KalonModelItem *item)
{
  const KalonOffer *offer = kalon_model_item_get_offer (item);

  if (offer != NULL)
    return _ (offer->note);
  if (g_str_equal (kalon_model_item_get_id (item), KALON_MODEL_STARTER))
    return _ ("Comes with Kalon: small and quick, knows common things. Of 1,000 photos, the one "
              "that a text tells of is among the best ten in 42 %.");
  return _ ("Imported from a folder: how good it is and what its licence allows is for its makers "
            "to say.");
}

static void
append_line (GString *text, const char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
}

static void
append_facts (KalonModelItem *item, GString *text)
{
  const KalonOffer *offer = kalon_model_item_get_offer (item);
  const KalonModel *model = kalon_model_item_get_model (item);
  guint64 bytes = model != NULL ? model->size : offer != NULL ? offer->size : 0;
  g_autofree char *size = g_format_size (bytes);
  g_autofree char *line = NULL;

  if (bytes == 0)
    return;
  if (offer != NULL)
    /* Translators: a size such as “338 MB”, and the name of a licence. */
    line = g_strdup_printf (_ ("%s · licence: %s"), size, offer->licence);
  else if (g_str_equal (kalon_model_item_get_id (item), KALON_MODEL_STARTER))
    line = g_strdup_printf (_ ("%s · licence: %s"), size, "GPL-3.0-or-later");
  append_line (text, line != NULL ? line : size);
  if (kalon_preferences_is_head (item))
    {
      g_autofree char *encoder = g_strdup_printf (_ ("Needs the model %s."), offer->encoder);

      append_line (text, encoder);
    }
}

static void
append_speed (KalonModelItem *item, gsize n_pictures, GString *text)
{
  double rate = kalon_model_item_get_rate (item);
  g_autofree char *line = NULL;
  guint minutes;

  if (kalon_model_item_is_measuring (item))
    append_line (text, _ ("Measuring how fast it is on this device…"));
  if (rate <= 0)
    return;
  minutes = (guint) ((double) n_pictures / rate / 60 + 1);
  if (n_pictures > 0 && minutes < 120)
    line = g_strdup_printf (ngettext ("%.1f pictures per second on this device: your library takes "
                                      "about %u minute",
                                      "%.1f pictures per second on this device: your library takes "
                                      "about %u minutes",
                                      minutes),
                            rate, minutes);
  else if (n_pictures > 0)
    line = g_strdup_printf (ngettext ("%.1f pictures per second on this device: your library takes "
                                      "about %u hour",
                                      "%.1f pictures per second on this device: your library takes "
                                      "about %u hours",
                                      minutes / 60),
                            rate, minutes / 60);
  else
    line = g_strdup_printf (_ ("%.1f pictures per second on this device"), rate);
  append_line (text, line);
}

static void
append_state (KalonSession *session, KalonModelItem *item, GString *text)
{
  g_autofree char *line = NULL;
  g_autofree char *progress = NULL;

  if (kalon_model_item_get_state (item) == KALON_MODEL_DOWNLOADING)
    {
      double done = kalon_model_item_get_progress (item);

      if (done >= 1)
        line = g_strdup (_ ("All of it is here, and being verified…"));
      else
        line = g_strdup_printf (_ ("Downloading: %d %%"), (int) (done * 100));
    }
  else if (kalon_model_item_get_state (item) == KALON_MODEL_BEGUN)
    line = g_strdup (_ ("The download was stopped. It goes on from where it was."));
  else
    switch (kalon_preferences_get_model_change (session, item))
      {
      case KALON_MODEL_CHANGE_NONE:
        break;
      case KALON_MODEL_CHANGE_LOOKING:
        line = g_strdup (_ ("Looking at the model…"));
        break;
      case KALON_MODEL_CHANGE_WAITING:
        line = g_strdup (_ ("Waits until the indexing under way is done."));
        break;
      case KALON_MODEL_CHANGE_INDEXING:
        progress = kalon_progress_to_text (kalon_session_get_services (session)->indexing);
        /* Translators: behind the colon is “3,120 of 8,091 files”. */
        line = g_strdup_printf (_ ("Indexing, while the old one still searches: %s"), progress);
        break;
      }
  if (line != NULL)
    append_line (text, line);
  if (kalon_model_item_get_problem (item) != NULL)
    append_line (text, kalon_model_item_get_problem (item));
}

char *
kalon_preferences_dup_model_text (KalonSession *session, KalonModelItem *item, gsize n_pictures)
{
  g_autoptr (GString) text = g_string_new (get_note (item));

  append_facts (item, text);
  append_speed (item, n_pictures, text);
  append_state (session, item, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
