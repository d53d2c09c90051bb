/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.json: what is taken can be written in every form, and is taken as the same again. */
#include "fuzz.h"

#include <string.h>

#include "json-text/kalon-json-text.h"
#include "report/kalon-report-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonReport) report
      = kalon_report_parse (data != NULL ? (const char *) data : "", size, "fuzz", &error);
  g_autoptr (KalonReport) again = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) node_again = NULL;
  g_autofree char *text = NULL, *html = NULL, *first = NULL, *second = NULL;

  g_assert_true ((report == NULL) == (error != NULL));
  if (report == NULL)
    return 0;
  text = kalon_report_to_text (report);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  html = kalon_report_to_html (report, NULL, NULL);
  g_assert_true (g_utf8_validate (html, -1, NULL));
  node = kalon_report_to_json (report);
  first = kalon_json_to_text (node);
  again = kalon_report_parse (first, strlen (first), "again", &error);
  g_assert_no_error (error);
  node_again = kalon_report_to_json (again);
  second = kalon_json_to_text (node_again);
  g_assert_cmpstr (first, ==, second);
  return 0;
}
