/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "kalon-application.h"

int
main (int argc, char **argv)
{
  /* Where it runs without being installed. */
  const char *locale_directory = g_getenv ("KALON_LOCALE_DIR");
  g_autoptr (KalonApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (KALON_GETTEXT_PACKAGE,
                  locale_directory != NULL ? locale_directory : KALON_LOCALE_DIR);
  bind_textdomain_codeset (KALON_GETTEXT_PACKAGE, "UTF-8");
  textdomain (KALON_GETTEXT_PACKAGE);

  application = kalon_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
