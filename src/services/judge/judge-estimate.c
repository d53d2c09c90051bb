/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/kalon-judge-private.h"

#include <string.h>

/* Pictures that are drawn for it, far apart in the list. */
#define SAMPLE 8
/* OpenAI's rule for a picture that is looked at closely: a base, and so many for each tile. */
#define BASE_TOKENS 85
#define TILE_TOKENS 170
#define TILE 512
#define BYTES_PER_TOKEN 4

typedef struct
{
  gsize n;
  guint64 bytes;
  guint64 tokens;
} Sample;

/* One that cannot be drawn will not be sent either. */
static gboolean
measure (KalonJudge *self, const KalonJudgeCall *call, Sample *sample, GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GBytes) picture = kalon_judge_call_draw (self, call, cancellable, NULL);
  g_autoptr (KalonImage) image
      = picture != NULL ? kalon_image_load_bytes (picture, 0, NULL, NULL, NULL) : NULL;
  g_autofree char *user = kalon_judge_prompt_dup_user (call->item->query);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (image == NULL)
    return TRUE;
  sample->n++;
  sample->bytes += g_bytes_get_size (picture);
  sample->tokens
      += BASE_TOKENS
         + TILE_TOKENS * ((image->width + TILE - 1) / TILE) * ((image->height + TILE - 1) / TILE)
         + (strlen (kalon_judge_prompt_get_system (call->style))
            + strlen (kalon_judge_prompt_get_schema (call->style)) + strlen (user))
               / BYTES_PER_TOKEN
         + KALON_JUDGE_ANSWER_TOKENS;
  return TRUE;
}

gboolean
kalon_judge_estimate_cases (KalonJudge *self, GPtrArray *cases, KalonJudgeEstimate *estimate,
                            GCancellable *cancellable, GError **error)
{
  gsize step, at = 0;
  Sample sample = { 0 };

  *estimate = (KalonJudgeEstimate){ 0 };
  estimate->n_calls = kalon_judge_count_calls (cases, &estimate->n_kept);
  step = MAX (1, estimate->n_calls / SAMPLE);
  for (guint i = 0; i < cases->len; i++)
    {
      const KalonJudgeCase *one = g_ptr_array_index (cases, i);

      for (guint j = 0; one->state == KALON_JUDGE_TO_ASK && j < KALON_JUDGE_CALLS; j++)
        if (one->calls[j].answer == NULL && at++ % step == 0
            && !measure (self, &one->calls[j], &sample, cancellable, error))
          return FALSE;
    }
  if (sample.n > 0)
    {
      estimate->bytes = sample.bytes * estimate->n_calls / sample.n;
      estimate->n_tokens = sample.tokens * estimate->n_calls / sample.n;
    }
  return TRUE;
}

gboolean
kalon_judge_estimate (KalonJudge *self, GPtrArray *items, const KalonJudgeStyle *styles,
                      guint n_styles, KalonJudgeEstimate *estimate, GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (KalonJudgeCache) cache = NULL;
  g_autoptr (GPtrArray) cases = NULL;

  g_return_val_if_fail (KALON_IS_JUDGE (self), FALSE);
  g_return_val_if_fail (items != NULL && styles != NULL && estimate != NULL, FALSE);

  cache = kalon_judge_cache_open (self->cache_path, error);
  if (cache != NULL)
    cases = kalon_judge_list_cases (self, cache, items, styles, n_styles, cancellable, error);
  return cases != NULL && kalon_judge_estimate_cases (self, cases, estimate, cancellable, error);
}
