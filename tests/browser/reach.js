// Every way in which a page could reach a network, tried one after the other; returns how many there are.
(async (address) => {
  const settled = (one) => new Promise((done) => { one.onerror = one.onload = one.onclose = done; });
  const added = (tag, facts, place) => {
    const one = Object.assign(document.createElement(tag), facts);
    const ended = settled(one);
    place.append(one);
    return ended;
  };
  const tries = [
    () => fetch(address),
    () => new Promise((done) => {
      const program = `fetch(${JSON.stringify(address)}).then(() => postMessage(1), () => postMessage(0))`;
      const one = new Worker(URL.createObjectURL(new Blob([program])));
      one.onmessage = one.onerror = done;
    }),
    () => navigator.sendBeacon(address, "x"),
    () => added("img", { src: address }, document.body),
    () => added("script", { src: address }, document.head),
    () => added("link", { rel: "stylesheet", href: address }, document.head),
    () => settled(new WebSocket(address.replace("http", "ws"))),
    () => { added("iframe", { src: address }, document.body); },
    () => { const one = Object.assign(document.createElement("form"), { action: address, target: "_blank" }); document.body.append(one); one.submit(); },
  ];
  for (const one of tries) { try { await one(); } catch { /* it was forbidden */ } }
  await new Promise((done) => setTimeout(done, 500));
  return tries.length;
})
