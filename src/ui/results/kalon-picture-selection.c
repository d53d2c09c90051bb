/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-picture-selection.h"

struct _KalonPictureSelection
{
  GObject parent_instance;

  KalonResultsModel *model; /* NULL until set */
  GtkBitset *selected;      /* positions */
  GHashTable *ids;          /* gint64 -> nothing: of the same pictures */
  gboolean reordering;      /* the next change is of the same query's pictures */
};

static void list_model_init (GListModelInterface *interface);
static void selection_model_init (GtkSelectionModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KalonPictureSelection, kalon_picture_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          selection_model_init))

static GType
get_item_type (GListModel *list)
{
  return KALON_TYPE_RESULT_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  KalonPictureSelection *self = KALON_PICTURE_SELECTION (list);

  return self->model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->model)) : 0;
}

static gpointer
get_item (GListModel *list, guint position)
{
  KalonPictureSelection *self = KALON_PICTURE_SELECTION (list);

  return self->model != NULL ? g_list_model_get_item (G_LIST_MODEL (self->model), position) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_bitset_contains (KALON_PICTURE_SELECTION (model)->selected, position);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  return gtk_bitset_ref (KALON_PICTURE_SELECTION (model)->selected);
}

static gint64 *
dup_id (KalonPictureSelection *self, guint position)
{
  gint64 id = kalon_results_model_get_picture_id (self->model, position);

  return g_memdup2 (&id, sizeof id);
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  KalonPictureSelection *self = KALON_PICTURE_SELECTION (model);
  guint n_items = get_n_items (G_LIST_MODEL (model));
  g_autoptr (GtkBitset) changes = gtk_bitset_copy (self->selected);
  GtkBitsetIter iter;
  guint position, first, last;

  /* Those that are to change, and are there. */
  gtk_bitset_difference (changes, selected);
  gtk_bitset_intersect (changes, mask);
  if (n_items < G_MAXUINT)
    gtk_bitset_remove_range (changes, n_items, G_MAXUINT - n_items);
  if (gtk_bitset_is_empty (changes))
    return TRUE;
  first = gtk_bitset_get_minimum (changes);
  last = gtk_bitset_get_maximum (changes);
  gtk_bitset_difference (self->selected, changes);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, changes, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autofree gint64 *id = dup_id (self, position);

      if (gtk_bitset_contains (self->selected, position))
        g_hash_table_add (self->ids, g_steal_pointer (&id));
      else
        g_hash_table_remove (self->ids, id);
    }
  gtk_selection_model_selection_changed (model, first, last - first + 1);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = is_selected;
  interface->get_selection_in_range = get_selection_in_range;
  interface->set_selection = set_selection;
}

/* Those that are gone are no longer selected. */
static void
forget_gone (KalonPictureSelection *self)
{
  GtkBitsetIter iter;
  guint position;

  if (g_hash_table_size (self->ids) == gtk_bitset_get_size (self->selected))
    return;
  g_hash_table_remove_all (self->ids);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, self->selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_hash_table_add (self->ids, dup_id (self, position));
}

static void
items_changed_cb (KalonPictureSelection *self, guint position, guint removed, guint added)
{
  guint n_before = get_n_items (G_LIST_MODEL (self)) - added + removed;
  gboolean other_question = position == 0 && removed == n_before && !self->reordering;

  self->reordering = FALSE;
  gtk_bitset_splice (self->selected, position, removed, added);
  for (guint i = position; i < position + added && g_hash_table_size (self->ids) > 0; i++)
    {
      gint64 id = kalon_results_model_get_picture_id (self->model, i);

      if (!other_question && g_hash_table_contains (self->ids, &id))
        gtk_bitset_add (self->selected, i);
    }
  forget_gone (self);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
reordering_cb (KalonPictureSelection *self)
{
  self->reordering = TRUE;
}

static void
kalon_picture_selection_finalize (GObject *object)
{
  KalonPictureSelection *self = KALON_PICTURE_SELECTION (object);

  g_clear_object (&self->model);
  gtk_bitset_unref (self->selected);
  g_hash_table_unref (self->ids);
  G_OBJECT_CLASS (kalon_picture_selection_parent_class)->finalize (object);
}

static void
kalon_picture_selection_class_init (KalonPictureSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_picture_selection_finalize;
}

static void
kalon_picture_selection_init (KalonPictureSelection *self)
{
  self->selected = gtk_bitset_new_empty ();
  self->ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

KalonPictureSelection *
kalon_picture_selection_new (void)
{
  return g_object_new (KALON_TYPE_PICTURE_SELECTION, NULL);
}

void
kalon_picture_selection_set_model (KalonPictureSelection *self, KalonResultsModel *model)
{
  guint n_items;

  g_return_if_fail (KALON_IS_PICTURE_SELECTION (self));
  g_return_if_fail (KALON_IS_RESULTS_MODEL (model));
  g_return_if_fail (self->model == NULL);

  self->model = g_object_ref (model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "reordering", G_CALLBACK (reordering_cb), self,
                           G_CONNECT_SWAPPED);
  n_items = get_n_items (G_LIST_MODEL (self));
  if (n_items > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n_items);
}

guint
kalon_picture_selection_get_n (KalonPictureSelection *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_SELECTION (self), 0);
  return (guint) gtk_bitset_get_size (self->selected);
}

guint
kalon_picture_selection_get_first (KalonPictureSelection *self)
{
  g_return_val_if_fail (KALON_IS_PICTURE_SELECTION (self), GTK_INVALID_LIST_POSITION);
  return gtk_bitset_is_empty (self->selected) ? GTK_INVALID_LIST_POSITION
                                              : gtk_bitset_get_minimum (self->selected);
}

GArray *
kalon_picture_selection_list (KalonPictureSelection *self)
{
  GArray *ids;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (KALON_IS_PICTURE_SELECTION (self), NULL);

  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, self->selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      gint64 id = kalon_results_model_get_picture_id (self->model, position);

      g_array_append_val (ids, id);
    }
  return ids;
}
