/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/kalon-image.h"

#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "image/kalon-image-private.h"

/* RAW that Exiv2 knows, by its suffix. */
static const char *const raw_suffixes[]
    = { "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "kdc", "mef", "mos", "mrw", "nef",
        "nrw", "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f", NULL };

/* Photographic formats whose loaders are packages of their own: without one the file is a
   candidate all the same, so that it is listed with the reason instead of being passed over. */
static const char *const known_suffixes[]
    = { "jpg",  "jpeg", "jpe",  "jfif", "png", "webp", "heic", "heif",
        "avif", "tif",  "tiff", "gif",  "bmp", "jxl",  NULL };

KalonSniffed
kalon_sniff (const guint8 *data, gsize size)
{
  static const struct
  {
    gsize offset;
    gsize length;
    const char *magic;
    KalonSniffed sniffed;
  } magics[] = {
    { 0, 2, "\xff\xd8", KALON_SNIFFED_JPEG },
    { 0, 8, "\x89PNG\r\n\x1a\n", KALON_SNIFFED_PNG },
    { 0, 4, "GIF8", KALON_SNIFFED_GIF },
    { 8, 4, "WEBP", KALON_SNIFFED_WEBP },
    { 0, 10, "II\x2a\0\x10\0\0\0CR", KALON_SNIFFED_RAW }, /* Canon CR2 */
    { 0, 4, "II\x2a\0", KALON_SNIFFED_TIFF },
    { 0, 4, "MM\0\x2a", KALON_SNIFFED_TIFF },
    { 0, 15, "FUJIFILMCCD-RAW", KALON_SNIFFED_RAW },
    { 0, 4, "IIRO", KALON_SNIFFED_RAW },     /* Olympus ORF */
    { 0, 4, "IIRS", KALON_SNIFFED_RAW },     /* Olympus ORF */
    { 0, 4, "MMOR", KALON_SNIFFED_RAW },     /* Olympus ORF */
    { 0, 4, "IIU\0", KALON_SNIFFED_RAW },    /* Panasonic RW2 */
    { 0, 4, "\0MRM", KALON_SNIFFED_RAW },    /* Minolta MRW */
    { 6, 8, "HEAPCCDR", KALON_SNIFFED_RAW }, /* Canon CRW */
    { 4, 7, "ftypcrx", KALON_SNIFFED_RAW },  /* Canon CR3 */
    { 0, 4, "FOVb", KALON_SNIFFED_RAW },     /* Sigma X3F */
    { 4, 8, "ftypheic", KALON_SNIFFED_HEIF },
    { 4, 8, "ftypheix", KALON_SNIFFED_HEIF },
    { 4, 8, "ftypmif1", KALON_SNIFFED_HEIF },
    { 4, 8, "ftypmsf1", KALON_SNIFFED_HEIF },
    { 4, 8, "ftyphevc", KALON_SNIFFED_HEIF },
    { 4, 8, "ftypavif", KALON_SNIFFED_AVIF },
    { 4, 8, "ftypavis", KALON_SNIFFED_AVIF },
    { 4, 8, "JXL \r\n\x87\n", KALON_SNIFFED_JXL },
    { 0, 2, "\xff\x0a", KALON_SNIFFED_JXL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (size >= magics[i].offset + magics[i].length
        && memcmp (data + magics[i].offset, magics[i].magic, magics[i].length) == 0)
      return magics[i].sniffed;
  return KALON_SNIFFED_OTHER;
}

static char *
dup_suffix (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot != NULL && strchr (dot, '/') == NULL ? g_ascii_strdown (dot + 1, -1) : g_strdup ("");
}

gboolean
kalon_suffix_is_raw (const char *name)
{
  g_autofree char *suffix = dup_suffix (name);

  return g_strv_contains (raw_suffixes, suffix);
}

gboolean
kalon_format_is_photographic (const char *format)
{
  static const char *const others[]
      = { "ani", "icns", "ico", "svg", "wmf", "emf", "xbm", "xpm", "qtif", NULL };

  return !g_strv_contains (others, format);
}

/* Every suffix that some installed loader of photographs reads. */
static gpointer
collect_suffixes (gpointer unused)
{
  GHashTable *suffixes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GSList) formats = gdk_pixbuf_get_formats ();

  for (GSList *item = formats; item != NULL; item = item->next)
    {
      g_autofree char *name = gdk_pixbuf_format_get_name (item->data);
      g_auto (GStrv) extensions = gdk_pixbuf_format_get_extensions (item->data);

      if (kalon_format_is_photographic (name))
        for (char **extension = extensions; *extension != NULL; extension++)
          g_hash_table_add (suffixes, g_ascii_strdown (*extension, -1));
    }
  for (gsize i = 0; known_suffixes[i] != NULL; i++)
    g_hash_table_add (suffixes, g_strdup (known_suffixes[i]));
  for (gsize i = 0; raw_suffixes[i] != NULL; i++)
    g_hash_table_add (suffixes, g_strdup (raw_suffixes[i]));
  return suffixes;
}

gboolean
kalon_image_is_candidate (const char *name)
{
  static GOnce once = G_ONCE_INIT;
  g_autofree char *suffix = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  suffix = dup_suffix (name);
  return g_hash_table_contains (g_once (&once, collect_suffixes, NULL), suffix);
}
