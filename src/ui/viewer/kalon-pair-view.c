/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "viewer/kalon-pair-view-private.h"

G_DEFINE_FINAL_TYPE (KalonPairView, kalon_pair_view, GTK_TYPE_WIDGET)

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static KalonPictureView *
get_view (KalonPairView *self, guint side)
{
  return kalon_picture_pane_get_view (self->sides[side].pane);
}

/* (transfer full) (nullable) */
static GPtrArray *
list_details (KalonPairView *self, guint side)
{
  KalonPicturePane *pane = self->sides[side].pane;
  const KalonPicture *picture = kalon_picture_pane_get_picture (pane);
  g_autoptr (KalonResultItem) item = NULL;
  guint position;

  if (picture == NULL)
    return NULL;
  if (kalon_results_model_find (self->model, picture->id, &position))
    item = g_list_model_get_item (G_LIST_MODEL (self->model), position);
  return kalon_detail_list_new (picture, item, kalon_picture_pane_get_info (pane),
                                self->sides[side].scores);
}

void
kalon_pair_view_update (KalonPairView *self)
{
  g_autoptr (GPtrArray) first = list_details (self, 0);
  g_autoptr (GPtrArray) second = list_details (self, 1);
  g_autofree char *names[2] = { NULL, NULL };
  g_autofree char *title = NULL;
  const char *subtitle;

  for (guint i = 0; i < 2; i++)
    {
      const KalonPicture *picture = kalon_picture_pane_get_picture (self->sides[i].pane);
      double zoom = kalon_picture_view_get_zoom (get_view (self, i));
      g_autofree char *text = NULL;

      names[i] = picture != NULL ? g_filename_display_basename (picture->path) : g_strdup ("…");
      /* Translators: A or B; the name of a picture, and its zoom in percent. */
      text = g_strdup_printf (_ ("%s · %s · %.0f %%"), i == 0 ? "A" : "B", names[i], zoom * 100);
      gtk_label_set_text (self->sides[i].label, text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (get_view (self, i)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    }
  /* Translators: two pictures beside each other. */
  title = g_strdup_printf (_ ("%s and %s"), names[0], names[1]);
  if (kalon_pair_area_get_stacked (self->area))
    subtitle = kalon_pair_area_shows_second (self->area) ? _ ("B is shown; Space shows A")
                                                         : _ ("A is shown; Space shows B");
  else
    subtitle = self->linked ? _ ("Zoomed and moved together") : _ ("Zoomed and moved apart");
  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, subtitle);
  kalon_details_set_pair (self->details, first, second);
}

/* The place that goes with another's place. */
static KalonPicturePlace
follow (KalonPairView *self, guint side, KalonPicturePlace place)
{
  if (side == 1)
    return (KalonPicturePlace){ place.zoom * self->offset.zoom, place.x + self->offset.x,
                                place.y + self->offset.y };
  return (KalonPicturePlace){ place.zoom / self->offset.zoom, place.x - self->offset.x,
                              place.y - self->offset.y };
}

static void
view_changed_cb (KalonPictureView *view, KalonPairView *self)
{
  guint side;

  /* Nothing is shown before they are opened, nor after they were closed. */
  if (!self->linked || self->following || self->cancellable == NULL)
    return;
  side = view == get_view (self, 0) ? 0 : 1;
  self->following = TRUE;
  kalon_picture_view_set_place (
      get_view (self, 1 - side),
      follow (self, 1 - side, kalon_picture_view_get_place (get_view (self, side))));
  self->following = FALSE;
}

static void
pane_changed_cb (KalonPairView *self)
{
  if (self->cancellable != NULL)
    kalon_pair_view_update (self);
}

/* What they differ by now they keep. */
static void
set_linked (KalonPairView *self, gboolean linked)
{
  KalonPicturePlace first = kalon_picture_view_get_place (get_view (self, 0));
  KalonPicturePlace second = kalon_picture_view_get_place (get_view (self, 1));

  self->linked = linked;
  if (linked)
    self->offset
        = (KalonPicturePlace){ second.zoom / first.zoom, second.x - first.x, second.y - first.y };
  kalon_pair_view_update (self);
}

void
kalon_pair_view_swap (KalonPairView *self)
{
  KalonPairSide first = self->sides[0];

  self->sides[0] = self->sides[1];
  self->sides[1] = first;
  self->offset = (KalonPicturePlace){ 1 / self->offset.zoom, -self->offset.x, -self->offset.y };
  kalon_pair_area_swap (self->area);
  kalon_pair_view_update (self);
}

enum
{
  PROP_LINKED = 1,
  PROP_STACKED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
kalon_pair_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  KalonPairView *self = KALON_PAIR_VIEW (object);

  switch (id)
    {
    case PROP_LINKED:
      set_linked (self, g_value_get_boolean (value));
      break;
    case PROP_STACKED:
      kalon_pair_area_set_stacked (self->area, g_value_get_boolean (value));
      kalon_pair_view_update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_pair_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KalonPairView *self = KALON_PAIR_VIEW (object);

  switch (id)
    {
    case PROP_LINKED:
      g_value_set_boolean (value, self->linked);
      break;
    case PROP_STACKED:
      /* The menu asks already while the template is built. */
      g_value_set_boolean (value, self->area != NULL && kalon_pair_area_get_stacked (self->area));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static gboolean
kalon_pair_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (KALON_PAIR_VIEW (widget)->sides[0].pane));
}

static void
kalon_pair_view_dispose (GObject *object)
{
  KalonPairView *self = KALON_PAIR_VIEW (object);

  if (self->box != NULL)
    kalon_pair_view_close (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (kalon_pair_view_parent_class)->dispose (object);
}

static void
kalon_pair_view_class_init (KalonPairViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = kalon_pair_view_dispose;
  object_class->set_property = kalon_pair_view_set_property;
  object_class->get_property = kalon_pair_view_get_property;
  widget_class->grab_focus = kalon_pair_view_grab_focus;

  properties[PROP_LINKED] = g_param_spec_boolean ("linked", NULL, NULL, TRUE, flags);
  properties[PROP_STACKED] = g_param_spec_boolean ("stacked", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  kalon_pair_view_install_actions (widget_class);
  gtk_widget_class_install_property_action (widget_class, "pair.linked", "linked");
  gtk_widget_class_install_property_action (widget_class, "pair.stacked", "stacked");

  g_type_ensure (KALON_TYPE_DETAILS);
  g_type_ensure (KALON_TYPE_PAIR_AREA);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/viewer/kalon-pair-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonPairView, box);
  gtk_widget_class_bind_template_child (widget_class, KalonPairView, title);
  gtk_widget_class_bind_template_child (widget_class, KalonPairView, flap);
  gtk_widget_class_bind_template_child (widget_class, KalonPairView, details);
  gtk_widget_class_bind_template_child (widget_class, KalonPairView, area);
}

static void
set_up_side (KalonPairView *self, guint i)
{
  KalonPairSide *side = &self->sides[i];

  side->frame = gtk_overlay_new ();
  side->pane = g_object_new (KALON_TYPE_PICTURE_PANE, NULL);
  side->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_overlay_set_child (GTK_OVERLAY (side->frame), GTK_WIDGET (side->pane));
  gtk_overlay_add_overlay (GTK_OVERLAY (side->frame), GTK_WIDGET (side->label));
  gtk_label_set_ellipsize (side->label, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_halign (GTK_WIDGET (side->label), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (side->label), GTK_ALIGN_END);
  gtk_widget_set_can_target (GTK_WIDGET (side->label), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (side->label), "osd-text");
  g_signal_connect_object (side->pane, "changed", G_CALLBACK (pane_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (kalon_picture_pane_get_view (side->pane), "view-changed",
                           G_CALLBACK (view_changed_cb), self, 0);
}

static void
kalon_pair_view_init (KalonPairView *self)
{
  self->linked = TRUE;
  self->offset = KALON_NO_OFFSET;
  gtk_widget_init_template (GTK_WIDGET (self));
  set_up_side (self, 0);
  set_up_side (self, 1);
  kalon_pair_area_set_children (self->area, self->sides[0].frame, self->sides[1].frame);
}

void
kalon_pair_view_set_sources (KalonPairView *self, KalonCatalogue *catalogue,
                             KalonResultsModel *model)
{
  g_return_if_fail (KALON_IS_PAIR_VIEW (self));
  g_return_if_fail (self->model == NULL);

  self->catalogue = g_object_ref (catalogue);
  self->model = g_object_ref (model);
  for (guint i = 0; i < 2; i++)
    kalon_picture_pane_set_catalogue (self->sides[i].pane, catalogue);
}

typedef struct
{
  KalonPairView *view;
  gint64 picture;
} Question;

static void
scores_looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (KalonPairView) self = question->view;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonPictureScores) scores
      = kalon_catalogue_get_scores_finish (KALON_CATALOGUE (object), result, &error);

  if (scores == NULL)
    {
      g_debug ("Scores: %s", error->message);
      return;
    }
  for (guint i = 0; i < 2; i++)
    if (self->sides[i].id == question->picture && self->sides[i].scores == NULL)
      self->sides[i].scores = g_steal_pointer (&scores);
  kalon_pair_view_update (self);
}

void
kalon_pair_view_open (KalonPairView *self, gint64 first, gint64 second)
{
  gint64 ids[2] = { first, second };

  g_return_if_fail (KALON_IS_PAIR_VIEW (self));
  g_return_if_fail (self->catalogue != NULL);

  kalon_pair_view_close (self);
  self->cancellable = g_cancellable_new ();
  self->offset = KALON_NO_OFFSET;
  g_object_set (self, "linked", TRUE, "stacked", FALSE, NULL);
  kalon_pair_area_show_second (self->area, FALSE);
  for (guint i = 0; i < 2; i++)
    {
      KalonResultItem *item = kalon_results_model_peek_item (self->model, ids[i]);
      Question *question = g_new (Question, 1);

      *question = (Question){ g_object_ref (self), ids[i] };
      kalon_catalogue_get_scores_async (self->catalogue, ids[i], self->cancellable,
                                        scores_looked_up_cb, question);
      self->sides[i].id = ids[i];
      kalon_picture_pane_show (self->sides[i].pane, ids[i],
                               item != NULL ? kalon_result_item_get_picture (item) : NULL,
                               item != NULL ? kalon_result_item_get_texture (item) : NULL);
    }
  kalon_pair_view_update (self);
}

void
kalon_pair_view_close (KalonPairView *self)
{
  g_return_if_fail (KALON_IS_PAIR_VIEW (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  for (guint i = 0; i < 2; i++)
    {
      self->sides[i].id = 0;
      g_clear_pointer (&self->sides[i].scores, kalon_picture_scores_free);
      kalon_picture_pane_clear (self->sides[i].pane);
    }
}
