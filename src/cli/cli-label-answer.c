/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-label-private.h"

#include <stdio.h>
#include <string.h>

static const char *const questions[] = {
  [KALON_HPIR_ACCURACY] = "Which row fits the words better",
  [KALON_HPIR_AESTHETIC] = "Which row is more beautiful",
  [KALON_HPIR_DIVERSITY] = "Which row is more varied",
};

typedef enum
{
  ANSWERED,
  BACK,
  STOP,
} Reply;

static void
print_row (const KalonLabelTask *task, guint row)
{
  const GPtrArray *pictures = task->item->groups[task->swapped ? 1 - row : row];

  for (guint i = 0; i < pictures->len; i++)
    {
      kalon_cli_print (i == 0 ? "  row %u  " : "         ", row + 1);
      kalon_cli_print_path (((KalonHpirPicture *) g_ptr_array_index (pictures, i))->path);
      kalon_cli_print ("\n");
    }
}

/* @key: '0', or that of a row as it stands */
static KalonHpirVote
read_vote (char key, gboolean swapped)
{
  if (key == '0')
    return KALON_HPIR_CANNOT_TELL;
  return (key == '1') != swapped ? KALON_HPIR_A : KALON_HPIR_B;
}

/* A line may have one answer, or more of them: “120”. */
static Reply
ask (const KalonLabelTask *task, KalonHpirVote *votes)
{
  char line[256];
  guint aspect = 0;

  while (aspect < KALON_N_HPIR_ASPECTS)
    {
      kalon_cli_print ("%s? ", questions[aspect]);
      fflush (stdout);
      if (fgets (line, sizeof line, stdin) == NULL || *g_strstrip (line) == 'q')
        return STOP;
      if (*line == 'b')
        return BACK;
      for (const char *key = line; *key != '\0' && aspect < KALON_N_HPIR_ASPECTS; key++)
        if (strchr ("012", *key) != NULL)
          votes[aspect++] = read_vote (*key, task->swapped);
    }
  return ANSWERED;
}

static gboolean
label (KalonLabelSession *session, GError **error)
{
  guint n_tasks = kalon_label_session_get_n_tasks (session);
  KalonLabelTask task;

  while (kalon_label_session_peek (session, &task))
    {
      KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
      gint64 start = g_get_monotonic_time ();
      Reply reply;

      kalon_cli_print ("\n%u of %u: ", kalon_label_session_get_position (session) + 1, n_tasks);
      kalon_cli_print_path (task.item->query);
      kalon_cli_print ("\n");
      print_row (&task, 0);
      print_row (&task, 1);
      reply = ask (&task, votes);
      if (reply == STOP)
        break;
      if (reply == BACK)
        kalon_label_session_go_back (session);
      else if (!kalon_label_session_answer (
                   session, votes, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
                   error))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full) (nullable): of "KEY=VALUE"; %NULL after a usage message. */
static GHashTable *
read_traits (const KalonCliCommand *command, GStrv given)
{
  g_autoptr (GHashTable) traits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; given[i] != NULL; i++)
    {
      const char *middle = strchr (given[i], '=');

      if (middle == NULL || middle == given[i] || middle[1] == '\0')
        {
          kalon_cli_usage (command, "--trait %s is not KEY=VALUE, such as age=30-39.", given[i]);
          return NULL;
        }
      g_hash_table_insert (traits, g_strndup (given[i], (gsize) (middle - given[i])),
                           g_strdup (middle + 1));
    }
  return g_steal_pointer (&traits);
}

static KalonCliStatus
run (KalonCli *cli, const char *id, const char *labeler, GHashTable *traits)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLabelSession) session
      = kalon_label_session_open (cli->library, id, labeler, traits, &error);

  if (session == NULL)
    return kalon_cli_fail (cli, error);
  kalon_cli_message ("1 or 2: that row; 0: cannot tell; b: back; q: stop. Every answer is kept.");
  if (!label (session, &error))
    return kalon_cli_fail (cli, error);
  kalon_cli_print ("\n");
  kalon_cli_message ("%u of %u are answered.", kalon_label_session_get_n_done (session),
                     kalon_label_session_get_n_tasks (session));
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_answer (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_auto (GStrv) given = NULL;
  g_autofree char *labeler = NULL;
  g_autoptr (GHashTable) traits = NULL;
  const GOptionEntry entries[] = {
    { "labeler", 0, 0, G_OPTION_ARG_STRING, &labeler, "Who answers: a name or a pseudonym",
      "NAME" },
    { "trait", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given,
      "What is known of the labeler, such as age=30-39; once for each", "KEY=VALUE" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments)
      || !kalon_cli_check_label_id (command, arguments))
    return KALON_CLI_USAGE;
  if (labeler == NULL)
    return kalon_cli_usage (command, "--labeler is missing: who answers.");
  if (cli->json)
    return kalon_cli_usage (command, "This asks in the terminal: --json has no meaning here.");
  if (given != NULL && (traits = read_traits (command, given)) == NULL)
    return KALON_CLI_USAGE;
  return run (cli, arguments[0], labeler, traits);
}

const KalonCliCommand kalon_label_answer = {
  .name = "label answer",
  .arguments = "ID",
  .summary = "Label a set in the terminal, by the names of its pictures.",
  .details = "Goes on where this labeler stopped. The window shows the pictures themselves.",
  .run = run_answer,
};
