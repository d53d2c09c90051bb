/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sections are put together from. */
#include "evidence/kalon-evidence-private.h"

KalonReportSection *
kalon_evidence_add_section (KalonReport *report, const char *id, const char *title, const char *of)
{
  g_autofree char *whole = of != NULL ? g_strdup_printf ("%s: %s", title, of) : g_strdup (title);

  return kalon_report_add_section (report, id, whole);
}

void
kalon_evidence_columns_init (KalonEvidenceColumns *self)
{
  self->columns = g_array_new (FALSE, FALSE, sizeof (KalonReportColumn));
  self->texts = g_ptr_array_new_with_free_func (g_free);
}

void
kalon_evidence_columns_clear (KalonEvidenceColumns *self)
{
  g_array_unref (self->columns);
  g_ptr_array_unref (self->texts);
}

void
kalon_evidence_columns_add (KalonEvidenceColumns *self, const char *key, const char *title,
                            KalonReportUnit unit)
{
  const KalonReportColumn column = { g_strdup (key), g_strdup (title), unit };

  g_ptr_array_add (self->texts, (gpointer) column.key);
  g_ptr_array_add (self->texts, (gpointer) column.title);
  g_array_append_val (self->columns, column);
}

void
kalon_evidence_columns_add_cut (KalonEvidenceColumns *self, const char *key, const char *title,
                                guint cut, KalonReportUnit unit)
{
  g_autofree char *whole_key = g_strdup_printf ("%s_%u", key, cut);
  g_autofree char *whole_title = g_strdup_printf ("%s%u", title, cut);

  kalon_evidence_columns_add (self, whole_key, whole_title, unit);
}

KalonReportTable *
kalon_evidence_add_table (KalonReportSection *section, const char *id, const char *title,
                          const char *name_title, const KalonEvidenceColumns *columns)
{
  return kalon_report_section_add_table (
      section, id, title, name_title, (const KalonReportColumn *) (gpointer) columns->columns->data,
      columns->columns->len);
}

void
kalon_evidence_bars_init (KalonEvidenceBars *self)
{
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->values = g_array_new (FALSE, FALSE, sizeof (KalonEstimate));
}

void
kalon_evidence_bars_clear (KalonEvidenceBars *self)
{
  g_ptr_array_unref (self->labels);
  g_array_unref (self->values);
}

void
kalon_evidence_bars_take (KalonEvidenceBars *self, char *label, const KalonEstimate *estimate)
{
  g_ptr_array_add (self->labels, label);
  g_array_append_vals (self->values, estimate, 1);
}

void
kalon_evidence_bars_add (const KalonEvidenceBars *self, KalonReportSection *section, const char *id,
                         const char *title, const char *x_title, const char *y_title,
                         KalonChartUnit unit, double reference, const char *reference_name)
{
  if (self->labels->len > 0)
    kalon_evidence_add_bars (section, id, title, x_title, y_title,
                             (const char *const *) self->labels->pdata,
                             (const KalonEstimate *) (gpointer) self->values->data,
                             self->labels->len, unit, reference, reference_name);
}
