"""History through its tiers: compressed, archived, read all the same, brought back and deleted."""

import pathlib
import unittest

import fixture_codebase
from hearth_process import HearthTestCase

EVERYTHING_WARM = {"heat.hot_days": "0"}
EVERYTHING_COLD = {"heat.hot_days": "0", "heat.warm_days": "0"}


class HeatTests(HearthTestCase):
    def asked(self, questions=3):
        """A home with some conversations about one project; returns it with what was said in them."""
        home = self.home()
        home.ingest(fixture_codebase.write(self.folder()), "lighthouse")
        for question, _, _ in fixture_codebase.QUESTIONS[:questions]:
            answer = home.run("ask", question, "--project", "lighthouse", settings={"generator.kind": "extractive"})
            self.assertEqual(answer.status, 0, answer)
        sessions = [session["id"] for session in home.run("sessions", "--json").json]
        self.assertEqual(len(sessions), questions)
        return home, {session: self.messages(home, session) for session in sessions}

    def messages(self, home, session):
        return home.run("sessions", "show", session, "--json").json

    def tiers(self, home):
        return {(row.get("projectID"), row["heat"]): row["tally"]["messages"] for row in home.run("heat", "--json").json}

    def archive(self, home):
        return sorted(path for path in (pathlib.Path(home.data) / "archive").rglob("*") if path.is_file())

    def run_heat(self, home, settings):
        result = home.run("heat", "run", "--json", settings=settings)
        self.assertEqual(result.status, 0, result)
        return result.json

    def test_a_conversation_reads_the_same_in_every_tier(self):
        home, said = self.asked()
        self.assertEqual(self.tiers(home), {("lighthouse", "hot"): 6})
        self.assertEqual(self.run_heat(home, {})["cooledSessions"], 0)

        self.assertEqual(self.run_heat(home, EVERYTHING_WARM)["cooledSessions"], 3)
        self.assertEqual(self.tiers(home), {("lighthouse", "warm"): 6})
        self.assertEqual({session: self.messages(home, session) for session in said}, said)

        self.assertEqual(self.run_heat(home, EVERYTHING_COLD)["archivedMessages"], 6)
        self.assertEqual(self.tiers(home), {("lighthouse", "cold"): 6})
        self.assertEqual(len(self.archive(home)), 1)
        self.assertEqual({session: self.messages(home, session) for session in said}, said)

        one = next(iter(said))
        thawed = home.run("heat", "thaw", one)
        self.assertIn("2 messages are hot again", thawed.output)
        self.assertEqual(self.tiers(home), {("lighthouse", "hot"): 2, ("lighthouse", "cold"): 4})
        self.assertEqual({session: self.messages(home, session) for session in said}, said)
        verified = home.run("heat", "verify", "--json")
        self.assertEqual((verified.status, verified.json["messages"], verified.json["faults"]), (0, 4, []))
        table = home.run("heat").output
        self.assertIn("cold", table)
        self.assertIn(str(home.data), table)

    def test_a_server_reads_through_all_tiers_and_deletes_from_all(self):
        home, said = self.asked()
        self.run_heat(home, EVERYTHING_COLD)
        server = home.serve()
        one, two, _ = said
        timeline = server.get(f"/v1/sessions/{one}/timeline").json["data"]
        self.assertEqual([message["text"] for message in timeline], [message["text"] for message in said[one]])
        before = self.archive(home)
        self.assertEqual(server.request("DELETE", f"/v1/sessions/{one}", None).status, 200)
        self.assertEqual(server.get(f"/v1/sessions/{one}").status, 404)
        # The object was written anew without it.
        after = self.archive(home)
        self.assertEqual(len(after), 1)
        self.assertNotEqual(before, after)
        self.assertEqual(home.run("heat", "verify", "--json").json["messages"], 4)
        self.assertEqual(len(server.get(f"/v1/sessions/{two}/timeline").json["data"]), 2)
        self.assertEqual(server.request("DELETE", "/v1/projects/lighthouse", None).status, 200)
        self.assertEqual(self.archive(home), [])
        self.assertEqual(self.tiers(home), {})
        server.stop()

    def test_damage_is_found_and_said(self):
        home, said = self.asked(questions=1)
        self.run_heat(home, EVERYTHING_COLD)
        path = self.archive(home)[0]
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        self.assertEqual(home.run("heat", "verify").status, 1)
        path.unlink()
        shown = home.run("sessions", "show", next(iter(said)))
        self.assertFails(shown, "Restore it from a backup")
        path.write_bytes(content)
        self.assertEqual(self.messages(home, next(iter(said))), said[next(iter(said))])

    def test_a_project_has_a_policy_of_its_own(self):
        home, _ = self.asked(questions=1)
        shown = home.run("heat", "policy", "lighthouse", "--hot-days", "0", "--warm-days", "5", "--cold-mb", "10")
        self.assertEqual(shown.status, 0, shown)
        self.assertIn("own policy", shown.output)
        self.assertEqual(self.run_heat(home, {})["cooledSessions"], 1)
        self.assertFails(home.run("heat", "policy", "lighthouse", "--hot-days", "9"), "fewer than hot days")
        self.assertFails(home.run("heat", "policy", "nowhere"), "There is no project 'nowhere'")
        self.assertIn("settings heat.", home.run("heat", "policy", "lighthouse", "--default").output)
        self.assertFails(home.run("heat", "run", settings={"heat.hot_days": "40"}), "heat.")
        self.assertFails(home.run("heat", "thaw", "no-such-session"), "There is no session")


if __name__ == "__main__":
    unittest.main()
