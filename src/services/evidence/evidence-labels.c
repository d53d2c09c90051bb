/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A label set of the library, measured and told of in a report that is kept. */
#include "config.h"

#include "evidence/kalon-evidence.h"

#include <glib/gstdio.h>

#include "labelling/kalon-labelling.h"

#define NAME "label-set"

typedef struct
{
  char *library_directory;
  char *id;
  char *model_id;
  char *model_directory;
  char *device_name;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->library_directory);
  g_free (question->id);
  g_free (question->model_id);
  g_free (question->model_directory);
  g_free (question->device_name);
  g_free (question);
}

/* What repeats it, of a set that is exported to a file. */
static void
set_facts (KalonReport *report, const Question *question, KalonEvaluator *evaluator, guint32 seed)
{
  g_autofree char *text = g_strdup_printf ("%u", seed);
  const char *const command[]
      = { "kalon-cli", "--model", question->model_id, "eval", "hpir", "SET.jsonl", NULL };

  kalon_report_set_command (report, command);
  kalon_report_set_fact (report, "version", "Kalon", KALON_VERSION);
  kalon_report_set_fact (report, "model", "Model", question->model_id);
  kalon_report_set_fact (report, "model_hash", "Hash of the model",
                         kalon_evaluator_get_model_hash (evaluator));
  kalon_report_set_fact (report, "seed", "Seed", text);
}

/* (transfer full): the page */
static char *
keep (const KalonReport *report, const char *library_directory, GCancellable *cancellable,
      GError **error)
{
  g_autofree char *folder = kalon_reports_make_folder (library_directory, NAME, error);

  if (folder == NULL)
    return NULL;
  if (kalon_report_write (report, folder, cancellable, error))
    return g_build_filename (folder, KALON_REPORT_PAGE, NULL);
  g_rmdir (folder);
  return NULL;
}

static void
measure_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;
  g_autoptr (KalonHpirSet) set
      = kalon_label_set_load (question->library_directory, question->id, &error);
  g_autoptr (KalonEvaluator) evaluator = NULL;
  g_autoptr (KalonHpirFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  KalonHpirTask hpir;
  char *page = NULL;

  if (set != NULL)
    {
      evaluator = kalon_evaluator_new (question->model_directory, question->device_name);
      kalon_hpir_task_init (&hpir, set);
      figures = kalon_evaluator_judge_hpir (evaluator, &hpir, cancellable, &error);
    }
  if (figures != NULL)
    {
      report = kalon_report_new (set->name);
      set_facts (report, question, evaluator, hpir.seed);
      kalon_evidence_add_hpir (report, "hpir", set, figures);
      page = keep (report, question->library_directory, cancellable, &error);
    }
  if (page != NULL)
    g_task_return_pointer (task, page, g_free);
  else
    g_task_return_error (task, error);
}

void
kalon_evidence_measure_labels_async (const char *library_directory, const char *id,
                                     const char *model_id, const char *model_directory,
                                     const char *device_name, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new (Question, 1);

  *question = (Question){ g_strdup (library_directory), g_strdup (id), g_strdup (model_id),
                          g_strdup (model_directory), g_strdup (device_name) };
  g_task_set_source_tag (task, kalon_evidence_measure_labels_async);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, measure_in_thread);
}

char *
kalon_evidence_measure_labels_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
