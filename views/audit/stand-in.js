// Nobody is around this document, which the operator has opened: it can call nothing.
const host = { here: { context: {} }, can: () => false };
