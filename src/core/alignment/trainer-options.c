/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-trainer-private.h"

void
kalon_training_options_init (KalonTrainingOptions *options)
{
  g_return_if_fail (options != NULL);

  *options = (KalonTrainingOptions){ .beta = 0.1,
                                     .temperature = 0.01,
                                     .smoothing = 0.1,
                                     .anchor = 0.1,
                                     .learning_rate = 1e-3,
                                     .weight_decay = 0.01,
                                     .beta1 = 0.9,
                                     .beta2 = 0.999,
                                     .epsilon = 1e-8,
                                     .max_gradient_norm = 1,
                                     .warm_up = 0.05,
                                     .schedule = KALON_SCHEDULE_COSINE,
                                     .epochs = 10,
                                     .batch = 16,
                                     .held_out = 0.1,
                                     .seed = 1 };
}

char *
kalon_training_options_to_string (const KalonTrainingOptions *options)
{
  const struct
  {
    const char *name;
    double value;
  } numbers[] = { { "beta", options->beta },
                  { "temperature", options->temperature },
                  { "smoothing", options->smoothing },
                  { "anchor", options->anchor },
                  { "learning_rate", options->learning_rate },
                  { "weight_decay", options->weight_decay },
                  { "beta1", options->beta1 },
                  { "beta2", options->beta2 },
                  { "epsilon", options->epsilon },
                  { "max_gradient_norm", options->max_gradient_norm },
                  { "warm_up", options->warm_up },
                  { "constant", options->schedule == KALON_SCHEDULE_CONSTANT },
                  { "epochs", options->epochs },
                  { "batch", options->batch },
                  { "held_out", options->held_out },
                  { "evaluate_every", options->evaluate_every },
                  { "seed", options->seed } };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      /* Never a comma, whatever the locale, and every digit. */
      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", numbers[i].name,
                              g_ascii_dtostr (number, sizeof number, numbers[i].value));
    }
  return g_strdup (text->str);
}

const char *
kalon_training_options_find_fault (const KalonTrainingOptions *o)
{
  if (!(o->beta > 0) || !(o->beta <= 1000))
    return "beta is not between 0 and 1000";
  if (!(o->temperature >= 1e-4) || !(o->temperature <= 100))
    return "temperature is not between 0.0001 and 100";
  if (!(o->smoothing >= 0) || !(o->smoothing < 0.5))
    return "smoothing is not from 0 to below 0.5";
  if (!(o->anchor >= 0) || !(o->anchor <= 1e6))
    return "anchor is not between 0 and 1000000";
  if (!(o->learning_rate > 0) || !(o->learning_rate <= 10))
    return "learning rate is not between 0 and 10";
  if (!(o->weight_decay >= 0) || !(o->weight_decay * o->learning_rate < 1))
    return "weight decay is below 0, or turns the adapter round in one step";
  if (!(o->beta1 >= 0) || !(o->beta1 < 1) || !(o->beta2 >= 0) || !(o->beta2 < 1))
    return "beta1 or beta2 is not from 0 to below 1";
  if (!(o->epsilon > 0) || !(o->max_gradient_norm >= 0))
    return "epsilon is not above 0, or the largest gradient norm below it";
  if (!(o->warm_up >= 0) || !(o->warm_up <= 1) || !(o->held_out >= 0) || !(o->held_out < 1))
    return "warm-up or the held-out share is not between 0 and 1";
  if (o->epochs < 1 || o->epochs > 100000 || o->batch < 1 || o->batch > 4096)
    return "epochs or batch is not between 1 and 100000 or 4096";
  return NULL;
}
