/// The page at `/`: self-contained, without anything from another place.
enum Page {
    static func html(nonce: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Hearth</title>
        <style>\(PageStyle.text)</style>
        </head>
        <body>
        <header>
          <h1>Hearth</h1>
          <p id="state" role="status">connecting…</p>
        </header>
        <main>
          <form id="ask">
            <div class="row">
              <label for="model">Ask</label>
              <select id="model" required></select>
            </div>
            <textarea id="question" rows="3" required aria-label="Question"
              placeholder="Where is the retry backoff decided?"></textarea>
            <div class="row">
              <button id="send">Ask</button>
              <button id="stop" type="button" hidden>Stop</button>
              <span id="note" role="status"></span>
            </div>
          </form>
          <section id="reply" hidden aria-live="polite">
            <pre id="answer"></pre>
            <ol id="citations"></ol>
            <p id="limits"></p>
          </section>
          <section>
            <h2>Projects</h2>
            <table><thead><tr><th>Project<th>Documents<th>Passages<th>Compared<th>Source</tr></thead>
            <tbody id="projects"></tbody></table>
          </section>
          <section>
            <h2>Questions</h2>
            <table><thead><tr><th>Asked<th>State<th>Model<th>Question</tr></thead>
            <tbody id="tasks"></tbody></table>
          </section>
          <details id="keys">
            <summary>API key</summary>
            <p>Kept in this tab only. None is needed on the machine itself unless keys were made.</p>
            <input id="key" type="password" autocomplete="off" aria-label="API key" placeholder="hk_…">
          </details>
        </main>
        <script nonce="\(nonce)">\(PageScript.text)</script>
        </body>
        </html>
        """
    }
}
