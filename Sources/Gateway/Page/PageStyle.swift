enum PageStyle {
    static let text = """
        :root { --ink: #1d1d1f; --dim: #6b6b70; --paper: #fbfaf8; --card: #fff; --line: #e4e1dc; --fire: #b4430d; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #ece9e4; --dim: #9b978f; --paper: #171614; --card: #211f1c; --line: #35322d; --fire: #f08a4b; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
          font: 16px/1.5 system-ui, sans-serif; }
        header { display: flex; align-items: baseline; gap: 1rem; }
        h1 { color: var(--fire); margin: 0; font-size: 1.6rem; }
        h2 { font-size: 1rem; margin: 2rem 0 .5rem; color: var(--dim); }
        #state, #note { color: var(--dim); margin: 0; }
        form, #reply, details { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
          padding: 1rem; margin-top: 1rem; }
        .row { display: flex; gap: .75rem; align-items: center; }
        textarea, select, input, button { font: inherit; color: inherit; background: var(--paper);
          border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .7rem; }
        textarea { width: 100%; margin: .75rem 0; resize: vertical; }
        select { flex: 1; min-width: 0; }
        button { cursor: pointer; }
        #send { background: var(--fire); color: var(--paper); border-color: var(--fire); font-weight: 600; }
        :focus-visible { outline: 2px solid var(--fire); outline-offset: 2px; }
        #answer { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit; }
        #citations { font: 14px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; color: var(--dim); }
        #citations:empty, #limits:empty { display: none; }
        #limits { color: var(--dim); }
        section { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
          vertical-align: top; }
        th { color: var(--dim); font-weight: 500; }
        td.number { font-variant-numeric: tabular-nums; }
        .error { color: var(--fire); }
        """
}
