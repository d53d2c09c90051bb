/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of labels.jsonl: what is understood is written in a form that is understood as the same.
 */
#include "fuzz.h"

#include <string.h>

#include "labelling/kalon-labelling-private.h"

static void
check_head (const KalonLabelHead *head)
{
  g_autofree char *text = kalon_label_head_to_line (head);
  g_autoptr (GError) error = NULL;
  KalonLabelHead again;

  kalon_label_head_from_line (text, strlen (text), "again", &again, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again.created, ==, head->created);
  g_assert_cmpuint (again.seed, ==, head->seed);
  g_assert_cmpfloat_with_epsilon (again.repeats, head->repeats, 1e-12);
}

static void
check_line (const KalonLabelLine *line)
{
  g_autofree char *text = kalon_label_line_to_text (line);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLabelLine) again
      = kalon_label_line_from_text (text, strlen (text), "again", &error);
  g_autofree char *same = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (again->labeler, ==, line->labeler);
  g_assert_cmpstr (again->item, ==, line->item);
  g_assert_cmpmem (again->label.votes, sizeof again->label.votes, line->label.votes,
                   sizeof line->label.votes);
  same = kalon_label_line_to_text (again);
  g_assert_cmpstr (same, ==, text);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *text = size > 0 ? (const char *) data : "";
  g_autoptr (KalonLabelLine) line = kalon_label_line_from_text (text, size, "line", NULL);
  KalonLabelHead head;

  if (line != NULL)
    check_line (line);
  if (kalon_label_head_from_line (text, size, "head", &head, NULL))
    check_head (&head);
  return 0;
}
