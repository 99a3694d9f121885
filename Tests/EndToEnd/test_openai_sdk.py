"""The official openai SDK against `hearth serve`: what an ordinary client sees."""

import unittest

import openai

import fixture_codebase
from hearth_process import HearthTestCase, Home
from server_sent_events import EventStream

MODEL = "hearth/lighthouse"


def client_of(server, **options):
    return openai.OpenAI(base_url=server.url + "/v1", api_key=options.pop("api_key", "unused"), **options)


def ask(question):
    return [{"role": "user", "content": question}]


class OpenAISDKTests(HearthTestCase):
    """One server for all tests: none of them changes its project."""

    @classmethod
    def setUpClass(cls):
        cls.shared = Home()
        cls.addClassCleanup(cls.shared.close)
        cls.root = fixture_codebase.write(cls.shared.folder / "lighthouse")
        cls.shared.ingest(cls.root, "lighthouse")
        cls.server = cls.shared.serve()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.client = client_of(self.server)
        self.addCleanup(self.client.close)

    def assertCites(self, report, path, text):
        """A citation names the file and lines that hold the text, and no citation names what is not there."""
        cited = []
        for place in report["citations"]:
            self.assertIn(place["path"], fixture_codebase.INDEXED)
            lines = fixture_codebase.lines(self.root, place["path"], place["start_line"], place["end_line"])
            self.assertTrue(lines.strip(), place)
            cited.append((place["path"], lines))
        self.assertTrue(any(p == path and text in lines for p, lines in cited), report["citations"])

    def test_chat_answers_with_citations_that_hold_what_was_asked_for(self):
        for question, path, text in fixture_codebase.QUESTIONS:
            with self.subTest(question):
                answer = self.client.chat.completions.create(model=MODEL, messages=ask(question))
                choice = answer.choices[0]
                self.assertEqual((answer.model, choice.finish_reason, choice.index), (MODEL, "stop", 0))
                self.assertEqual(choice.message.role, "assistant")
                self.assertGreater(answer.usage.prompt_tokens, 0)
                self.assertGreater(answer.usage.completion_tokens, 0)
                self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)
                self.assertTrue(answer.system_fingerprint)
                self.assertCites(answer.hearth, path, text)
                for note in choice.message.annotations:
                    cited = note.url_citation
                    self.assertEqual(note.type, "url_citation")
                    marker = choice.message.content[cited.start_index:cited.end_index]
                    self.assertRegex(marker, r"^\[[\d, ]+\]$")
                    self.assertTrue(cited.url.startswith("hearth://lighthouse/"), cited.url)
                self.assertTrue(choice.message.annotations)

    def test_a_stream_says_the_same_as_a_reply_at_once(self):
        question, path, text = fixture_codebase.QUESTIONS[3]
        whole = self.client.chat.completions.create(model=MODEL, messages=ask(question))
        stream = self.client.chat.completions.create(
            model=MODEL, messages=ask(question), stream=True, stream_options={"include_usage": True})
        chunks = list(stream)
        self.assertEqual({chunk.id for chunk in chunks}, {chunks[0].id})
        self.assertEqual(len({chunk.created for chunk in chunks}), 1)
        self.assertEqual(chunks[0].choices[0].delta.role, "assistant")
        self.assertEqual(
            "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), whole.choices[0].message.content)
        finishes = [c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason]
        self.assertEqual(finishes, ["stop"])
        self.assertEqual([bool(c.choices) for c in chunks[-2:]], [True, False])
        self.assertTrue(all(chunk.usage is None for chunk in chunks[:-1]))
        self.assertEqual(chunks[-1].usage.completion_tokens, whole.usage.completion_tokens)
        last = chunks[-2]
        self.assertCites(last.hearth, path, text)
        self.assertTrue(last.choices[0].delta.annotations)

    def test_a_stream_without_include_usage_has_no_usage(self):
        chunks = list(self.client.chat.completions.create(model=MODEL, messages=ask("What does the horn do?"), stream=True))
        self.assertTrue(all(len(chunk.choices) == 1 for chunk in chunks))
        self.assertTrue(all(chunk.usage is None for chunk in chunks))

    def test_the_wire_of_a_stream_has_only_data_and_comments(self):
        stream = EventStream(self.server.url + "/v1/chat/completions", {
            "model": MODEL, "stream": True, "messages": ask("What does hornSchedule return?")})
        self.addCleanup(stream.hang_up)
        chunks = list(stream)
        self.assertTrue(stream.is_done and chunks)
        self.assertEqual(stream.other_fields, [])
        self.assertFalse([c for c in stream.comments if c.startswith(": ping")])
        self.assertTrue(stream.headers["Content-Type"].startswith("text/event-stream"))
        self.assertEqual(stream.headers["Cache-Control"], "no-cache")
        self.assertEqual(stream.headers["X-Accel-Buffering"], "no")
        for name in ("x-request-id", "x-correlation-id", "x-hearth-session", "openai-version"):
            self.assertTrue(stream.headers[name], name)

    def test_an_answer_can_be_read_again_from_any_point(self):
        reply = self.client.chat.completions.with_raw_response.create(model=MODEL, messages=ask("What is a Passage?"))
        task = reply.headers["x-correlation-id"]
        text = reply.parse().choices[0].message.content
        def read(after):
            stream = EventStream(f"{self.server.url}/v1/tasks/{task}/events?starting_after={after}")
            self.addCleanup(stream.hang_up)
            return list(stream)
        events = read(0)
        numbers = [event["sequence_number"] for event in events]
        self.assertEqual(numbers, list(range(1, len(events) + 1)))
        self.assertEqual(events[-1]["type"], "completed")
        self.assertEqual("".join(e["text"] for e in events if e["type"] == "text"), text)
        for after in numbers:
            self.assertEqual(read(after), events[after:])
        view = self.server.get(f"/v1/tasks/{task}").json
        self.assertEqual((view["status"], view["text"]), ("completed", text))

    def test_models_are_listed_and_found_by_name(self):
        ids = [model.id for model in self.client.models.list()]
        self.assertIn(MODEL, ids)
        model = self.client.models.retrieve(MODEL)
        self.assertEqual((model.id, model.object), (MODEL, "model"))
        self.assertGreater(model.created, 1_700_000_000)
        with self.assertRaises(openai.NotFoundError) as caught:
            self.client.models.retrieve("hearth/none")
        self.assertEqual(caught.exception.code, "model_not_found")

    def test_embeddings_are_the_same_in_both_encodings(self):
        texts = ["the lamp of the tower", "def add(a, b): return a + b", "灯台 🙂"]
        packed = self.client.embeddings.create(model="text-embedding-3-small", input=texts)
        floats = self.client.embeddings.create(model="text-embedding-3-small", input=texts, encoding_format="float")
        self.assertEqual([entry.index for entry in packed.data], [0, 1, 2])
        for left, right in zip(packed.data, floats.data):
            self.assertEqual(len(left.embedding), 384)
            self.assertLess(max(abs(a - b) for a, b in zip(left.embedding, right.embedding)), 1e-6)
            self.assertAlmostEqual(sum(value * value for value in left.embedding), 1, places=3)
        alone = self.client.embeddings.create(model="text-embedding-3-small", input=texts[1]).data[0].embedding
        self.assertEqual(alone, packed.data[1].embedding)
        self.assertGreater(packed.usage.prompt_tokens, 0)

    def test_embeddings_refuse_what_they_cannot_do(self):
        for extra in ({"input": [[1, 2, 3]]}, {"input": ""}, {"input": []}, {"input": ["a", ""]}, {"input": "a", "dimensions": 12}):
            with self.subTest(extra), self.assertRaises(openai.BadRequestError) as caught:
                self.client.embeddings.create(model="text-embedding-3-small", **extra)
            self.assertIn(caught.exception.param.split("[")[0], ("input", "dimensions"))
        with self.assertRaises(openai.BadRequestError) as caught:
            self.client.embeddings.create(model="text-embedding-3-small", input="word " * 5000)
        self.assertEqual(caught.exception.code, "context_length_exceeded")

    def test_errors_are_those_of_the_api(self):
        create = self.client.chat.completions.create
        with self.assertRaises(openai.NotFoundError) as caught:
            create(model="hearth/absent", messages=ask("x"))
        self.assertEqual(caught.exception.code, "model_not_found")
        self.assertTrue(caught.exception.request_id)
        for field, value in (
            ("n", 2), ("temperature", 3), ("logprobs", True), ("stop", ["a", "b", "c", "d", "e"]), ("max_tokens", 0),
            ("tools", [{"type": "function", "function": {"name": "f", "parameters": {}}}]),
        ):
            with self.subTest(field), self.assertRaises(openai.BadRequestError) as caught:
                create(model=MODEL, messages=ask("x"), **{field: value})
            self.assertIn(field, caught.exception.param)
        for messages in ([], [{"role": "assistant", "content": "x"}], [{"role": "user", "content": "  "}]):
            with self.subTest(messages), self.assertRaises(openai.BadRequestError) as caught:
                create(model=MODEL, messages=messages)
            self.assertIn("messages", caught.exception.param)

    def test_fields_that_do_not_matter_are_taken(self):
        answer = self.client.chat.completions.create(
            model=MODEL, user="u", seed=7, temperature=0, top_p=1, max_completion_tokens=400, store=True,
            messages=[
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "What is"}, {"type": "text", "text": "tide_height?"}]},
            ],
            metadata={"team": "harbour"}, extra_body={"something_new": {"deep": [1]}})
        self.assertCites(answer.hearth, "lighthouse/tide.c", "tide_height")

    def test_a_conversation_is_recognised_without_a_header(self):
        first_question = "How does FogSensor compute the visibility that was measured today?"
        create = self.client.chat.completions.with_raw_response.create
        first = create(model=MODEL, messages=ask(first_question))
        text = first.parse().choices[0].message.content
        second = create(model=MODEL, messages=ask(first_question) + [
            {"role": "assistant", "content": text}, {"role": "user", "content": "And who adds a sample to it?"}])
        self.assertEqual(first.headers["x-hearth-session"], second.headers["x-hearth-session"])
        self.assertCites(second.parse().hearth, "lighthouse/fog.py", "add_sample")
        other = create(model=MODEL, messages=ask(first_question))
        self.assertNotEqual(first.headers["x-hearth-session"], other.headers["x-hearth-session"])

    def test_a_session_header_joins_questions_to_one_timeline(self):
        create = self.client.chat.completions.with_raw_response.create
        first = create(model=MODEL, messages=ask("What is the rule of twelfths?"))
        session = first.headers["x-hearth-session"]
        second = create(model=MODEL, messages=ask("And what is a bearing?"), extra_headers={"x-hearth-session": session})
        self.assertEqual(second.headers["x-hearth-session"], session)
        timeline = self.server.get(f"/v1/sessions/{session}/timeline").json["data"]
        self.assertEqual([message["role"] for message in timeline], ["user", "assistant"] * 2)
        self.assertEqual(timeline[1]["text"], first.parse().choices[0].message.content)
        self.assertTrue(timeline[1]["provenance"])
        self.assertIn(session, [row["id"] for row in self.server.get("/v1/sessions").json["data"]])

    def test_a_retry_of_the_sdk_joins_the_first_attempt(self):
        body = {"model": MODEL, "messages": ask("Which retry is this, the horn's or the lamp's?")}
        first = self.server.post("/v1/chat/completions", body)
        retry = self.server.post("/v1/chat/completions", body, x_stainless_retry_count="1")
        again = self.server.post("/v1/chat/completions", body)
        self.assertEqual(first.json["id"], retry.json["id"])
        self.assertNotEqual(first.json["id"], again.json["id"])
        one = self.server.post("/v1/chat/completions", body, Idempotency_Key="key-1")
        two = self.server.post("/v1/chat/completions", body, Idempotency_Key="key-1")
        self.assertEqual(one.json["id"], two.json["id"])
        conflict = self.server.post(
            "/v1/chat/completions", {**body, "messages": ask("Something else?")}, Idempotency_Key="key-1")
        self.assertAPIError(conflict, 409)
        self.assertEqual(conflict.headers["x-should-retry"], "false")

    def test_search_returns_passages_with_their_scores(self):
        reply = self.server.post("/v1/search", {"project": "lighthouse", "query": "encode morse", "limit": 3})
        self.assertEqual(reply.status, 200, reply)
        hits = reply.json["data"]
        self.assertEqual(hits[0]["path"], "lighthouse/signal.rs")
        self.assertTrue(hits[0]["score_parts"])
        self.assertEqual(
            hits[0]["text"].strip(),
            fixture_codebase.lines(self.root, hits[0]["path"], hits[0]["start_line"], hits[0]["end_line"]).strip())
        reply = self.server.post("/v1/search", {"project": "lighthouse", "query": "function", "languages": ["go"]})
        self.assertEqual({hit["path"] for hit in reply.json["data"]}, {"lighthouse/log.go"})

    def test_health_metrics_and_page_answer(self):
        self.assertEqual(self.server.get("/healthz").status, 200)
        self.client.chat.completions.create(model=MODEL, messages=ask("What is AppendPassage?"))
        metrics = self.server.get("/metrics")
        self.assertTrue(metrics.headers["Content-Type"].startswith("text/plain"))
        self.assertRegex(metrics.body.decode(), r"(?m)^[a-z_]+(\{.*\})? [0-9.e+]+$")
        page = self.server.get("/").body.decode()
        self.assertIn("<html", page)
        self.assertNotRegex(page, r"""(src|href)=["']https?://""")


class AsynchronousSDKTests(HearthTestCase):
    def test_many_ask_at_once_and_all_are_answered(self):
        import asyncio
        home = self.home()
        home.ingest(fixture_codebase.write(home.folder / "lighthouse"), "lighthouse")
        server = home.serve()
        self.addCleanup(server.stop)

        async def run():
            async with openai.AsyncOpenAI(base_url=server.url + "/v1", api_key="unused") as client:
                async def one(number):
                    question = fixture_codebase.QUESTIONS[number % 5][0] + f" ({number})"
                    stream = await client.chat.completions.create(model=MODEL, messages=ask(question), stream=True)
                    return "".join([c.choices[0].delta.content or "" async for c in stream if c.choices])
                return await asyncio.gather(*(one(number) for number in range(40)))
        texts = asyncio.run(run())
        self.assertTrue(all(texts))
        tasks = server.get("/v1/tasks?limit=100").json["data"]
        self.assertEqual([task["status"] for task in tasks], ["completed"] * 40)


class KeyTests(HearthTestCase):
    def test_keys_guard_the_server_and_limit_what_is_seen(self):
        home = self.home()
        home.ingest(fixture_codebase.write(home.folder / "lighthouse"), "lighthouse")
        home.ingest(fixture_codebase.write(home.folder / "other"), "other")
        server = home.serve()
        self.addCleanup(server.stop)
        self.assertEqual(server.get("/v1/models").status, 200)
        key = home.run("keys", "create", "alice").output.strip()
        limited = home.run("keys", "create", "bob", "--project", "other").output.strip()

        # The key file is read again without a restart.
        self.assertAPIError(server.get("/v1/models"), 401, code="invalid_api_key")
        wrong = client_of(server, api_key="hk_wrong")
        self.addCleanup(wrong.close)
        with self.assertRaises(openai.AuthenticationError) as caught:
            wrong.chat.completions.create(model=MODEL, messages=ask("x"))
        self.assertEqual(caught.exception.code, "invalid_api_key")

        alice, bob = client_of(server, api_key=key), client_of(server, api_key=limited)
        self.addCleanup(alice.close)
        self.addCleanup(bob.close)
        answer = alice.chat.completions.with_raw_response.create(model=MODEL, messages=ask("What is the lamp?"))
        names = [model.id for model in bob.models.list()]
        self.assertIn("hearth/other", names)
        self.assertNotIn(MODEL, names)
        with self.assertRaises(openai.NotFoundError):
            bob.chat.completions.create(model=MODEL, messages=ask("x"))
        task = answer.headers["x-correlation-id"]
        bearer = {"Authorization": f"Bearer {limited}"}
        self.assertEqual(server.get(f"/v1/tasks/{task}", **bearer).status, 404)
        self.assertEqual(server.get(f"/v1/sessions/{answer.headers['x-hearth-session']}/timeline", **bearer).status, 404)
        self.assertEqual(server.post("/v1/search", {"project": "lighthouse", "query": "x"}, **bearer).status, 404)
        self.assertEqual(server.post("/v1/projects", {"id": "z", "source": "/tmp"}, **bearer).status, 403)
        self.assertEqual(server.get("/healthz").status, 200)

        home.run("keys", "revoke", "alice")
        with self.assertRaises(openai.AuthenticationError):
            alice.models.list()


if __name__ == "__main__":
    unittest.main()
