enum PageScript {
    static let text = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        const key = $("key");
        key.value = sessionStorage.getItem("key") || "";
        key.addEventListener("change", () => { sessionStorage.setItem("key", key.value); refresh(); });
        const headers = () => key.value ? { authorization: "Bearer " + key.value } : {};
        const when = seconds => seconds ? new Date(seconds * 1000).toLocaleString() : "never";

        async function get(path) {
          const reply = await fetch(path, { headers: headers() });
          const body = await reply.json();
          if (!reply.ok) throw Object.assign(new Error(body.error.message), { status: reply.status });
          return body;
        }

        function rows(body, lists) {
          body.replaceChildren(...lists.map(cells => {
            const row = document.createElement("tr");
            for (const text of cells) {
              const cell = document.createElement("td");
              cell.textContent = typeof text === "number" ? text.toLocaleString() : text;
              if (typeof text === "number") cell.className = "number";
              row.append(cell);
            }
            return row;
          }));
        }

        const count = (number, thing) => number + " " + thing + (number === 1 ? "" : "s");

        async function refresh() {
          try {
            const [models, projects, tasks] = await Promise.all(
              [get("/v1/models"), get("/v1/projects"), get("/v1/tasks?limit=10")]);
            const chosen = $("model").value;
            $("model").replaceChildren(...models.data.map(model => new Option(model.id, model.id)));
            if (models.data.some(model => model.id === chosen)) $("model").value = chosen;
            rows($("projects"), projects.data.map(
              p => [p.id, p.documents, p.passages, when(p.reconciled_at), p.source]));
            rows($("tasks"), tasks.data.map(t => [when(t.created_at), t.status, t.model, t.question]));
            const open = tasks.data.filter(t => t.status === "queued" || t.status === "running").length;
            $("state").textContent = count(projects.data.length, "project") + ", " + count(open, "open question");
            $("state").className = "";
          } catch (error) {
            $("state").textContent = error.message;
            $("state").className = "error";
            if (error.status === 401) $("keys").open = true;
          }
        }

        let running = null;
        $("stop").addEventListener("click", () => running && running.abort());
        $("question").addEventListener("keydown", event => {
          if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); $("ask").requestSubmit(); }
        });
        $("ask").addEventListener("submit", async event => {
          event.preventDefault();
          if (running) return;
          running = new AbortController();
          $("send").disabled = true;
          $("stop").hidden = false;
          $("reply").hidden = false;
          $("answer").textContent = "";
          $("citations").replaceChildren();
          $("limits").textContent = "";
          $("note").textContent = "waiting…";
          $("note").className = "";
          try {
            const reply = await fetch("/v1/chat/completions", {
              method: "POST", signal: running.signal,
              headers: { ...headers(), "content-type": "application/json" },
              body: JSON.stringify({ model: $("model").value, stream: true,
                messages: [{ role: "user", content: $("question").value }] }),
            });
            if (!reply.ok) throw new Error((await reply.json()).error.message);
            let isDone = false;
            await lines(reply.body, line => { isDone = take(line) || isDone; });
            if (!isDone) throw new Error("The answer broke off.");
            $("note").textContent = "";
          } catch (error) {
            $("note").textContent = error.name === "AbortError" ? "stopped" : error.message;
            $("note").className = "error";
          }
          running = null;
          $("send").disabled = false;
          $("stop").hidden = true;
          refresh();
        });

        async function lines(body, each) {
          const reader = body.pipeThrough(new TextDecoderStream()).getReader();
          let rest = "";
          for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            const parts = (rest + value).split("\n");
            rest = parts.pop();
            parts.forEach(each);
          }
        }

        function take(line) {
          if (line.startsWith(": ")) $("note").textContent = line.slice(2);
          if (!line.startsWith("data: ")) return false;
          const data = line.slice(6);
          if (data === "[DONE]") return true;
          const chunk = JSON.parse(data);
          if (chunk.error) throw new Error(chunk.error.message);
          const choice = chunk.choices[0];
          if (choice && choice.delta.content) {
            $("answer").textContent += choice.delta.content;
            $("note").textContent = "answering…";
          }
          if (chunk.hearth && chunk.hearth.lexical_only) $("limits").textContent = chunk.hearth.lexical_only;
          for (const source of (chunk.hearth && chunk.hearth.citations) || []) {
            const item = document.createElement("li");
            item.value = source.number;
            item.textContent = source.path + ":" + source.start_line + "-" + source.end_line + "  " + source.symbol;
            $("citations").append(item);
          }
          return false;
        }

        refresh();
        setInterval(() => { if (!running && !document.hidden) refresh(); }, 5000);
        """#
}
