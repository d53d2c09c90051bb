/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalogue/kalon-catalogue-private.h"

typedef struct
{
  GArray *pictures;
  gsize n_filtered;
} Listing;

static void
listing_free (Listing *listing)
{
  g_clear_pointer (&listing->pictures, g_array_unref);
  g_free (listing);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listing, listing_free)

/* Only where it is needed: taking the hash reads the model. */
static const char *
get_scoring_model (KalonCatalogue *self, const KalonFilter *filter, GCancellable *cancellable)
{
  return filter != NULL && kalon_filter_has (filter, KALON_FILTER_AESTHETIC)
             ? kalon_catalogue_get_model_hash (self, cancellable)
             : NULL;
}

static gpointer
ask_pictures (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  g_autoptr (Listing) listing = g_new0 (Listing, 1);
  KalonLibraryCounts counts;

  listing->pictures = kalon_library_list_pictures (
      self->library, argument, get_scoring_model (self, argument, cancellable), error);
  if (listing->pictures == NULL)
    return NULL;
  if (argument != NULL)
    {
      if (!kalon_library_count (self->library, "", &counts, error))
        return NULL;
      listing->n_filtered = counts.pictures - MIN (counts.pictures, listing->pictures->len);
    }
  return g_steal_pointer (&listing);
}

static gpointer
ask_facets (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;

  return kalon_library_list_facets (self->library, error);
}

void
kalon_catalogue_list_pictures_async (KalonCatalogue *self, KalonFilter *filter,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_worker_ask (self->worker, self, kalon_catalogue_list_pictures_async, ask_pictures,
                    filter != NULL ? kalon_filter_ref (filter) : NULL,
                    filter != NULL ? (GDestroyNotify) kalon_filter_unref : NULL,
                    (GDestroyNotify) listing_free, cancellable, callback, user_data);
}

GArray *
kalon_catalogue_list_pictures_finish (KalonCatalogue *self, GAsyncResult *result, gsize *n_filtered,
                                      GError **error)
{
  g_autoptr (Listing) listing
      = kalon_worker_answer (self, kalon_catalogue_list_pictures_async, result, error);

  if (listing == NULL)
    return NULL;
  if (n_filtered != NULL)
    *n_filtered = listing->n_filtered;
  return g_steal_pointer (&listing->pictures);
}

void
kalon_catalogue_list_facets_async (KalonCatalogue *self, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  kalon_worker_ask (self->worker, self, kalon_catalogue_list_facets_async, ask_facets, NULL, NULL,
                    (GDestroyNotify) kalon_library_facets_free, cancellable, callback, user_data);
}

KalonLibraryFacets *
kalon_catalogue_list_facets_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_catalogue_list_facets_async, result, error);
}
