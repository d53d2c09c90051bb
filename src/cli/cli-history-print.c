/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-history-private.h"

#include <math.h>
#include <string.h>

/* "2:people"; without a weight of 1, unless the value would be taken for one with a weight. */
static char *
write_term (const KalonTerm *term)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  double weight = round (fabs ((double) term->weight) * 1e4) / 1e4;

  if (weight == 1 && !g_ascii_isdigit (term->value[0]) && term->value[0] != '.')
    return g_strdup (term->value);
  g_ascii_formatd (number, sizeof number, "%.4g", weight);
  return g_strdup_printf ("%s:%s", number, term->value);
}

static const char *
get_option (const KalonTerm *term)
{
  if (term->kind == KALON_TERM_PICTURE)
    return term->weight < 0 ? "--unlike" : "--like";
  return term->weight < 0 ? "--not" : "--also";
}

GStrv
kalon_cli_question_to_arguments (const KalonQuestion *question)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  gboolean is_odd = question->text[0] == '-';
  g_autofree char *strictness = question->strictness == KALON_STRICTNESS_OF_MODEL
                                    ? g_strdup ("model")
                                    : g_strdup_printf ("%d", question->strictness);

  if (question->text[0] != '\0' && !is_odd)
    g_strv_builder_add (arguments, question->text);
  for (guint i = 0; i < question->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (question->terms, i);
      g_autofree char *value = write_term (term);

      g_strv_builder_add (arguments, get_option (term));
      g_strv_builder_add (arguments, value);
    }
  if (question->filter[0] != '\0')
    g_strv_builder_add_many (arguments, "--filter", question->filter, NULL);
  /* With a filter alone nothing is ranked. */
  if (question->text[0] != '\0' || question->terms->len > 0)
    g_strv_builder_add_many (arguments, "--strictness", strictness, NULL);
  if (is_odd)
    g_strv_builder_add_many (arguments, "--", question->text, NULL);
  return g_strv_builder_end (arguments);
}

/* (transfer full): for a shell; what needs no quotes has none. */
static char *
quote (const char *argument)
{
  return argument[strspn (argument, "-./:_=" G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS)] == '\0'
             ? g_strdup (argument)
             : g_shell_quote (argument);
}

void
kalon_cli_print_search (const KalonHistoryEntry *entry)
{
  g_auto (GStrv) arguments = kalon_cli_question_to_arguments (entry->question);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (entry->time);
  g_autofree char *when = time != NULL ? g_date_time_format (time, "%F %R") : g_strdup ("?");

  kalon_cli_print_path (entry->name != NULL ? entry->name : when);
  kalon_cli_print (" ");
  for (char **argument = arguments; *argument != NULL; argument++)
    {
      g_autofree char *word = quote (*argument);

      kalon_cli_print (" ");
      kalon_cli_print_path (word);
    }
  kalon_cli_print ("\n");
}

void
kalon_cli_json_search (JsonBuilder *builder, const KalonHistoryEntry *entry)
{
  const KalonQuestion *question = entry->question;

  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "name", entry->name);
  kalon_cli_json_integer (builder, "time", entry->time);
  kalon_cli_json_string (builder, "text", question->text);
  kalon_cli_json_string (builder, "filter", question->filter);
  kalon_cli_json_integer (builder, "strictness", question->strictness);
  json_builder_set_member_name (builder, "terms");
  json_builder_begin_array (builder);
  for (guint i = 0; i < question->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (question->terms, i);

      json_builder_begin_object (builder);
      if (term->kind == KALON_TERM_PICTURE)
        kalon_cli_json_path (builder, "path", term->value);
      else
        kalon_cli_json_string (builder, "words", term->value);
      kalon_cli_json_number (builder, "weight", (double) term->weight);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}
