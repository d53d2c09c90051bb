/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "untranslated.h"

#include "compute/kalon-compute.h"
#include "shown-texts.h"

/* What may be read without an accent, and where. */
static const struct
{
  const char *pattern;
  const char *place; /* beginning of it; NULL: anywhere */
  const char *reason;
} not_translated[] = {
  { "picture \\d\\d\\.png", NULL, "the test's pictures" },
  { "\\bpictures\\b|/\\S+/quick-gelu-p16-f32(?: · [0-9a-f]{8})?", NULL, "its folder and model" },
  { "\\bstarter\\b|\\b(?:clip|laion|laion2b|datacomp|tinyclip)(?:-[a-z0-9]+)+\\b", NULL,
    "ids of models" },
  { "\\b(?:GPL-3\\.0-or-later|MIT|Apache-2\\.0)\\b", NULL, "licences" },
  { "\\b(?:https://)?huggingface\\.co|\\braw\\.githubusercontent\\.com\\b", NULL, "hosts" },
  { "[,+] a beautiful photo with [a-z, ]*", NULL,
    "words to search for, which a model of English is asked" },
  { "^Kalon$", "KalonWindow", "the window's title, without a page" },
  { "^(?:JPEG|PNG|WebP|HEIC|AVIF|TIFF|GIF|RAW)$", NULL, "formats of files call themselves so" },
  { "\\b(?:px|MP)\\b", NULL, "symbols of units" },
  { "\\b\\d+(?:\\.\\d+)?\\h(?:bytes|[kMG]B)", NULL, "sizes, which GLib writes" },
  { "^default$", NULL, "the first profile: the name of a file, and the user's to change" },
  { "\\b\\d+ [A-Z][a-z]+ \\d{4}, \\d\\d:\\d\\d", NULL, "a month, which the C library names" },
  { "\\bdate:\\d{4}(?: -camera:nokia)?", NULL, "filters are written the same in all languages" },
  { "^(?:(?:Ctrl|Alt|Shift)\\+)*(?:[A-Z]|F\\d+|Return|Delete)$", "GtkLabel",
    "keys, which GTK names" },
  { "^(?:Minimize|Maximize|Close)(?: the window)?$", "GtkButton, accessible",
    "GTK's, on the window's frame" },
  { "^Clear entry$", "GtkImage", "GTK's, in an entry" },
  { "^Search$", "GtkToggleButton", "libadwaita's, in the preferences" },
};

struct _Untranslated
{
  GPtrArray *names;
  GPtrArray *patterns;
  GHashTable *found; /* set of texts: a message is enough for each */
  const char *page;  /* that is looked at */
};

static gboolean
has_plain_letter (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_isalpha (*text))
      return TRUE;
  return FALSE;
}

/* What is left of @text without what needs no translation. */
static char *
strip (Untranslated *self, const char *place, const char *text)
{
  g_autofree char *rest = g_strdup (text);

  for (guint i = 0; i < self->names->len; i++)
    {
      g_auto (GStrv) around = g_strsplit (rest, self->names->pdata[i], -1);

      g_free (rest);
      rest = g_strjoinv ("", around);
    }
  for (guint i = 0; i < self->patterns->len; i++)
    if (not_translated[i].place == NULL || g_str_has_prefix (place, not_translated[i].place))
      {
        char *without = g_regex_replace (self->patterns->pdata[i], rest, -1, 0, "", 0, NULL);

        g_free (rest);
        rest = without;
      }
  return g_steal_pointer (&rest);
}

static void
check_text (const char *place, const char *text, gpointer user_data)
{
  Untranslated *self = user_data;
  g_autofree char *rest = strip (self, place, text);

  if (has_plain_letter (rest) && g_hash_table_add (self->found, g_strdup (text)))
    g_test_message ("Not translated (%s, %s): “%s”", self->page, place, text);
}

Untranslated *
untranslated_new (void)
{
  Untranslated *self = g_new0 (Untranslated, 1);
  g_autoptr (GPtrArray) devices = kalon_device_list ();

  self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < devices->len; i++)
    {
      const KalonDeviceInfo *info = g_ptr_array_index (devices, i);

      untranslated_allow (self, info->name);
    }
  self->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);
  for (guint i = 0; i < G_N_ELEMENTS (not_translated); i++)
    {
      g_autoptr (GError) error = NULL;

      g_ptr_array_add (self->patterns, g_regex_new (not_translated[i].pattern, 0, 0, &error));
      g_assert_no_error (error);
    }
  self->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
untranslated_allow (Untranslated *self, const char *name)
{
  g_ptr_array_add (self->names, g_strdup (name));
}

void
untranslated_check (Untranslated *self, const char *page, GtkWidget *widget)
{
  self->page = page;
  shown_texts_foreach (widget, check_text, self);
}

void
untranslated_end (Untranslated *self)
{
  if (g_hash_table_size (self->found) > 0)
    g_test_fail ();
  g_hash_table_unref (self->found);
  g_ptr_array_unref (self->patterns);
  g_ptr_array_unref (self->names);
  g_free (self);
}
