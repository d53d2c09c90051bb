/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be asked, and what was answered earlier. */
#include "judge/kalon-judge-private.h"

#include "input/kalon-input.h"

/* A picture of more is not one that a thumbnail is made of. */
#define MAX_FILE (512 << 20)
#define QUALITY 85

static void
case_free (gpointer data)
{
  KalonJudgeCase *one = data;

  for (guint i = 0; i < KALON_JUDGE_CALLS; i++)
    {
      g_free (one->calls[i].key);
      g_free (one->calls[i].answer);
    }
  g_free (one->failure);
  g_free (one);
}

/* (transfer full) (nullable): the hashes of a row's contents, a line each. @known: char * -> char
 * *: paths that were hashed already */
static char *
hash_row (const GPtrArray *row, GHashTable *known, GError **error)
{
  g_autoptr (GString) hashes = g_string_new (NULL);

  for (guint i = 0; i < MIN (row->len, KALON_HPIR_MAX_GROUP); i++)
    {
      const KalonAnswer *answer = g_ptr_array_index (row, i);
      const char *hash = answer->content_hash;

      if (hash == NULL)
        hash = g_hash_table_lookup (known, answer->path);
      if (hash == NULL)
        {
          g_autoptr (GBytes) bytes = kalon_input_read (answer->path, MAX_FILE, error);
          char *made;

          if (bytes == NULL)
            return NULL;
          made = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
          g_hash_table_insert (known, g_strdup (answer->path), made);
          hash = made;
        }
      g_string_append_printf (hashes, "%s\n", hash);
    }
  return g_string_free (g_steal_pointer (&hashes), FALSE);
}

static char *
dup_key (KalonJudge *self, const KalonJudgeCall *call, char *const hashes[2])
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "%s\n%d\n%s\n%s\n", kalon_llm_get_id (self->llm),
                   KALON_JUDGE_PROMPT_VERSION, kalon_judge_style_get_name (call->style),
                   call->item->query);
  for (guint i = 0; i < call->n_rows; i++)
    g_string_append_printf (text, "row\n%s", hashes[call->rows[i]]);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
}

/* What is kept is data as well: an edited file reaches no further than a model does. */
gboolean
kalon_judge_call_look_up (KalonJudgeCall *call, KalonJudgeCache *cache, GError **error)
{
  GError *reason = NULL;
  g_autofree char *text = kalon_judge_cache_find (cache, call->key, &reason);
  KalonJudgeAnswer answer;

  if (reason != NULL)
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  if (text != NULL)
    kalon_judge_answer_parse (text, call->style, &answer, &call->answer, NULL);
  return TRUE;
}

static gboolean
fill_calls (KalonJudge *self, KalonJudgeCache *cache, KalonJudgeCase *one, char *const hashes[2],
            GError **error)
{
  for (guint i = 0; i < KALON_JUDGE_CALLS; i++)
    {
      KalonJudgeCall *call = &one->calls[i];

      *call = (KalonJudgeCall){ one->item,    one->style, one->style == KALON_JUDGE_SCORER ? 1 : 2,
                                { i, 1 - i }, NULL,       NULL };
      call->key = dup_key (self, call, hashes);
      if (!kalon_judge_call_look_up (call, cache, error))
        return FALSE;
    }
  return TRUE;
}

static KalonJudgeCase *
list_case (KalonJudge *self, KalonJudgeCache *cache, const KalonJudgeItem *item,
           KalonJudgeStyle style, GHashTable *known, GError **error)
{
  KalonJudgeCase *one = g_new0 (KalonJudgeCase, 1);
  char *hashes[2] = { NULL };
  g_autoptr (GError) reason = NULL;

  one->item = item;
  one->style = style;
  for (guint row = 0; row < 2 && reason == NULL; row++)
    hashes[row] = hash_row (item->rows[row], known, &reason);
  if (item->rows[0]->len == 0 || item->rows[1]->len == 0)
    one->state = KALON_JUDGE_EMPTY;
  else if (reason != NULL)
    {
      one->state = KALON_JUDGE_UNREADABLE;
      one->failure = g_strdup (reason->message);
    }
  else if (g_str_equal (hashes[0], hashes[1]))
    one->state = KALON_JUDGE_SAME;
  else if (!fill_calls (self, cache, one, hashes, error))
    g_clear_pointer (&one, case_free);
  g_free (hashes[0]);
  g_free (hashes[1]);
  return one;
}

GPtrArray *
kalon_judge_list_cases (KalonJudge *self, KalonJudgeCache *cache, GPtrArray *items,
                        const KalonJudgeStyle *styles, guint n_styles, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (case_free);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint style = 0; style < n_styles; style++)
    for (guint i = 0; i < items->len; i++)
      {
        KalonJudgeCase *one;

        if (g_cancellable_set_error_if_cancelled (cancellable, error))
          return NULL;
        one = list_case (self, cache, g_ptr_array_index (items, i), styles[style], known, error);
        if (one == NULL)
          return NULL;
        g_ptr_array_add (cases, one);
      }
  return g_steal_pointer (&cases);
}

gsize
kalon_judge_count_calls (GPtrArray *cases, gsize *n_kept)
{
  gsize n_calls = 0;

  if (n_kept != NULL)
    *n_kept = 0;
  for (guint i = 0; i < cases->len; i++)
    {
      const KalonJudgeCase *one = g_ptr_array_index (cases, i);

      for (guint j = 0; one->state == KALON_JUDGE_TO_ASK && j < KALON_JUDGE_CALLS; j++)
        if (one->calls[j].answer == NULL)
          n_calls++;
        else if (n_kept != NULL)
          ++*n_kept;
    }
  return n_calls;
}

GBytes *
kalon_judge_call_draw (KalonJudge *self, const KalonJudgeCall *call, GCancellable *cancellable,
                       GError **error)
{
  GPtrArray *rows[2] = { call->item->rows[call->rows[0]], call->item->rows[call->rows[1]] };
  g_autoptr (KalonImage) image
      = kalon_judge_draw (self->library_directory, rows, call->n_rows, cancellable, error);

  return image != NULL ? kalon_image_encode_jpeg (image, QUALITY, error) : NULL;
}
