/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-taste-private.h"

#include "models/kalon-models.h"
#include "searcher/kalon-searcher.h"

#include <math.h>

/* (transfer full) (nullable): its path, when the picture is still there */
static char *
dup_path (KalonLibrary *library, gint64 id)
{
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (library, id, NULL);

  return picture != NULL ? g_strdup (picture->path) : NULL;
}

static void
add_shifts (JsonBuilder *builder, const char *name, KalonLibrary *library, GArray *shifts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < shifts->len; i++)
    {
      const KalonTasteShift *shift = &g_array_index (shifts, KalonTasteShift, i);
      g_autofree char *path = dup_path (library, shift->picture);

      if (path == NULL)
        continue;
      json_builder_begin_object (builder);
      kalon_cli_json_path (builder, "path", path);
      kalon_cli_json_number (builder, "taste", shift->taste);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (KalonLibrary *library, const char *model, const KalonTasteReport *report)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "profile", report->profile);
  kalon_cli_json_string (builder, "model", model);
  kalon_cli_json_integer (builder, "thumbs", (gint64) report->n_thumbs);
  kalon_cli_json_integer (builder, "learned", (gint64) report->n_learned);
  kalon_cli_json_boolean (builder, "imported", report->has_import);
  kalon_cli_json_boolean (builder, "adapter", report->has_adapter);
  kalon_cli_json_number (builder, "length", report->length);
  kalon_cli_json_integer (builder, "queries", report->n_queries);
  kalon_cli_json_number (builder, "overlap", report->overlap);
  kalon_cli_json_integer (builder, "bytes", (gint64) report->size);
  json_builder_set_member_name (builder, "curve");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->curve->len; i++)
    {
      const KalonTasteCheck *check = &g_array_index (report->curve, KalonTasteCheck, i);

      json_builder_begin_object (builder);
      kalon_cli_json_integer (builder, "thumbs", i + 1);
      kalon_cli_json_number (builder, "held_out_agreement",
                             check->n < KALON_TASTE_MIN_CHECKED ? NAN : check->agreement);
      kalon_cli_json_number (builder, "held_out_loss", check->loss);
      kalon_cli_json_boolean (builder, "accepted", check->accepted);
      kalon_cli_json_boolean (builder, "active", check->active);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_shifts (builder, "raised", library, report->raised);
  add_shifts (builder, "lowered", library, report->lowered);
  kalon_cli_json_print (builder);
}

static void
print_shifts (const char *title, KalonLibrary *library, GArray *shifts)
{
  kalon_cli_print ("%s\n", title);
  for (guint i = 0; i < shifts->len; i++)
    {
      const KalonTasteShift *shift = &g_array_index (shifts, KalonTasteShift, i);
      g_autofree char *path = dup_path (library, shift->picture);

      if (path == NULL)
        continue;
      kalon_cli_print ("  %+6.2f  ", shift->taste);
      kalon_cli_print_path (path);
      kalon_cli_print ("\n");
    }
}

/* Figures of few thumbs would only look like figures. */
static void
print_learned (const KalonTasteReport *report, const KalonTasteCheck *last)
{
  if (last->n < KALON_TASTE_MIN_CHECKED)
    kalon_cli_print ("foretells    not known before %d thumbs\n", KALON_TASTE_MIN_CHECKED);
  else
    kalon_cli_print ("foretells    %.0f %% of the last %u thumbs' comparisons, each judged without "
                     "that thumb%s\n",
                     100 * last->agreement, last->n,
                     last->active ? "" : ": no better than chance, so they change nothing");
  if (!last->accepted)
    kalon_cli_print (
        "last thumb   kept, but it would have made that worse: what was learned before "
        "it is used\n");
  kalon_cli_print ("strength     %.2f, where 0 changes nothing\n", report->length);
  if (report->n_queries > 0)
    kalon_cli_print ("same         %.0f %% of the ten best for %u %s, with and without taste\n",
                     100 * report->overlap, report->n_queries,
                     report->n_queries == 1 ? "search" : "searches");
}

static void
print_text (KalonLibrary *library, const KalonTasteReport *report)
{
  const KalonTasteCheck *last
      = report->curve->len > 0
            ? &g_array_index (report->curve, KalonTasteCheck, report->curve->len - 1)
            : NULL;

  kalon_cli_print ("profile      ");
  kalon_cli_print_path (report->profile);
  kalon_cli_print ("%s%s\n", report->has_import ? ", with an imported taste" : "",
                   report->has_adapter ? ", with an adapter" : "");
  kalon_cli_print ("thumbs       %" G_GSIZE_FORMAT ", learned from %" G_GSIZE_FORMAT "\n",
                   report->n_thumbs, report->n_learned);
  if (last != NULL)
    print_learned (report, last);
  if (!report->has_import && (last == NULL || !last->active))
    return;
  print_shifts ("raised", library, report->raised);
  print_shifts ("lowered", library, report->lowered);
}

static KalonCliStatus
run_show (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char *device = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KalonTasteReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  library = kalon_library_open (cli->library, &error);
  model = library != NULL ? kalon_models_find (cli->model, &error) : NULL;
  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);
  kalon_cli_watch_signals (cli);
  searcher = kalon_searcher_new (cli->library, model->directory, cli->device);
  kalon_searcher_report_taste_async (searcher, cli->cancellable, kalon_cli_take_result, &result);
  kalon_cli_wait (&result);
  report = kalon_searcher_report_taste_finish (searcher, result, &error);
  if (report == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (library, model->id, report);
  else
    print_text (library, report);
  return KALON_CLI_DONE;
}

static void
print_thumb (KalonCli *cli, JsonBuilder *builder, KalonLibrary *library, const KalonThumb *thumb)
{
  g_autoptr (KalonPicture) picture
      = kalon_library_find_picture_of (library, thumb->pictures[thumb->chosen], NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (thumb->time);
  g_autofree char *when = g_date_time_format (time, "%F %R");

  if (cli->json)
    {
      json_builder_begin_object (builder);
      kalon_cli_json_integer (builder, "thumb", thumb->id);
      kalon_cli_json_integer (builder, "time", thumb->time);
      kalon_cli_json_boolean (builder, "liked", thumb->liked);
      kalon_cli_json_string (builder, "query", thumb->query);
      kalon_cli_json_integer (builder, "shown", g_strv_length (thumb->pictures));
      if (picture != NULL)
        kalon_cli_json_path (builder, "path", picture->path);
      json_builder_end_object (builder);
      return;
    }
  kalon_cli_print ("%5" G_GINT64_FORMAT "  %s  %-7s  “", thumb->id, when,
                   thumb->liked ? "like" : "dislike");
  kalon_cli_print_path (thumb->query);
  kalon_cli_print ("”  ");
  kalon_cli_print_path (picture != NULL ? picture->path : "(no longer in the library)");
  kalon_cli_print ("\n");
}

static KalonCliStatus
run_thumbs (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GPtrArray) thumbs = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  feedback = kalon_cli_open_feedback (cli, &library, &error);
  thumbs = feedback != NULL ? kalon_feedback_list (feedback, &error) : NULL;
  if (thumbs == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      builder = kalon_cli_json_new ();
      json_builder_set_member_name (builder, "thumbs");
      json_builder_begin_array (builder);
    }
  for (guint i = 0; i < thumbs->len; i++)
    print_thumb (cli, builder, library, g_ptr_array_index (thumbs, i));
  if (cli->json)
    {
      json_builder_end_array (builder);
      kalon_cli_json_print (builder);
    }
  return KALON_CLI_DONE;
}

static const KalonCliCommand show_command = {
  .name = "taste show",
  .arguments = "",
  .summary
  = "Print what the active profile has learned: curve, drift, pictures raised and lowered.",
  .run = run_show,
};

static const KalonCliCommand thumbs_command = {
  .name = "taste thumbs",
  .arguments = "",
  .summary = "List the thumbs of the active profile, oldest first.",
  .run = run_thumbs,
};

static const KalonCliCommand *const children[] = {
  &show_command,       &thumbs_command,     &kalon_taste_profiles, &kalon_taste_use,
  &kalon_taste_remove, &kalon_taste_export, &kalon_taste_import,   NULL,
};

static KalonCliStatus
run_taste (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, &show_command);
}

const KalonCliCommand kalon_cli_taste = {
  .name = "taste",
  .arguments = "[COMMAND]",
  .summary = "What thumbs have taught, and the profiles that keep it.",
  .run = run_taste,
  .children = children,
};
