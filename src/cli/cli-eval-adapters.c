/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adapters that an evaluation ranks with. */
#include "cli-eval-private.h"
#include "cli-taste-private.h"

#include "errors/kalon-errors.h"

/* The active profile's. */
static gboolean
add_of_profile (const KalonEvalRun *run, GPtrArray *adapters, GError **error)
{
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonFeedback) feedback = kalon_cli_open_feedback (run->cli, &library, error);
  g_autofree char *hash = NULL;
  g_autoptr (GBytes) bytes = NULL;
  KalonAdapter *adapter;

  if (feedback == NULL)
    return FALSE;
  hash = kalon_model_dup_hash (run->model->directory, run->cli->cancellable, error);
  if (hash == NULL
      || !kalon_feedback_load_part (feedback, KALON_PROFILE_ADAPTER, hash, &bytes, error))
    return FALSE;
  if (bytes == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "The active profile has no adapter for model “%s”. Train one with “kalon-cli "
                   "align”, or leave out --profile-adapter.",
                   run->model->id);
      return FALSE;
    }
  adapter = kalon_adapter_new_from_bytes (bytes, hash, error);
  if (adapter == NULL)
    return FALSE;
  g_ptr_array_add (adapters, adapter);
  return TRUE;
}

GPtrArray *
kalon_eval_load_adapters (const KalonEvalRun *run, const char *const *files, gboolean profile,
                          GError **error)
{
  g_autoptr (GPtrArray) adapters
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_adapter_free);

  for (guint i = 0; files != NULL && files[i] != NULL; i++)
    {
      KalonAdapter *adapter = kalon_adapter_load (files[i], NULL, error);

      if (adapter == NULL)
        return NULL;
      g_ptr_array_add (adapters, adapter);
    }
  if (profile && !add_of_profile (run, adapters, error))
    return NULL;
  return g_steal_pointer (&adapters);
}
