/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a language-model server sends: the first byte chooses the dialect, and in how large pieces
 * the rest arrives. */
#include "fuzz.h"

#include "llm/kalon-llm-private.h"

#include <string.h>

static const char schema[]
    = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"a\"],\"properties\":{"
      "\"a\":{\"type\":[\"string\",\"null\"],\"maxLength\":8},"
      "\"b\":{\"type\":\"array\",\"maxItems\":2,\"items\":{\"type\":\"integer\",\"minimum\":0}},"
      "\"c\":{\"enum\":[\"x\",1,true]}}}";

/* The text of the answer so far as it can be read. */
static char *
dup_text (KalonLlm *llm, const char *data, gsize size, gsize piece)
{
  g_autoptr (KalonLlmReader) reader = kalon_llm_reader_new (llm);
  g_autoptr (GError) error = NULL;
  gboolean good = TRUE;

  for (gsize i = 0; good && i < size; i += piece)
    good = kalon_llm_reader_push (reader, data + i, MIN (piece, size - i), &error);
  if (good)
    good = kalon_llm_reader_end (reader, &error);
  g_assert_true (good == (error == NULL));
  if (good)
    g_assert_true (g_utf8_validate (kalon_llm_reader_get_answer (reader)->text->str, -1, NULL));
  return g_strdup (kalon_llm_reader_get_answer (reader)->text->str);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static KalonLlm *servers[3];
  g_autoptr (KalonLlmComplaint) complaint = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *text = NULL;
  const char *rest = (const char *) data + 1;
  KalonLlm *llm;

  if (size == 0)
    return 0;
  if (servers[0] == NULL)
    for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
      servers[i] = kalon_llm_new (NULL, i, "http://127.0.0.1", "model", "sk-key", NULL);
  llm = servers[data[0] % G_N_ELEMENTS (servers)];
  whole = dup_text (llm, rest, size - 1, size);
  text = dup_text (llm, rest, size - 1, 1 + data[0] / G_N_ELEMENTS (servers));
  /* How the network cuts it changes nothing. */
  g_assert_cmpstr (text, ==, whole);

  node = kalon_llm_parse_answer (text, schema, NULL);
  if (node != NULL)
    g_assert_true (json_object_has_member (json_node_get_object (node), "a"));
  complaint = kalon_llm_parse_complaint (rest, size - 1);
  if (complaint->message != NULL)
    {
      g_autofree char *quote = kalon_llm_dup_quote (llm, complaint->message);

      g_assert_null (strstr (quote, "sk-key"));
      g_assert_null (strchr (quote, '\n'));
    }
  return 0;
}
