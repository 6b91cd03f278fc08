package io.distkv.simulation.cluster.timeline;

/** How the page looks, on light and on dark screens. */
final class PageStyle {
  static final String CSS =
      """
      :root { color-scheme: light dark; --back: #fff; --ink: #1b1f24; --faint: #d9dde2;
        --up: #b9d7c2; --down: #3d434b; --paused: #c9b458; --cut: #d9480f; --calm: #eef6ff;
        --ok: #2f9e44; --refused: #e8890c; --unknown: #c92a2a; --waiting: #868e96; --bad: #e00000;
        --fault: #9c36b5; }
      @media (prefers-color-scheme: dark) {
        :root { --back: #16191d; --ink: #dfe3e8; --faint: #343a42; --up: #2d5a3d; --down: #000;
          --paused: #8f7a1f; --cut: #ff8a4c; --calm: #1a2530; --ok: #51cf66; --refused: #ffa94d;
          --unknown: #ff6b6b; --waiting: #868e96; --bad: #ff4040; --fault: #da77f2; } }
      body { background: var(--back); color: var(--ink); font: 15px/1.45 system-ui, sans-serif;
        margin: 1.5rem auto; max-width: 78rem; padding: 0 1rem; }
      h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
      code { overflow-wrap: anywhere; }
      svg { display: block; width: 100%; height: auto; font: 10px system-ui, sans-serif; }
      svg.key { display: inline-block; width: 34px; height: 14px; vertical-align: -2px; }
      text { fill: var(--ink); } .label { text-anchor: end; font-size: 11px; }
      .tick { text-anchor: middle; } .grid { stroke: var(--faint); }
      .up { fill: var(--up); } .down { fill: var(--down); } .paused { fill: var(--paused); }
      .cut { fill: var(--cut); } .calm { fill: var(--calm); } .ok { fill: var(--ok); }
      .refused { fill: var(--refused); } .unknown { fill: var(--unknown); }
      .waiting { fill: var(--waiting); }
      .g0 { fill: #1c7ed6; } .g1 { fill: #f08c00; } .g2 { fill: #7048e8; } .g3 { fill: #0ca678; }
      .g4 { fill: #e64980; } .g5 { fill: #74b816; } .g6 { fill: #15aabf; } .g7 { fill: #a5673f; }
      .fault line { stroke: var(--fault); stroke-dasharray: 3 2; }
      .fault text { fill: var(--fault); text-anchor: middle; }
      .violation line { stroke: var(--bad); stroke-width: 2.5; }
      .violation text { fill: var(--bad); text-anchor: end; font-weight: bold; }
      ul.keys { list-style: none; padding: 0; columns: 30rem; } ul.keys li { break-inside: avoid; }
      table { border-collapse: collapse; font-size: 13px; }
      td, th { padding: 1px 10px; text-align: left; vertical-align: top;
        border-bottom: 1px solid var(--faint); white-space: pre-wrap; overflow-wrap: anywhere; }
      td.time { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
      tr.fault td { color: var(--fault); } tr.violation td { color: var(--bad); font-weight: bold; }
      .verdict { font-weight: bold; white-space: pre-wrap; } .verdict.broken { color: var(--bad); }
      """;

  private PageStyle() {}
}
