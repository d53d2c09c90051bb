/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

static const KalonCliCommand *const children[] = { &kalon_cli_eval_aesthetic, NULL };

static KalonCliStatus
run_eval (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, NULL);
}

const KalonCliCommand kalon_cli_eval = {
  .name = "eval",
  .arguments = "COMMAND",
  .summary = "Measure how good the answers are.",
  .run = run_eval,
  .children = children,
};
