/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-hpir-private.h"

static void
add_item (JsonBuilder *builder, const KalonHpirItem *item)
{
  static const char *const keys[] = { "group_a", "group_b" };

  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "id", item->id);
  kalon_cli_json_string (builder, "query", item->query);
  kalon_cli_json_string (builder, "kind", item->kind);
  for (guint group = 0; group < 2; group++)
    {
      json_builder_set_member_name (builder, keys[group]);
      json_builder_begin_array (builder);
      for (guint i = 0; i < item->groups[group]->len; i++)
        {
          json_builder_begin_object (builder);
          kalon_cli_json_path (builder, "path",
                               ((KalonHpirPicture *) item->groups[group]->pdata[i])->path);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
    }
  json_builder_set_member_name (builder, "votes");
  json_builder_begin_object (builder);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      json_builder_set_member_name (builder, kalon_hpir_aspect_get_name (aspect));
      json_builder_begin_array (builder);
      for (guint i = 0; i < 2; i++)
        json_builder_add_int_value (builder, item->votes[aspect][i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  kalon_cli_json_integer (builder, "labels", item->labels->len);
  json_builder_end_object (builder);
}

static void
print_line (const KalonHpirItem *item)
{
  kalon_cli_print_path (item->id);
  kalon_cli_print ("\t");
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    kalon_cli_print ("%s %u:%u  ", kalon_hpir_aspect_get_name (aspect), item->votes[aspect][0],
                     item->votes[aspect][1]);
  kalon_cli_print_path (item->query);
  kalon_cli_print ("\n");
}

static void
print_pictures (const KalonHpirItem *item)
{
  for (guint group = 0; group < 2; group++)
    for (guint i = 0; i < item->groups[group]->len; i++)
      {
        kalon_cli_print ("  %c %2u  ", 'A' + group, i + 1);
        kalon_cli_print_path (((KalonHpirPicture *) item->groups[group]->pdata[i])->path);
        kalon_cli_print ("\n");
      }
}

static KalonCliStatus
run_show (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *id = NULL;
  const GOptionEntry entries[] = {
    { "item", 0, 0, G_OPTION_ARG_FILENAME, &id, "This item alone, with its pictures", "ID" },
    { NULL },
  };
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "Name an HPIR set.");
  set = kalon_hpir_set_read (arguments[0], &error);
  if (set == NULL)
    return kalon_cli_fail (cli, error);
  if (id != NULL && kalon_hpir_set_find_item (set, id) == NULL)
    return kalon_cli_usage (command, "There is no item “%s” in that set.", id);
  if (cli->json)
    {
      builder = kalon_cli_json_new ();
      kalon_cli_json_hpir (builder, set);
      json_builder_set_member_name (builder, "items");
      json_builder_begin_array (builder);
    }
  else
    kalon_cli_print_hpir (set);
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = set->items->pdata[i];

      if (id != NULL && !g_str_equal (id, item->id))
        continue;
      if (builder != NULL)
        add_item (builder, item);
      else
        print_line (item);
      if (builder == NULL && id != NULL)
        print_pictures (item);
    }
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      kalon_cli_json_print (builder);
    }
  return KALON_CLI_DONE;
}

const KalonCliCommand kalon_hpir_show = {
  .name = "hpir show",
  .arguments = "FILE",
  .summary = "List the items of a set with their votes, A:B.",
  .run = run_show,
};
