/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer of a language model, cut anywhere: what is shown of it is always words of a query. */
#include "fuzz.h"

#include <string.h>

#include "rephraser/kalon-rephraser-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  for (guint style = 0; style < KALON_N_REPHRASE_STYLES; style++)
    {
      g_auto (KalonRephraseAnswer) answer = { NULL };
      KalonRephraseRequest request = { .query = "Hund", .style = style };
      g_autoptr (KalonRephrasing) rephrasing = NULL;

      if (!kalon_prompt_has_style (style)
          || !kalon_rephrase_answer_parse_partial (text, request.query, style, &answer))
        continue;
      rephrasing = kalon_rephrase_answer_compose (&answer, &request, KALON_REPHRASE_SOURCE_LLM);
      g_assert_true (g_utf8_validate (rephrasing->text, -1, NULL));
      g_assert_null (strpbrk (rephrasing->text, "<|>\n\r\t\"\\{}[]"));
      g_assert_cmpuint (strlen (rephrasing->text), <, 4096);
    }
  return 0;
}
