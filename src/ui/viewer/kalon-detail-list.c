/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "viewer/kalon-detail-list.h"

static void
detail_free (KalonDetail *detail)
{
  g_free (detail->caption);
  g_free (detail->value);
  g_free (detail);
}

/* @value: (transfer full) (nullable): nothing is added then, nor for an empty one */
static void
add (GPtrArray *details, const char *caption, char *value)
{
  KalonDetail *detail;

  if (value == NULL || *value == '\0')
    {
      g_free (value);
      return;
    }
  detail = g_new (KalonDetail, 1);
  *detail = (KalonDetail){ g_strdup (caption), value };
  g_ptr_array_add (details, detail);
}

static char *
dup_time (GDateTime *time)
{
  /* Translators: a date and time, see g_date_time_format(). */
  return time != NULL ? g_date_time_format (time, _ ("%-d %B %Y, %H:%M")) : NULL;
}

static void
add_file (GPtrArray *details, const KalonPicture *picture)
{
  g_autofree char *folder = g_path_get_dirname (picture->path);

  add (details, _ ("Name"), g_filename_display_basename (picture->path));
  add (details, _ ("Folder"), g_filename_display_name (folder));
}

static void
add_place (GPtrArray *details, KalonResultItem *item)
{
  guint n_duplicates = kalon_result_item_get_n_duplicates (item);

  if (kalon_result_item_get_rank (item) > 0)
    {
      add (details, _ ("Rank"), g_strdup_printf ("%u", kalon_result_item_get_rank (item)));
      add (details, _ ("Similarity"),
           g_strdup_printf ("%.3f", kalon_result_item_get_similarity (item)));
      add (details, _ ("Why It Is There"), kalon_result_item_dup_reason (item));
    }
  if (n_duplicates > 0)
    add (details, _ ("Near-Duplicates"), g_strdup_printf ("%u", n_duplicates));
}

static void
add_scores (GPtrArray *details, const KalonPictureScores *scores)
{
  if (isnan (scores->aesthetic))
    return;
  add (details, _ ("Aesthetic Score"), g_strdup_printf ("%.2f", scores->aesthetic));
  /* A single member's is the same again. */
  for (guint i = 0; i < scores->members->len && scores->members->len > 1; i++)
    {
      const KalonMemberScore *member = &g_array_index (scores->members, KalonMemberScore, i);
      /* Translators: the name of a model that scores how good a picture looks. */
      g_autofree char *caption = g_strdup_printf (_ ("Score of “%s”"), member->id);

      add (details, caption, g_strdup_printf ("%.2f", member->score));
    }
}

static void
add_size (GPtrArray *details, const KalonPicture *picture)
{
  /* Translators: width × height of a picture in pixels, and its millions of pixels. */
  add (details, _ ("Size"),
       g_strdup_printf (_ ("%u × %u (%.1f megapixels)"), picture->width, picture->height,
                        (double) picture->width * picture->height / 1e6));
  add (details, _ ("File Size"), g_format_size (picture->size));
  if (picture->format != NULL)
    add (details, _ ("Format"), g_ascii_strup (picture->format, -1));
}

/* As cameras write it: 1/250, 0.5, 30. */
static char *
dup_exposure (double seconds)
{
  if (seconds <= 0)
    return NULL;
  if (seconds < 0.4)
    /* Translators: how long a photo was exposed, a fraction of a second. */
    return g_strdup_printf (_ ("1/%.0f s"), 1 / seconds);
  /* Translators: how long a photo was exposed, in seconds. */
  return g_strdup_printf (_ ("%.3g s"), seconds);
}

static void
add_exposure (GPtrArray *details, const KalonImageInfo *info)
{
  add (details, _ ("Exposure"), dup_exposure (info->exposure));
  if (info->f_number > 0)
    add (details, _ ("Aperture"), g_strdup_printf ("f/%.3g", info->f_number));
  if (info->iso > 0)
    add (details, _ ("Sensitivity"), g_strdup_printf ("ISO %u", info->iso));
  if (info->focal_length > 0)
    /* Translators: millimetres. */
    add (details, _ ("Focal Length"), g_strdup_printf (_ ("%.3g mm"), info->focal_length));
  if (info->has_position)
    /* Translators: geographical latitude and longitude, in degrees. */
    add (details, _ ("Position"),
         g_strdup_printf (_ ("%.5f° %s, %.5f° %s"), ABS (info->latitude),
                          info->latitude >= 0 ? C_ ("latitude", "N") : C_ ("latitude", "S"),
                          ABS (info->longitude),
                          info->longitude >= 0 ? C_ ("longitude", "E") : C_ ("longitude", "W")));
}

GPtrArray *
kalon_detail_list_new (const KalonPicture *picture, KalonResultItem *item,
                       const KalonImageInfo *info, const KalonPictureScores *scores)
{
  GPtrArray *details = g_ptr_array_new_with_free_func ((GDestroyNotify) detail_free);
  /* Taken: local time of the place, so it is shown as it is. Modified: of this place. */
  g_autoptr (GDateTime) taken
      = picture->taken_at != 0 ? g_date_time_new_from_unix_utc (picture->taken_at) : NULL;
  g_autoptr (GDateTime) modified
      = g_date_time_new_from_unix_local (picture->mtime / G_GINT64_CONSTANT (1000000000));

  add_file (details, picture);
  if (item != NULL)
    add_place (details, item);
  if (scores != NULL)
    add_scores (details, scores);
  add_size (details, picture);
  if (info != NULL)
    add (details, _ ("Colour Profile"), g_strdup (info->profile));
  add (details, _ ("Taken"), dup_time (taken));
  add (details, _ ("Modified"), dup_time (modified));
  add (details, _ ("Camera"), g_strdup (picture->camera));
  add (details, _ ("Lens"), g_strdup (picture->lens));
  if (info != NULL)
    add_exposure (details, info);
  return details;
}

char *
kalon_detail_list_to_text (GPtrArray *details)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < details->len; i++)
    {
      const KalonDetail *detail = g_ptr_array_index (details, i);

      /* Translators: a caption and what it is of: "Camera: Nikon D90". */
      g_string_append_printf (text, _ ("%s: %s"), detail->caption, detail->value);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
