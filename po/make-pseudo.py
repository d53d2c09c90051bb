#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a translation into no language, by which a test sees what is not translated.

Usage: make-pseudo.py SOURCE-ROOT LOCALE-DIR CODE DEPFILE PO

Every message of the files in po/POTFILES.in gets accents on all its letters, becomes 40 % longer
and stands in brackets: "Add %u _Pictures" is "⟦ÁÁđđ %u _Þííçţüüŕéš⟧". A letter without an accent on
screen is one that was not translated. PO is written, compiled into LOCALE-DIR/CODE/LC_MESSAGES, and
DEPFILE lists what it was made of.
"""
import ast
import re
import subprocess
import sys
from pathlib import Path

# As in tests/lint/check-translations.sh.
KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'g_dngettext:2,3']
ACCENTED = dict(zip('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
                    'áƀçđéƒĝĥíĵķļɱñöþɋŕšţüṽŵẋýžÁƁÇĐÉƑĜĤÍĴĶĻṀÑÖÞɊŔŠŢÜṼŴẊÝŽ'))
LONGER = 0.4
# Format specifiers, markup and entities; what is between them is text.
KEPT = re.compile(r"(%[-+#0'\d.*$]*(?:hh|h|ll|l|z)?[a-zA-Z%]|</?[a-z][^>]*>|&#?\w+;)")
HEADER = ('Project-Id-Version: kalon\n'
          'Language: {}\n'
          'MIME-Version: 1.0\n'
          'Content-Type: text/plain; charset=UTF-8\n'
          'Content-Transfer-Encoding: 8bit\n'
          'Plural-Forms: nplurals=2; plural=(n != 1);\n')


def translate(text):
    """Blanks at the ends stay outside of the brackets: what is joined to the text is outside, too."""
    start, body, end = re.fullmatch(r'(\s*)(.*?)(\s*)', text, re.DOTALL).groups()
    result = []
    owed = 0.0
    for index, part in enumerate(KEPT.split(body)):
        if index % 2 == 1:
            result.append(part)
            continue
        for letter in part:
            owed += LONGER
            result.append(ACCENTED.get(letter, letter))
            # Within words, so that lines break where they did.
            if letter in ACCENTED and owed >= 1:
                result.append(ACCENTED[letter.lower()])
                owed -= 1
    return f"{start}⟦{''.join(result)}⟧{end}"


def read_messages(template):
    """The fields of each message: msgid, and msgctxt and msgid_plural where it has them."""
    for block in template.split('\n\n'):
        fields = {}
        name = None
        flags = ''
        for line in block.splitlines():
            match = re.match(r'(msgctxt|msgid_plural|msgid|msgstr\S*) (".*")$', line)
            if match:
                name = match[1]
                fields[name] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                fields[name] += ast.literal_eval(line)
            elif line.startswith('#,'):
                flags = line
        if fields.get('msgid'):
            yield fields, flags


def quote(text):
    for plain, escaped in (('\\', r'\\'), ('"', r'\"'), ('\n', r'\n'), ('\t', r'\t')):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def make_po(template, code):
    yield f'msgid ""\nmsgstr {quote(HEADER.format(code))}\n'
    for fields, flags in read_messages(template):
        if flags:
            yield flags
        for name in ('msgctxt', 'msgid', 'msgid_plural'):
            if name in fields:
                yield f'{name} {quote(fields[name])}'
        if 'msgid_plural' in fields:
            yield f"msgstr[0] {quote(translate(fields['msgid']))}"
            yield f"msgstr[1] {quote(translate(fields['msgid_plural']))}\n"
        else:
            yield f"msgstr {quote(translate(fields['msgid']))}\n"


def main():
    root, locale_dir, code, depfile, po = sys.argv[1:]
    potfiles = Path(root, 'po', 'POTFILES.in')
    sources = [line for line in potfiles.read_text().splitlines() if line and line[0] != '#']
    template = subprocess.run(
        ['xgettext', '--files-from=-', '--from-code=UTF-8', '--output=-', '--no-location',
         *(f'--keyword={keyword}' for keyword in KEYWORDS)],
        cwd=root, input='\n'.join(sources), capture_output=True, check=True,
        encoding='utf-8').stdout
    Path(po).write_text('\n'.join(make_po(template, code)), encoding='utf-8')
    messages = Path(locale_dir, code, 'LC_MESSAGES')
    messages.mkdir(parents=True, exist_ok=True)
    subprocess.run(['msgfmt', '--check-format', f"--output-file={messages / 'kalon.mo'}", po], check=True)
    read = [potfiles, *(Path(root, source) for source in sources)]
    Path(depfile).write_text(f'{po}: ' + ' '.join(str(path).replace(' ', r'\ ') for path in read) + '\n')


if __name__ == '__main__':
    main()
