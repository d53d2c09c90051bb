/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scorer/kalon-scorer-private.h"

#include <errno.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"

#define SUFFIX ".safetensors"
#define MAX_ID 64

static char *
dup_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "kalon", "heads", NULL);
}

char *
kalon_heads_dup_path (const char *id)
{
  g_autofree char *directory = dup_directory ();
  g_autofree char *name = g_strconcat (id, SUFFIX, NULL);

  return g_build_filename (directory, name, NULL);
}

void
kalon_head_free (KalonHead *head)
{
  g_free (head->id);
  g_free (head->path);
  g_free (head->encoder);
  g_free (head->source);
  g_free (head);
}

/* Only its header is read. (transfer full) (nullable) */
static KalonHead *
look_at (const char *path, const char *id, GError **error)
{
  g_autoptr (KalonSafetensors) file = kalon_safetensors_open (path, error);
  KalonHead *head;

  if (file == NULL)
    return NULL;
  if (kalon_safetensors_get_metadata (file, "encoder") == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s does not say for which model it is. Import it with “kalon-cli model "
                   "import-head”.",
                   path);
      return NULL;
    }
  head = g_new0 (KalonHead, 1);
  head->id = g_strdup (id);
  head->path = g_strdup (path);
  head->encoder = g_strdup (kalon_safetensors_get_metadata (file, "encoder"));
  head->source = g_strdup (kalon_safetensors_get_metadata (file, "source"));
  return head;
}

static int
compare_heads (gconstpointer a, gconstpointer b)
{
  const KalonHead *const *x = a, *const *y = b;

  return strcmp ((*x)->id, (*y)->id);
}

GPtrArray *
kalon_heads_list (const char *encoder)
{
  GPtrArray *heads = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_head_free);
  g_autofree char *directory = dup_directory ();
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *id = NULL;
      g_autoptr (GError) error = NULL;
      KalonHead *head;

      if (name[0] == '.' || !g_str_has_suffix (name, SUFFIX))
        continue;
      id = g_strndup (name, strlen (name) - strlen (SUFFIX));
      head = look_at (path, id, &error);
      if (head == NULL)
        g_message ("Aesthetic head %s is left out: %s", path, error->message);
      else if (encoder != NULL && !g_str_equal (head->encoder, encoder))
        kalon_head_free (head);
      else
        g_ptr_array_add (heads, head);
    }
  g_ptr_array_sort (heads, compare_heads);
  return heads;
}

/* An id is what a blend names it by. */
static gboolean
check_id (const char *id, GError **error)
{
  g_autoptr (GArray) shares = kalon_aesthetic_parse_shares (id, NULL);

  if (shares != NULL && shares->len == 1 && strlen (id) <= MAX_ID
      && g_str_equal (g_array_index (shares, KalonAestheticShare, 0).id, id)
      && !g_str_equal (id, KALON_AESTHETIC_OWN_ID) && !g_str_equal (id, KALON_CLIP_IQA_ID))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "“%s” cannot be the id of a head. Choose one of up to %d letters, digits, “.”, “_” "
               "and “-”, other than “%s” and “%s”.",
               id, MAX_ID, KALON_AESTHETIC_OWN_ID, KALON_CLIP_IQA_ID);
  return FALSE;
}

gboolean
kalon_heads_import (const char *source, const char *id, KalonHeadActivation activation,
                    const char *model_hash, gsize dimension, GError **error)
{
  g_autofree char *directory = dup_directory ();
  g_autofree char *target = NULL;

  g_return_val_if_fail (source != NULL && id != NULL && model_hash != NULL, FALSE);

  if (!check_id (id, error))
    return FALSE;
  if (g_mkdir_with_parents (directory, 0755) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Making %s: %s", directory,
                   g_strerror (errno));
      return FALSE;
    }
  target = kalon_heads_dup_path (id);
  return kalon_aesthetic_head_import (source, target, activation, model_hash, dimension, error);
}

GStrv
kalon_scorer_list_members (const char *model_directory, const char *model_hash)
{
  g_autoptr (GPtrArray) heads = kalon_heads_list (model_hash);
  g_autofree char *own = g_build_filename (model_directory, KALON_AESTHETIC_FILE, NULL);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  if (g_file_test (own, G_FILE_TEST_EXISTS))
    g_strv_builder_add (ids, KALON_AESTHETIC_OWN_ID);
  g_strv_builder_add (ids, KALON_CLIP_IQA_ID);
  for (guint i = 0; i < heads->len; i++)
    g_strv_builder_add (ids, ((KalonHead *) g_ptr_array_index (heads, i))->id);
  return g_strv_builder_end (ids);
}
