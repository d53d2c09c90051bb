/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The reference tokenizer's idea of Unicode; see tests/reference/make-unicode.py. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gunichar first;
  gunichar last;
} KalonUnicodeRange;

typedef struct
{
  gunichar first;
  gunichar last;
  gunichar step; /* every step-th of them */
  gint32 delta;
} KalonUnicodeLower;

/* kalon-unicode-tables.c, sorted. */
extern const KalonUnicodeRange kalon_unicode_letters[];
extern const gsize kalon_unicode_n_letters;
extern const KalonUnicodeRange kalon_unicode_numbers[];
extern const gsize kalon_unicode_n_numbers;
extern const KalonUnicodeRange kalon_unicode_spaces[];
extern const gsize kalon_unicode_n_spaces;
extern const KalonUnicodeLower kalon_unicode_lower[];
extern const gsize kalon_unicode_n_lower;

typedef enum
{
  KALON_UNICODE_OTHER,
  KALON_UNICODE_LETTER,
  KALON_UNICODE_NUMBER,
  KALON_UNICODE_SPACE,
} KalonUnicodeClass;

KalonUnicodeClass kalon_unicode_classify (gunichar c);

/* Appends the lower case of @c in UTF-8. */
void kalon_unicode_append_lower (GString *text, gunichar c);

G_END_DECLS
