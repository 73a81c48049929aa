// A day in minutes, for the worker page and its poller: the day's clock and the periodic looks run SPEED times faster,
// claims are held that much shorter, and once an hour the network is away for a minute. What measures the machine
// itself, how long a task or an answer takes, keeps its pace. heap.py --day puts this before their own scripts.
(() => {
  const { fetch, setInterval } = self;
  const RealDate = Date;
  const day = RealDate.now();
  const passed = () => (RealDate.now() - day) * SPEED;
  const counted = self.counted = { claims: 0, settles: 0, ticks: 0, away: 0, lost: 0 };
  self.Date = class extends RealDate {
    constructor(...time) {
      super(...(time.length > 0 ? time : [day + passed()]));
    }
    static now() { return day + passed(); }
  };
  self.setInterval = (act, ms = 0) => setInterval(() => { counted.ticks++; act(); }, ms / SPEED);
  self.fetch = async (what, init = {}) => {
    if (passed() % 3_600_000 > 3_540_000) {
      counted.away++;
      throw new TypeError('The network is away.');
    }
    if (String(what).endsWith('/tasks/claim')) counted.claims++;
    if (String(what).endsWith('/tasks/settle')) counted.settles++;
    const body = typeof init.body === 'string'
      ? init.body.replace(/"wait":(\d+)/, (_, seconds) => `"wait":${seconds / SPEED}`) : init.body;
    try {
      return await fetch(what, { ...init, body });
    } catch (error) {
      counted.lost++;
      throw error;
    }
  };
})();
