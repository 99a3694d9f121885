"""`hearth bootstrap` against a strict admin API, and what a cluster that is not right is met with."""

import unittest

from hearth_process import HearthTestCase, eventually
from pulsar_broker import PulsarBroker, free_ports
from scripted_pulsar_admin import ScriptedPulsarAdmin

QUEUES = [f"persistent://acme/hearth/{topic}-{priority}" for topic in ("answer", "ingest")
          for priority in ("interactive", "batch")]
JOURNALS = [f"persistent://acme/hearth/{topic}-journal" for topic in ("answer", "ingest")]


class BootstrapTests(HearthTestCase):
    def admin(self, **options):
        admin = ScriptedPulsarAdmin(**options).start()
        self.addCleanup(admin.stop)
        return admin

    def settings(self, admin, **more):
        return {"bus.kind": "pulsar", "pulsar.admin_url": admin.url, "pulsar.tenant": "acme", **more}

    def test_makes_everything_once(self):
        admin, home = self.admin(), self.home()
        check = home.run("bootstrap", "--check", settings=self.settings(admin))
        self.assertFails(check, "", status=1)
        self.assertEqual(admin.changes, [])
        first = home.run("bootstrap", settings=self.settings(admin))
        self.assertEqual(first.status, 0, first)
        self.assertEqual(set(admin.topics), set(QUEUES + JOURNALS))
        self.assertEqual(admin.subscriptions, {queue: {"workers"} for queue in QUEUES})
        policies = admin.namespaces["acme/hearth"]
        self.assertEqual(policies["retention"], {"retentionTimeInMinutes": 10080, "retentionSizeInMB": -1})
        self.assertGreater(policies["compactionThreshold"], 0)
        made = len(admin.changes)
        again = home.run("bootstrap", settings=self.settings(admin))
        self.assertEqual((again.status, len(admin.changes)), (0, made), again)
        self.assertNotIn("made", again.output)
        self.assertEqual(home.run("bootstrap", "--check", settings=self.settings(admin)).status, 0)

    def test_what_somebody_changed_is_mended_and_longer_retention_is_kept(self):
        admin, home = self.admin(), self.home()
        home.run("bootstrap", settings=self.settings(admin))
        admin.subscriptions[QUEUES[0]] = {"another"}
        admin.namespaces["acme/hearth"]["retention"] = {"retentionTimeInMinutes": -1, "retentionSizeInMB": -1}
        admin.changes.clear()
        self.assertEqual(home.run("bootstrap", settings=self.settings(admin)).status, 0)
        self.assertEqual(admin.subscriptions[QUEUES[0]], {"another", "workers"})
        self.assertEqual(len(admin.changes), 1)

    def test_a_journal_with_partitions_is_refused(self):
        admin, home = self.admin(), self.home()
        home.run("bootstrap", settings=self.settings(admin))
        admin.topics[JOURNALS[0]] = 4
        result = home.run("bootstrap", settings=self.settings(admin))
        self.assertFails(result, "4 partitions", "must have none")

    def test_tokens(self):
        admin, home = self.admin(token="secret"), self.home()
        self.assertFails(home.run("bootstrap", settings=self.settings(admin)), "401", "token")
        token = home.folder / "token"
        token.write_text("secret\n")
        result = home.run("bootstrap", settings=self.settings(admin, **{"pulsar.token_file": str(token)}))
        self.assertEqual(result.status, 0, result)
        both = self.settings(admin, **{"pulsar.token_file": str(token), "pulsar.token": "x"})
        self.assertFails(home.run("bootstrap", settings=both), "not both")

    def test_wrong_addresses(self):
        home = self.home()
        nobody = f"http://127.0.0.1:{free_ports(1)[0]}"
        self.assertFails(
            home.run("bootstrap", settings={"bus.kind": "pulsar", "pulsar.admin_url": nobody}), "does not answer", nobody)
        self.assertFails(
            home.run("bootstrap", settings={"bus.kind": "pulsar", "pulsar.admin_url": "6650"}), "pulsar.admin_url", "address")
        self.assertFails(
            home.run("tasks", settings={"bus.kind": "pulsar", "pulsar.url": "kafka://here"}), "pulsar.url", "no Pulsar service URL")

    def test_a_broker_that_is_not_there(self):
        home = self.home()
        url = f"pulsar://127.0.0.1:{free_ports(1)[0]}"
        sick = home.run("doctor", settings={"bus.kind": "pulsar", "pulsar.url": url})
        self.assertFails(sick, "", status=1)
        self.assertIn("Start the broker", sick.output)
        with open(home.folder / "worker.log", "w+") as log:
            home.start("worker", settings={"bus.kind": "pulsar", "pulsar.url": url}, stdout=log, stderr=log)
            path = home.folder / "worker.log"
            eventually(lambda: "cannot reach Pulsar" in path.read_text(), "the worker says what is wrong", seconds=15)

    def test_doctor_tells_what_is_missing(self):
        admin, home = self.admin(), self.home()
        broker = PulsarBroker().start()
        self.addCleanup(broker.close)
        settings = self.settings(admin, **{"pulsar.url": broker.url})
        sick = home.run("doctor", settings=settings)
        self.assertEqual(sick.status, 1, sick)
        self.assertIn("hearth bootstrap", sick.output)
        home.run("bootstrap", settings=settings)
        well = home.run("doctor", settings=settings)
        self.assertEqual(well.status, 0, well)
        self.assertIn("all topics, subscriptions and policies", well.output)


if __name__ == "__main__":
    unittest.main()
