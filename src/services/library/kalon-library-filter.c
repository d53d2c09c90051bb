/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

#include <math.h>
#include <string.h>

#define NANOSECONDS G_GINT64_CONSTANT (1000000000)

/* A question to the database as it is put together: what is bound stands in the order of the "?".
 */
typedef struct
{
  enum
  {
    INTEGER,
    DOUBLE,
    TEXT,
    PATH,
  } type;
  gint64 integer;
  double number;
  char *text;
} Parameter;

typedef struct
{
  GString *sql;
  GArray *parameters; /* Parameter */
  GPtrArray *others;  /* KalonFilterClause: what SQL has no words for */
} Question;

static void
parameter_clear (gpointer data)
{
  g_free (((Parameter *) data)->text);
}

static void
question_clear (Question *question)
{
  g_string_free (question->sql, TRUE);
  g_array_unref (question->parameters);
  g_ptr_array_unref (question->others);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

static void
add_parameter (Question *question, Parameter parameter)
{
  g_array_append_val (question->parameters, parameter);
}

static void
add_path (Question *question, char *path)
{
  add_parameter (question, (Parameter){ .type = PATH, .text = path });
}

/* In it and below it is one range of the paths in their order, which is that of their index: "0" is
 * the byte behind "/". */
static void
add_folder (Question *question, const KalonFilterValue *value)
{
  const char *root = g_str_equal (value->path, "/") ? "" : value->path;

  g_string_append (question->sql, "(path > ? AND path < ?");
  add_path (question, g_strconcat (root, "/", NULL));
  add_path (question, g_strconcat (root, "0", NULL));
  if (value->only)
    {
      g_string_append (question->sql, " AND instr(substr(path, ?), X'2F') = 0");
      add_parameter (question,
                     (Parameter){ .type = INTEGER, .integer = (gint64) strlen (root) + 2 });
    }
  g_string_append_c (question->sql, ')');
}

/* Seconds since 1970 of the beginning of @day: as the clock on the wall would count them, which is
 * how a camera writes the time, and as they have passed since, which is how a file's is kept. */
static void
find_midnight (const GDate *day, gint64 *wall, gint64 *unix_time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_utc (
      g_date_get_year (day), (int) g_date_get_month (day), g_date_get_day (day), 0, 0, 0);
  g_autoptr (GDateTime) local = g_date_time_new_local (
      g_date_get_year (day), (int) g_date_get_month (day), g_date_get_day (day), 0, 0, 0);

  /* The year 10000 is the end of what GDateTime can say. */
  *wall = utc != NULL ? g_date_time_to_unix (utc) : G_MAXINT64;
  *unix_time = local != NULL ? g_date_time_to_unix (local) : *wall;
}

static gint64
to_nanoseconds (gint64 seconds)
{
  return CLAMP (seconds, G_MININT64 / NANOSECONDS, G_MAXINT64 / NANOSECONDS) * NANOSECONDS;
}

static void
add_date (Question *question, const KalonFilterValue *value)
{
  gint64 wall_from = G_MININT64, wall_to = G_MAXINT64, from = G_MININT64, to = G_MAXINT64;
  const gint64 *bounds[] = { &from, &to, &wall_from, &wall_to };

  if (g_date_valid (&value->from))
    find_midnight (&value->from, &wall_from, &from);
  if (g_date_valid (&value->to))
    {
      GDate next = value->to;

      g_date_add_days (&next, 1);
      find_midnight (&next, &wall_to, &to);
    }
  from = to_nanoseconds (from);
  to = to_nanoseconds (to);
  g_string_append (question->sql, "CASE taken_at WHEN 0 THEN mtime >= ? AND mtime < ? "
                                  "ELSE taken_at >= ? AND taken_at < ? END");
  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++)
    add_parameter (question, (Parameter){ .type = INTEGER, .integer = *bounds[i] });
}

static void
add_orientation (Question *question, const KalonFilterValue *value)
{
  switch ((KalonOrientation) value->choice)
    {
    case KALON_ORIENTATION_LANDSCAPE:
      g_string_append (question->sql, "20 * (width - height) > width");
      break;
    case KALON_ORIENTATION_PORTRAIT:
      g_string_append (question->sql, "20 * (height - width) > height");
      break;
    case KALON_ORIENTATION_SQUARE:
      g_string_append (question->sql, "20 * abs(width - height) <= max(width, height)");
      break;
    case KALON_ORIENTATION_PANORAMA:
      g_string_append (question->sql, "width >= 2 * height");
      break;
    }
}

static void
add_range (Question *question, const char *expression, const KalonFilterValue *value)
{
  g_string_append_printf (question->sql, "%s BETWEEN ? AND ?", expression);
  add_parameter (question, (Parameter){ .type = DOUBLE, .number = value->min });
  add_parameter (question, (Parameter){ .type = DOUBLE, .number = value->max });
}

static void
add_size (Question *question, const KalonFilterValue *value)
{
  switch (value->measure)
    {
    case KALON_SIZE_PIXELS:
      add_range (question, "width * height", value);
      break;
    case KALON_SIZE_SIDE:
      add_range (question, "max(width, height)", value);
      break;
    case KALON_SIZE_BYTES:
      add_range (question, "size", value);
      break;
    }
}

/* The loader that reads both HEIC and AVIF calls them by one name; the file's name tells. */
#define IS_HEIF "format IN ('heif', 'heif/avif')"
#define IS_NAMED_AVIF "lower(CAST(substr(path, -5) AS TEXT)) = '.avif'"

static void
add_format (Question *question, const KalonFilterValue *value)
{
  if (g_str_equal (value->text, "heic"))
    g_string_append (question->sql, "(" IS_HEIF " AND NOT " IS_NAMED_AVIF ")");
  else if (g_str_equal (value->text, "avif"))
    g_string_append (question->sql, "(format = 'avif' OR (" IS_HEIF " AND " IS_NAMED_AVIF "))");
  else
    {
      g_string_append (question->sql, "format = ?");
      add_parameter (question, (Parameter){ .type = TEXT, .text = g_strdup (value->text) });
    }
}

static void
add_aesthetic (Question *question, const KalonFilterValue *value, const char *model_hash)
{
  g_string_append (question->sql, "(SELECT aesthetic FROM embeddings WHERE picture = pictures.id "
                                  "AND model = (SELECT id FROM models WHERE hash = ?))");
  add_parameter (question, (Parameter){ .type = TEXT, .text = g_strdup (model_hash) });
  add_range (question, "", value);
}

/* What needs letters without case, colours or thumbs is looked at row by row, in C. */
static gboolean
is_for_sql (const KalonFilterClause *clause)
{
  switch (clause->kind)
    {
    case KALON_FILTER_FOLDER:
      for (guint i = 0; i < clause->values->len; i++)
        if (((const KalonFilterValue *) clause->values->pdata[i])->path == NULL)
          return FALSE;
      return TRUE;
    case KALON_FILTER_CAMERA:
    case KALON_FILTER_LENS:
    case KALON_FILTER_NAME:
    case KALON_FILTER_COLOUR:
    case KALON_FILTER_LIKED:
      return FALSE;
    case KALON_FILTER_DATE:
    case KALON_FILTER_ORIENTATION:
    case KALON_FILTER_SIZE:
    case KALON_FILTER_FORMAT:
    case KALON_FILTER_AESTHETIC:
      return TRUE;
    }
  return FALSE;
}

static void
add_value (Question *question, KalonFilterKind kind, const KalonFilterValue *value,
           const char *model_hash)
{
  if (kind == KALON_FILTER_FOLDER)
    add_folder (question, value);
  else if (kind == KALON_FILTER_DATE)
    add_date (question, value);
  else if (kind == KALON_FILTER_ORIENTATION)
    add_orientation (question, value);
  else if (kind == KALON_FILTER_SIZE)
    add_size (question, value);
  else if (kind == KALON_FILTER_FORMAT)
    add_format (question, value);
  else
    add_aesthetic (question, value, model_hash);
}

/* What is not known is no match, and so one where the clause is turned round. */
static void
add_clause (Question *question, const KalonFilterClause *clause, const char *model_hash)
{
  g_string_append (question->sql, clause->negated ? " AND NOT ifnull(" : " AND (");
  for (guint i = 0; i < clause->values->len; i++)
    {
      g_string_append (question->sql, i > 0 ? " OR " : "");
      add_value (question, clause->kind, clause->values->pdata[i], model_hash);
    }
  g_string_append (question->sql, clause->negated ? ", 0)" : ")");
}

static void
bind (KalonStatement *statement, const GArray *parameters)
{
  for (guint i = 0; i < parameters->len; i++)
    {
      const Parameter *parameter = &g_array_index (parameters, Parameter, i);
      int index = (int) i + 1;

      switch (parameter->type)
        {
        case INTEGER:
          kalon_statement_bind_int (statement, index, parameter->integer);
          break;
        case DOUBLE:
          kalon_statement_bind_double (statement, index, parameter->number);
          break;
        case TEXT:
          kalon_statement_bind_text (statement, index, parameter->text);
          break;
        case PATH:
          kalon_statement_bind_path (statement, index, parameter->text);
          break;
        }
    }
}

/* The contents that have a thumb, by kind; none where no clause asks. */
typedef struct
{
  GHashTable *up;
  GHashTable *down;
} Thumbs;

static void
thumbs_clear (Thumbs *thumbs)
{
  g_clear_pointer (&thumbs->up, g_hash_table_unref);
  g_clear_pointer (&thumbs->down, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Thumbs, thumbs_clear)

static gboolean
load_thumbs (KalonLibrary *self, const KalonFilter *filter, Thumbs *thumbs, GError **error)
{
  if (filter == NULL || !kalon_filter_has (filter, KALON_FILTER_LIKED))
    return TRUE;
  if (self->feedback == NULL)
    self->feedback = kalon_feedback_open (self->directory, error);
  if (self->feedback == NULL)
    return FALSE;
  thumbs->up = kalon_feedback_list_judged (self->feedback, TRUE, error);
  if (thumbs->up == NULL)
    return FALSE;
  thumbs->down = kalon_feedback_list_judged (self->feedback, FALSE, error);
  return thumbs->down != NULL;
}

/* Columns 1 to 6 of @statement against what SQL has no words for. */
static gboolean
matches_others (KalonStatement *statement, const Question *question, const Thumbs *thumbs)
{
  g_autofree char *path = kalon_statement_dup_text (statement, 1);
  g_autofree char *camera = kalon_statement_dup_text (statement, 2);
  g_autofree char *lens = kalon_statement_dup_text (statement, 3);
  g_autofree char *hash = kalon_statement_dup_text (statement, 6);
  const KalonFilterFacts facts = {
    .path = path,
    .camera = camera,
    .lens = lens,
    .average = (guint32) kalon_statement_get_int (statement, 4),
    .colourfulness = kalon_statement_get_double (statement, 5),
    .thumb_up = thumbs->up != NULL && g_hash_table_contains (thumbs->up, hash),
    .thumb_down = thumbs->down != NULL && g_hash_table_contains (thumbs->down, hash),
  };

  for (guint i = 0; i < question->others->len; i++)
    if (!kalon_filter_clause_matches (question->others->pdata[i], &facts))
      return FALSE;
  return TRUE;
}

GArray *
kalon_library_list_pictures (KalonLibrary *self, const KalonFilter *filter, const char *model_hash,
                             GError **error)
{
  g_auto (Question) question = {
    g_string_new ("SELECT id, path, camera, lens, average, colourfulness, content_hash "
                  "FROM pictures WHERE 1"),
    g_array_new (FALSE, FALSE, sizeof (Parameter)),
    g_ptr_array_new (),
  };
  g_auto (Thumbs) thumbs = { NULL };
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (KalonStatement) statement = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  g_array_set_clear_func (question.parameters, parameter_clear);
  for (guint i = 0; filter != NULL && i < kalon_filter_get_n_clauses (filter); i++)
    {
      const KalonFilterClause *clause = kalon_filter_get_clause (filter, i);

      if (is_for_sql (clause))
        add_clause (&question, clause, model_hash != NULL ? model_hash : "");
      else
        g_ptr_array_add (question.others, (gpointer) clause);
    }
  g_string_append (question.sql, " ORDER BY CASE taken_at WHEN 0 THEN mtime / 1000000000 "
                                 "ELSE taken_at END DESC, id DESC");
  statement = kalon_storage_prepare (self->storage, question.sql->str, error);
  if (statement == NULL || !load_thumbs (self, filter, &thumbs, error))
    return NULL;
  bind (statement, question.parameters);
  while (kalon_statement_next (statement, &reason))
    {
      gint64 id = kalon_statement_get_int (statement, 0);

      if (question.others->len == 0 || matches_others (statement, &question, &thumbs))
        g_array_append_val (pictures, id);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&pictures);
}
