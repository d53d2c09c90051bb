/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "compare/kalon-contest.h"
#include "label/kalon-label-systems.h"

struct _KalonLabelSystems
{
  GObject parent_instance;

  GtkStringList *titles;
  GPtrArray *keys; /* char *, [titles] */
};

G_DEFINE_FINAL_TYPE (KalonLabelSystems, kalon_label_systems, G_TYPE_OBJECT)

static void
kalon_label_systems_finalize (GObject *object)
{
  KalonLabelSystems *self = KALON_LABEL_SYSTEMS (object);

  g_object_unref (self->titles);
  g_ptr_array_unref (self->keys);
  G_OBJECT_CLASS (kalon_label_systems_parent_class)->finalize (object);
}

static void
kalon_label_systems_class_init (KalonLabelSystemsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_label_systems_finalize;
}

static void
kalon_label_systems_init (KalonLabelSystems *self)
{
  self->titles = gtk_string_list_new (NULL);
  self->keys = g_ptr_array_new_with_free_func (g_free);
}

/* Returns: its position, which is that of its key if that is there already. */
static guint
insert (KalonLabelSystems *self, guint position, const char *key, const char *title)
{
  guint known;

  if (g_ptr_array_find_with_equal_func (self->keys, key, g_str_equal, &known))
    return known;
  /* Whoever is told of the title asks for the key. */
  g_ptr_array_insert (self->keys, (int) position, g_strdup (key));
  gtk_string_list_splice (self->titles, position, 0, (const char *const[]){ title, NULL });
  return position;
}

static void
add_rival (KalonLabelSystems *self, guint position, const KalonRival *rival)
{
  g_autofree char *key = kalon_rival_dup_key (rival);
  g_autofree char *title = kalon_contest_dup_title (rival);

  insert (self, position, key, title);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelSystems) self = user_data;
  g_autoptr (GPtrArray) rivals = kalon_rivals_list_finish (KALON_RIVALS (object), result, NULL);

  for (guint i = 0; rivals != NULL && i < rivals->len; i++)
    add_rival (self, self->keys->len - 2, g_ptr_array_index (rivals, i));
}

KalonLabelSystems *
kalon_label_systems_new (KalonRivals *rivals)
{
  KalonLabelSystems *self;

  g_return_val_if_fail (KALON_IS_RIVALS (rivals), NULL);

  self = g_object_new (KALON_TYPE_LABEL_SYSTEMS, NULL);
  for (KalonRivalKind kind = KALON_RIVAL_BASELINE; kind <= KALON_RIVAL_ALIGNED; kind++)
    {
      g_autoptr (KalonRival) rival = kalon_rival_new (kind, NULL, NULL);

      add_rival (self, self->keys->len, rival);
    }
  insert (self, self->keys->len, KALON_LABEL_ASK_FOLDER, _ ("Results in a Folder…"));
  insert (self, self->keys->len, KALON_LABEL_ASK_FILE, _ ("Results in a File…"));
  kalon_rivals_list_async (rivals, NULL, listed_cb, g_object_ref (self));
  return self;
}

GListModel *
kalon_label_systems_get_model (KalonLabelSystems *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_SYSTEMS (self), NULL);
  return G_LIST_MODEL (self->titles);
}

const char *
kalon_label_systems_get_key (KalonLabelSystems *self, guint position)
{
  g_return_val_if_fail (KALON_IS_LABEL_SYSTEMS (self), NULL);
  g_return_val_if_fail (position < self->keys->len, NULL);
  return g_ptr_array_index (self->keys, position);
}

guint
kalon_label_systems_add (KalonLabelSystems *self, const char *asked, const char *path)
{
  g_autofree char *key = g_strconcat (asked, path, NULL);
  g_autofree char *name = g_filename_display_basename (path);

  g_return_val_if_fail (KALON_IS_LABEL_SYSTEMS (self), 0);
  return insert (self, self->keys->len - 2, key, name);
}
