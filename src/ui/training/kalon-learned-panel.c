/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "charts/kalon-chart.h"
#include "training/kalon-learned-panel.h"
#include "training/training-text.h"

struct _KalonLearnedPanel
{
  GtkWidget parent_instance;

  GtkStack *stack;
  AdwStatusPage *problem_page;
  GtkLabel *thumbs_label;
  GtkLabel *check_label;
  GtkLabel *step_label;
  KalonChart *curve_chart;
  GtkWidget *drift_group;
  GtkLabel *drift_label;
  KalonChart *drift_chart;
  KalonChart *trust_chart;
};

G_DEFINE_FINAL_TYPE (KalonLearnedPanel, kalon_learned_panel, GTK_TYPE_WIDGET)

enum
{
  SEARCH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
search_clicked_cb (KalonLearnedPanel *self)
{
  g_signal_emit (self, signals[SEARCH], 0);
}

/* @text: (transfer full) (nullable): hides the label */
static void
set_text (GtkLabel *label, char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  g_free (text);
}

/* @data: (transfer full) (nullable) */
static void
set_chart (KalonChart *chart, KalonChartData *data)
{
  kalon_chart_set_data (chart, data);
  kalon_chart_data_free (data);
}

static void
kalon_learned_panel_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (kalon_learned_panel_parent_class)->dispose (object);
}

static void
kalon_learned_panel_class_init (KalonLearnedPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_learned_panel_dispose;
  signals[SEARCH] = g_signal_new ("search", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KALON_TYPE_CHART);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-learned-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, problem_page);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, thumbs_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, check_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, step_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, curve_chart);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, drift_group);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, drift_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, drift_chart);
  gtk_widget_class_bind_template_child (widget_class, KalonLearnedPanel, trust_chart);
  gtk_widget_class_bind_template_callback (widget_class, search_clicked_cb);
}

static void
kalon_learned_panel_init (KalonLearnedPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_learned_panel_set_report (KalonLearnedPanel *self, const KalonTasteReport *report)
{
  g_return_if_fail (KALON_IS_LEARNED_PANEL (self));
  g_return_if_fail (report != NULL);

  if (report->n_thumbs == 0 && !report->has_import)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  set_text (self->thumbs_label, kalon_training_describe_thumbs (report));
  set_text (self->check_label, kalon_training_describe_check (report));
  set_text (self->step_label, kalon_training_describe_step (report));
  set_chart (self->curve_chart, kalon_training_make_curve (report));
  gtk_widget_set_visible (self->drift_group, report->n_queries > 0);
  set_text (self->drift_label, kalon_training_describe_drift (report));
  set_chart (self->drift_chart, kalon_training_make_drift (report));
  set_chart (self->trust_chart, kalon_training_make_trust (report));
  gtk_stack_set_visible_child_name (self->stack, "learned");
}

void
kalon_learned_panel_set_problem (KalonLearnedPanel *self, const char *problem)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (KALON_IS_LEARNED_PANEL (self));
  g_return_if_fail (problem != NULL);

  escaped = g_markup_escape_text (problem, -1);
  adw_status_page_set_description (self->problem_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}
