/** A worker that only counts seconds: browsers slow down the clocks of hidden pages, not its. */

setInterval(() => postMessage(null), 500);
