/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-thumbnail-views-private.h"

static void
model_gone_cb (gpointer data, GObject *model)
{
  KalonThumbnailView *view = data;

  view->model = NULL;
  g_ptr_array_remove (view->views, view);
}

static void
view_free (gpointer data)
{
  KalonThumbnailView *view = data;

  if (view->model != NULL)
    g_object_weak_unref (G_OBJECT (view->model), model_gone_cb, view);
  g_free (view);
}

GPtrArray *
kalon_thumbnail_views_new (void)
{
  return g_ptr_array_new_with_free_func (view_free);
}

KalonThumbnailView *
kalon_thumbnail_views_get (GPtrArray *views, KalonResultsModel *model)
{
  KalonThumbnailView *view;

  for (guint i = 0; i < views->len; i++)
    {
      view = g_ptr_array_index (views, i);
      if (view->model == model)
        return view;
    }
  view = g_new0 (KalonThumbnailView, 1);
  view->views = views;
  view->model = model;
  g_object_weak_ref (G_OBJECT (model), model_gone_cb, view);
  g_ptr_array_add (views, view);
  return view;
}

void
kalon_thumbnail_views_show (GPtrArray *views, gint64 id, const KalonPicture *picture,
                            GdkTexture *texture, const char *failure)
{
  for (guint i = 0; i < views->len; i++)
    {
      const KalonThumbnailView *view = g_ptr_array_index (views, i);
      KalonResultItem *item = kalon_results_model_peek_item (view->model, id);

      if (item != NULL)
        kalon_result_item_set_loaded (item, picture, texture, failure);
    }
}
