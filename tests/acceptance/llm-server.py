#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""llm-server.py KALON_CLI LLAMA_SERVER: kalon-cli against llama.cpp's own server, with a model of random
weights that is made on the spot.

With a JSON-schema grammar even such a model answers with valid JSON, so the protocol, the streaming and
the check of the answer are tried for real. Both of the server's dialects are: openai and anthropic.
Prints what each command said and exits with 1 when one ended otherwise than it should.
Needs the PyPI packages gguf and numpy for the model, and llama-server, built from llama.cpp's sources
(cmake -B build -DLLAMA_OPENSSL=OFF && cmake --build build --target llama-server).
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import gguf
import numpy

WIDTH, HEADS, FEED_FORWARD, CONTEXT = 64, 4, 128, 4096
KEY = "sk-acceptance-0123456789"
QUERY = "a dog in the snow"


def write_model(path):
    """A llama of one layer over bytes."""
    random = numpy.random.default_rng(1)
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL] + [gguf.TokenType.BYTE] * 256

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_add_space_prefix(False)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)

    def add(name, *shape):
        weights = random.normal(0, 0.5, shape) if len(shape) > 1 else numpy.ones(shape)
        writer.add_tensor(f"{name}.weight", weights.astype(numpy.float32))

    add("token_embd", len(tokens), WIDTH)
    add("output_norm", WIDTH)
    add("output", len(tokens), WIDTH)
    add("blk.0.attn_norm", WIDTH)
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        add(f"blk.0.{part}", WIDTH, WIDTH)
    add("blk.0.ffn_norm", WIDTH)
    add("blk.0.ffn_gate", FEED_FORWARD, WIDTH)
    add("blk.0.ffn_up", FEED_FORWARD, WIDTH)
    add("blk.0.ffn_down", WIDTH, FEED_FORWARD)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_ready(url, server):
    for _ in range(240):
        if server.poll() is not None:
            sys.exit("the server ended; see its log")
        try:
            if urllib.request.urlopen(f"{url}/health", timeout=2).status == 200:
                return
        except OSError:
            time.sleep(0.25)
    sys.exit("the server did not become ready within a minute")


def run(cli, env, *words):
    done = subprocess.run([cli, "--json", *words], env=env, capture_output=True, text=True, timeout=300)
    for text in (done.stdout, done.stderr):
        if KEY in text:
            sys.exit(f"the key is printed by {' '.join(words)}")
    return done.returncode, json.loads(done.stdout), done.stderr.strip()


def rephrase(cli, dialect, env):
    """By the server where it keeps to the schema; by word lists and one line where it does not, or the key is wrong."""
    failures = 0
    for name, changes, sources in (("rephrase", {}, ("llm", "built-in") if dialect == "openai" else ("built-in",)),
                                   ("its key", {"KALON_LLM_KEY": "sk-wrong"}, ("built-in",))):
        # Another style for the wrong key: the first answer is in the cache.
        style = "detail" if name == "rephrase" else "k-list"
        status, document, _ = run(cli, dict(env, **changes), "rephrase", QUERY, "--style", style)
        good = (status == 0 and document["source"] in sources and document["text"].startswith(QUERY)
                and (document["source"] == "llm") == (document["notice"] is None))
        failures += not good
        print(f"{'ok' if good else 'NOT OK'}  {dialect:9}  {name:9}  {json.dumps(document, ensure_ascii=False)}")
    return failures


def search_for_key(home):
    found = [path for path in home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    print(f"{'NOT OK' if found else 'ok'}  the key is in {len(found)} files that kalon-cli wrote")
    return len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cli")
    parser.add_argument("server")
    arguments = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory(prefix="kalon-llm-") as folder:
        model, port = os.path.join(folder, "random.gguf"), free_port()
        write_model(model)
        url = f"http://127.0.0.1:{port}"
        with open(os.path.join(folder, "log"), "wb") as log:
            server = subprocess.Popen(
                [arguments.server, "--model", model, "--host", "127.0.0.1", "--port", str(port), "--api-key", KEY,
                 "--threads", "2", "--parallel", "1", "--ctx-size", str(CONTEXT)], stdout=log, stderr=log)
        try:
            wait_until_ready(url, server)
            for dialect in ("openai", "anthropic"):
                env = dict(os.environ, KALON_LLM_DIALECT=dialect, KALON_LLM_URL=url, KALON_LLM_MODEL="random",
                           KALON_LLM_KEY=KEY, GSETTINGS_BACKEND="memory",
                           **{f"XDG_{kind}_HOME": os.path.join(folder, "home", kind) for kind in ("DATA", "CACHE", "CONFIG")})
                for name, words, changes, wanted in (
                        ("models", ("llm", "models"), {}, 0),
                        # Its Messages API knows no schema: there the nonsense is not JSON, and is refused.
                        ("test", ("llm", "test"), {}, 0 if dialect == "openai" else 1),
                        ("wrong key", ("llm", "test"), {"KALON_LLM_KEY": "sk-wrong"}, 1),
                        ("no key", ("llm", "test"), {"KALON_LLM_KEY": ""}, 1)):
                    status, document, err = run(arguments.cli, dict(env, **changes), *words)
                    good = status == wanted
                    failures += not good
                    print(f"{'ok' if good else 'NOT OK'}  {dialect:9}  {name:9}  {json.dumps(document, ensure_ascii=False)}")
                    if not good:
                        print(err, pathlib.Path(folder, "log").read_text(errors="replace")[-3000:])
                failures += rephrase(arguments.cli, dialect, env)
            failures += search_for_key(pathlib.Path(folder, "home"))
        finally:
            server.terminate()
            server.wait()
    return 1 if failures else 0


sys.exit(main())
