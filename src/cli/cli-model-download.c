/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-model-private.h"

#include <stdio.h>
#include <unistd.h>

static const char *
get_kind_name (KalonOfferKind kind)
{
  return kind == KALON_OFFER_HEAD ? "head" : "model";
}

void
kalon_cli_print_offers (KalonCli *cli)
{
  g_autoptr (JsonBuilder) builder = NULL;
  gsize n;
  const KalonOffer *offers = kalon_models_get_offers (&n);

  if (!cli->json)
    {
      for (gsize i = 0; i < n; i++)
        {
          g_autofree char *size = g_format_size (offers[i].size);

          kalon_cli_print ("%-20s %10s  %-10s  %-9s  %s\n", offers[i].id, size, offers[i].licence,
                           kalon_models_has (&offers[i]) ? "installed" : "", offers[i].note);
        }
      return;
    }

  builder = kalon_cli_json_new ();
  json_builder_set_member_name (builder, "available");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    {
      json_builder_begin_object (builder);
      kalon_cli_json_string (builder, "id", offers[i].id);
      kalon_cli_json_string (builder, "kind", get_kind_name (offers[i].kind));
      kalon_cli_json_string (builder, "repository", offers[i].repository);
      kalon_cli_json_string (builder, "revision", offers[i].revision);
      kalon_cli_json_string (builder, "address", offers[i].address);
      if (offers[i].kind == KALON_OFFER_HEAD)
        kalon_cli_json_integer (builder, "dimension", (gint64) offers[i].dimension);
      kalon_cli_json_integer (builder, "size", (gint64) offers[i].size);
      kalon_cli_json_string (builder, "licence", offers[i].licence);
      kalon_cli_json_string (builder, "note", offers[i].note);
      kalon_cli_json_boolean (builder, "installed", kalon_models_has (&offers[i]));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

/* What is about to be fetched, from where, and under which terms. */
static void
announce (const KalonDownload *download)
{
  g_autofree char *size = g_format_size (download->size);
  g_autofree char *present = g_format_size (download->present);

  kalon_cli_message ("%s “%s”: %s from %s", get_kind_name (download->kind), download->id, size,
                     download->host);
  if (download->repository != NULL)
    kalon_cli_message ("repository %s, revision %s", download->repository,
                       download->commit != NULL ? download->commit : download->revision);
  if (download->offer != NULL)
    kalon_cli_message ("licence %s; %s", download->offer->licence, download->offer->note);
  else
    kalon_cli_message ("The licence is told on the repository's own page.");
  if (download->present > 0)
    kalon_cli_message ("%s of it are here already.", present);
}

static gboolean
ask (void)
{
  int answer, next;

  fputs ("kalon-cli: Download it? [y/N] ", stderr);
  answer = getchar ();
  for (next = answer; next != '\n' && next != EOF; next = getchar ())
    continue;
  return answer == 'y' || answer == 'Y';
}

static void
show (const KalonDownloadProgress *progress, gpointer user_data)
{
  const gboolean small = progress->total < 10 * 1000 * 1000;
  const guint64 unit = small ? 1000 : 1000 * 1000;
  g_autofree char *detail = NULL;

  if (progress->file == NULL)
    {
      kalon_cli_message ("All files are here; verifying …");
      return;
    }
  detail = g_strdup_printf ("%s, %s", small ? "kB" : "MB", progress->file);
  kalon_cli_show_progress (progress->done / unit, progress->total / unit, detail);
}

static KalonCliStatus
print_head (KalonCli *cli, const KalonDownload *download, const char *path)
{
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "id", download->id);
      kalon_cli_json_string (builder, "kind", get_kind_name (download->kind));
      kalon_cli_json_path (builder, "path", path);
      kalon_cli_json_integer (builder, "size", (gint64) download->size);
      kalon_cli_json_print (builder);
      return KALON_CLI_DONE;
    }
  kalon_cli_print ("id           %s\nfile         ", download->id);
  kalon_cli_print_path (path);
  kalon_cli_print ("\n");
  return KALON_CLI_DONE;
}

static KalonCliStatus
fetch (KalonCli *cli, const KalonDownload *download)
{
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *path
      = kalon_models_download (download, NULL, show, NULL, cli->cancellable, &error);

  kalon_cli_end_progress ();
  if (path == NULL)
    return kalon_cli_fail (cli, error);
  if (download->kind == KALON_OFFER_HEAD)
    return print_head (cli, download, path);
  model = kalon_models_find (download->id, &error);
  if (model == NULL)
    return kalon_cli_fail (cli, error);
  hash = kalon_model_dup_hash (model->directory, cli->cancellable, &error);
  if (hash == NULL)
    return kalon_cli_fail (cli, error);
  kalon_cli_print_model (cli, model, hash);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_download (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (KalonDownload) download = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *revision = NULL;
  g_auto (GStrv) arguments = NULL;
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
    { "revision", 0, 0, G_OPTION_ARG_FILENAME, &revision,
      "Branch, tag or commit of the repository (default: main)", "R" },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, "Don't ask before it starts", NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "What to download is missing: an id or OWNER/NAME.");
  if (!yes && !isatty (STDIN_FILENO))
    return kalon_cli_usage (command, "There is nobody to ask; add --yes.");

  if (yes)
    kalon_cli_watch_signals (cli);
  download = kalon_models_prepare_download (arguments[0], revision, NULL, cli->cancellable, &error);
  if (download == NULL)
    return kalon_cli_fail (cli, error);
  announce (download);
  if (!yes)
    {
      if (!ask ())
        {
          g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nothing was downloaded.");
          return kalon_cli_fail (cli, error);
        }
      kalon_cli_watch_signals (cli);
    }
  return fetch (cli, download);
}

const KalonCliCommand kalon_cli_model_download = {
  .name = "model download",
  .arguments = "ID|OWNER/NAME",
  .summary = "Fetch a model or an aesthetic head from the Hugging Face hub.",
  .details = "ID is one of “kalon-cli model list --available”; OWNER/NAME is any repository of the "
             "hub that\nholds a CLIPModel with model.safetensors. A download that was stopped goes "
             "on where it was.",
  .run = run_download,
};
