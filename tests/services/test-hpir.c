/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "hpir/kalon-hpir.h"
#include "test-folders.h"

#define HEAD                                                                                       \
  "{\"format\": \"kalon-hpir-set\", \"version\": 1, \"name\": \"n\", \"labelers\": [{\"id\": "     \
  "\"anna\"}], \"count\": 1}\n"
#define GROUPS "\"group_a\": [\"1.jpeg\"], \"group_b\": [\"2.jpeg\"]"

/* An item of two pictures each, "ID-1" to "ID-4". */
static KalonHpirItem *
add_item (KalonHpirSet *set, const char *id)
{
  KalonHpirItem *item = kalon_hpir_set_add_item (set, id, "a “cat”\n");

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s-%u", id, i + 1);

      kalon_hpir_item_add_picture (item, i / 2, path, NULL);
    }
  return item;
}

/* @votes: a letter for each aspect: A, B, = cannot tell, - not asked */
static void
add_label (KalonHpirItem *item, guint labeler, guint repeat, const char *votes)
{
  KalonHpirLabel label = { .labeler = labeler, .repeat = repeat };

  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    label.votes[aspect] = (KalonHpirVote) (strchr ("-AB=", votes[aspect]) - "-AB=");
  kalon_hpir_item_add_label (item, &label);
}

static void
assert_votes (const KalonHpirItem *item, KalonHpirAspect aspect, guint a, guint b)
{
  g_assert_cmpuint (item->votes[aspect][0], ==, a);
  g_assert_cmpuint (item->votes[aspect][1], ==, b);
}

static void
test_gold (void)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("s", "/");
  KalonHpirItem *item = add_item (set, "1");
  const gboolean last[] = { FALSE, FALSE, FALSE, TRUE };
  guint choice;
  double confidence;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_cmpuint (kalon_hpir_set_add_labeler (set, id, NULL), ==, i);
    }
  g_assert_cmpuint (kalon_hpir_set_add_labeler (set, "2", NULL), ==, 2);
  g_assert_false (kalon_hpir_item_get_gold (item, KALON_HPIR_ACCURACY, NULL, &choice, &confidence));

  add_label (item, 0, 0, "AB=");
  add_label (item, 1, 0, "AA=");
  add_label (item, 2, 0, "A=B");
  add_label (item, 3, 0, "B--");
  /* Repeats count nowhere. */
  add_label (item, 0, 1, "BBB");
  assert_votes (item, KALON_HPIR_ACCURACY, 3, 1);
  g_assert_true (kalon_hpir_item_get_gold (item, KALON_HPIR_ACCURACY, NULL, &choice, &confidence));
  g_assert_cmpuint (choice, ==, 0);
  g_assert_cmpfloat (confidence, ==, 0.75);
  /* As many on both sides. */
  assert_votes (item, KALON_HPIR_AESTHETIC, 1, 1);
  g_assert_false (
      kalon_hpir_item_get_gold (item, KALON_HPIR_AESTHETIC, NULL, &choice, &confidence));
  g_assert_true (kalon_hpir_item_get_gold (item, KALON_HPIR_DIVERSITY, NULL, &choice, &confidence));
  g_assert_cmpuint (choice, ==, 1);
  g_assert_cmpfloat (confidence, ==, 1);
  /* Of one labeler alone. */
  g_assert_true (kalon_hpir_item_get_gold (item, KALON_HPIR_ACCURACY, last, &choice, &confidence));
  g_assert_cmpuint (choice, ==, 1);
  g_assert_cmpfloat (confidence, ==, 1);
  g_assert_false (
      kalon_hpir_item_get_gold (item, KALON_HPIR_DIVERSITY, last, &choice, &confidence));
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("kalon-hpir-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "set.jsonl", NULL);
  g_autofree char *again = g_build_filename (folder, "again.jsonl", NULL);
  g_autofree char *first_text = NULL;
  g_autofree char *second_text = NULL;
  g_autofree char *place = NULL;
  g_autofree char *hash = g_strnfill (64, 'a');
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("Holi“days”", folder);
  g_autoptr (KalonHpirSet) read = NULL;
  g_autoptr (GHashTable) traits = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  KalonHpirItem *item = add_item (set, "1");
  const KalonHpirPicture *picture;
  const KalonHpirLabel *label;
  KalonHpirLabel own
      = { 0, 1, TRUE, 1767225600, 4.25, { KALON_HPIR_B, 0, KALON_HPIR_CANNOT_TELL } };

  g_hash_table_insert (traits, (gpointer) "age", (gpointer) "30-39");
  kalon_hpir_set_add_labeler (set, "anna", traits);
  set->synthetic = TRUE;
  set->made_from = g_strdup ("a test");
  item->kind = g_strdup ("relevance");
  item->systems[0] = g_strdup ("baseline");
  item->systems[1] = g_strdup ("folder:/\xff");
  g_hash_table_insert (item->rephrased, g_strdup ("detail"), g_strdup ("a dashing cat"));
  kalon_hpir_item_add_picture (item, 0, "no \xff utf-8/%41", hash);
  kalon_hpir_item_add_picture (item, 1, "/abs/\xfe", NULL);
  add_label (item, 0, 0, "AB=");
  kalon_hpir_item_add_label (item, &own);
  /* Votes without labels are kept as well. */
  add_item (set, "2")->votes[KALON_HPIR_DIVERSITY][1] = 17;

  g_assert_true (kalon_hpir_set_write (set, path, &error));
  g_assert_no_error (error);
  read = kalon_hpir_set_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->name, ==, "Holi“days”");
  g_assert_true (read->synthetic);
  g_assert_cmpstr (read->made_from, ==, "a test");
  g_assert_cmpstr (read->folder, ==, folder);
  g_assert_cmpstr (
      g_hash_table_lookup (((KalonHpirLabeler *) read->labelers->pdata[0])->traits, "age"), ==,
      "30-39");
  g_assert_cmpuint (read->items->len, ==, 2);
  item = kalon_hpir_set_find_item (read, "1");
  g_assert_cmpstr (item->query, ==, "a “cat”\n");
  g_assert_cmpstr (item->kind, ==, "relevance");
  g_assert_cmpstr (item->systems[0], ==, "baseline");
  g_assert_cmpstr (item->systems[1], ==, "folder:/\\xFF");
  g_assert_cmpstr (g_hash_table_lookup (item->rephrased, "detail"), ==, "a dashing cat");
  picture = item->groups[0]->pdata[2];
  g_assert_cmpstr (picture->path, ==, "no \xff utf-8/%41");
  g_assert_cmpstr (picture->content_hash, ==, hash);
  place = kalon_hpir_set_dup_path (read, picture);
  g_assert_true (g_str_has_prefix (place, folder));
  picture = item->groups[1]->pdata[2];
  g_assert_cmpstr (picture->path, ==, "/abs/\xfe");
  g_assert_null (picture->content_hash);
  label = kalon_hpir_item_find_label (item, 0, 1);
  g_assert_cmpmem (label->votes, sizeof label->votes, own.votes, sizeof own.votes);
  g_assert_true (label->swapped);
  g_assert_cmpint (label->time, ==, own.time);
  g_assert_cmpfloat (label->seconds, ==, own.seconds);
  assert_votes (item, KALON_HPIR_ACCURACY, 1, 0);
  assert_votes (kalon_hpir_set_find_item (read, "2"), KALON_HPIR_DIVERSITY, 0, 17);
  g_assert_null (kalon_hpir_set_find_item (read, "3"));

  /* What was read is written the same, byte by byte. */
  g_assert_true (kalon_hpir_set_write (read, again, &error));
  g_assert_true (g_file_get_contents (path, &first_text, NULL, NULL));
  g_assert_true (g_file_get_contents (again, &second_text, NULL, NULL));
  g_assert_cmpstr (first_text, ==, second_text);
  remove_tree (folder);
}

static KalonHpirSet *
parse (const char *text, GError **error)
{
  return kalon_hpir_set_parse (text, strlen (text), "f", "/x", error);
}

static void
test_plain (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirSet) set
      = parse ("{\"id\": \"1\", \"query\": \"q\", \"rephrased\": {\"detail\": \"r\"}, " GROUPS
               ", \"votes\": {\"accuracy\": [20, 10], \"diversity\": null}, \"other\": 1}\n"
               "{\"id\": \"2\", \"query\": \"q\", " GROUPS "}",
               &error);
  const KalonHpirItem *item;

  g_assert_no_error (error);
  g_assert_cmpstr (set->name, ==, "f");
  g_assert_false (set->synthetic);
  g_assert_cmpuint (set->items->len, ==, 2);
  item = set->items->pdata[0];
  assert_votes (item, KALON_HPIR_ACCURACY, 20, 10);
  assert_votes (item, KALON_HPIR_AESTHETIC, 0, 0);
  g_assert_cmpstr (((KalonHpirPicture *) item->groups[1]->pdata[0])->path, ==, "2.jpeg");
}

static void
test_refused (void)
{
#define ITEM(members) "{\"id\": \"1\", \"query\": \"q\", " members "}"
  static const struct
  {
    const char *text;
    int code;
    const char *message;
  } cases[] = {
    { "", KALON_ERROR_INVALID_DATA, "f: it is empty*" },
    { "{", KALON_ERROR_INVALID_DATA, "f:1: ends in the middle*" },
    { "{\"format\": \"x\", \"version\": 1}", KALON_ERROR_INVALID_DATA, "f:1: format is not*" },
    { "{\"format\": \"kalon-hpir-set\", \"version\": 2}", KALON_ERROR_UNSUPPORTED,
      "f:1: version 2*" },
    { "{\"format\": \"kalon-hpir-set\"}", KALON_ERROR_INVALID_DATA, "f:1: version is missing*" },
    { "{\"format\": \"kalon-hpir-set\", \"version\": 1, \"name\": \"n\"}", KALON_ERROR_INVALID_DATA,
      "f:1: count is missing*" },
    { "{\"format\": \"kalon-hpir-set\", \"version\": 1, \"name\": \"n\", \"count\": 0, "
      "\"labelers\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}",
      KALON_ERROR_INVALID_DATA, "f:1: labelers.id is that of*" },
    { "{\"format\": \"kalon-hpir-set\", \"version\": 1, \"name\": \"n\", \"count\": 0, "
      "\"labelers\": [{\"id\": \"a\", \"traits\": {\"age\": 3}}]}",
      KALON_ERROR_INVALID_DATA, "f:1: traits.age must be a string*" },
    { HEAD, KALON_ERROR_INVALID_DATA, "f: 0 items are there*" },
    { HEAD "\n", KALON_ERROR_INVALID_DATA, "f:2: *" },
    { HEAD "{\"query\": \"q\"}", KALON_ERROR_INVALID_DATA, "f:2: id is missing*" },
    { HEAD "{\"id\": \"\", \"query\": \"q\"}", KALON_ERROR_INVALID_DATA, "f:2: id is empty*" },
    { HEAD ITEM (GROUPS) "\n" ITEM (GROUPS), KALON_ERROR_INVALID_DATA, "f:3: id is that of*" },
    { HEAD ITEM ("\"group_a\": []"), KALON_ERROR_INVALID_DATA, "f:2: group_a is not an array*" },
    { HEAD ITEM ("\"group_a\": [\"1\"]"), KALON_ERROR_INVALID_DATA, "f:2: group_b is not*" },
    { HEAD ITEM ("\"group_a\": [\"\"]"), KALON_ERROR_INVALID_DATA, "f:2: group_a has what*" },
    { HEAD ITEM ("\"group_a\": [{\"path\": \"a\", \"uri\": \"%00\"}]"), KALON_ERROR_INVALID_DATA,
      "f:2: group_a.uri is not a file*" },
    { HEAD ITEM ("\"group_a\": [{\"path\": \"a\", \"content_hash\": \"AB\"}]"),
      KALON_ERROR_INVALID_DATA, "f:2: group_a.content_hash is not*" },
    { HEAD ITEM ("\"group_a\": [[]]"), KALON_ERROR_INVALID_DATA, "f:2: group_a has an element*" },
    { HEAD ITEM (GROUPS ", \"systems\": [\"a\"]"), KALON_ERROR_INVALID_DATA, "f:2: systems is*" },
    { HEAD ITEM (GROUPS ", \"systems\": [\"a\", 1]"), KALON_ERROR_INVALID_DATA,
      "f:2: systems is*" },
    { HEAD ITEM (GROUPS ", \"votes\": {\"accuracy\": [1]}"), KALON_ERROR_INVALID_DATA,
      "f:2: votes.accuracy is*" },
    { HEAD ITEM (GROUPS ", \"votes\": {\"accuracy\": [1, -1]}"), KALON_ERROR_INVALID_DATA,
      "f:2: votes.accuracy is*" },
    { HEAD ITEM (GROUPS ", \"votes\": {\"accuracy\": [0.5, 1]}"), KALON_ERROR_INVALID_DATA,
      "f:2: votes.accuracy is*" },
    { HEAD ITEM (GROUPS ", \"labels\": [{\"labeler\": \"bob\"}]"), KALON_ERROR_INVALID_DATA,
      "f:2: labels.labeler is none*" },
    { HEAD ITEM (GROUPS ", \"labels\": [{\"labeler\": \"anna\", \"accuracy\": \"c\"}]"),
      KALON_ERROR_INVALID_DATA, "f:2: labels.accuracy is none*" },
    { HEAD ITEM (GROUPS ", \"labels\": [{\"labeler\": \"anna\"}, {\"labeler\": \"anna\"}]"),
      KALON_ERROR_INVALID_DATA, "f:2: labels.labeler has answered*" },
    { HEAD ITEM (GROUPS ", \"labels\": [{\"labeler\": \"anna\", \"repeat\": -1}]"),
      KALON_ERROR_INVALID_DATA, "f:2: labels.repeat is -1*" },
  };
#undef ITEM

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (cases[i].text, &error));
      g_assert_error (error, KALON_ERROR, cases[i].code);
      if (!g_pattern_match_simple (cases[i].message, error->message))
        g_error ("%s is not %s", error->message, cases[i].message);
    }
}

/* Whether there is just one such problem. */
static void
assert_problem (const KalonHpirCheck *check, const char *item, gboolean is_error,
                const char *pattern)
{
  guint n = 0;

  for (guint i = 0; i < check->problems->len; i++)
    {
      const KalonHpirProblem *problem = check->problems->pdata[i];

      n += g_strcmp0 (problem->item, item) == 0 && problem->is_error == is_error
           && g_pattern_match_simple (pattern, problem->text);
    }
  if (n != 1)
    g_error ("%u problems of %s are “%s”", n, item, pattern);
}

static void
refuse_to_write (const KalonHpirSet *set, KalonError code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_hpir_set_to_bytes (set, &error));
  g_assert_error (error, KALON_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
}

/* What is at the limit is written and read again; a byte more is not written. */
static void
test_limits (void)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("s", "/a");
  g_autoptr (KalonHpirSet) read = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *word = g_strnfill (256, 'i');
  KalonHpirItem *item = add_item (set, word);
  const struct
  {
    char **text;
    gsize most;
    const char *message;
  } texts[] = {
    { &set->name, 65536, "it has 65537 bytes in the name" },
    { &set->made_from, 65536, "65537 bytes in what it is made from" },
    { &item->query, 65536, "65537 bytes in the query; a set holds 0 to 65536" },
    { &item->kind, 256, "257 bytes in the kind" },
    { &item->systems[0], 4096 + 64, "4161 bytes in a system's key" },
    { &item->systems[1], 4096 + 64, "4161 bytes in a system's key" },
    { &((KalonHpirPicture *) item->groups[1]->pdata[0])->path, 4096, "4097 bytes in a picture's" },
  };
  char *style = g_strdup ("detail");
  g_autofree char *long_id = g_strnfill (257, 'j');

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_free (*texts[i].text);
      *texts[i].text = g_strnfill (texts[i].most + 1, 'x');
      refuse_to_write (set, KALON_ERROR_TOO_LARGE, texts[i].message);
      (*texts[i].text)[texts[i].most] = '\0';
    }
  g_hash_table_insert (item->rephrased, style, g_strnfill (65537, 'x'));
  refuse_to_write (set, KALON_ERROR_TOO_LARGE, "65537 bytes in one of its rephrased queries");
  g_hash_table_insert (item->rephrased, g_strdup (style), g_strnfill (65536, 'x'));
  bytes = kalon_hpir_set_to_bytes (set, &error);
  g_assert_no_error (error);
  read = kalon_hpir_set_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "f", "/a",
                               &error);
  g_assert_no_error (error);
  g_assert_nonnull (kalon_hpir_set_find_item (read, word));

  /* Four bytes of the file each. */
  memset (item->kind, 0xff, 65);
  item->kind[65] = '\0';
  refuse_to_write (set, KALON_ERROR_TOO_LARGE, "260 bytes in the kind");
  item->kind[64] = '\0';
  kalon_hpir_set_add_labeler (set, long_id, NULL);
  refuse_to_write (set, KALON_ERROR_TOO_LARGE, "257 bytes in the id; a set holds 1 to 256");
  kalon_hpir_set_add_item (read, "empty", "q");
  refuse_to_write (read, KALON_ERROR_ARGUMENT, "item “empty” has 0 pictures in a group");
}

static void
test_check (void)
{
  g_autofree char *folder = g_dir_make_tmp ("kalon-hpir-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "there", NULL);
  g_autofree char *right = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "x", 1);
  g_autofree char *wrong = g_strnfill (64, 'a');
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("s", folder);
  g_autoptr (KalonHpirCheck) good = NULL;
  g_autoptr (KalonHpirCheck) check = NULL;
  g_autoptr (KalonHpirCheck) cancelled = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  KalonHpirItem *item;

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  kalon_hpir_set_add_labeler (set, "anna", NULL);
  kalon_hpir_set_add_labeler (set, "bob", NULL);
  item = kalon_hpir_set_add_item (set, "good", "q");
  kalon_hpir_item_add_picture (item, 0, "there", right);
  kalon_hpir_item_add_picture (item, 1, path, NULL);
  add_label (item, 0, 0, "A=B");
  add_label (item, 0, 1, "A=B");
  good = kalon_hpir_set_check (set, TRUE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (good->problems->len, ==, 1);
  assert_problem (good, NULL, FALSE, "1 picture has no “content_hash”*");
  g_assert_cmpuint (good->n_items, ==, 1);
  g_assert_cmpuint (good->n_pictures, ==, 2);
  g_assert_cmpuint (good->n_labels, ==, 1);
  g_assert_cmpuint (good->n_gold[KALON_HPIR_ACCURACY], ==, 1);
  g_assert_cmpfloat (good->confidence[KALON_HPIR_ACCURACY], ==, 1);
  g_assert_cmpuint (good->n_gold[KALON_HPIR_AESTHETIC], ==, 0);
  g_assert_true (isnan (good->confidence[KALON_HPIR_AESTHETIC]));

  item = kalon_hpir_set_add_item (set, "bad", "");
  kalon_hpir_item_add_picture (item, 0, "there", wrong);
  kalon_hpir_item_add_picture (item, 0, "there", wrong);
  kalon_hpir_item_add_picture (item, 0, "gone", right);
  kalon_hpir_item_add_picture (item, 1, "gone too", right);
  item->votes[KALON_HPIR_ACCURACY][1] = 2;
  add_label (item, 0, 0, "A--");
  add_label (item, 1, 1, "A--");
  item = kalon_hpir_set_add_item (set, "again", "q");
  kalon_hpir_item_add_picture (item, 0, "there", right);
  kalon_hpir_item_add_picture (item, 1, path, NULL);
  item = kalon_hpir_set_add_item (set, "empty", "q");
  check = kalon_hpir_set_check (set, TRUE, NULL, &error);
  g_assert_no_error (error);
  assert_problem (check, "bad", TRUE, "has no query.");
  assert_problem (check, "bad", TRUE, "“there” is twice in group A.");
  assert_problem (check, "bad", TRUE, "“gone” is not there.");
  assert_problem (check, "bad", FALSE, "“gone too” is in both groups.");
  assert_problem (check, "bad", FALSE, "has 3 pictures in group A and 1 in group B.");
  assert_problem (check, "bad", TRUE, "“votes” are not those*");
  assert_problem (check, "bad", TRUE, "has a repeat by “bob”*");
  assert_problem (check, "again", FALSE, "is the same as item “good”*");
  assert_problem (check, "empty", TRUE, "has no pictures in group B.");
  assert_problem (check, NULL, FALSE, "2 items have no votes.");
  g_assert_cmpuint (check->n_items, ==, 4);

  g_cancellable_cancel (cancellable);
  cancelled = kalon_hpir_set_check (set, TRUE, cancellable, &error);
  g_assert_null (cancelled);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  remove_tree (folder);
}

static void
test_labelers (void)
{
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("s", "/");
  KalonHpirLabelerFigures figures;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      kalon_hpir_set_add_labeler (set, id, NULL);
    }
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      KalonHpirItem *item = add_item (set, id);

      /* The first one agrees with the others on accuracy in 6 of 9: once they are of two minds. */
      add_label (item, 0, 0, i < 7 ? "AA=" : "BA-");
      add_label (item, 1, 0, "AB-");
      add_label (item, 2, 0, i == 0 ? "BBA" : "AAA");
      if (i < 4)
        add_label (item, 0, 1, i == 0 ? "BA=" : "A=A");
    }
  kalon_hpir_set_measure_labeler (set, 0, &figures);
  g_assert_cmpuint (figures.n_labels, ==, 10);
  g_assert_cmpuint (figures.n_repeats[KALON_HPIR_ACCURACY], ==, 4);
  g_assert_cmpfloat (figures.consistency[KALON_HPIR_ACCURACY].mean, ==, 0.75);
  g_assert_cmpfloat (figures.consistency[KALON_HPIR_AESTHETIC].mean, ==, 0.25);
  g_assert_cmpfloat (figures.consistency[KALON_HPIR_DIVERSITY].mean, ==, 0.25);
  g_assert_cmpuint (figures.n_compared[KALON_HPIR_ACCURACY], ==, 9);
  g_assert_cmpfloat_with_epsilon (figures.with_others[KALON_HPIR_ACCURACY].mean, 6.0 / 9, 1e-12);
  g_assert_cmpfloat (figures.with_others[KALON_HPIR_ACCURACY].low, >, 0.3);
  g_assert_cmpfloat (figures.with_others[KALON_HPIR_ACCURACY].high, <, 0.9);
  /* The others: B and B once, else one each. */
  g_assert_cmpuint (figures.n_compared[KALON_HPIR_AESTHETIC], ==, 1);
  g_assert_cmpfloat (figures.with_others[KALON_HPIR_AESTHETIC].mean, ==, 0);
  /* She never chose. */
  g_assert_cmpuint (figures.n_compared[KALON_HPIR_DIVERSITY], ==, 0);
  g_assert_true (isnan (figures.with_others[KALON_HPIR_DIVERSITY].mean));
}

/* A set of two items, the second only for "bob", with one label each. */
static KalonHpirSet *
make_part (const char *folder, const char *labeler, const char *votes)
{
  KalonHpirSet *set = kalon_hpir_set_new ("s", folder);

  kalon_hpir_set_add_labeler (set, labeler, NULL);
  add_label (add_item (set, "1"), 0, 0, votes);
  if (g_str_equal (labeler, "bob"))
    add_label (add_item (set, "2"), 0, 0, votes);
  return set;
}

static void
test_merge (void)
{
  g_autoptr (KalonHpirSet) set = make_part ("/a", "anna", "AAA");
  g_autoptr (KalonHpirSet) bob = make_part ("/a/b", "bob", "ABB");
  g_autoptr (KalonHpirSet) far = make_part ("/far", "carl", "BBB");
  g_autoptr (KalonHpirSet) other = make_part ("/a", "anna", "BBB");
  g_autoptr (KalonHpirSet) counted = kalon_hpir_set_new ("s", "/a");
  g_autoptr (KalonHpirSet) empty = kalon_hpir_set_new ("s", "/a");
  g_autoptr (KalonHpirSet) full = kalon_hpir_set_new ("s", "/a");
  g_autoptr (GError) error = NULL;
  const KalonHpirItem *item;

  g_assert_true (kalon_hpir_set_merge (set, bob, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (set->labelers->len, ==, 2);
  g_assert_cmpuint (set->items->len, ==, 2);
  assert_votes (set->items->pdata[0], KALON_HPIR_ACCURACY, 2, 0);
  assert_votes (set->items->pdata[0], KALON_HPIR_AESTHETIC, 1, 1);
  item = kalon_hpir_set_find_item (set, "2");
  g_assert_cmpuint (g_array_index (item->labels, KalonHpirLabel, 0).labeler, ==, 1);
  /* In the set's folder now. */
  g_assert_cmpstr (((KalonHpirPicture *) item->groups[0]->pdata[0])->path, ==, "b/2-1");

  /* Once more changes nothing, and elsewhere the same names are the same pictures. */
  g_assert_true (kalon_hpir_set_merge (set, bob, &error));
  assert_votes (set->items->pdata[0], KALON_HPIR_ACCURACY, 2, 0);
  g_assert_true (kalon_hpir_set_merge (set, far, &error));
  assert_votes (set->items->pdata[0], KALON_HPIR_ACCURACY, 2, 1);

  g_assert_false (kalon_hpir_set_merge (set, other, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "“1”"));
  g_clear_error (&error);

  add_item (counted, "1")->votes[KALON_HPIR_ACCURACY][0] = 5;
  g_assert_false (kalon_hpir_set_merge (set, counted, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_clear_error (&error);
  add_item (empty, "1");
  g_assert_true (kalon_hpir_set_merge (empty, counted, &error));
  assert_votes (empty->items->pdata[0], KALON_HPIR_ACCURACY, 5, 0);
  g_assert_true (kalon_hpir_set_merge (empty, counted, &error));
  assert_votes (empty->items->pdata[0], KALON_HPIR_ACCURACY, 5, 0);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      kalon_hpir_set_add_labeler (full, id, NULL);
    }
  g_assert_false (kalon_hpir_set_merge (full, bob, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE);
  g_assert_cmpuint (full->labelers->len, ==, 1000);
  g_clear_error (&error);

  kalon_hpir_item_add_picture (counted->items->pdata[0], 1, "more", NULL);
  counted->synthetic = TRUE;
  g_assert_false (kalon_hpir_set_merge (empty, counted, &error));
  g_assert_nonnull (strstr (error->message, "group B"));
  g_assert_false (empty->synthetic);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hpir/gold", test_gold);
  g_test_add_func ("/hpir/file", test_file);
  g_test_add_func ("/hpir/plain", test_plain);
  g_test_add_func ("/hpir/refused", test_refused);
  g_test_add_func ("/hpir/limits", test_limits);
  g_test_add_func ("/hpir/check", test_check);
  g_test_add_func ("/hpir/labelers", test_labelers);
  g_test_add_func ("/hpir/merge", test_merge);
  return g_test_run ();
}
