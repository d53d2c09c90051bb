/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/kalon-judge-private.h"

#include <math.h>

#include "input/kalon-input.h"

static const char *
get_name (guint aspect)
{
  return aspect == KALON_JUDGE_OVERALL ? "overall" : kalon_hpir_aspect_get_name (aspect);
}

/* @scores: fits the schema. */
static void
take_scores (JsonObject *scores, double *points)
{
  points[KALON_JUDGE_OVERALL] = 0;
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      points[aspect] = (double) json_object_get_int_member (scores, get_name (aspect));
      points[KALON_JUDGE_OVERALL] += points[aspect] / KALON_N_HPIR_ASPECTS;
    }
}

static void
take_choices (JsonObject *choices, KalonJudgeAnswer *answer)
{
  for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
    {
      const char *choice = json_object_get_string_member (choices, get_name (aspect));
      gboolean first = g_str_equal (choice, "1");

      answer->points[0][aspect] = first;
      answer->points[1][aspect] = !first;
    }
}

gboolean
kalon_judge_answer_parse (const char *text, KalonJudgeStyle style, KalonJudgeAnswer *answer,
                          char **clean, GError **error)
{
  g_autoptr (JsonNode) node
      = kalon_llm_parse_answer (text, kalon_judge_prompt_get_schema (style), error);
  JsonObject *object;

  if (node == NULL)
    return FALSE;
  object = json_node_get_object (node);
  for (guint row = 0; row < 2; row++)
    for (guint aspect = 0; aspect < KALON_N_JUDGE_ASPECTS; aspect++)
      answer->points[row][aspect] = NAN;
  switch (style)
    {
    case KALON_JUDGE_RANKER:
      take_choices (object, answer);
      break;
    case KALON_JUDGE_SCORER:
      take_scores (object, answer->points[0]);
      break;
    case KALON_JUDGE_CP_SCORER:
      take_scores (json_object_get_object_member (object, "row_1"), answer->points[0]);
      take_scores (json_object_get_object_member (object, "row_2"), answer->points[1]);
      break;
    }
  if (clean != NULL)
    *clean = json_to_string (node, FALSE);
  return TRUE;
}
