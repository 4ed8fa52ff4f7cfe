// Exits with 0 if the given address answers 200 within 3 s.
const answer = await fetch(process.argv[2], { signal: AbortSignal.timeout(3_000) });
process.exitCode = answer.ok ? 0 : 1;
