/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Reports of the commands that measure: what makes them repeatable, and where they go. */

#include "kalon-cli-private.h"

#include "report/kalon-report.h"

G_BEGIN_DECLS

/* Where a report goes beside the terminal; zeros: nowhere. */
typedef struct
{
  char *directory; /* (nullable): --report DIR */
  gboolean keep;   /* --keep: into the library's reports, where the window shows it */
} KalonCliReport;

void kalon_cli_report_clear (KalonCliReport *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonCliReport, kalon_cli_report_clear)

/* clang-format off */
#define KALON_CLI_REPORT_ENTRIES(options)                                                           \
  { "report", 0, 0, G_OPTION_ARG_FILENAME, &(options).directory,                                    \
    "Write a page with figures and charts, and report.json, into DIR", "DIR" },                     \
  { "keep", 0, 0, G_OPTION_ARG_NONE, &(options).keep,                                               \
    "Keep that page in the library too, where the window shows it", NULL }
/* clang-format on */

/* %FALSE after a usage message where no folder can be: before hours are spent on what is to be in
 * it. Nothing is made. */
gboolean kalon_cli_report_check (const KalonCliCommand *command, const KalonCliReport *options);
/* Whether one is asked for: it need not be made otherwise. */
gboolean kalon_cli_report_is_wanted (const KalonCliReport *options);

/* (transfer full): with the facts "command" and "version". */
KalonReport *kalon_cli_report_begin (KalonCli *cli, const char *title);
/* The facts "model", "model_hash", "device". Each (nullable): left out */
void kalon_cli_report_set_model (KalonReport *report, const char *id, const char *hash,
                                 const char *device);
/* The fact "seed". */
void kalon_cli_report_set_seed (KalonReport *report, gint64 seed);

/* Only writes it, to where the options say, and tells where on stderr.
 * @name: of letters, digits and "-", in the name of the kept folder: "eval-retrieval" */
gboolean kalon_cli_report_write (KalonCli *cli, const KalonReport *report, const char *name,
                                 const KalonCliReport *options, GError **error);
/* Prints it, with --json as JSON, and writes it too. */
KalonCliStatus kalon_cli_report_end (KalonCli *cli, const KalonReport *report, const char *name,
                                     const KalonCliReport *options);

G_END_DECLS
