/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-rephrase-private.h"

#include "errors/kalon-errors.h"
#include "rephraser/kalon-rephraser.h"
#include "settings/kalon-settings.h"

KalonLlm *
kalon_cli_open_llm (char **reason)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (GError) error = NULL;
  KalonLlm *llm = kalon_llm_new_from_settings (settings, NULL, &error);

  *reason = error != NULL ? g_strdup (error->message) : NULL;
  if (llm != NULL && !kalon_llm_is_local (llm))
    kalon_cli_message ("The words go to %s.", kalon_llm_get_host (llm));
  return llm;
}

KalonLlm *
kalon_cli_name_llm (GError **error)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (KalonLlmChoice) choice = kalon_llm_dup_choice (settings, error);

  return choice != NULL
             ? kalon_llm_new (NULL, choice->dialect, choice->url, choice->model, NULL, error)
             : NULL;
}

/* @llm: (nullable): %NULL is by word lists, because of @reason (nullable) */
static KalonRephrasing *
rephrase (KalonCli *cli, const KalonModel *model, KalonLlm *llm, const char *reason, gboolean send,
          const char *query, KalonRephraseStyle style, GError **error)
{
  g_autoptr (KalonTokenizer) tokenizer = kalon_tokenizer_new (model->directory, error);
  g_autofree char *cache = kalon_rephraser_dup_cache_path ();
  g_autoptr (KalonRephraser) rephraser = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  KalonRephraseRequest request = {
    .query = query,
    .style = style,
    .tokenizer = tokenizer,
    .context_length = model->config.context_length,
  };

  if (tokenizer == NULL)
    return NULL;
  if (!g_utf8_validate (query, -1, NULL))
    {
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                           "The words are not valid UTF-8; type them again");
      return NULL;
    }
  if (reason != NULL)
    return kalon_rephrase_stand_in (&request, reason);
  rephraser = kalon_rephraser_new (llm, cache);
  kalon_rephraser_set_only_kept (rephraser, !send);
  kalon_rephraser_rephrase_async (rephraser, &request, NULL, NULL, cli->cancellable,
                                  kalon_cli_take_result, &result);
  kalon_cli_wait (&result);
  return kalon_rephraser_rephrase_finish (rephraser, result, error);
}

KalonRephrasing *
kalon_cli_rephrase_query (KalonCli *cli, const KalonModel *model, const char *query,
                          KalonRephraseStyle style, GError **error)
{
  g_autofree char *reason = NULL;
  g_autoptr (KalonLlm) llm
      = kalon_rephrase_style_asks (style) ? kalon_cli_open_llm (&reason) : NULL;

  return rephrase (cli, model, llm, reason, TRUE, query, style, error);
}

GStrv
kalon_cli_rephrase_queries (KalonCli *cli, const KalonModel *model, const char *const *queries,
                            KalonRephraseStyle style, gboolean send, GError **error)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  g_autoptr (KalonLlm) llm = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *told = NULL;
  guint n = g_strv_length ((GStrv) queries);

  if (kalon_rephrase_style_asks (style))
    llm = send ? kalon_cli_open_llm (&reason) : kalon_cli_name_llm (NULL);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KalonRephrasing) rephrasing
          = rephrase (cli, model, llm, reason, send, queries[i], style, error);

      if (rephrasing == NULL)
        return NULL;
      /* A server that may not be asked, or is not there, is that for every query: told once. */
      if (rephrasing->notice != NULL && g_strcmp0 (rephrasing->notice, told) != 0)
        {
          kalon_cli_message ("%s", rephrasing->notice);
          g_free (told);
          told = g_strdup (rephrasing->notice);
        }
      g_strv_builder_add (texts, rephrasing->text);
      kalon_cli_show_progress (i + 1, n, "queries rephrased");
    }
  kalon_cli_end_progress ();
  return g_strv_builder_end (texts);
}

static void
print_json (const KalonRephrasing *rephrasing, const char *model)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "query", rephrasing->query);
  kalon_cli_json_string (builder, "style", kalon_rephrase_style_get_name (rephrasing->style));
  kalon_cli_json_string (builder, "text", rephrasing->text);
  kalon_cli_json_string (builder, "source", kalon_rephrase_source_get_name (rephrasing->source));
  kalon_cli_json_string (builder, "language", rephrasing->language);
  kalon_cli_json_boolean (builder, "translated", rephrasing->translated);
  kalon_cli_json_strings (builder, "filters", (const char *const *) rephrasing->filters);
  kalon_cli_json_integer (builder, "tokens", rephrasing->n_tokens);
  kalon_cli_json_integer (builder, "budget", rephrasing->budget);
  kalon_cli_json_integer (builder, "trimmed", rephrasing->n_trimmed);
  kalon_cli_json_integer (builder, "dropped_tokens", rephrasing->n_dropped_tokens);
  kalon_cli_json_integer (builder, "template_version", rephrasing->template_version);
  kalon_cli_json_string (builder, "notice", rephrasing->notice);
  kalon_cli_json_string (builder, "model", model);
  kalon_cli_json_print (builder);
}

static void
print_text (const KalonRephrasing *rephrasing)
{
  g_autofree char *filters = g_strjoinv (" ", rephrasing->filters);

  kalon_cli_print ("%s\n", rephrasing->text);
  kalon_cli_print ("source    %s\n", kalon_rephrase_source_get_name (rephrasing->source));
  kalon_cli_print ("language  %s%s\n", rephrasing->language,
                   rephrasing->translated ? ", translated" : "");
  kalon_cli_print ("filters   %s\n", filters[0] != '\0' ? filters : "none");
  kalon_cli_print ("tokens    %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT "\n", rephrasing->n_tokens,
                   rephrasing->budget);
  if (rephrasing->n_trimmed > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " words of the rephrasing did not fit the model.",
                       rephrasing->n_trimmed);
  kalon_cli_tell_dropped (rephrasing->n_dropped_tokens);
}

static KalonCliStatus
print_rephrasing (KalonCli *cli, const char *query, KalonRephraseStyle style)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonModel) model = kalon_models_find (cli->model, &error);
  g_autoptr (KalonRephrasing) rephrasing = NULL;

  kalon_cli_watch_signals (cli);
  if (model != NULL)
    rephrasing = kalon_cli_rephrase_query (cli, model, query, style, &error);
  if (rephrasing == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (rephrasing, model->id);
  else
    print_text (rephrasing);
  if (rephrasing->notice != NULL)
    kalon_cli_message ("%s", rephrasing->notice);
  return KALON_CLI_DONE;
}

gboolean
kalon_cli_parse_style (const KalonCliCommand *command, const char *name, KalonRephraseStyle *style)
{
  if (name == NULL || kalon_rephrase_style_from_name (name, style))
    return TRUE;
  kalon_cli_usage (
      command, "There is no style “%s”: original, detail, k-list, kw-dict, repeat, reorg.", name);
  return FALSE;
}

static KalonCliStatus
run_rephrase (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *name = NULL;
  g_autofree char *typed = NULL;
  g_autofree char *query = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonRephraseStyle style = KALON_REPHRASE_DEFAULT_STYLE;
  const GOptionEntry entries[] = {
    { "style", 0, 0, G_OPTION_ARG_STRING, &name,
      "original, detail, k-list, kw-dict, repeat or reorg (detail)", "STYLE" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (!kalon_cli_parse_style (command, name, &style))
    return KALON_CLI_USAGE;
  typed = g_strjoinv (" ", arguments);
  query = kalon_cli_dup_words (typed);
  if (query[strspn (query, " \t\n\r")] == '\0')
    return kalon_cli_usage (command, "The words to rephrase are missing.");
  return print_rephrasing (cli, query, style);
}

const KalonCliCommand kalon_cli_rephrase = {
  .name = "rephrase",
  .arguments = "QUERY",
  .summary = "Print a query as it would be rephrased for the encoder.",
  .details
  = "By the language model that is configured, by word lists where there is none or it fails.\n"
    "The first line is the text to encode. Filters are only proposed. Tokens are those of the\n"
    "text, of as many as the model reads.",
  .run = run_rephrase,
};
