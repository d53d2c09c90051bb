/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judgements/kalon-judgements-private.h"

#include "journal/kalon-journal.h"

#define FILE_NAME "judgements.jsonl"
/* At 3 kB a line more than anybody judges. */
#define MAX_FILE (64 * 1024 * 1024)

KalonJudgement *
kalon_judgement_new (const char *query, const char *left, const char *right,
                     KalonPreferred preferred)
{
  KalonJudgement *judgement = g_new0 (KalonJudgement, 1);

  g_return_val_if_fail (query != NULL && left != NULL && right != NULL, NULL);

  judgement->query = g_utf8_make_valid (query, -1);
  judgement->rankings[0] = g_strdup (left);
  judgement->rankings[1] = g_strdup (right);
  judgement->preferred = preferred;
  return judgement;
}

void
kalon_judgement_free (KalonJudgement *judgement)
{
  if (judgement == NULL)
    return;
  for (guint side = 0; side < 2; side++)
    {
      g_free (judgement->rankings[side]);
      g_strfreev (judgement->pictures[side]);
    }
  g_free (judgement->query);
  g_free (judgement->rephrased);
  g_free (judgement->model);
  g_free (judgement);
}

char *
kalon_judgements_dup_path (const char *library_directory)
{
  return library_directory != NULL
             ? g_build_filename (library_directory, FILE_NAME, NULL)
             : g_build_filename (g_get_user_data_dir (), "kalon", FILE_NAME, NULL);
}

gboolean
kalon_judgements_add (const char *library_directory, const KalonJudgement *judgement,
                      GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *head = NULL;
  g_autofree char *line = NULL;
  KalonJudgement dated;

  g_return_val_if_fail (judgement != NULL, FALSE);

  dated = *judgement;
  if (dated.time == 0)
    dated.time = g_get_real_time () / G_USEC_PER_SEC;
  head = kalon_judgements_dup_head ();
  line = kalon_judgement_to_line (&dated);
  path = kalon_judgements_dup_path (library_directory);
  return kalon_journal_append (path, head, line, error);
}

static gboolean
check_head (const char *line, gsize length, const char *where, gpointer user_data, GError **error)
{
  return kalon_judgements_check_head (line, length, where, error);
}

static gboolean
take_line (const char *line, gsize length, const char *where, gpointer user_data, GError **error)
{
  GPtrArray *judgements = user_data;
  KalonJudgement *judgement = kalon_judgement_from_line (line, length, where, error);

  if (judgement == NULL)
    return FALSE;
  g_ptr_array_add (judgements, judgement);
  return TRUE;
}

GPtrArray *
kalon_judgements_list (const char *library_directory, GError **error)
{
  g_autofree char *path = kalon_judgements_dup_path (library_directory);
  g_autoptr (GPtrArray) judgements
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_judgement_free);
  g_autoptr (GError) reason = NULL;

  if (!kalon_journal_read (path, MAX_FILE, check_head, take_line, "A judgement", judgements,
                           &reason)
      && !g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&judgements);
}

void
kalon_judgements_count (GPtrArray *judgements, const char *first, const char *second,
                        KalonTally *tally)
{
  g_return_if_fail (judgements != NULL && tally != NULL);
  g_return_if_fail (first != NULL && second != NULL);

  *tally = (KalonTally){ 0 };
  for (guint i = 0; i < judgements->len; i++)
    {
      const KalonJudgement *judgement = g_ptr_array_index (judgements, i);
      gboolean straight = g_str_equal (judgement->rankings[0], first)
                          && g_str_equal (judgement->rankings[1], second);
      gboolean crossed = g_str_equal (judgement->rankings[0], second)
                         && g_str_equal (judgement->rankings[1], first);

      if (!straight && !crossed)
        continue;
      if (judgement->preferred == KALON_PREFERRED_NEITHER)
        tally->neither++;
      else if ((judgement->preferred == KALON_PREFERRED_LEFT) == straight)
        tally->first++;
      else
        tally->second++;
    }
  if (tally->first + tally->second > 0)
    kalon_metrics_estimate_share (tally->first, tally->first + tally->second, &tally->share);
}
